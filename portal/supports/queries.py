"""What the student page asks about services, needs and strengths: of the items the gate opened.

    with unit_of_work() as session:
        opened = gate.open_record(session, me, student_id, purpose, now)
        supports = queries.supports_of(session, me, opened, now)

The gate has decided about each item and noted it; nothing is read here but those.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import not_, or_, select
from sqlalchemy.orm import Session, aliased

from portal.access import visible
from portal.access.actor import Actor
from portal.access.gate import OpenedRecord
from portal.access.sql import within
from portal.access.words import AS_SHIPPED, Words, words_of
from portal.policy.restricting import may_restrict
from portal.policy.undo import may_undo
from portal.store.people import Guardian, Student, User
from portal.store.places import Organization
from portal.store.records import Audience, Record, Referral, VisitNote
from portal.store.support import Strength, StudentNeed, StudentService
from portal.supports import rules
from portal.supports.days import local_today
from portal.supports.rules import Met, NeedFacts, ServiceFacts, TierCount
from portal.vocabulary import (
    Category,
    OrganizationKind,
    Purpose,
    ReferralStatus,
    ServiceEnd,
    SignerKind,
    StrengthSource,
    WordList,
)

WAITING = (
    ReferralStatus.SENT,
    ReferralStatus.RECEIVED,
    ReferralStatus.ACCEPTED,
    ReferralStatus.WAITLISTED,
    ReferralStatus.ON_HOLD,
)
"""Statuses in which a referral still awaits somebody's service."""


@dataclass(frozen=True)
class Kept:
    """What every line has of its item. undo: the viewer wrote it within the last ten minutes."""

    record_id: uuid.UUID
    version: int
    undo: bool


@dataclass(frozen=True)
class ServiceLine:
    """A service in place, or one that ended, in the district's words. tier: its code."""

    kept: Kept
    service: str
    code: str
    provider: str
    tier: str
    tier_label: str
    intensity: str
    data_owner: str
    started_on: date
    estimated_end: date | None
    ended_on: date | None
    end_reason: ServiceEnd | None
    overdue: bool

    @property
    def facts(self) -> ServiceFacts:
        """As the matching reads it."""
        return ServiceFacts(self.kept.record_id, self.tier, self.started_on, self.ended_on)

    def runs(self, today: date) -> bool:
        """Is it in place on this day?"""
        return self.facts.runs(today)


@dataclass(frozen=True)
class NeedLine:
    """A need, how it stands, by what it is met or from whom that is awaited. days: since when."""

    kept: Kept
    need: str
    code: str
    tier: str
    tier_label: str
    since_on: date
    days: int
    met: Met
    met_on: date | None
    met_by: str
    service_id: uuid.UUID | None
    awaited: str
    referral: str


@dataclass(frozen=True)
class StrengthLine:
    """A strength, and in whose words."""

    kept: Kept
    source: StrengthSource
    text: str
    written_by: str
    written_at: datetime


@dataclass(frozen=True)
class Waiting:
    """A referral that awaits a service and that no need is opened for. need: its code."""

    referral_id: uuid.UUID
    number: str
    need: str
    need_label: str
    provider: str
    sent_on: date


