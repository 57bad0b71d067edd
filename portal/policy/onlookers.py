"""Why somebody can see a student's page now, as one word; the gate decides whether."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum

from portal.policy.decision import BasisKind, Decision
from portal.policy.facts import Facts, RecordFacts
from portal.policy.gate import may_open
from portal.policy.rights import majority_at
from portal.vocabulary import Level


class Why(StrEnum):
    """The reason, in the order in which a page counts them."""

    CASELOAD = "caseload"
    CLASS = "class"
    BUILDING = "building"
    PROGRAM = "program"
    DISTRICT = "district"
    GRANT = "grant"
    EMERGENCY = "emergency"
    CONSENT = "consent"
    LAW = "law"


OF_LEVEL = {
    Level.COUNSELOR: Why.CASELOAD,
    Level.CLINICIAN: Why.CASELOAD,
    Level.TEACHER: Why.CLASS,
    Level.PRINCIPAL: Why.BUILDING,
    Level.SPECIAL_EDUCATION: Why.PROGRAM,
    Level.SUPERINTENDENT: Why.DISTRICT,
}


def opened_to(
    facts: Facts, shelf: Iterable[RecordFacts], purpose: str, at: datetime
) -> dict[str, Decision]:
    """The kinds of record of which the gate opens at least one to this person, each with why."""
    found: dict[str, Decision] = {}
    refused: set[object] = set()
    for record in shelf:
        alike = _alike(facts, record)
        if record.category in found or alike in refused:
            continue
        decision = may_open(facts, record, purpose, at)
        if decision:
            found[record.category] = decision
        else:
            refused.add(alike)
    return found


def _alike(facts: Facts, record: RecordFacts) -> object:
    """Records of which the gate says the same to this person; across, each is by itself."""
    if record.custodian != facts.user.organization:
        return record.id
    others = record.draft and record.author != facts.user.id
    return (record.custodian, record.category, others, record.sealed, record.audience)


def moments(facts: Facts, start: datetime, end: datetime) -> list[datetime]:
    """The instants within [start, end) at which an answer of the gate may change, in order.

    The rules compare the instant with dates among the facts and with the student's majority, and
    with nothing else, and what begins or ends does so at its date. So whatever holds at one of
    these holds until the next.
    """
    found = {start, *_dates(facts)}
    if facts.student.born is not None:
        found.add(majority_at(facts.student.born, facts.student.tz))
    return sorted(moment for moment in found if start <= moment < end)


def _dates(value: object) -> Iterator[datetime]:
    """Every instant in a fact, however deep."""
    if isinstance(value, datetime):
        yield value
    elif is_dataclass(value):
        for part in fields(value):
            yield from _dates(getattr(value, part.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _dates(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _dates(one)


def why(facts: Facts, decision: Decision) -> Why:
    """The reason behind a decision that allows."""
    kinds = {basis.kind for basis in decision.bases}
    if BasisKind.CONSENT in kinds:
        return Why.CONSENT
    if BasisKind.GRANT in kinds:
        return Why.GRANT
    if BasisKind.OWN_EMERGENCY in kinds:
        return Why.EMERGENCY
    return OF_LEVEL[facts.user.level] if BasisKind.OWN in kinds else Why.LAW
