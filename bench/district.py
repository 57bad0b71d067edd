"""A made-up database of district size, written straight to the shelves.

20,000 students, 300,000 visits, 15,000 consents and 30 agencies by default, as
docs/reference/speed.md says. Seeded, so that two runs measure the same rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, cast

from sqlalchemy import Engine, Table, insert, update
from sqlalchemy.orm import Session

from portal.policy.rights import majority_at
from portal.store.base import Base
from portal.store.consents import Consent, ConsentCategory, ConsentPurpose, ConsentStatement
from portal.store.papers import Agreement, AgreementLine
from portal.store.people import Enrollment, Guardian, Guardianship, Relation, Student, User
from portal.store.places import Organization, School
from portal.store.records import Record, Visit
from portal.vocabulary import (
    Category,
    Direction,
    IdentityCheck,
    Level,
    OrganizationKind,
    RelationKind,
    Relationship,
    Role,
    SignatureMethod,
    SignerKind,
    Statement,
    VisitPurpose,
)

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=300)
TZ = "America/New_York"
AT_ONCE = 5_000


@dataclass(frozen=True)
class Size:
    """How many of what."""

    students: int = 20_000
    visits: int = 300_000
    consents: int = 15_000
    agencies: int = 30


@dataclass(frozen=True)
class Measured:
    """Who asks in the measurements: keys of users, and how many students they share."""

    social_worker: uuid.UUID
    typical_clinician: uuid.UUID
    large_clinician: uuid.UUID
    superintendent: uuid.UUID
    a_student: uuid.UUID


Rows = Sequence[dict[str, Any]]


def fill(engine: Engine, size: Size) -> Measured:
    """Write the district; the tables must be there and empty."""
    random = Random(20261120)
    with Session(engine) as session, session.begin():
        return _District(session, random, size).build()


class _District:
    def __init__(self, session: Session, random: Random, size: Size) -> None:
        self.session = session
        self.random = random
        self.size = size
        self.district = uuid.uuid4()
        self.schools = [uuid.uuid4() for _ in range(max(3, size.students // 700))]
        self.agencies = [uuid.uuid4() for _ in range(size.agencies)]
        self.students = [uuid.uuid4() for _ in range(size.students)]
        self.workers = [uuid.uuid4() for _ in range(max(2, size.students // 250))]
        self.clinicians = [uuid.uuid4() for _ in self.agencies]
        self.superintendent = uuid.uuid4()

    def build(self) -> Measured:
        self._places()
        self._people()
        self._papers()
        self._shelf()
        return Measured(
            social_worker=self.workers[0],
            typical_clinician=self.clinicians[-1],
            large_clinician=self.clinicians[0],
            superintendent=self.superintendent,
            a_student=self.students[0],
        )

    def _put(self, table: type[Base], rows: Iterator[dict[str, Any]] | Rows) -> None:
        waiting = list(rows)
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            self.session.execute(insert(cast(Table, table.__table__)), some)

    def _places(self) -> None:
        kinds = [(self.district, OrganizationKind.DISTRICT)]
        kinds += [(agency, OrganizationKind.PROVIDER) for agency in self.agencies]
        self._put(
            Organization,
            [
                {"id": key, "kind": kind, "name": f"Organization {i}", "active_from": LONG_AGO}
                for i, (key, kind) in enumerate(kinds)
            ],
        )
        self._put(
            School,
            [
                {"id": key, "district_id": self.district, "name": f"School {i}"}
                for i, key in enumerate(self.schools)
            ],
        )

    def _people(self) -> None:
        self._put(User, list(self._users()))
        born = datetime(2013, 5, 5, tzinfo=UTC).date()
        self._put(
            Student,
            [
                {
                    "id": key,
                    "district_id": self.district,
                    "sasid": f"{i:010}",
                    "family_name": f"Sample{i:06}",
                    "given_name": f"Given{i % 400:03}",
                    "search_name": f"sample{i:06} given{i % 400:03}",
                    "search_given": f"given{i % 400:03}",
                    "born": born,
                    "majority_at": majority_at(born, TZ),
                }
                for i, key in enumerate(self.students)
            ],
        )
        self._put(
            Enrollment,
            [
                {
                    "student_id": key,
                    "school_id": self.schools[i % len(self.schools)],
                    "starts_at": LONG_AGO,
                }
                for i, key in enumerate(self.students)
            ],
        )
        self._put(
            Relation,
            [
                {
                    "user_id": self.workers[i % len(self.workers)],
                    "student_id": key,
                    "kind": RelationKind.SERVICE,
                    "starts_at": LONG_AGO,
                }
                for i, key in enumerate(self.students)
            ],
        )

    def _users(self) -> Iterator[dict[str, Any]]:
        district = [(key, Role.SUPPORT_STAFF, Level.CLINICIAN) for key in self.workers]
        district.append((self.superintendent, Role.SUPERINTENDENT, Level.SUPERINTENDENT))
        for key, role, level in district:
            yield self._user(key, self.district, role, level)
        for key, agency in zip(self.clinicians, self.agencies, strict=True):
            yield self._user(key, agency, Role.AGENCY_STAFF, Level.STAFF)

    def _user(self, key: uuid.UUID, of: uuid.UUID, role: Role, level: Level) -> dict[str, Any]:
        return {
            "id": key,
            "organization_id": of,
            "username": str(key),
            "name": "Some User",
            "role": role,
            "level": level,
            "active_from": LONG_AGO,
        }

    def _papers(self) -> None:
        agreements = {agency: uuid.uuid4() for agency in self.agencies}
        self._put(
            Agreement,
            [
                {
                    "id": key,
                    "number": f"M-{i}",
                    "a_id": self.district,
                    "b_id": agency,
                    "starts_at": LONG_AGO,
                    "a_signed_at": LONG_AGO,
                    "a_signer": "a",
                    "b_signed_at": LONG_AGO,
                    "b_signer": "b",
                }
                for i, (agency, key) in enumerate(agreements.items())
            ],
        )
        self._put(
            AgreementLine,
            [
                {"agreement_id": key, "direction": Direction.A_TO_B, "category": category}
                for key in agreements.values()
                for category in (Category.VISITS, Category.ATTENDANCE)
            ],
        )
        self._consents()

    def _consents(self) -> None:
        """A fifth of all consents name the first agency; the others share the rest."""
        chosen = self.random.choices(self.students, k=self.size.consents)
        guardians = [uuid.uuid4() for _ in chosen]
        consents = [uuid.uuid4() for _ in chosen]
        clinic = [
            0 if i % 5 == 0 else self.random.randrange(1, len(self.agencies))
            for i in range(len(chosen))
        ]
        self._put(
            Guardian,
            [{"id": key, "district_id": self.district, "name": "A Parent"} for key in guardians],
        )
        self._put(
            Guardianship,
            [
                {
                    "guardian_id": guardian,
                    "student_id": student,
                    "relationship": Relationship.PARENT,
                    "rights_from": LONG_AGO,
                }
                for guardian, student in zip(guardians, chosen, strict=True)
            ],
        )
        self._put(
            Consent,
            [
                {
                    "id": consents[i],
                    "number": f"C-{i}",
                    "student_id": student,
                    "discloser_id": self.district,
                    "recipient_id": self.agencies[clinic[i]],
                    "records_from": LONG_AGO,
                    "starts_at": LONG_AGO,
                    "signer_kind": SignerKind.GUARDIAN,
                    "signer_id": guardians[i],
                    "method": SignatureMethod.TYPED,
                    "identity_check": IdentityCheck.IN_PERSON,
                }
                for i, student in enumerate(chosen)
            ],
        )
        self._put(
            ConsentCategory, [{"consent_id": key, "category": Category.VISITS} for key in consents]
        )
        self._put(
            ConsentPurpose, [{"consent_id": key, "purpose": "coordinate"} for key in consents]
        )
        self._put(
            ConsentStatement,
            [{"consent_id": key, "statement": said} for key in consents for said in Statement],
        )
        # Last: what is signed takes no tick any more.
        self.session.execute(update(cast(Table, Consent.__table__)).values(signed_at=LONG_AGO))
        self._put(
            Relation,
            [
                {
                    "user_id": self.clinicians[clinic[i]],
                    "student_id": student,
                    "kind": RelationKind.TEAM,
                    "starts_at": LONG_AGO,
                }
                for i, student in enumerate(chosen)
            ],
        )

    def _shelf(self) -> None:
        self._put(Record, [self._record(s, Category.IDENTITY, LONG_AGO) for s in self.students])
        for start in range(0, self.size.visits, AT_ONCE):
            self._some_visits(min(AT_ONCE, self.size.visits - start))

    def _some_visits(self, count: int) -> None:
        rows = [
            self._record(
                self.random.choice(self.students),
                Category.VISITS,
                NOW - timedelta(seconds=self.random.randrange(200 * 86_400)),
            )
            for _ in range(count)
        ]
        self._put(Record, rows)
        self._put(
            Visit,
            [
                {
                    "record_id": row["id"],
                    "staff_id": self.workers[number % len(self.workers)],
                    "purpose": VisitPurpose.CHECK_IN,
                    "minutes": 10,
                }
                for number, row in enumerate(rows)
            ],
        )

    def _record(self, student: uuid.UUID, category: Category, at: datetime) -> dict[str, Any]:
        return {
            "id": uuid.uuid4(),
            "district_id": self.district,
            "student_id": student,
            "custodian_id": self.district,
            "category": category,
            "event_at": at,
            "author_id": self.workers[0],
        }
