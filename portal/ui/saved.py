"""The line that says what was saved, in a fixed place, with Undo while that is possible."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from portal.policy.undo import UNDO_WITHIN
from portal.ui.parts import esc

SAVED = "visit-saved"


@dataclass(frozen=True)
class Saved:
    """What was saved last. visit_id: None once it was taken back."""

    text: str
    at: datetime
    visit_id: uuid.UUID | None = None


def remember(saved: Saved) -> None:
    """Say this from the next run on."""
    st.session_state[SAVED] = saved


def saved_line(now: datetime) -> Saved | None:
    """Draw the line; what was saved when Undo is clicked."""
    saved: Saved | None = st.session_state.get(SAVED)
    fresh = saved is not None and now < saved.at + UNDO_WITHIN
    with st.container(horizontal=True, vertical_alignment="center", key="visit-saved-line"):
        text = saved.text if saved and fresh else ""
        st.html(f'<div class="p-status" role="status">{esc(text)}</div>', width="content")
        if saved is None or saved.visit_id is None or not fresh:
            return None
        clicked = st.button(
            "Undo", type="tertiary", icon=":material/undo:", key=f"visit-undo-{saved.visit_id}"
        )
    return saved if clicked else None
