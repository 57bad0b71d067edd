"""Hear what stands in a form while somebody fills it in, without running the page again.

The fields of a fast form wait in the browser until a button is clicked. This part of the page
is a fragment of its own: it tells the server a moment after the last touch, and only it runs.
The script is a file for the same reason as that of `portal.ui.focus`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

HERE = Path(__file__).parent
MANIFEST = ComponentManifest(
    "portal-autosave", "1", [ComponentConfig("autosave", asset_dir="autosave")]
)
NAME = "portal-autosave.autosave"


@dataclass(frozen=True)
class Heard:
    """What the browser told: of which form, and each text as it is typed so far, by its key."""

    form: str
    texts: Mapping[str, str]


def listen(inside: str, form: str) -> Heard | None:
    """What was told in this run; None when nothing was. Call it within a fragment."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(NAME) is None:
        manager.register_from_manifest(MANIFEST, HERE.parent)
    key = f"autosave-{inside}"
    kept = _number(_told(st.session_state.get(key)), form)
    told = _told(
        _renderer()(
            key=key,
            data={"inside": inside, "form": form, "kept": kept},
            on_typed_change=lambda: None,
        )
    )
    texts = told.get("texts")
    if told.get("form") != form or not isinstance(texts, dict):
        return None
    return Heard(form, {str(name): text for name, text in texts.items() if isinstance(text, str)})


def _told(result: Any) -> dict[str, Any]:
    """The message of the browser, which may be anything."""
    typed = result.get("typed") if hasattr(result, "get") else None
    return dict(typed) if isinstance(typed, Mapping) else {}


def _number(told: Mapping[str, Any], form: str) -> int:
    number = told.get("number")
    return number if told.get("form") == form and isinstance(number, int) else 0


@cache
def _renderer() -> Any:
    return st.components.v2.component(NAME, js="autosave.js")