@dataclass(frozen=True)
class Supports:
    """What is in place for a student, what is missing, and what they are good at."""

    services: tuple[ServiceLine, ...] = ()
    needs: tuple[NeedLine, ...] = ()
    strengths: tuple[StrengthLine, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    tiers: tuple[TierCount, ...] = ()
    words: Words = field(default=AS_SHIPPED, repr=False)


def supports_of(session: Session, me: Actor, opened: OpenedRecord, at: datetime) -> Supports:
    """All of it, read of the items that this opening opened; a fixed number of questions."""
    words = words_of(session, me.organization_id)
    today = local_today(me, at)
    services = _services(session, me, _ids(opened, Category.SERVICE_STATUS), words, at)
    referrals = _referrals(session, _ids(opened, Category.REFERRALS), words, me)
    needs = _needs(
        session, me, _ids(opened, Category.SERVICE_STATUS), words, (services, referrals), at
    )
    told = {need.referral for need in needs}
    return Supports(
        services=services,
        needs=needs,
        strengths=_strengths(session, me, _ids(opened, Category.VISIT_NOTES), at),
        waiting=tuple(one for one in referrals.values() if one.number not in told),
        tiers=rules.by_tier(
            [(need.tier, need.met) for need in needs], [line.facts for line in services], today
        ),
        words=words,
    )


def _ids(opened: OpenedRecord, category: Category) -> list[uuid.UUID]:
    return [item.record_id for item in opened.items if item.category is category]


def _kept(me: Actor, record: Record, at: datetime) -> Kept:
    author = None if record.author_id is None else str(record.author_id)
    return Kept(
        record.id, record.version, bool(may_undo(str(me.id), author, record.written_at, at))
    )


def _services(
    session: Session, me: Actor, ids: Collection[uuid.UUID], words: Words, at: datetime
) -> tuple[ServiceLine, ...]:
    """Those that run first, the newest of them on top."""
    rows = session.execute(
        select(StudentService, Record, Organization.name)
        .join(Record, Record.id == StudentService.record_id)
        .outerjoin(Organization, Organization.id == StudentService.agency_id)
        .where(StudentService.record_id.in_(ids))
        .order_by(
            StudentService.ended_on.is_not(None),
            StudentService.started_on.desc(),
            StudentService.record_id,
        )
    )
    today = local_today(me, at)
    return tuple(
        ServiceLine(
            kept=_kept(me, record, at),
            service=words.label(WordList.VISIT_SERVICE, row.service),
            code=row.service,
            provider=agency or row.provider,
            tier=row.tier,
            tier_label=words.label(WordList.TIER, row.tier),
            intensity=row.intensity,
            data_owner=row.data_owner,
            started_on=row.started_on,
            estimated_end=row.estimated_end,
            ended_on=row.ended_on,
            end_reason=row.end_reason,
            overdue=row.ended_on is None
            and row.estimated_end is not None
            and row.estimated_end < today,
        )
        for row, record, agency in rows
    )


def _referrals(
    session: Session, ids: Collection[uuid.UUID], words: Words, me: Actor
) -> dict[uuid.UUID, Waiting]:
    rows = session.execute(
        select(Referral, Record.event_at, Organization.name)
        .join(Record, Record.id == Referral.record_id)
        .outerjoin(Organization, Organization.id == Referral.agency_id)
        .where(Referral.record_id.in_(ids), Referral.status.in_(WAITING))
        .order_by(Record.event_at, Record.id)
    )
    return {
        row.record_id: Waiting(
            referral_id=row.record_id,
            number=row.number,
            need=row.need,
            need_label=words.label(WordList.NEED, row.need),
            provider=agency or words.label(WordList.SCHOOL_PROVIDER, row.school_provider),
            sent_on=local_today(me, sent_at),
        )
        for row, sent_at, agency in rows
    }


Beside = tuple[Sequence[ServiceLine], dict[uuid.UUID, Waiting]]


def _needs(
    session: Session,
    me: Actor,
    ids: Collection[uuid.UUID],
    words: Words,
    beside: Beside,
    at: datetime,
) -> tuple[NeedLine, ...]:
    """The unmet first, and of those the ones that wait longest."""
    rows = session.execute(
        select(StudentNeed, Record)
        .join(Record, Record.id == StudentNeed.record_id)
        .where(StudentNeed.record_id.in_(ids))
        .order_by(StudentNeed.since_on, StudentNeed.record_id)
    )
    lines = [_need(me, row, record, words, beside, at) for row, record in rows]
    return tuple(sorted(lines, key=lambda line: line.met not in rules.UNMET))


def _need(
    me: Actor, row: StudentNeed, record: Record, words: Words, beside: Beside, at: datetime
) -> NeedLine:
    services, referrals = beside
    waiting = referrals.get(row.referral_id) if row.referral_id else None
    awaited = row.awaited_from or (waiting.provider if waiting else "")
    facts = NeedFacts(row.tier, row.met_on, row.met_by, awaited)
    service = next((line for line in services if line.kept.record_id == row.met_by), None)
    return NeedLine(
        kept=_kept(me, record, at),
        need=words.label(WordList.NEED, row.need),
        code=row.need,
        tier=row.tier,
        tier_label=words.label(WordList.TIER, row.tier),
        since_on=row.since_on,
        days=(local_today(me, at) - row.since_on).days,
        met=rules.stands(facts, [line.facts for line in services], local_today(me, at)),
        met_on=row.met_on,
        met_by=f"{service.service}, {service.provider}" if service else "",
        service_id=row.met_by,
        awaited=awaited,
        referral=waiting.number if waiting else "",
    )


ORDER = {source: place for place, source in enumerate(StrengthSource)}


def _strengths(
    session: Session, me: Actor, ids: Collection[uuid.UUID], at: datetime
) -> tuple[StrengthLine, ...]:
    """The student's own words, then the family's, then the staff's; the newest of each first."""
    writer = aliased(User)
    rows = session.execute(
        select(Strength, Record, writer.name)
        .join(Record, Record.id == Strength.record_id)
        .outerjoin(writer, writer.id == Record.author_id)
        .where(Strength.record_id.in_(ids), not_(Record.restricted))
        .order_by(Record.event_at.desc(), Record.id)
    )
    lines = [
        StrengthLine(_kept(me, record, at), row.source, row.text, name or "", record.event_at)
        for row, record, name in rows
    ]
    return tuple(sorted(lines, key=lambda line: ORDER[line.source]))


def name_of(session: Session, kind: SignerKind, key: uuid.UUID) -> str:
    """The name of somebody of the family."""
    if kind is SignerKind.GUARDIAN:
        return session.get_one(Guardian, key).name
    student = session.get_one(Student, key)
    return f"{student.given_name} {student.family_name}"


# For the verbs of this room


def is_open(session: Session, me: Actor, record: Record, at: datetime) -> bool:
    """Does the gate open this very item to this person now?"""
    opened = visible.records(me, Purpose.COORDINATE, at, kinds=[Category(record.category)])
    found = session.scalar(select(Record.id).where(Record.id == record.id, opened))
    return found is not None


def needs_met_by(session: Session, service_id: uuid.UUID) -> Sequence[StudentNeed]:
    """The needs that a service meets."""
    return session.scalars(
        select(StudentNeed)
        .where(StudentNeed.met_by == service_id)
        .order_by(StudentNeed.record_id)
        .with_for_update()
    ).all()


def has_referral(session: Session, referral_id: uuid.UUID, student_id: uuid.UUID) -> bool:
    """Is this a referral of this very student?"""
    found = session.scalar(
        select(Record.id)
        .join(Referral, Referral.record_id == Record.id)
        .where(Record.id == referral_id, Record.student_id == student_id)
    )
    return found is not None


def is_note(session: Session, record_id: uuid.UUID) -> bool:
    """Is this item the note of a visit?"""
    return session.get(VisitNote, record_id) is not None


def partners(session: Session, me: Actor, at: datetime) -> dict[uuid.UUID, str]:
    """The community partners that are active, by name. About nobody."""
    rows = session.execute(
        select(Organization.id, Organization.name)
        .where(
            Organization.kind != OrganizationKind.DISTRICT,
            Organization.id != me.organization_id,
            within(Organization.active_from, Organization.active_until, at),
        )
        .order_by(Organization.name, Organization.id)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Mark:
    """What stands beside an item. whose: another organization that holds it; empty for ours.

    may_restrict: it is a note, not restricted yet, and the viewer may do that.
    """

    whose: str
    may_restrict: bool


def marks(session: Session, me: Actor, opened: OpenedRecord) -> dict[uuid.UUID, Mark]:
    """What stands beside each item that was opened."""
    note = select(VisitNote.record_id).where(VisitNote.record_id == Record.id).exists()
    rows = session.execute(
        select(Record, Organization.name, note)
        .join(Organization, Organization.id == Record.custodian_id)
        .where(Record.id.in_([item.record_id for item in opened.items]))
    )
    return {
        record.id: Mark(
            whose="" if record.custodian_id == me.organization_id else holder,
            may_restrict=is_note and not record.restricted and _may_restrict(me, record),
        )
        for record, holder, is_note in rows
    }


def _may_restrict(me: Actor, record: Record) -> bool:
    author = None if record.author_id is None else str(record.author_id)
    ours = record.custodian_id == me.organization_id
    return ours and bool(may_restrict(str(me.id), me.role, author))


# For the summary of the family


def goes_home(session: Session, me: Actor, ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Of these items, those that may be handed to the family: ours, unrestricted, not silenced.

    An audience may keep an item from the family; a referral that is not to reach them keeps
    what hangs on it.
    """
    silenced = select(Referral.record_id).where(Referral.do_not_contact)
    hanging = [
        select(kind.record_id).where(kind.referral_id.in_(silenced))
        for kind in (StudentService, StudentNeed)
    ]
    rows = session.scalars(
        select(Record.id)
        .outerjoin(Audience, Audience.id == Record.audience_id)
        .where(
            Record.id.in_(ids),
            Record.custodian_id == me.organization_id,
            not_(Record.restricted),
            or_(Record.audience_id.is_(None), Audience.with_family),
            Record.id.not_in(silenced),
            *(Record.id.not_in(kept) for kept in hanging),
        )
    )
    return frozenset(rows)
