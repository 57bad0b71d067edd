"""Visits and referrals in the words of their lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from portal.access.lists import StudentLine
from portal.access.reliance import Received
from portal.access.words import Words
from portal.referrals.queries import ReferralLine, Slip
from portal.referrals.rules import AWAITING_ANSWER
from portal.ui import chips, parts, when
from portal.ui.parts import Cell, Tag
from portal.ui.visit_form import Filled
from portal.visits.queries import VisitLine
from portal.vocabulary import (
    CATEGORY_LABELS,
    REFERRAL_STATUS_LABELS,
    Access,
    Attendance,
    ReferralStatus,
    WordList,
)

LONG_WAIT = 14
"""Days without an answer after which a referral asks for a call."""


def beside(today: Sequence[VisitLine], words: Words, now: datetime, tz: str) -> None:
    """Beside the form: what I logged today, and what the district means by its words."""
    parts.heading("Logged today")
    parts.muted(day_total(today))
    rows = [visit_row(line, now, tz) for line in today]
    parts.rows(rows, "Nothing yet. Your visits appear here.")
    meanings = chips.meanings(words, (WordList.VISIT_PURPOSE, WordList.VISIT_SERVICE))
    if meanings:
        with st.expander("What the words mean"):
            parts.listed(meanings)


def saved_text(filled: Filled, students: Sequence[StudentLine]) -> str:
    """What was saved, for the status line: of one student, or of how many in a group."""
    length = filled.visit.length or 0
    if filled.group:
        return f"Saved: group of {when.counted(len(filled.seats), 'student')}, {length} min"
    chosen = next(line for line in students if line.id == filled.visit.student_id)
    told = f"{length} min" if filled.visit.came else "did not come"
    text = f"Saved: {chosen.given_name} {chosen.family_name}, {told}"
    return f"{text}, referred" if filled.referral else text


def visit_row(line: VisitLine, now: datetime, tz: str) -> tuple[str, str, Cell]:
    """Whom I saw, why and how long, and when."""
    came = line.attendance is not Attendance.NO_SHOW
    told = [line.purpose, when.length(line.minutes) if came else "did not come"]
    told += ["group"] if line.group else []
    told += ["referred"] if line.referred else []
    return line.student, " · ".join(told), when.moment(line.began, now, tz)


def day_total(lines: Sequence[VisitLine]) -> str:
    """2 visits, 1 h 05 min."""
    minutes = sum(line.minutes for line in lines)
    return f"{when.counted(len(lines), 'visit')}, {when.length(minutes)}"


ON_HOLD_WITHDRAWN = "On hold – consent withdrawn"


def waiting(status: ReferralStatus, days: int, *, withdrawn: bool = False) -> Tag:
    """How long a referral has been waiting, or what was said to it."""
    if withdrawn:
        return Tag(ON_HOLD_WITHDRAWN, "bad")
    if status in AWAITING_ANSWER:
        word = "Sent today" if days == 0 else f"Waiting {when.days(days)}"
        return Tag(word, "bad" if days >= LONG_WAIT else "warn" if days else "info")
    kinds = {
        ReferralStatus.ACCEPTED: "ok",
        ReferralStatus.IN_SERVICE: "ok",
        ReferralStatus.DECLINED: "bad",
    }
    return Tag(REFERRAL_STATUS_LABELS[status], kinds.get(status, "info"))


def referral_below(line: ReferralLine, now: datetime, tz: str) -> str:
    """To whom for what, its number and its day; and why, when it was declined."""
    text = f"{line.provider} · {line.need} · {line.number}"
    verb = "kept" if line.status is ReferralStatus.DRAFT else "sent"
    text += f" · {verb} {when.day_of(line.sent_at, now, tz)}"
    return f"{text} · {line.reason.lower()}" if line.reason else text


def slip_head(slip: Slip) -> str:
    """The student's name where the gate opens it, otherwise the number alone."""
    return f"{slip.student} · {slip.number}" if slip.student else slip.number


def slip_below(slip: Slip, now: datetime, tz: str) -> str:
    """For what, when, and whom at the school to ask."""
    contact = f"{slip.contact}, {slip.school}"
    contact += f", {slip.contact_email}" if slip.contact_email else ""
    told = [slip.need, slip.service, f"sent {when.day_of(slip.sent_at, now, tz)}"]
    return " · ".join([part for part in told if part] + [f"contact: {contact}"])


def received(lines: Sequence[Received], caption: str, now: datetime, tz: str) -> None:
    """What an organization has opened of a student: each kind, when first and last, how often."""
    parts.table(
        caption,
        ["Record", "Opened", "How often"],
        [
            [
                CATEGORY_LABELS[line.category],
                _seen_on(line, now, tz),
                when.counted(line.times, "time"),
            ]
            for line in lines
        ],
        f"{caption}: nothing. No record was opened.",
    )


def _seen_on(line: Received, now: datetime, tz: str) -> str:
    first, last = when.day_of(line.first, now, tz), when.day_of(line.last, now, tz)
    return first if first == last else f"{first} to {last}"


def answer_tag(line: ReferralLine) -> Tag:
    """What an agency answered."""
    if line.access is Access.ACCESSED:
        return Tag("Service began", "ok")
    return waiting(line.status, line.days, withdrawn=line.withdrawn)
