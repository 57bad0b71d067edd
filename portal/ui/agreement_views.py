"""An agreement as it stands: its tag, its row in a list, what it allows and forbids."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import streamlit as st

from portal.agreements.content import Content, Line
from portal.agreements.effects import Answer, Effect, effects
from portal.agreements.queries import AgreementView
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.parts import Cell, Tag
from portal.vocabulary import (
    AGREEMENT_KIND_LABELS,
    AGREEMENT_STATUS_LABELS,
    CATEGORY_LABELS,
    AgreementStatus,
)

OPEN = "agreement-open"
"""The id of the agreement that is open on the page."""

IN_ADDRESS = "agreement"
"""Its name in the address, so that a reload and a link find it again. It is about no student."""

KINDS = {
    AgreementStatus.DRAFT: "plain",
    AgreementStatus.IN_REVIEW: "info",
    AgreementStatus.OUT_FOR_SIGNATURE: "warn",
    AgreementStatus.REFUSED: "bad",
    AgreementStatus.SIGNED: "info",
    AgreementStatus.IN_FORCE: "ok",
    AgreementStatus.AMENDED: "plain",
    AgreementStatus.SUPERSEDED: "plain",
    AgreementStatus.ENDED: "plain",
    AgreementStatus.EXPIRED: "plain",
    AgreementStatus.TERMINATED: "bad",
    AgreementStatus.DISCARDED: "plain",
}


def tag(view: AgreementView) -> Tag:
    """Where it stands, as a word with a color."""
    return Tag(AGREEMENT_STATUS_LABELS[view.status], KINDS[view.status])


def other(view: AgreementView) -> str:
    """With whom it is, seen from here."""
    return view.partner if view.we_wrote_it else view.district


def span(view: AgreementView, days: Days) -> str:
    """Its first and its last day."""
    first, last = view.content.starts_on, view.last_day
    begins = when.day(first, days.today) if first else "…"
    return f"{begins} to {when.day(last, days.today) if last else '…'}"


def row(view: AgreementView, days: Days) -> None:
    """One line of a list: with whom, which, from when until when, who has it now."""
    told = [AGREEMENT_KIND_LABELS[view.kind], view.number, span(view, days)]
    if view.desk:
        told.append(
            "with us" if view.desk == view.district and view.we_wrote_it else f"with {view.desk}"
        )
    parts.row(other(view), " · ".join(told), tag(view))


def opener(view: AgreementView) -> None:
    """The button that opens this agreement."""
    st.button(
        "Open",
        key=f"agreement-open-{view.number}",
        on_click=st.session_state.update,
        args=({OPEN: view.id},),
    )


def close() -> None:
    """Back to the list."""
    st.session_state.pop(OPEN, None)
    st.query_params.clear()


def opened_id() -> uuid.UUID | None:
    """The agreement that was opened here, or that the address names; whether one may see it,
    is asked elsewhere.
    """
    found: uuid.UUID | None = st.session_state.get(OPEN)
    if found is None:
        found = _as_id(st.query_params.get(IN_ADDRESS, ""))
    if found is not None:
        st.session_state[OPEN] = found
        st.query_params[IN_ADDRESS] = str(found)
    return found


def address_of(paper_id: uuid.UUID) -> str:
    """The page with this agreement open."""
    return f"/make_agreement?{IN_ADDRESS}={paper_id}"


def _as_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


REVIEWED, WRITTEN = "What the partners say", "The draft"


def writes() -> bool:
    """In review both are at hand: what the partners say, and the draft; is it the draft now?"""
    chosen = st.segmented_control(
        "Show", [REVIEWED, WRITTEN], default=REVIEWED, required=True, key="agreement-in-review"
    )
    return chosen == WRITTEN


def allows(
    content: Content,
    district: str,
    partner: str,
    lines: Iterable[Line],
    before: Iterable[Line] | None = None,
) -> None:
    """What it allows and forbids between the district and one partner, both ways.

    before: this partner's lines of the agreement whose place it takes.
    """
    parts.table(
        f"What this agreement allows and forbids: {district} and {partner}",
        ["Records", f"{partner} may see", f"{district} may see"],
        [
            [CATEGORY_LABELS[row.category], _word(row.to_partner), _word(row.to_district)]
            for row in effects(content.kind, lines, before)
        ],
        "Nothing is listed.",
    )


_ANSWERS = {Answer.YES: "ok", Answer.NO: "plain", Answer.NEVER: "bad"}


def _word(effect: Effect) -> Cell:
    if effect.answer is Answer.NO:
        return effect.words
    return Tag(effect.words, "warn" if effect.since else _ANSWERS[effect.answer])
