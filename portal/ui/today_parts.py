"""What is due, told short: a strip of numbers and a few rows of each list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.access.actor import Actor
from portal.access.lists import MOST, StudentLine
from portal.agreements.queries import AgreementView
from portal.consents.queries import EndingLine
from portal.referrals.queries import ReferralLine, Slip
from portal.referrals.rules import AWAITING_ANSWER
from portal.ui import parts, when
from portal.ui.consent_words import ending_row
from portal.ui.parts import Cell, Tag
from portal.ui.visit_words import answer_tag, referral_below, slip_below, slip_head, waiting
from portal.visits.queries import Week
from portal.vocabulary import ROLE_LABELS, VISIT_PURPOSE_LABELS, AgreementStatus, ReferralStatus

FEW = 6
TWO_MONTHS = timedelta(days=60)

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


def due(views: Sequence[AgreementView], now: datetime, tz: str) -> list[AgreementView]:
    """Agreements that wait for our signature, and those in force that end within two months."""
    soon = when.local_day(now, tz) + TWO_MONTHS
    return [view for view in views if view.waits_for_us or _ends_by(view, soon)]


def agreements(views: Sequence[AgreementView], now: datetime, tz: str) -> None:
    """With whom, which one, and what there is to do."""
    parts.heading("Agreements to see to")
    rows = [_agreement_row(view, when.local_day(now, tz)) for view in views]
    parts.rows(rows, "No agreement waits for our signature or ends within two months.")


def _ends_by(view: AgreementView, day: date) -> bool:
    ends = view.draft.ends_on
    return view.status is AgreementStatus.IN_FORCE and ends is not None and ends <= day


def _agreement_row(view: AgreementView, today: date) -> tuple[str, str, Cell]:
    other = view.partner if view.we_wrote_it else view.district
    if view.waits_for_us:
        return other, view.number, Tag("Waits for our signature", "warn")
    return other, view.number, Tag(f"Ends {when.day(view.draft.ends_on or today, today)}", "warn")


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
