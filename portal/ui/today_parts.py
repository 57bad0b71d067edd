"""What is due, told short: a strip of numbers and a few rows of each list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import streamlit as st

from portal.access.actor import Actor
from portal.access.lists import MOST, StudentLine
from portal.agreements.queries import AgreementView
from portal.agreements.renewing.rules import Band, Ending, endings
from portal.agreements.settling import Due, settlements
from portal.consents.queries import EndingLine
from portal.corrections.amendments.queries import RequestLine
from portal.policy.proper_use import IN_SHORT
from portal.referrals.queries import ReferralLine, Slip
from portal.referrals.rules import AWAITING_ANSWER
from portal.ui import parts, when
from portal.ui.consent_words import ending_row
from portal.ui.parts import Cell, Tag
from portal.ui.visit_words import answer_tag, referral_below, slip_below, slip_head, waiting
from portal.visits.queries import FollowUpLine, Week
from portal.vocabulary import ROLE_LABELS, ReferralStatus
from portal.word_lists import ASCA_LABELS

FEW = 6

Fact = tuple[str, Sequence[Cell]]


def greeting(me: Actor, now: datetime) -> str:
    """The day, and who is here."""
    local = now.astimezone(ZoneInfo(me.tz))
    who = f"{me.name}, {me.title or ROLE_LABELS[me.role].lower()}"
    return f"{local:%A, %B} {local.day} · {who}, {me.organization_name}"


def follow_ups_fact(lines: Sequence[FollowUpLine], today: date) -> Fact:
    """How many follow-ups are due, and how many of them since before today."""
    late = sum(line.due_on < today for line in lines)
    return "Follow-ups due", [str(len(lines)), *([Tag(f"{late} overdue", "bad")] if late else [])]


def overdue_fact(lines: Sequence[ReferralLine]) -> list[Fact]:
    """How many referrals nobody answered in time; nothing while there is none."""
    return [("Referrals overdue", [Tag(f"{len(lines):,}", "bad")])] if lines else []


def referrals_fact(total: int, oldest_first: Sequence[ReferralLine]) -> Fact:
    """How many of my students' referrals are open, and how old the oldest is."""
    oldest = [
        waiting(line.status, line.days, withdrawn=line.withdrawn) for line in oldest_first[:1]
    ]
    return "Open referrals", [f"{total:,}", *oldest]


def ending_fact(lines: Sequence[EndingLine]) -> Fact:
    """How many consents the family must be asked to renew."""
    return "Consents ending within two weeks", [str(len(lines))]


def week_fact(week: Week) -> Fact:
    """How much I logged since Monday."""
    return "My week", [f"{when.counted(week.visits, 'visit')}, {when.length(week.minutes)}"]


def students_fact(students: Sequence[StudentLine]) -> Fact:
    """How many students are mine."""
    many = f"{MOST:,} or more" if len(students) >= MOST else f"{len(students):,}"
    return "My students", [many]


def slips_facts(counts: Mapping[ReferralStatus, int], oldest_first: Sequence[Slip]) -> list[Fact]:
    """For an agency: to answer, accepted, on the waiting list, in service."""
    unanswered = sum(counts.get(status, 0) for status in AWAITING_ANSWER)
    oldest = [
        waiting(slip.status, slip.days, withdrawn=slip.withdrawn) for slip in oldest_first[:1]
    ]
    return [
        ("Referrals to answer", [f"{unanswered:,}", *oldest]),
        ("Accepted", [f"{counts.get(ReferralStatus.ACCEPTED, 0):,}"]),
        ("On our waiting list", [f"{counts.get(ReferralStatus.WAITLISTED, 0):,}"]),
        ("In service", [f"{counts.get(ReferralStatus.IN_SERVICE, 0):,}"]),
    ]


def referrals_waiting(
    overdue: Sequence[ReferralLine], lines: Sequence[ReferralLine], now: datetime, tz: str
) -> None:
    """Those that were not answered in time first, then the oldest of the others."""
    parts.heading("Referrals waiting")
    late = {line.referral_id for line in overdue}
    ordered = [*overdue[:FEW], *(line for line in lines if line.referral_id not in late)]
    rows = [
        (line.student, referral_below(line, now, tz), _waits_for(line, late))
        for line in ordered[: 2 * FEW]
    ]
    parts.rows(rows, "No open referrals. They appear here when you refer a student.")
    _link("All referrals", "/follow_referrals")


def _waits_for(line: ReferralLine, late: set[uuid.UUID]) -> Cell:
    if line.referral_id in late:
        return Tag(f"Overdue, {when.days(line.days)}", "bad")
    return waiting(line.status, line.days, withdrawn=line.withdrawn)


def _link(text: str, address: str) -> None:
    st.html(f"<p>{parts.Link(text, address).markup}</p>")


