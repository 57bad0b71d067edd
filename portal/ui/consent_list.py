"""A student's consents: where each stands, its paper, and taking it back."""

from __future__ import annotations

import uuid

import streamlit as st

from portal.consents.queries import ConsentView, WouldOpen
from portal.ui import parts, when
from portal.ui.consent_words import consent_tag
from portal.ui.days import Days
from portal.ui.parts import Tag
from portal.vocabulary import (
    CATEGORY_LABELS,
    PURPOSE_LABELS,
    SIGNATURE_METHOD_LABELS,
    ConsentStatus,
    Detail,
)

ASKING = "consent-asking"
"""The consent whose taking back is being written down."""

OVER = frozenset({ConsentStatus.ENDED, ConsentStatus.TAKEN_BACK})


def row(consent: ConsentView, days: Days) -> None:
    """The agency, what is open, until when, and on which paper."""
    parts.row(
        f"To {consent.recipient}", _span(consent, days), consent_tag(consent, days.now, days.tz)
    )
    parts.say(", ".join(_kinds(consent)))
    if consent.not_obeyed:
        parts.notice(f"Nothing opens under this consent. {consent.not_obeyed}", "bad")
    if consent.document_id:
        parts.document(f"Consent {consent.number}, as signed", consent.document_id)


def _span(consent: ConsentView, days: Days) -> str:
    first = when.day(consent.starts_on, days.today)
    last = when.day(consent.ends_on, days.today) if consent.ends_on else "no end date"
    told = [f"{consent.number}, {first} to {last}", f"signed by {consent.signer}"]
    if consent.method and consent.signed_on:
        told[-1] += f" on {when.day(consent.signed_on, days.today)}"
        told.append(SIGNATURE_METHOD_LABELS[consent.method].lower())
    if consent.revoked_at:
        told.append(f"taken back {days.of(consent.revoked_at)}: {consent.revoked_how}")
    return " · ".join(told)


def _kinds(consent: ConsentView) -> list[str]:
    kinds = [CATEGORY_LABELS[category] for category in consent.categories]
    kinds += [f"to {PURPOSE_LABELS[purpose].lower()}" for purpose in consent.purposes]
    return kinds + (["only what and when"] if consent.detail is Detail.SUMMARY else [])


def take_back(consent: ConsentView) -> str | None:
    """How the family told it, once the button is clicked; None until then."""
    if consent.status in OVER:
        return None
    if st.session_state.get(ASKING) != consent.id:
        st.button(
            "Take back",
            key=f"consent-back-{consent.number}",
            on_click=st.session_state.update,
            args=({ASKING: consent.id},),
        )
        return None
    how = st.text_input(
        "How were you told? Who told whom, and by letter, call or in person.",
        key=f"consent-how-{consent.number}",
        max_chars=500,
        on_change="ignore",
    )
    with st.container(horizontal=True):
        sure = st.button(
            "Take this consent back now", type="primary", key=f"consent-sure-{consent.number}"
        )
        st.button("Keep it", key=f"consent-keep-{consent.number}", on_click=stop_asking)
    return (how or "") if sure else None


def stop_asking() -> None:
    """The question is done with."""
    st.session_state.pop(ASKING, None)


def would_open(lines: list[WouldOpen], agency: str) -> None:
    """What each tick would do."""
    parts.table(
        f"With these ticks the case team of {agency} would see",
        ["Records", "Open", "Why not"],
        [
            [
                CATEGORY_LABELS[line.category],
                Tag("Yes", "ok") if line.opens else Tag("No", "bad"),
                "" if line.opens else line.because,
            ]
            for line in lines
        ],
        "Nothing is ticked.",
    )
    if not any(line.opens for line in lines):
        parts.notice(
            "Nothing would open. The consent can be saved; it opens records from the day an "
            "agreement with this agency is in force.",
            "warn",
        )


def name_of(agency_id: uuid.UUID | None, agencies: list[tuple[uuid.UUID, str]]) -> str:
    """The agency's name."""
    return dict(agencies).get(agency_id, "the agency") if agency_id else "the agency"
