"""Put a scenario's world on the shelves: the product's own tables, with made-up keys."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from portal.policy.rights import majority_at
from portal.policy.spans import local_midnight
from portal.scenarios.reading import Scenario
from portal.store.base import Base
from portal.store.papers import (
    Agreement,
    AgreementLine,
    Consent,
    ConsentCategory,
    ConsentPurpose,
    LegalBasis,
    LegalBasisCategory,
    LegalBasisUser,
)
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    Block,
    Enrollment,
    Guardian,
    Guardianship,
    Program,
    Relation,
    Student,
    User,
)
from portal.store.places import Organization, School
from portal.store.records import Record
from portal.vocabulary import (
    Direction,
    OrganizationKind,
    ProgramKind,
    Relationship,
    Role,
    SignerKind,
)

EVER = datetime(1, 1, 1, tzinfo=UTC)
HOUSE = ("house", "")
"""The district that students and buildings belong to: in a scenario they belong to none."""


class Keys:
    """A made-up key for each (kind, name) of a scenario, and the way back."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], uuid.UUID] = {}
        self._names: dict[uuid.UUID, str] = {}
        self._next = itertools.count(1)

    def of(self, kind: str, name: str) -> uuid.UUID:
        """The key for this name, made at first asking."""
        if (kind, name) not in self._keys:
            key = uuid.UUID(int=next(self._next))
            self._keys[kind, name] = key
            self._names[key] = name
        return self._keys[kind, name]

    def name(self, key: uuid.UUID) -> str:
        """The scenario's name for a key."""
        return self._names[key]


Rows = Iterable[dict[str, Any]]
Told = tuple[datetime, datetime | None] | datetime | date | None


def shelve(session: Session, scenario: Scenario) -> Keys:
    """Store the whole world; nothing is committed."""
    keys = Keys()
    for table, rows in _world(scenario, keys):
        listed = list(rows)
        if listed:
            session.execute(insert(cast(Table, table.__table__)), listed)
    return keys


def _world(scenario: Scenario, keys: Keys) -> Iterable[tuple[type[Base], Rows]]:
    """Every table with its rows, those referred to first."""
    yield Organization, _organizations(scenario, keys)
    yield School, _schools(scenario, keys)
    yield User, _users(scenario, keys)
    yield Student, _students(scenario, keys)
    yield Enrollment, _enrollments(scenario, keys)
    yield Program, _programs(scenario, keys)
    yield Relation, _relations(scenario, keys)
    yield AccessGrant, _grants(scenario, keys)
    yield AccessGrantCategory, _grant_categories(scenario, keys)
    yield Guardian, _guardians(scenario, keys)
    yield Guardianship, _guardianships(scenario, keys)
    yield Record, _records(scenario, keys)
    yield Agreement, _agreements(scenario, keys)
    yield AgreementLine, _agreement_lines(scenario, keys)
    yield Consent, _consents(scenario, keys)
    yield ConsentCategory, _consent_categories(scenario, keys)
    yield ConsentPurpose, _consent_purposes(scenario, keys)
    yield LegalBasis, _legal(scenario, keys)
    yield LegalBasisCategory, _legal_categories(scenario, keys)
    yield LegalBasisUser, _legal_users(scenario, keys)
    yield Block, _blocks(scenario, keys)


def _span(span: tuple[datetime | None, datetime | None], start: str, end: str) -> dict[str, Any]:
    return {start: span[0], end: span[1]}


def _organizations(scenario: Scenario, keys: Keys) -> Rows:
    yield {
        "id": keys.of(*HOUSE),
        "kind": OrganizationKind.DISTRICT,
        "name": "house",
        "tz": scenario.policy.tz,
        "active_from": EVER,
        "active_until": None,
    }
    for org in scenario.orgs:
        yield {
            "id": keys.of("orgs", org.id),
            "kind": org.kind,
            "name": org.id,
            "tz": scenario.policy.tz,
            **_span(org.active, "active_from", "active_until"),
        }


