"""Everything that Today shows, asked in one go and only as far as one's role has a use for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access import groups, left_behind
from portal.access.actor import Actor
from portal.access.left_behind import LeftLine
from portal.access.lists import StudentLine, my_students, readable_students
from portal.access.words import words_of
from portal.agreements.queries import ours
from portal.consents.queries import EndingLine, ending_soon
from portal.corrections.amendments import queries as amendments
from portal.corrections.amendments.queries import RequestLine
from portal.policy.groups import GroupTable
from portal.policy.levels import LEVELS
from portal.policy.papers import AGREEMENT_TASKS, may_list_consents
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.referrals.following import queries as following
from portal.referrals.following.queries import Tab
from portal.referrals.queries import ReferralLine, Slip
from portal.referrals.rules import AWAITING_ANSWER
from portal.reviewing import service as reviewing
from portal.reviewing.service import Waiting
from portal.transitions import queries as transitions
from portal.transitions.queries import HandoverLine, LateService, MoveLine
from portal.ui import request_today, today_parts, use_today, when
from portal.ui.request_today import Requested
from portal.ui.today_parts import FEW, AgreementToDo
from portal.ui.use_today import Use
from portal.visits import drafts
from portal.visits import queries as visits
from portal.visits.queries import FollowUpLine, Unsaved, Week
from portal.vocabulary import OrganizationKind, ReferralStatus, ReviewKind, WordList

TWO_WEEKS = timedelta(days=14)


@dataclass(frozen=True)
class Mine:
    """Of whoever logs visits: what is due for them, and their week."""

    follow_ups: Sequence[FollowUpLine]
    unsaved: Unsaved | None
    handed: Sequence[HandoverLine]
    late_services: Sequence[LateService]
    week: Week


@dataclass(frozen=True)
class Followed:
    """Of whoever follows referrals: the open ones, those overdue first, and the answers."""

    total: int
    drafts: int
    overdue: Sequence[ReferralLine]
    waiting: Sequence[ReferralLine]
    answered: Sequence[ReferralLine]


@dataclass(frozen=True)
class Asked:
    """Of an agency: what it has to answer."""

    counts: Mapping[ReferralStatus, int]
    slips: Sequence[Slip]


@dataclass(frozen=True)
class Groups:
    """Of managers: visits in groups, and what the district calls their purposes."""

    table: GroupTable
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Today:
    """All of it; None where one's role has no such part."""

    students: Sequence[StudentLine] | None
    mine: Mine | None
    followed: Followed | None
    asked: Asked | None
    ending: Sequence[EndingLine] | None
    amending: Sequence[RequestLine]
    moved: Sequence[MoveLine]
    left: Sequence[LeftLine]
    agreements: Sequence[AgreementToDo] | None
    groups: Groups | None
    reviews: Sequence[tuple[ReviewKind, Waiting]]
    requested: Requested
    use: Use


def gather(session: Session, me: Actor, now: datetime) -> Today:
    """Ask for what is due; the caller shows it once the session is closed."""
    deals = any(me.may(task) for task in AGREEMENT_TASKS)
    lists_consents = may_list_consents(me.role, me.level)
    inside = me.organization_kind is OrganizationKind.DISTRICT
    return Today(
        students=_students(session, me, now),
        mine=_mine(session, me, now) if me.may(Task.LOG_VISIT) else None,
        followed=_followed(session, me, now) if me.may(Task.FOLLOW_REFERRALS) else None,
        asked=_asked(session, me, now) if me.may(Task.ANSWER_REFERRAL) else None,
        ending=ending_soon(session, me, now) if lists_consents else None,
        amending=amendments.waiting(session, me, now) if me.may(Task.AMEND_RECORDS) else (),
        moved=transitions.moved_lately(session, me, now) if inside else (),
        left=left_behind.lines(session, me, now) if me.may(Task.ASSIGN_CASELOAD) else (),
        agreements=today_parts.due(ours(session, me, now), now, me.tz) if deals else None,
        groups=_groups(session, me, now) if me.may(Task.SEE_GROUPS) else None,
        reviews=_reviews(session, me, now),
        requested=request_today.gather(session, me, now),
        use=use_today.gather(session, me, now),
    )


def _students(session: Session, me: Actor, now: datetime) -> Sequence[StudentLine] | None:
    """A level that sees nobody by name is told of students only where some were granted."""
    if not me.may(Task.SEE_STUDENT):
        return None
    if LEVELS[me.level].identified:
        return my_students(session, me, now)
    return readable_students(session, me, now) or None


def _reviews(session: Session, me: Actor, now: datetime) -> list[tuple[ReviewKind, Waiting]]:
    return [
        (kind, one)
        for kind, task in reviewing.TASKS.items()
        if me.may(task)
        for one in reviewing.waiting(session, me, kind, now)
    ]


def _mine(session: Session, me: Actor, now: datetime) -> Mine:
    today = when.local_day(now, me.tz)
    return Mine(
        follow_ups=visits.follow_ups_due(session, me, now),
        unsaved=drafts.newest(session, me, now),
        handed=transitions.handed_to_me(session, me, now),
        late_services=transitions.services_past_end(session, me, today, now, FEW),
        week=visits.my_week(session, me, now),
    )


def _followed(session: Session, me: Actor, now: datetime) -> Followed:
    return Followed(
        total=referrals.how_many_open(session, me, now),
        drafts=following.counts(session, me, now)[Tab.DRAFTS],
        overdue=following.overdue(session, me, now),
        waiting=referrals.my_open(session, me, now, FEW),
        answered=referrals.answers(session, me, now - TWO_WEEKS, now, FEW),
    )


def _asked(session: Session, me: Actor, now: datetime) -> Asked:
    return Asked(
        counts=referrals.slip_counts(session, me, now),
        slips=referrals.to_my_agency(session, me, now, FEW, statuses=AWAITING_ANSWER),
    )


def _groups(session: Session, me: Actor, now: datetime) -> Groups:
    words = words_of(session, me.organization_id)
    labels = {word.code: word.label for word in words.choices(WordList.VISIT_PURPOSE)}
    table = groups.visits_by_purpose(session, me, list(labels), now)
    return Groups(table, labels)