def ending(lines: Sequence[EndingLine], now: datetime, tz: str) -> None:
    """The consents that end first."""
    parts.heading("Consents ending soon")
    rows = [ending_row(line, now, tz) for line in lines[:FEW]]
    parts.rows(rows, "No consent of your students ends within two weeks.")
    if lines:
        _link("Renew consents", "/record_consent")


def amending(lines: Sequence[RequestLine], today: date) -> None:
    """Families' requests to amend a record that wait for a decision, the oldest first."""
    if not lines:
        return
    parts.heading("Requests to amend a record")
    rows = [
        (line.student, f"Asked by {line.asked_by} on {when.day(line.asked_on, today)}", _due(line))
        for line in lines[:FEW]
    ]
    parts.rows(rows, "")
    _link("Decide on requests", "/amend_records")


def _due(line: RequestLine) -> Tag:
    return Tag(f"Waiting {when.days(line.days)}", "bad" if line.late else "warn")


@dataclass(frozen=True)
class AgreementToDo:
    """An agreement that needs seeing to, and what there is to do."""

    view: AgreementView
    tag: Tag


def due(views: Sequence[AgreementView], now: datetime, tz: str) -> list[AgreementToDo]:
    """What waits for us first, then records owed too long, then what ends without a renewal."""
    today = when.local_day(now, tz)
    waits = [AgreementToDo(view, _waits(view)) for view in views if view.waits_for_us]
    late = [
        AgreementToDo(owed.view, Tag(_late(owed, today), "bad"))
        for owed in settlements(views)
        if owed.days_left(today) < 0
    ]
    ends = [
        AgreementToDo(one.view, _ends(one, today))
        for one in endings(views, today)
        if one.is_open and not one.notice
    ]
    return waits + late + ends


def agreements(due: Sequence[AgreementToDo]) -> None:
    """With whom, which one, and what there is to do."""
    parts.heading("Agreements to see to")
    rows = [
        (one.view.partner if one.view.we_wrote_it else one.view.district, one.view.number, one.tag)
        for one in due[:FEW]
    ]
    parts.rows(rows, "No agreement waits for us, ends within 120 days, or is owed a certificate.")
    if len(due) > FEW:
        parts.muted(f"And {len(due) - FEW} more.")


def _waits(view: AgreementView) -> Tag:
    if view.turn is not None:
        return Tag("Waits for our signature", "warn")
    return Tag("Answered" if view.we_wrote_it else "Waits for our answer", "warn")


def _late(owed: Due, today: date) -> str:
    days = when.counted(-owed.days_left(today), "day")
    whose = f"{owed.partner.name}: c" if len(owed.view.partners) > 1 else "C"
    return f"{whose}ertificate {days} overdue"


def _ends(one: Ending, today: date) -> Tag:
    verb = "Ended" if one.left < 0 else "Ends"
    pressing = one.band in (Band.ENDED, Band.WITHIN_30)
    return Tag(f"{verb} {when.day(one.last_day, today)}", "bad" if pressing else "warn")


def answers(lines: Sequence[ReferralLine], now: datetime, tz: str) -> None:
    """What agencies answered in the last two weeks."""
    parts.heading("Answers from partners")
    rows = [(line.student, referral_below(line, now, tz), answer_tag(line)) for line in lines[:FEW]]
    parts.rows(rows, "No answers in the last two weeks.")


def my_week(week: Week) -> None:
    """My minutes by use of time; nobody else sees them here."""
    parts.heading("My week", "Only you see this.")
    if not week.minutes:
        parts.muted("No visits logged since Monday.")
        return
    share = round(100 * sum(use.share for use in week.by_use if _for_students(use.label)))
    st.html(
        f"<p>{share}% with or for students. Goal {GOAL}% or more (ASCA)</p>"
        f'<div class="p-meter" aria-hidden="true"><div style="width: {share}%"></div></div>'
    )
    rows = [(_use(use.label), "", when.length(use.minutes)) for use in week.by_use]
    parts.rows(rows, "")
    with st.expander("By purpose"):
        parts.rows([(name, "", when.length(minutes)) for name, minutes in week.by_purpose], "")
    parts.muted(IN_SHORT)


GOAL = 80
"""ASCA National Model: 80 percent or more of the time direct and indirect together."""


def _for_students(use: str) -> bool:
    return use.startswith(("direct", "indirect"))


def _use(code: str) -> str:
    return next((label for key, label in ASCA_LABELS.items() if str(key) == code), code)


def slips_waiting(slips: Sequence[Slip], now: datetime, tz: str) -> None:
    """The oldest referrals that my agency has not answered."""
    parts.heading("Referrals to answer")
    rows = [
        (
            slip_head(slip),
            slip_below(slip, now, tz),
            waiting(slip.status, slip.days, withdrawn=slip.withdrawn),
        )
        for slip in slips
    ]
    parts.rows(rows, "Nothing to answer. Referrals from schools appear here.")
    if slips:
        _link("Answer referrals", "/answer_referral")
