"""Put the cursor where a person goes on, which Streamlit has no way to say.

The script is a file, not a string: the page's security policy lets only files of this server
run. Streamlit finds such files in installed packages; this one is not installed, so it is
registered here, with every new runtime anew.
"""

from __future__ import annotations

import uuid
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

HERE = Path(__file__).parent
MANIFEST = ComponentManifest("portal", "1", [ComponentConfig("focus", asset_dir="focus")])
NAME = "portal.focus"


def focus_first_field(inside: str, form: str) -> None:
    """Focus the first field of the container with the key `inside`, once for each `form`."""
    _focus(f".st-key-{inside} input", form, key=f"focus-{inside}")


def focus_problems() -> None:
    """Bring the summary of problems into view, where keyboard and screen reader go on from."""
    _focus(".p-problem", uuid.uuid4().hex)


def focus_field(inside: str, form: str) -> None:
    """Focus the first field or button of the container with this key, once for each `form`."""
    fields = ", ".join(f".st-key-{inside} {kind}" for kind in ("input", "textarea", "button"))
    _focus(fields, form, key="focus-field")


def focus_step(form: str) -> None:
    """Go to the heading of a step, once for each `form`; not when the page has just opened."""
    if form != "0":
        _focus(".p-step", form, key="focus-step")


def scroll_to(selector: str, *, within: str, form: str) -> None:
    """Bring a part of a region to its top, once for each `form`; the page stays where it is."""
    _focus(selector, form, key="focus-scroll", within=within)


def _focus(selector: str, form: str, key: str | None = None, within: str = "") -> None:
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(NAME) is None:
        manager.register_from_manifest(MANIFEST, HERE.parent)
    _renderer()(key=key, data={"selector": selector, "form": form, "within": within})


@cache
def _renderer() -> Any:
    return st.components.v2.component(NAME, js="focus.js")
