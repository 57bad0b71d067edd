"""With whom my organization has an agreement in force. About no student."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.policy.gate import agreement_time_problems
from portal.policy.spans import last_day
from portal.store.places import Organization


def in_force_with(session: Session, me: Actor, at: datetime) -> dict[str, date | None]:
    """The partners' names, each with the last day of the agreement; None: no end."""
    ours = str(me.organization_id)
    ends: dict[str, datetime | None] = {}
    for agreement in facts_of.agreements_of(session, me.organization_id):
        if not agreement_time_problems(agreement, at):
            partner = agreement.b if agreement.a == ours else agreement.a
            ends[partner] = _later(ends.get(partner, at), agreement.span.end)
    rows = session.execute(select(Organization.id, Organization.name).order_by(Organization.name))
    return {
        name: last_day(end, me.tz) if (end := ends[str(key)]) else None
        for key, name in rows
        if str(key) in ends
    }


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)
