"""Log back a contact of a referral: came or not, how the service stands; never notes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from portal.policy.decision import Decision, Reason
from portal.referrals.giving.queries import GivenLine
from portal.referrals.giving.rules import LONGEST, GivenDraft
from portal.referrals.queries import Slip
from portal.ui import parts, when
from portal.ui.parts import Tag
from portal.vocabulary import ATTENDANCE_LABELS, GIVEN_STATUS_LABELS, Attendance, GivenStatus

OPEN = "given-open"
"""The referral whose form is open, the contact that it corrects, and the form's key."""

NO_CONSENT = frozenset(
    {
        Reason.NO_CONSENT,
        Reason.ITEM_NOT_COVERED,
        Reason.EXPIRED,
        Reason.REVOKED,
        Reason.NO_RECORDS,
        Reason.NOT_YET_EFFECTIVE,
        Reason.DATE_OUTSIDE_RANGE,
    }
)
NEVER_NOTES = (
    "Never notes: no diagnosis, nothing said in confidence. A parent may ask to read it, and so "
    "may the student."
)
TAGS = {Attendance.ATTENDED: "ok", Attendance.LATE: "warn", Attendance.NO_SHOW: "bad"}


@dataclass(frozen=True)
class Logged:
    """What was sent by the form just now."""

    referral_id: uuid.UUID
    corrects: uuid.UUID | None
    key: str
    draft: GivenDraft


def opened() -> uuid.UUID | None:
    """The referral whose form is open."""
    found: tuple[uuid.UUID, uuid.UUID | None, str] | None = st.session_state.get(OPEN)
    return found[0] if found else None


def close() -> None:
    """The contact is logged."""
    st.session_state.pop(OPEN, None)


def contacts(
    slip: Slip, lines: Sequence[GivenLine], seen: Decision | None, today: date
) -> Logged | None:
    """What we logged of this referral, and the form; what was sent by it just now.

    seen: would the school see it; asked only while the form is open.
    """
    if lines:
        parts.heading("What you logged back")
    for line in lines:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            parts.row(
                f"{when.day(line.given_on, today)} · {GIVEN_STATUS_LABELS[line.status].lower()}",
                _below(line),
                Tag(ATTENDANCE_LABELS[line.attendance], TAGS[line.attendance]),
            )
            if slip.mine_to_answer:
                st.button(
                    "Correct",
                    key=f"given-correct-{line.given_id}",
                    on_click=_open,
                    args=(slip, line.given_id),
                )
    if not slip.mine_to_answer:
        return None
    if opened() != slip.referral_id:
        key = f"given-open-{slip.number}"
        st.button("Log a contact", key=key, on_click=_open, args=(slip, None))
        return None
    return _form(slip, lines, seen, today)


def _open(slip: Slip, corrects: uuid.UUID | None) -> None:
    st.session_state[OPEN] = (slip.referral_id, corrects, str(uuid.uuid4()))


def _below(line: GivenLine) -> str:
    told = [line.strategies, line.by, f"corrected: {line.corrected}" if line.corrected else ""]
    return " · ".join(part for part in told if part)


def _form(
    slip: Slip, lines: Sequence[GivenLine], seen: Decision | None, today: date
) -> Logged | None:
    _referral, corrects, key = st.session_state[OPEN]
    old = next((line for line in lines if line.given_id == corrects), None)
    with st.container(border=True, key="given-form"):
        parts.heading("Correct a contact" if old else "Log a contact")
        _told_to_the_school(slip, seen)
        draft = _fields(key, old, today)
        with st.container(horizontal=True):
            name = "Save correction" if old else "Save contact"
            saved = st.button(name, type="primary", key="given-save")
            st.button("Cancel", key="given-cancel", on_click=close)
    return Logged(slip.referral_id, corrects, key, draft) if saved else None


def _fields(key: str, old: GivenLine | None, today: date) -> GivenDraft:
    day = st.date_input(
        "On which day?",
        value=old.given_on if old else today,
        format="MM/DD/YYYY",
        key=f"given-day-{key}",
        on_change="ignore",
        width=260,
    )
    came: Attendance | None = st.segmented_control(
        "Did the student come?",
        list(ATTENDANCE_LABELS),
        default=old.attendance if old else None,
        format_func=lambda attendance: ATTENDANCE_LABELS[attendance],
        key=f"given-came-{key}",
        on_change="ignore",
        wrap=True,
    )
    status: GivenStatus | None = st.segmented_control(
        "How does the service stand?",
        list(GIVEN_STATUS_LABELS),
        default=old.status if old else None,
        format_func=lambda status: GIVEN_STATUS_LABELS[status],
        key=f"given-status-{key}",
        on_change="ignore",
        wrap=True,
    )
    strategies = st.text_area(
        f"Strategies agreed with the school (optional, at most {LONGEST} characters)",
        value=old.strategies if old else "",
        key=f"given-strategies-{key}",
        height=90,
        on_change="ignore",
    )
    parts.muted(NEVER_NOTES)
    reason = ""
    if old:
        reason = st.text_input(
            "Why is it corrected?", key=f"given-reason-{key}", on_change="ignore"
        )
    return GivenDraft(day, came, status, strategies, reason)


def _told_to_the_school(slip: Slip, seen: Decision | None) -> None:
    """Will the school see it, and if not, what opens it."""
    if seen:
        parts.notice(
            f"{slip.school} will see this, by the family's authorization and your agreement.", "ok"
        )
        return
    codes = seen.codes if seen is not None else ()
    if NO_CONSENT & set(codes):
        parts.notice(
            f"{slip.school} will not see this: no authorization of the family lets you tell the "
            "school how the service stands. Have the family sign one from you to the district, "
            "or ask the school to send the form. What you log now opens once it is signed.",
            "warn",
        )
        return
    because = f" {seen.because}" if seen is not None else ""
    parts.notice(
        f"{slip.school} will not see this.{because} Ask the district's partnership lead whether "
        "the agreement lists the status of services from you to the district.",
        "warn",
    )
