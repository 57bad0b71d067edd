"""The slip of a referral as a SELECT: what the agency it went to may list and answer.

The same rules as `policy.referrals`, told a second time; a test holds the two
together. Who the student is, only `access.visible` can open.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, select

from portal.access import locks
from portal.access.reliance import CONSENT_WITHDRAWN
from portal.access.sql import outside, within
from portal.store.people import Relation, User
from portal.store.places import Organization
from portal.store.records import Record, Referral
from portal.vocabulary import Level, RelationKind


def slips(me: Any, at: datetime) -> ColumnElement[bool]:
    """Condition on Referral joined with its Record: slips that this viewer may see."""
    standing = exists(
        select(User.id)
        .join(Organization, Organization.id == User.organization_id)
        .where(User.id == me.id, within(User.active_from, User.active_until, at))
        .where(within(Organization.active_from, Organization.active_until, at))
    )
    return and_(
        standing,
        Referral.agency_id == me.organization_id,
        not_(Record.draft),
        locks.unlocked(me, Record.student_id, at),
        outside(Record.sealed_from, Record.sealed_until, at),
    )


def answerable(me: Any, at: datetime) -> ColumnElement[bool]:
    """Condition on Referral joined with its Record: of the slips, those this viewer may answer."""
    goes_on = Referral.hold_reason != CONSENT_WITHDRAWN
    return goes_on if me.level is Level.AGENCY_ADMIN else and_(goes_on, _on_team(me, at))


def _on_team(me: Any, at: datetime) -> ColumnElement[bool]:
    return exists(
        select(Relation.id).where(
            Relation.user_id == me.id,
            Relation.student_id == Record.student_id,
            Relation.kind == RelationKind.TEAM,
            within(Relation.starts_at, Relation.ends_at, at),
        )
    )
