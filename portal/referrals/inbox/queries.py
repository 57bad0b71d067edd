"""What the page Referrals to us asks: its lists, their counts, and how a referral went."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, false, func, not_, or_, select
from sqlalchemy.orm import Session

from portal.access import visible
from portal.access.actor import Actor
from portal.access.reliance import CONSENT_WITHDRAWN
from portal.access.slips import answerable, slips
from portal.referrals import queries, rules
from portal.referrals.queries import ACTIVE_SERVICE, MOST, Slip
from portal.referrals.rules import OPEN, OVERDUE_CAN_BE, SENDINGS
from portal.referrals.settings import settings_of
from portal.store.people import User
from portal.store.places import AgencyService, Organization
from portal.store.records import Record, Referral, ReferralEvent
from portal.vocabulary import (
    Category,
    Level,
    Purpose,
    ReferralEventKind,
    ReferralStatus,
    Urgency,
)

Condition = ColumnElement[bool]


class Tab(StrEnum):
    """The lists of the inbox, in their order; a referral may be in several."""

    ALL = "all"
    URGENT = "urgent"
    OVERDUE = "overdue"
    CONSENT_ENDED = "consent_ended"


TAB_LABELS = {
    Tab.ALL: "All",
    Tab.URGENT: "Urgent",
    Tab.OVERDUE: "Overdue",
    Tab.CONSENT_ENDED: "Consent ended",
}


@dataclass(frozen=True)
class Step:
    """One thing that happened to a referral. by: of the school or of us; empty for a link."""

    kind: ReferralEventKind
    at: datetime
    to: ReferralStatus | None
    by: str
    by_link: bool
    note: str


def counts(session: Session, me: Actor, at: datetime) -> dict[Tab, int]:
    """How many unfinished referrals are in each list; nothing about anybody."""
    tabs = _tabs(session, me, at)
    columns = [func.sum(case((condition, 1), else_=0)) for condition in tabs.values()]
    found = select(*columns).select_from(Referral).join(Record, Record.id == Referral.record_id)
    row = session.execute(found.where(slips(me, at), Referral.status.in_(sorted(OPEN)))).one()
    return {tab: int(count or 0) for tab, count in zip(tabs, row, strict=True)}


def lines(
    session: Session, me: Actor, tab: Tab, at: datetime, most: int = MOST, skip: int = 0
) -> list[Slip]:
    """The slips of a list, the oldest first; its trail line is written."""
    only = [_tabs(session, me, at)[tab]]
    return queries.to_my_agency(session, me, at, most, skip, only=only)


def among(
    session: Session, me: Actor, tab: Tab, shown: Collection[uuid.UUID], at: datetime
) -> frozenset[uuid.UUID]:
    """Which of these, shown to me already, are in this list too."""
    found = select(Referral.record_id).join(Record, Record.id == Referral.record_id)
    of_tab = _tabs(session, me, at)[tab]
    return frozenset(
        session.scalars(found.where(slips(me, at), Referral.record_id.in_(shown), of_tab))
    )


def steps(
    session: Session, me: Actor, shown: Sequence[Slip], at: datetime
) -> dict[uuid.UUID, list[Step]]:
    """How each of these, shown to me already, went; the first step first.

    What the school noted may tell who the student is: it is told where the name is open to me.
    """
    named = {slip.referral_id for slip in shown if slip.student}
    found: dict[uuid.UUID, list[Step]] = {slip.referral_id: [] for slip in shown}
    rows = session.execute(
        select(ReferralEvent, User.name)
        .join(Referral, Referral.record_id == ReferralEvent.referral_id)
        .join(Record, Record.id == Referral.record_id)
        .outerjoin(User, User.id == ReferralEvent.by_id)
        .where(slips(me, at), Referral.record_id.in_(found))
        .where(ReferralEvent.kind != ReferralEventKind.DRAFTED)
        .order_by(ReferralEvent.at, ReferralEvent.id)
    )
    for row, name in rows:
        to_us = row.kind is ReferralEventKind.DECLINE_SENT_BACK and row.referral_id in named
        step = Step(
            row.kind, row.at, row.to_status, name or "", row.by_link, row.note if to_us else ""
        )
        found[row.referral_id].append(step)
    return found


def services(session: Session, me: Actor) -> list[tuple[uuid.UUID, str]]:
    """The services that my agency offers now, by name."""
    rows = session.execute(
        select(AgencyService.id, AgencyService.name)
        .where(
            AgencyService.organization_id == me.organization_id,
            AgencyService.status == ACTIVE_SERVICE,
        )
        .order_by(AgencyService.name, AgencyService.id)
    )
    return [(id_, name) for id_, name in rows]


def asked_at(session: Session, referral_id: uuid.UUID) -> datetime | None:
    """When the school was last asked to renew the consent."""
    return session.scalar(
        select(func.max(ReferralEvent.at)).where(
            ReferralEvent.referral_id == referral_id,
            ReferralEvent.kind == ReferralEventKind.RENEWAL_ASKED,
        )
    )


def _tabs(session: Session, me: Actor, at: datetime) -> dict[Tab, Condition]:
    return {
        Tab.ALL: Referral.status.in_(sorted(OPEN)),
        Tab.URGENT: and_(
            Referral.urgency == Urgency.URGENT, Referral.status.in_(sorted(OVERDUE_CAN_BE))
        ),
        Tab.OVERDUE: and_(Referral.status.in_(sorted(OVERDUE_CAN_BE)), _late(session, me, at)),
        Tab.CONSENT_ENDED: or_(_withdrawn(), _name_closed(me, at)),
    }


def _withdrawn() -> Condition:
    return and_(
        Referral.status == ReferralStatus.ON_HOLD, Referral.hold_reason == CONSENT_WITHDRAWN
    )


def _name_closed(me: Actor, at: datetime) -> Condition:
    """What was sent named the student, and nothing opens the name any more.

    Only where it would be open to me: whoever is not on the case team never saw it.
    """
    if me.level is Level.AGENCY_ADMIN:
        return false()
    opened = visible.records(me, Purpose.COORDINATE, at, kinds=[Category.REFERRALS])
    return and_(Referral.named, answerable(me, at), not_(opened))


def _late(session: Session, me: Actor, at: datetime) -> Condition:
    """It waits longer than its district allows, urgent ones sooner, since it was sent last."""
    since = func.coalesce(_sent_last(), Record.event_at)
    found: list[Condition] = []
    for district, tz in _districts(session, me, at):
        allowed = settings_of(session, district)
        usual = rules.overdue_before(at, tz, allowed.overdue_days)
        soon = rules.overdue_before(at, tz, allowed.urgent_days, weekdays=True)
        urgent = and_(Referral.urgency == Urgency.URGENT, since < soon)
        found.append(and_(Record.district_id == district, or_(since < usual, urgent)))
    return or_(false(), *found)


def _districts(session: Session, me: Actor, at: datetime) -> list[tuple[uuid.UUID, str]]:
    rows = session.execute(
        select(Organization.id, Organization.tz)
        .join(Record, Record.district_id == Organization.id)
        .join(Referral, Referral.record_id == Record.id)
        .where(slips(me, at))
        .order_by(Organization.id)
        .distinct()
    )
    return [(id_, tz) for id_, tz in rows]


def _sent_last() -> ScalarSelect[datetime]:
    found = select(func.max(ReferralEvent.at)).where(
        ReferralEvent.referral_id == Referral.record_id, ReferralEvent.kind.in_(SENDINGS)
    )
    return found.correlate(Referral).scalar_subquery()
