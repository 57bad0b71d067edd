"""A long list, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

T = TypeVar("T")
AT_ONCE = 20


def page_of(lines: Sequence[T], key: str) -> Sequence[T]:
    """The lines of the chosen page; the choice is drawn only where there is one."""
    pages = -(-len(lines) // AT_ONCE)
    if pages < 2:
        return lines
    number = st.pagination(pages, key=key)
    return lines[AT_ONCE * (number - 1) : AT_ONCE * number]
