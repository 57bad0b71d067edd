"""From one page to another, never with a student in the address."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from portal.ui.navigation import PAGES_FOLDER


def go_to(file: str) -> NoReturn:
    """Leave for the page of this file of pages/."""
    st.switch_page(PAGES_FOLDER / file)
