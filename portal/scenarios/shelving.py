"""Put a scenario's world on the shelves: the product's own tables, with made-up keys."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from portal.policy.rights import majority_at
from portal.policy.spans import local_midnight
from portal.scenarios import consents
from portal.scenarios.keys import CLERK, EVER, HOUSE, Keys, Rows, Told, span_of
from portal.scenarios.reading import Scenario
from portal.store.base import Base
from portal.store.papers import (
    Agreement,
    AgreementLine,
    LegalBasis,
    LegalBasisCategory,
    LegalBasisUser,
)
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    Block,
    CourtOrder,
    Enrollment,
    Guardian,
    Guardianship,
    Program,
    Relation,
    StaffLock,
    Student,
    User,
)
from portal.store.places import Organization, School
from portal.store.records import Audience, AudienceLevel, Record
from portal.vocabulary import (
    GrantKind,
    Level,
    OrganizationKind,
    ProgramKind,
    Relationship,
    Role,
)


def shelve(session: Session, scenario: Scenario) -> Keys:
    """Store the whole world; nothing is committed."""
    keys = Keys()
    for table, rows in _world(scenario, keys):
        listed = list(rows)
        if listed:
            session.execute(insert(cast(Table, table.__table__)), listed)
    consents.sign(session, scenario, keys)
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
    yield CourtOrder, _orders(scenario, keys)
    yield Audience, _audiences(scenario, keys)
    yield AudienceLevel, _audience_levels(scenario, keys)
    yield Record, _records(scenario, keys)
    yield Agreement, _agreements(scenario, keys)
    yield AgreementLine, _agreement_lines(scenario, keys)
    yield from consents.world(scenario, keys)
    yield LegalBasis, _legal(scenario, keys)
    yield LegalBasisCategory, _legal_categories(scenario, keys)
    yield LegalBasisUser, _legal_users(scenario, keys)
    yield Block, _blocks(scenario, keys)
    yield StaffLock, _locks(scenario, keys)


def _organizations(scenario: Scenario, keys: Keys) -> Rows:
    yield {
        "id": keys.of(*HOUSE),
        "kind": OrganizationKind.DISTRICT,
        "name": "house",
        "tz": scenario.policy.tz,
        "active_from": EVER,
        "active_until": None,
        "is_hipaa": False,
        "is_part2": False,
    }
    for org in scenario.orgs:
        yield {
            "id": keys.of("orgs", org.id),
            "kind": org.kind,
            "name": org.id,
            "tz": scenario.policy.tz,
            "is_hipaa": org.hipaa,
            "is_part2": org.part2,
            **span_of(org.active, "active_from", "active_until"),
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
    yield {
        "id": keys.of(*CLERK),
        "organization_id": keys.of(*HOUSE),
        "username": "clerk",
        "name": "clerk",
        "role": Role.SUPPORT_STAFF,
        "level": Level.STAFF,
        "school_id": None,
        "active_from": EVER,
        "active_until": None,
    }
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
            **span_of(user.active, "active_from", "active_until"),
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
            **span_of(
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
            **span_of(enrollment.span, "starts_at", "ends_at"),
        }


def _programs(scenario: Scenario, keys: Keys) -> Rows:
    for program in scenario.special_education:
        yield {
            "student_id": keys.of("students", program.student),
            "kind": ProgramKind.SPECIAL_EDUCATION,
            **span_of(program.span, "starts_at", "ends_at"),
        }


def _relations(scenario: Scenario, keys: Keys) -> Rows:
    for relation in scenario.relations:
        yield {
            "user_id": keys.of("users", relation.user),
            "student_id": keys.of("students", relation.student),
            "kind": relation.kind,
            **span_of(relation.span, "starts_at", "ends_at"),
        }


def _grants(scenario: Scenario, keys: Keys) -> Rows:
    for number, grant in enumerate(scenario.grants):
        yield {
            "id": keys.of("grants", str(number)),
            "user_id": keys.of("users", grant.user),
            "student_id": keys.of("students", grant.student),
            "approved": grant.approved,
            "kind": GrantKind.EMERGENCY if grant.emergency else GrantKind.WRITTEN,
            "reason": grant.reason,
            **span_of(grant.span, "starts_at", "ends_at"),
        }


def _grant_categories(scenario: Scenario, keys: Keys) -> Rows:
    for number, grant in enumerate(scenario.grants):
        for category in grant.categories:
            key = keys.of("grants", str(number))
            yield {"access_grant_id": key, "category": category}


def _guardians(scenario: Scenario, keys: Keys) -> Rows:
    listed = {guardian.id for guardian in scenario.guardians}
    for name in sorted(listed | {order.guardian for order in scenario.orders}):
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
            **span_of(guardian.rights, "rights_from", "rights_until"),
        }


def _orders(scenario: Scenario, keys: Keys) -> Rows:
    for order in scenario.orders:
        yield {
            "student_id": keys.of("students", order.student),
            "guardian_id": keys.of("guardians", order.guardian),
            "limits": order.limits,
            "document_reference": "an order",
            "checked_by": keys.of(*CLERK),
            **span_of(order.span, "starts_at", "ends_at"),
        }


def _audiences(scenario: Scenario, keys: Keys) -> Rows:
    for record in scenario.records:
        if record.audience:
            yield {
                "id": keys.of("audiences", record.id),
                "organization_id": keys.of("orgs", record.custodian),
                "inside_only": record.audience.inside_only,
                "told_from": record.audience.told_from,
            }


def _audience_levels(scenario: Scenario, keys: Keys) -> Rows:
    for record in scenario.records:
        if record.audience:
            for level in sorted(record.audience.levels or ()):
                yield {"audience_id": keys.of("audiences", record.id), "level": level}


def _records(scenario: Scenario, keys: Keys) -> Rows:
    users = {user.id for user in scenario.users}
    for record in scenario.records:
        yield {
            "id": keys.of("records", record.id),
            "district_id": keys.of(*HOUSE),
            "student_id": keys.of("students", record.student),
            "custodian_id": keys.of("orgs", record.custodian),
            "category": record.category,
            "event_at": record.event,
            "author_id": _user(keys, users, record.author),
            "draft": record.draft,
            "restricted": record.restricted,
            "told_to_id": _user(keys, users, record.told_to),
            "audience_id": keys.of("audiences", record.id) if record.audience else None,
            **span_of(_spread(record.sealed, scenario.policy.tz), "sealed_from", "sealed_until"),
        }


def _user(keys: Keys, users: set[str], named: str | None) -> uuid.UUID | None:
    """Somebody who is none of the users is nobody who could ask."""
    return keys.of("users", named) if named in users and named is not None else None


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
            **span_of(agreement.span, "starts_at", "ends_at"),
        }


def _agreement_lines(scenario: Scenario, keys: Keys) -> Rows:
    for agreement in scenario.agreements:
        for line in agreement.listed():
            yield {
                "agreement_id": keys.of("agreements", agreement.id),
                "direction": line.direction,
                "category": line.category,
                "purposes": " ".join(sorted(line.purposes)),
                "basis": line.basis,
                "detail": line.detail,
                "added": line.added,
                "since": line.since,
            }


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
            **span_of(legal.span, "starts_at", "ends_at"),
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
            **span_of(block.span, "starts_at", "ends_at"),
        }


def _locks(scenario: Scenario, keys: Keys) -> Rows:
    for lock in scenario.locks:
        yield {
            "user_id": keys.of("users", lock.user),
            "student_id": keys.of("students", lock.student),
            "set_by": keys.of(*CLERK),
            **span_of(lock.span, "starts_at", "ends_at"),
        }
