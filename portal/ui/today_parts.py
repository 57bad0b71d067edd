"""What is due, told short: a strip of numbers and a few rows of each list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.access.actor import Actor
from portal.access.lists import MOST, StudentLine
from portal.agreements.queries import AgreementView
from portal.agreements.renewing.rules import Band, Ending, endings
from portal.agreements.settling import Due, settlements
from portal.consents.queries import EndingLine
from portal.referrals.queries import ReferralLine, Slip
from portal.referrals.rules import AWAITING_ANSWER
from portal.ui import parts, when
from portal.ui.consent_words import ending_row
from portal.ui.parts import Cell, Tag
from portal.ui.visit_words import answer_tag, referral_below, slip_below, slip_head, waiting
from portal.visits.queries import Week
from portal.vocabulary import ROLE_LABELS, VISIT_PURPOSE_LABELS, ReferralStatus

FEW = 6

Fact = tuple[str, Sequence[Cell]]


def greeting(me: Actor, now: datetime) -> str:
    """The day, and who is here."""
    local = now.astimezone(ZoneInfo(me.tz))
    who = f"{me.name}, {me.title or ROLE_LABELS[me.role].lower()}"
    return f"{local:%A, %B} {local.day} · {who}, {me.organization_name}"


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


def referrals_waiting(lines: Sequence[ReferralLine], now: datetime, tz: str) -> None:
    """The oldest open referrals."""
    parts.heading("Referrals waiting")
    rows = [
        (
            line.student,
            referral_below(line, now, tz),
            waiting(line.status, line.days, withdrawn=line.withdrawn),
        )
        for line in lines
    ]
    parts.rows(rows, "No open referrals. They appear here when you refer a student.")


def ending(lines: Sequence[EndingLine], now: datetime, tz: str) -> None:
    """The consents that end first."""
    parts.heading("Consents ending soon")
    rows = [ending_row(line, now, tz) for line in lines[:FEW]]
    parts.rows(rows, "No consent of your students ends within two weeks.")


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
    """My minutes by purpose; nobody else sees them here."""
    parts.heading("My week")
    rows = [
        (VISIT_PURPOSE_LABELS[purpose], "", when.length(minutes))
        for purpose, minutes in week.by_purpose
    ]
    parts.rows(rows, "No visits logged since Monday. Only you see this.")


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