def _schools(scenario: Scenario, keys: Keys) -> Rows:
    named = {user.building for user in scenario.users if user.building is not None}
    named |= {enrollment.building for enrollment in scenario.enrollments}
    for building in sorted(named):
        yield {
            "id": keys.of("buildings", building),
            "district_id": keys.of(*HOUSE),
            "name": building,
        }


def _users(scenario: Scenario, keys: Keys) -> Rows:
    for number, user in enumerate(scenario.users):
        building = None if user.building is None else keys.of("buildings", user.building)
        yield {
            "id": keys.of("users", user.id),
            "organization_id": keys.of("orgs", user.org),
            "username": str(number),
            "name": user.id,
            "role": Role.SUPPORT_STAFF,
            "level": user.level,
            "school_id": building,
            **_span(user.active, "active_from", "active_until"),
        }


def _students(scenario: Scenario, keys: Keys) -> Rows:
    tz = scenario.policy.tz
    for student in scenario.students:
        yield {
            "id": keys.of("students", student.id),
            "district_id": keys.of(*HOUSE),
            "family_name": student.id,
            "given_name": student.id,
            "born": student.born,
            "majority_at": None if student.born is None else majority_at(student.born, tz),
            **_span(
                _spread(student.postsecondary, tz), "postsecondary_from", "postsecondary_until"
            ),
        }


def _spread(told: Told, tz: str) -> tuple[datetime | None, datetime | None]:
    """A span as told; an instant, or a day's midnight, is where an open one begins."""
    if told is None or isinstance(told, tuple):
        return told or (None, None)
    return (told if isinstance(told, datetime) else local_midnight(told, tz)), None


def _enrollments(scenario: Scenario, keys: Keys) -> Rows:
    for enrollment in scenario.enrollments:
        yield {
            "student_id": keys.of("students", enrollment.student),
            "school_id": keys.of("buildings", enrollment.building),
            **_span(enrollment.span, "starts_at", "ends_at"),
        }


def _programs(scenario: Scenario, keys: Keys) -> Rows:
    for program in scenario.special_education:
        yield {
            "student_id": keys.of("students", program.student),
            "kind": ProgramKind.SPECIAL_EDUCATION,
            **_span(program.span, "starts_at", "ends_at"),
        }


def _relations(scenario: Scenario, keys: Keys) -> Rows:
    for relation in scenario.relations:
        yield {
            "user_id": keys.of("users", relation.user),
            "student_id": keys.of("students", relation.student),
            "kind": relation.kind,
            **_span(relation.span, "starts_at", "ends_at"),
        }


def _grants(scenario: Scenario, keys: Keys) -> Rows:
    for number, grant in enumerate(scenario.grants):
        yield {
            "id": keys.of("grants", str(number)),
            "user_id": keys.of("users", grant.user),
            "student_id": keys.of("students", grant.student),
            "approved": grant.approved,
            **_span(grant.span, "starts_at", "ends_at"),
        }


def _grant_categories(scenario: Scenario, keys: Keys) -> Rows:
    for number, grant in enumerate(scenario.grants):
        for category in grant.categories:
            key = keys.of("grants", str(number))
            yield {"access_grant_id": key, "category": category}


def _guardians(scenario: Scenario, keys: Keys) -> Rows:
    for name in sorted({guardian.id for guardian in scenario.guardians}):
        yield {
            "id": keys.of("guardians", name),
            "district_id": keys.of(*HOUSE),
            "name": name,
        }


def _guardianships(scenario: Scenario, keys: Keys) -> Rows:
    for guardian in scenario.guardians:
        yield {
            "guardian_id": keys.of("guardians", guardian.id),
            "student_id": keys.of("students", guardian.student),
            "relationship": Relationship.PARENT,
            **_span(guardian.rights, "rights_from", "rights_until"),
        }


def _records(scenario: Scenario, keys: Keys) -> Rows:
    users = {user.id for user in scenario.users}
    for record in scenario.records:
        # An author who is none of the users is nobody who could ask.
        known = record.author is not None and record.author in users
        yield {
            "id": keys.of("records", record.id),
            "district_id": keys.of(*HOUSE),
            "student_id": keys.of("students", record.student),
            "custodian_id": keys.of("orgs", record.custodian),
            "category": record.category,
            "event_at": record.event,
            "author_id": keys.of("users", record.author or "") if known else None,
            "draft": record.draft,
            **_span(_spread(record.sealed, scenario.policy.tz), "sealed_from", "sealed_until"),
        }


