"""Put staff on a case team and take them off, by the consent's number and not by a name."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import trail
from portal.access.actor import Actor
from portal.directory.case_teams import queries
from portal.errors import NotFound
from portal.policy.case_teams import may_assign, may_end
from portal.policy.decision import Decision, Reason
from portal.policy.facts import ConsentFacts, UserFacts
from portal.policy.spans import Span
from portal.store.consents import Consent
from portal.store.people import Relation, User
from portal.vocabulary import RelationKind

NOT_FOUND = NotFound(
    "There is no such consent for your organization.",
    "Choose a consent from the list, or ask the school whether it has been recorded.",
)


def assign(
    session: Session, me: Actor, consent_id: uuid.UUID, user_id: uuid.UUID, at: datetime
) -> Relation:
    """Put this person on the case team of this consent's student; already there, nothing changes.

    Raises NotFound for another organization's consent or one that does not exist,
    Refused when the consent is not in force or the person is not active staff.
    """
    consent, person = _found(session, me, "team.assigned", consent_id, user_id, at)
    facts = _consent_facts(session, consent)
    decision = may_assign(me.role, str(me.organization_id), _user_facts(person), facts, at)
    _require(session, me, "team.assigned", consent, person, decision, at)
    already = queries.on_team(session, consent.student_id, person.id, at)
    if already:
        return already[0]
    member = Relation(
        user_id=person.id,
        student_id=consent.student_id,
        kind=RelationKind.TEAM,
        starts_at=at,
    )
    session.add(member)
    trail.write(session, me, _entry("team.assigned", consent, person, at))
    return member


def end(
    session: Session, me: Actor, consent_id: uuid.UUID, user_id: uuid.UUID, at: datetime
) -> None:
    """Take this person off the case team from this instant; not on it, nothing changes."""
    consent, person = _found(session, me, "team.ended", consent_id, user_id, at)
    facts = _consent_facts(session, consent)
    decision = may_end(me.role, str(me.organization_id), _user_facts(person), facts)
    _require(session, me, "team.ended", consent, person, decision, at)
    members = queries.on_team(session, consent.student_id, person.id, at)
    if not members:
        return
    for member in members:
        member.ends_at = at
    trail.write(session, me, _entry("team.ended", consent, person, at))


def _found(
    session: Session,
    me: Actor,
    event: str,
    consent_id: uuid.UUID,
    user_id: uuid.UUID,
    at: datetime,
) -> tuple[Consent, User]:
    consent, person = session.get(Consent, consent_id), session.get(User, user_id)
    if consent is None or person is None:
        codes = [Reason.RECORD_UNKNOWN]
        trail.write_refusal(session, me, trail.Entry(event, False, at, codes=codes))
        raise NOT_FOUND
    return consent, person


def _require(
    session: Session,
    me: Actor,
    event: str,
    consent: Consent,
    person: User,
    decision: Decision,
    at: datetime,
) -> None:
    if decision:
        return
    trail.write_refusal(session, me, _entry(event, consent, person, at, decision.codes))
    if Reason.NO_CONSENT in decision.codes:
        raise NOT_FOUND
    decision.or_refuse()


def _entry(
    event: str, consent: Consent, person: User, at: datetime, codes: tuple[Reason, ...] = ()
) -> trail.Entry:
    return trail.Entry(
        event,
        not codes,
        at,
        (consent.student_id,),
        subject=consent.number,
        codes=codes,
        basis=[str(consent.id)],
        detail={"user": str(person.id), "name": person.name},
    )


def _consent_facts(session: Session, consent: Consent) -> ConsentFacts:
    (facts,) = consent_facts.as_facts(session, [consent])
    return facts


def _user_facts(person: User) -> UserFacts:
    active = Span(person.active_from, person.active_until)
    return UserFacts(str(person.id), str(person.organization_id), person.level, active)
