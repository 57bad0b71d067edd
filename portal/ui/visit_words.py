"""Visits and referrals in the words of their lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.access.reliance import Received
from portal.referrals.queries import ReferralLine, Slip
from portal.referrals.rules import AWAITING_ANSWER
from portal.ui import parts, when
from portal.ui.parts import Cell, Tag
from portal.visits.queries import VisitLine
from portal.vocabulary import (
    CATEGORY_LABELS,
    NEED_LABELS,
    NOT_ACCESSED_LABELS,
    REFERRAL_STATUS_LABELS,
    VISIT_PURPOSE_LABELS,
    Access,
    ReferralStatus,
)

LONG_WAIT = 14
"""Days without an answer after which a referral asks for a call."""


def visit_row(line: VisitLine, now: datetime, tz: str) -> tuple[str, str, Cell]:
    """Whom I saw, why and how long, and when."""
    told = [VISIT_PURPOSE_LABELS[line.purpose], when.length(line.minutes)]
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
    text = f"{line.provider} · {NEED_LABELS[line.need]} · {line.number}"
    text += f" · sent {when.day_of(line.sent_at, now, tz)}"
    return f"{text} · {NOT_ACCESSED_LABELS[line.reason].lower()}" if line.reason else text


def slip_head(slip: Slip) -> str:
    """The student's name where the gate opens it, otherwise the number alone."""
    return f"{slip.student} · {slip.number}" if slip.student else slip.number


def slip_below(slip: Slip, now: datetime, tz: str) -> str:
    """For what, when, and whom at the school to ask."""
    contact = f"{slip.contact}, {slip.school}"
    contact += f", {slip.contact_email}" if slip.contact_email else ""
    told = [NEED_LABELS[slip.need], slip.service, f"sent {when.day_of(slip.sent_at, now, tz)}"]
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