def _agreements(scenario: Scenario, keys: Keys) -> Rows:
    for number, agreement in enumerate(scenario.agreements):
        yield {
            "id": keys.of("agreements", agreement.id),
            "number": str(number),
            "a_id": keys.of("orgs", agreement.a),
            "b_id": keys.of("orgs", agreement.b),
            "a_signed_at": agreement.a_signed,
            "a_signer": "a" if agreement.a_signed else "",
            "b_signed_at": agreement.b_signed,
            "b_signer": "b" if agreement.b_signed else "",
            "terminated_at": agreement.terminated,
            "terminated_reason": "terminated" if agreement.terminated else "",
            "waive_team": agreement.waive_team,
            **_span(agreement.span, "starts_at", "ends_at"),
        }


def _agreement_lines(scenario: Scenario, keys: Keys) -> Rows:
    for agreement in scenario.agreements:
        both = ((Direction.A_TO_B, agreement.a_to_b), (Direction.B_TO_A, agreement.b_to_a))
        for direction, categories in both:
            for category in categories:
                yield {
                    "agreement_id": keys.of("agreements", agreement.id),
                    "direction": direction,
                    "category": category,
                }


def _consents(scenario: Scenario, keys: Keys) -> Rows:
    for number, consent in enumerate(scenario.consents):
        signers = "students" if consent.signer_kind is SignerKind.STUDENT else "guardians"
        yield {
            "id": keys.of("consents", consent.id),
            "number": str(number),
            "student_id": keys.of("students", consent.student),
            "discloser_id": keys.of("orgs", consent.discloser),
            "recipient_id": keys.of("orgs", consent.recipient),
            "signer_kind": consent.signer_kind,
            "signer_id": keys.of(signers, consent.signer),
            "signed_at": consent.signed_at,
            "revoked_at": consent.revoked_at,
            "detail": consent.detail,
            **_span(consent.records, "records_from", "records_until"),
            **_span(consent.span, "starts_at", "ends_at"),
        }


def _consent_categories(scenario: Scenario, keys: Keys) -> Rows:
    for consent in scenario.consents:
        for category in consent.categories:
            yield {
                "consent_id": keys.of("consents", consent.id),
                "category": category,
                "special": category in consent.special,
            }


def _consent_purposes(scenario: Scenario, keys: Keys) -> Rows:
    for consent in scenario.consents:
        for purpose in consent.purposes:
            yield {"consent_id": keys.of("consents", consent.id), "purpose": purpose}


def _legal(scenario: Scenario, keys: Keys) -> Rows:
    for legal in scenario.legal:
        yield {
            "id": keys.of("legal", legal.id),
            "kind": legal.kind,
            "student_id": keys.of("students", legal.student),
            "custodian_id": keys.of("orgs", legal.custodian),
            "recipient_id": keys.of("orgs", legal.recipient),
            "reason": legal.reason,
            "ended_at": legal.ended_at,
            **_span(legal.span, "starts_at", "ends_at"),
        }


def _legal_categories(scenario: Scenario, keys: Keys) -> Rows:
    for legal in scenario.legal:
        for category in legal.categories:
            yield {"legal_basis_id": keys.of("legal", legal.id), "category": category}


def _legal_users(scenario: Scenario, keys: Keys) -> Rows:
    users = {user.id for user in scenario.users}
    for legal in scenario.legal:
        # A name that is none of the users is nobody who could ask.
        for name in legal.named_users & users:
            yield {
                "legal_basis_id": keys.of("legal", legal.id),
                "user_id": keys.of("users", name),
            }


def _blocks(scenario: Scenario, keys: Keys) -> Rows:
    for block in scenario.blocks:
        yield {
            "student_id": keys.of("students", block.student),
            "organization_id": None if block.org is None else keys.of("orgs", block.org),
            **_span(block.span, "starts_at", "ends_at"),
        }
