"""A long list, a page at a time: only what is shown is read."""

from __future__ import annotations

import streamlit as st

AT_ONCE = 20


def lines_before(total: int, key: str) -> int:
    """How many lines come before the chosen page; the choice is drawn only where there is one."""
    pages = -(-total // AT_ONCE)
    if pages < 2:
        return 0
    return AT_ONCE * (st.pagination(pages, key=key) - 1)
