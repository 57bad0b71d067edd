"""What a partner would see with exactly these ticks, before anybody signs, from live data.

The gate answers about a member of the partner's case team who does not exist and about this
consent alone (or with those that are in force, to compare). Whoever asks may see the records
themselves: staff by their level, a family by its right to inspect (34 CFR 99.10).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import gate, reliance
from portal.access.gate import OpenedRecord
from portal.consents import rules
from portal.consents.drafts import ConsentDraft
from portal.policy.decision import Decision, Reason
from portal.policy.facts import (
    ConsentFacts,
    Facts,
    OrganizationFacts,
    RecordFacts,
    UserFacts,
)
from portal.policy.gate import may_open
from portal.policy.spans import Span
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import SHAREABLE, Category, Instrument, Level


@dataclass(frozen=True)
class KindLine:
    """A kind of record: is it ticked, would it open, how many records, and if not why.

    opens_now: how many the partner sees today, by the consents that are in force. newest:
    the instant of the newest that would open. codes: why it stays closed.
    """

    category: Category
    ticked: bool
    opens: int
    opens_now: int
    held: int
    because: str
    newest: datetime | None = None
    codes: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What the receiver would see. record: the very screen, for the purpose that opens most;
    None when nothing would open.
    given: ids of the giver's own records, for the screen has the receiver's own as well."""

    giver: str
    receiver: str
    record: OpenedRecord | None
    lines: tuple[KindLine, ...]
    given: frozenset[uuid.UUID] = frozenset()


def would_see(
    session: Session,
    user_id: uuid.UUID,
    draft: ConsentDraft,
    statements: Sequence[str],
    at: datetime,
) -> Preview:
    """The preview of one direction. The draft needs its partner, ticks, purposes and days.

    user_id: somebody of the district, with whose facts about the student the rule is asked.
    Reads records: the caller has authorized itself, and writes the trail.
    """
    student = session.get_one(Student, draft.student_id)
    district = session.get_one(Organization, student.district_id)
    partner = session.get_one(Organization, draft.agency_id)
    known = facts_of.load_known(session, user_id, student.id)
    consent = _asked(draft, district, statements, at)
    giver, receiver = district, partner
    if draft.instrument is Instrument.HIPAA:
        giver, receiver = partner, district
    known = _knowing(known, giver)
    today = consent_facts.about(session, receiver.id, student.id)
    seen = _receiver(session, known, receiver, (consent,))
    now = _receiver(session, known, receiver, today)
    moment = max(at, consent.span.start)
    purposes = _widest_first(seen, consent.purposes, moment)
    return Preview(
        giver=giver.name,
        receiver=receiver.name,
        record=gate.preview(session, seen, purposes[0], moment),
        given=frozenset(uuid.UUID(r.id) for r in seen.shelf if r.custodian == str(giver.id)),
        lines=tuple(
            _line(category, draft, seen, now, str(giver.id), purposes, (moment, at))
            for category in SHAREABLE
        ),
    )


def _knowing(known: Facts, giver: Organization) -> Facts:
    """A partner that has given nothing yet is not among the holders of this student's records."""
    always = Span(giver.active_from, giver.active_until)
    told = OrganizationFacts(str(giver.id), giver.kind, always, giver.is_hipaa, giver.is_part2)
    return replace(known, organizations={**known.organizations, told.id: told})


def _asked(
    draft: ConsentDraft, district: Organization, statements: Sequence[str], at: datetime
) -> ConsentFacts:
    """The consent as it would be once signed, by whoever the draft names, this instant."""
    return rules.as_facts(
        replace(draft, checked=True), str(district.id), at, district.tz, statements
    )


def _receiver(
    session: Session, known: Facts, receiver: Organization, consents: Sequence[ConsentFacts]
) -> Facts:
    """A clinician of the partner's team; or, when the district receives, all that it may see."""
    seen = reliance.as_the_team(session, known, receiver, consents)
    if seen.organizations[str(receiver.id)].kind != "district":
        return seen
    reader = UserFacts("", str(receiver.id), Level.SUPERINTENDENT, seen.user.active)
    return replace(seen, user=reader)


def _widest_first(seen: Facts, purposes: Collection[str], at: datetime) -> list[str]:
    """The purposes, that for which most opens first: an agreement may list a kind for one alone."""
    opened = {p: sum(bool(may_open(seen, r, p, at)) for r in seen.shelf) for p in purposes}
    return sorted(opened, key=lambda purpose: (-opened[purpose], purpose)) or [""]


def _asked_for(seen: Facts, record: RecordFacts, purposes: Sequence[str], at: datetime) -> Decision:
    """The answer for the first purpose that opens the record; for the first of all if none does."""
    answers = [may_open(seen, record, purpose, at) for purpose in purposes]
    return next((answer for answer in answers if answer), answers[0])


def _line(
    category: Category,
    draft: ConsentDraft,
    seen: Facts,
    now: Facts,
    giver: str,
    purposes: Sequence[str],
    moments: tuple[datetime, datetime],
) -> KindLine:
    held = [
        r for r in seen.shelf if r.category == category and r.custodian == giver and not r.draft
    ]
    moment, at = moments
    opened = [record for record in held if _asked_for(seen, record, purposes, moment)]
    imagined = RecordFacts("", seen.student.id, giver, category, moment)
    decision = _asked_for(seen, imagined, purposes, moment)
    return KindLine(
        category=category,
        ticked=category in draft.categories,
        opens=len(opened),
        opens_now=sum(bool(_asked_for(now, record, purposes, at)) for record in held),
        held=len(held),
        because="" if decision else decision.because,
        newest=max((record.event for record in opened), default=None),
        codes=decision.codes,
    )
