"""All agreements: what waits for us first, then what ends soonest; found by status or name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from portal.agreements.queries import AgreementView
from portal.ui import agreement_views, listing, parts
from portal.ui.days import Days
from portal.vocabulary import AGREEMENT_STATUS_LABELS, AgreementStatus

FOR_US = "Waiting for us"
EVERY = "All"
OVER = frozenset(
    {
        AgreementStatus.AMENDED,
        AgreementStatus.SUPERSEDED,
        AgreementStatus.ENDED,
        AgreementStatus.EXPIRED,
        AgreementStatus.TERMINATED,
        AgreementStatus.DISCARDED,
    }
)
"""What nothing more happens to comes last."""


def draw(views: Sequence[AgreementView], days: Days) -> None:
    """The list with its filter, a page at a time."""
    found = ordered(_filtered(views))
    first = listing.lines_before(len(found), "agreement-pages")
    for view in found[first : first + listing.AT_ONCE]:
        with st.container(border=True):
            told, button = st.columns([7, 1], vertical_alignment="center")
            with told:
                agreement_views.row(view, days)
            with button:
                agreement_views.opener(view)
    if not views:
        parts.rows([], "No agreement yet. Begin the first above.")
    elif not found:
        parts.rows([], f"None of the {len(views)} agreements is like that. Clear the filter.")


def ordered(views: Sequence[AgreementView]) -> list[AgreementView]:
    """What waits for us, then what ends soonest; what is over comes last, the newest first."""
    live = [view for view in views if view.status not in OVER]
    over = [view for view in views if view.status in OVER]
    live.sort(key=lambda view: (not view.waits_for_us, view.last_day or date.max))
    over.sort(key=lambda view: view.last_day or date.min, reverse=True)
    return live + over


def _filtered(views: Sequence[AgreementView]) -> list[AgreementView]:
    met = {view.status for view in views}
    choices = [EVERY, FOR_US, *(AGREEMENT_STATUS_LABELS[s] for s in AgreementStatus if s in met)]
    with st.container(key="agreement-filter"):
        left, right = st.columns(2)
        with left:
            shown = st.selectbox("Show", choices, key="agreement-status")
        with right:
            text = st.text_input(
                "Partner or number", key="agreement-text", placeholder="Part of a name"
            )
    words = (text or "").casefold().split()
    return [view for view in views if _is_shown(view, shown) and _is_found(view, words)]


def _is_shown(view: AgreementView, shown: str) -> bool:
    if shown == FOR_US:
        return view.waits_for_us
    return shown in (EVERY, AGREEMENT_STATUS_LABELS[view.status])


def _is_found(view: AgreementView, words: Sequence[str]) -> bool:
    told = f"{agreement_views.other(view)} {view.number}".casefold()
    return all(word in told for word in words)
