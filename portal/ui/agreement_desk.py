"""The agreements of an organization: what waits for its side, and all of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.agreements.queries import AgreementView
from portal.ui import agreement_parts, agreement_views, parts
from portal.ui.days import Days
from portal.vocabulary import AgreementStatus

OPEN = "agreement-read"
"""The agreement that is open on the page."""


def opened(views: Sequence[AgreementView]) -> AgreementView | None:
    """The open agreement; only one on the list can be open, whatever the browser sends."""
    return next((view for view in views if view.id == st.session_state.get(OPEN)), None)


def close() -> None:
    """Back to the list."""
    st.session_state.pop(OPEN, None)


def lists(views: Sequence[AgreementView], days: Days) -> None:
    """What waits for my side first, then every agreement."""
    signs = [v for v in views if v.waits_for_us and v.turn is not None]
    answers = [v for v in views if v.waits_for_us and v.turn is None]
    _group("To sign", signs, days, "Read and sign")
    _group("To read and answer", answers, days, "Read and answer")
    if not signs and not answers:
        parts.rows([], "Nothing waits for you. An agreement appears here when it is your turn.")
    parts.heading("All agreements")
    for view in views:
        with st.container(border=True, key=f"agreement-{view.number}-all"):
            agreement_views.row(view, days)
            agreement_parts.documents(view)
            _opener(view, "Open", "all")
    if not views:
        parts.rows([], "Your organization has no agreement yet.")


def _group(title: str, views: Sequence[AgreementView], days: Days, label: str) -> None:
    if not views:
        return
    parts.heading(title)
    for view in views:
        with st.container(border=True, key=f"agreement-{view.number}-waits"):
            agreement_views.row(view, days)
            parts.muted(_why(view))
            _opener(view, label, "waits", primary=True)


def _why(view: AgreementView) -> str:
    if view.turn is not None:
        return f"It is the turn of {view.turn.name}, {view.turn.title}, to sign."
    if view.status is AgreementStatus.IN_REVIEW and view.we_wrote_it:
        return "Every partner has answered. See what they say, and send it again or issue it."
    return f"{view.district} asks what you say to this version."


def _opener(view: AgreementView, label: str, where: str, *, primary: bool = False) -> None:
    st.button(
        label,
        type="primary" if primary else "secondary",
        key=f"agreement-{view.number}-{where}-open",
        on_click=st.session_state.update,
        args=({OPEN: view.id},),
    )
