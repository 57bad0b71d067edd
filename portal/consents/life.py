"""What becomes of a signed consent: taken back, held, confirmed, reviewed; each a row of its own.

Taken back, it opens nothing from that instant on (34 CFR 300.9, 45 CFR 164.508(b)(5),
CGS 52-146e(c)): in pages, files and open sessions alike, for the gate asks anew each time. What
was said by word of mouth holds the consent until it is settled. Nothing already shared is undone.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import gate, reliance, trail
from portal.access.actor import Actor
from portal.access.family import Family
from portal.consents import closings, queries, rules
from portal.errors import NotFound, NotReady, Problem, Refused
from portal.policy.decision import Reason
from portal.policy.tasks import Task
from portal.store.consents import Consent, ConsentEvent
from portal.store.places import Organization
from portal.store.records import Referral
from portal.vocabulary import Category, ConsentEventKind, ConsentStatus
from portal.word.values import clean

Kind = ConsentEventKind
REVIEW_AGAIN = timedelta(days=365)

NOT_FOUND = NotFound(
    "There is no consent here that you may open.",
    "Open it from the student's list of consents.",
)


@dataclass(frozen=True)
class TakenBack:
    """What a revocation did: the consents it closed, and the referrals now on hold."""

    consents: tuple[Consent, ...]
    referrals: tuple[Referral, ...]


@dataclass(frozen=True)
class _By:
    """Who acts: a member of staff, or somebody of the family by name.

    asks: somebody of the district, with whose facts about the student the rule is asked.
    """

    me: Actor | None
    name: str
    asks: uuid.UUID


# Taken back


def revoke(
    session: Session,
    me: Actor,
    consent_id: uuid.UUID,
    how: str,
    at: datetime,
    category: Category | None = None,
) -> TakenBack:
    """Take back a consent, or one kind of record of it, as the family told it in writing.

    how: who told whom, and how. Raises NotFound alike for a consent that is not within
    reach and one that does not exist; NotReady when it is over or nothing is said.
    """
    consent = _mine(session, me, consent_id, at)
    problems = rules.revoke_problems(_status(session, consent, at), clean(how))
    if problems:
        raise NotReady(problems)
    return _take_back(session, _By(me, me.name, me.id), [consent], clean(how), at, category)


def revoke_all(
    session: Session,
    me: Actor,
    student_id: uuid.UUID,
    how: str,
    at: datetime,
    partner_id: uuid.UUID | None = None,
) -> TakenBack:
    """Take back everything of a student at once, or everything with one partner."""
    gate.open_student(session, me, student_id, Task.RECORD_CONSENT, at)
    found = queries.open_consents(session, student_id, me.organization_id, partner_id, at)
    if not found:
        raise NotReady([Problem("No consent is open.", "There is nothing to take back.")])
    if not clean(how).strip():
        raise NotReady(rules.revoke_problems(ConsentStatus.ACTIVE, ""))
    return _take_back(session, _By(me, me.name, me.id), found, clean(how), at, None)


def revoke_as_family(
    session: Session,
    family: Family,
    consents: Sequence[Consent],
    how: str,
    at: datetime,
    category: Category | None = None,
) -> TakenBack:
    """The same by whoever holds the right, from their own phone. Over ones are left as they are.

    Two people who take the same consent back at once both succeed: it is taken back.
    """
    students = {student.id for student in family.students}
    if any(consent.student_id not in students for consent in consents):
        raise NOT_FOUND
    going_on = [c for c in consents if _status(session, c, at) not in rules.OVER]
    return _take_back(
        session, _By(None, family.name, family.link.made_by), going_on, how, at, category
    )


def _take_back(
    session: Session,
    by: _By,
    consents: Sequence[Consent],
    how: str,
    at: datetime,
    category: Category | None,
) -> TakenBack:
    for consent in consents:
        _write(session, by, consent, Kind.REVOKED, at, how=how, category=str(category or ""))
    session.flush()
    return TakenBack(tuple(consents), tuple(_hold_referrals(session, by, consents, at)))


def _hold_referrals(
    session: Session, by: _By, consents: Sequence[Consent], at: datetime
) -> list[Referral]:
    held = []
    for student_id, agency_id in sorted(_to_agencies(consents), key=str):
        agency = session.get_one(Organization, agency_id)
        facts = facts_of.load_known(session, by.asks, student_id)
        left = consent_facts.about(session, agency_id, student_id)
        held += reliance.hold_referrals(session, by.me, by.name, facts, agency, left, at)
    return held


def _to_agencies(consents: Sequence[Consent]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    return {(c.student_id, c.recipient_id) for c in consents if c.recipient_id is not None}


# Held by word of mouth, and settled


def hold(session: Session, me: Actor, consent_id: uuid.UUID, how: str, at: datetime) -> Consent:
    """The family said by word of mouth that it takes the consent back: nothing opens until then."""
    consent = _mine(session, me, consent_id, at)
    problems = rules.revoke_problems(_status(session, consent, at), clean(how))
    if problems:
        raise NotReady(problems)
    by = _By(me, me.name, me.id)
    _write(session, by, consent, Kind.HELD, at, how=clean(how))
    session.flush()
    _hold_referrals(session, by, [consent], at)
    return consent


def lift(session: Session, me: Actor, consent_id: uuid.UUID, how: str, at: datetime) -> Consent:
    """The family wants it to go on after all: every hold on it ends now."""
    consent = _mine(session, me, consent_id, at)
    holds = queries.open_holds(session, consent.id, at)
    if not holds:
        raise NotReady([Problem("Nothing is on hold.", "There is no hold to lift.")])
    if not clean(how).strip():
        raise NotReady(rules.revoke_problems(ConsentStatus.ACTIVE, ""))
    for held in holds:
        _write(
            session, _By(me, me.name, me.id), consent, Kind.HOLD_LIFTED, at,
            how=clean(how), lifts_id=held.id,
        )  # fmt: skip
    return consent


# A paper is confirmed, an event reviewed, a falsehood found, an objection noted


def confirm(session: Session, me: Actor, consent_id: uuid.UUID, at: datetime) -> Consent:
    """A second person has compared the scan with what was typed: from now it counts."""
    consent = _mine(session, me, consent_id, at)
    if consent.recorded_by == me.id:
        raise Refused(
            "You brought this paper in yourself.",
            "Ask a colleague to compare the scan with the form.",
        )
    if _status(session, consent, at) is not ConsentStatus.TO_CONFIRM:
        raise NotReady(
            [Problem("This paper needs no confirming.", "Look at its status in the list.")]
        )
    _write(
        session, _By(me, me.name, me.id), consent, Kind.CONFIRMED, at, how="Compared with the scan."
    )
    return consent


def end_by_event(session: Session, me: Actor, consent_id: uuid.UUID, at: datetime) -> Consent:
    """The event that ends it has happened."""
    return _of_an_event(session, me, consent_id, at, Kind.ENDED_BY_EVENT, None)


def review(session: Session, me: Actor, consent_id: uuid.UUID, at: datetime) -> Consent:
    """The event has not happened: the consent goes on for another year at most."""
    return _of_an_event(session, me, consent_id, at, Kind.REVIEWED, at + REVIEW_AGAIN)


def _of_an_event(
    session: Session,
    me: Actor,
    consent_id: uuid.UUID,
    at: datetime,
    kind: Kind,
    until: datetime | None,
) -> Consent:
    consent = _mine(session, me, consent_id, at)
    if not consent.ends_on_event:
        raise NotReady(
            [Problem("This consent ends on a day, not with an event.", "Look at its last day.")]
        )
    if _status(session, consent, at) in rules.OVER:
        raise NotReady(rules.revoke_problems(ConsentStatus.ENDED, "over"))
    _write(
        session, _By(me, me.name, me.id), consent, kind, at, how=consent.ends_on_event, until=until
    )
    return consent


def found_false(
    session: Session, me: Actor, consent_id: uuid.UUID, how: str, at: datetime
) -> Consent:
    """Something material in it is known to be false: it opens nothing (45 CFR 164.508(b)(2)(v))."""
    consent = _mine(session, me, consent_id, at)
    _say_why(how)
    _write(session, _By(me, me.name, me.id), consent, Kind.KNOWN_FALSE, at, how=clean(how))
    return consent


def object_to(
    session: Session, me: Actor, consent_id: uuid.UUID, how: str, at: datetime
) -> Consent:
    """The other parent objects: noted for the records officer, and no bar (34 CFR 99.4)."""
    consent = _mine(session, me, consent_id, at)
    _say_why(how)
    _write(session, _By(me, me.name, me.id), consent, Kind.OBJECTED, at, how=clean(how))
    return consent


def _say_why(how: str) -> None:
    if not clean(how).strip():
        raise NotReady(
            [Problem("It is not said why.", "Write who told you what, and when.", "Why")]
        )


# What all of them share


def _mine(session: Session, me: Actor, consent_id: uuid.UUID, at: datetime) -> Consent:
    """A consent to which my district is a party, of a student within my reach."""
    consent = session.get(Consent, consent_id)
    parties = (consent.discloser_id, consent.recipient_id) if consent else ()
    if consent is None or me.organization_id not in parties:
        codes = [Reason.RECORD_UNKNOWN]
        trail.write_refusal(session, me, trail.Entry("consent.changed", False, at, codes=codes))
        raise NOT_FOUND
    try:
        gate.open_student(session, me, consent.student_id, Task.RECORD_CONSENT, at)
    except NotFound:
        raise NOT_FOUND from None
    return consent


def _status(session: Session, consent: Consent, at: datetime) -> ConsentStatus:
    [facts] = consent_facts.as_facts(session, [consent])
    return rules.status(facts, at)


def _write(
    session: Session,
    by: _By,
    consent: Consent,
    kind: Kind,
    at: datetime,
    *,
    how: str,
    category: str = "",
    until: datetime | None = None,
    lifts_id: uuid.UUID | None = None,
) -> None:
    event = ConsentEvent(
        id=uuid.uuid4(),
        consent_id=consent.id,
        kind=kind,
        at=at,
        until=until,
        category=category,
        lifts_id=lifts_id,
        by_id=by.me.id if by.me else None,
        by_name=by.name,
        how=how,
        written_at=at,
    )
    session.add(event)
    session.flush()
    closings.noted(session, event)
    detail = {"event": str(event.id)} | ({"category": category} if category else {})
    entry = trail.Entry(
        f"consent.{kind}",
        True,
        at,
        (consent.student_id,),
        subject=consent.number,
        detail=detail,
        by=by.name,
    )
    trail.write(session, by.me, entry)
