"""The people of the demonstration: who signs in, what they may see, and for whom they care."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from portal.accounts import confidentiality, passwords
from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.store.people import Program, Relation, Student, User
from portal.vocabulary import ROLE_LABELS, Level, ProgramKind, RelationKind, Role

PASSWORD = "harbor-lantern-pebble"  # noqa: S105  (printed on every demonstration's start)


@dataclass(frozen=True)
class SignIn:
    """Somebody to sign in as. agency: whose staff; None for the district's."""

    username: str
    name: str
    title: str
    role: Role
    level: Level
    agency: str | None = None


SIGN_INS = (
    SignIn(
        "worker@demo.example",
        "Ana Counts",
        "School social worker, North School",
        Role.SUPPORT_STAFF,
        Level.CLINICIAN,
    ),
    SignIn(
        "counselor@demo.example",
        "Cora Hearing",
        "School counselor, Harbor High School",
        Role.SUPPORT_STAFF,
        Level.COUNSELOR,
    ),
    SignIn(
        "teacher@demo.example",
        "Tom Chalk",
        "Teacher, North School",
        Role.TEACHER,
        Level.TEACHER,
    ),
    SignIn(
        "principal@demo.example",
        "Omar Keys",
        "Principal, North School",
        Role.PRINCIPAL,
        Level.PRINCIPAL,
    ),
    SignIn(
        "admin@demo.example",
        "Dina Desk",
        "Director of student services",
        Role.DISTRICT_ADMIN,
        Level.SPECIAL_EDUCATION,
    ),
    SignIn(
        "superintendent@demo.example",
        "Sue Perin",
        "Superintendent",
        Role.SUPERINTENDENT,
        Level.SUPERINTENDENT,
    ),
    SignIn(
        "personnel@demo.example",
        "Petra Staffing",
        "Administrator for personnel",
        Role.CENTRAL_OFFICE,
        Level.PERSONNEL,
    ),
    SignIn(
        "budget@demo.example",
        "Bea Ledger",
        "Administrator for the budget",
        Role.CENTRAL_OFFICE,
        Level.BUDGET,
    ),
    SignIn(
        "curriculum@demo.example",
        "Kurt Lessons",
        "Administrator for curriculum",
        Role.CENTRAL_OFFICE,
        Level.CURRICULUM,
    ),
    SignIn(
        "secretary@demo.example",
        "Selma Minutes",
        "Guidance secretary, Harbor High School",
        Role.SECRETARY,
        Level.COUNSELOR,
    ),
    SignIn(
        "clinic@demo.example",
        "Rita River",
        "Clinician",
        Role.AGENCY_STAFF,
        Level.STAFF,
        "Riverside Clinic",
    ),
    SignIn(
        "clinicadmin@demo.example",
        "Alma River",
        "Director",
        Role.AGENCY_ADMIN,
        Level.AGENCY_ADMIN,
        "Riverside Clinic",
    ),
    SignIn(
        "hilltop@demo.example",
        "Hugo Hill",
        "Clinician",
        Role.AGENCY_STAFF,
        Level.STAFF,
        "Hilltop Clinic",
    ),
)

UNNAMED = (
    SignIn(
        "worker.south@demo.example",
        "Sol Bridge",
        "School social worker, South School",
        Role.SUPPORT_STAFF,
        Level.CLINICIAN,
    ),
    SignIn(
        "psychologist@demo.example",
        "Pia Measure",
        "School psychologist",
        Role.SUPPORT_STAFF,
        Level.CLINICIAN,
    ),
    SignIn(
        "hilltopadmin@demo.example",
        "Hedda Hill",
        "Director",
        Role.AGENCY_ADMIN,
        Level.AGENCY_ADMIN,
        "Hilltop Clinic",
    ),
    SignIn(
        "hilltop2@demo.example",
        "Hanna Hill",
        "Clinician",
        Role.AGENCY_STAFF,
        Level.STAFF,
        "Hilltop Clinic",
    ),
    SignIn(
        "youthadmin@demo.example",
        "Yan Pier",
        "Director",
        Role.AGENCY_ADMIN,
        Level.AGENCY_ADMIN,
        "Harbor Youth Center",
    ),
    SignIn(
        "lanternadmin@demo.example",
        "Lena Lantern",
        "Director",
        Role.AGENCY_ADMIN,
        Level.AGENCY_ADMIN,
        "Lantern Family Services",
    ),
    SignIn(
        "tidepooladmin@demo.example",
        "Theo Tide",
        "Director",
        Role.AGENCY_ADMIN,
        Level.AGENCY_ADMIN,
        "Tide Pool Pediatrics",
    ),
)
"""They act in the demonstration, and nobody is told to sign in as them."""

COLLEAGUES = (
    SignIn(
        "nurse.north@demo.example",
        "Nora Plaster",
        "School nurse, North School",
        Role.SUPPORT_STAFF,
        Level.CLINICIAN,
    ),
    SignIn(
        "psychologist.north@demo.example",
        "Piet Puzzle",
        "School psychologist, North School",
        Role.SUPPORT_STAFF,
        Level.CLINICIAN,
    ),
    SignIn(
        "nurse.south@demo.example",
        "Ned Bandage",
        "School nurse, South School",
        Role.SUPPORT_STAFF,
        Level.CLINICIAN,
    ),
    SignIn(
        "counselor.south@demo.example",
        "Gil Compass",
        "School counselor, South School",
        Role.SUPPORT_STAFF,
        Level.COUNSELOR,
    ),
    SignIn(
        "worker.high@demo.example",
        "Willa Lighthouse",
        "School social worker, Harbor High School",
        Role.SUPPORT_STAFF,
        Level.CLINICIAN,
    ),
)
"""With them three or more work in each building: of fewer, its numbers are not told."""

EVERYBODY = (*SIGN_INS, *UNNAMED, *COLLEAGUES)

STILL_TO_ACKNOWLEDGE = "counselor@demo.example"
"""Whoever tries the demonstration sees with this one what a first sign-in asks."""

LANGUAGES = ("English",) * 14 + ("Spanish",) * 4 + ("Portuguese", "Polish", "Mandarin")
CASELOADS = (
    ("worker@demo.example", "North School", RelationKind.SERVICE, 34),
    ("worker.south@demo.example", "South School", RelationKind.SERVICE, 30),
    ("psychologist@demo.example", "Harbor High School", RelationKind.EVALUATION, 14),
    ("counselor@demo.example", "Harbor High School", RelationKind.COUNSELOR, 60),
)
CARRIED_BESIDE = (
    ("nurse.north@demo.example", "North School", RelationKind.SERVICE, 40),
    ("psychologist.north@demo.example", "North School", RelationKind.EVALUATION, 30),
    ("nurse.south@demo.example", "South School", RelationKind.SERVICE, 40),
    ("counselor.south@demo.example", "South School", RelationKind.COUNSELOR, 40),
    ("worker.high@demo.example", "Harbor High School", RelationKind.SERVICE, 34),
)
"""The caseloads of the colleagues; whom Ana presents is not on them."""
COUNSELING = ("counselor", "secretary")
"""The guidance secretary's students are the counselor's; she logs no visits of them."""
BESIDE = 21
"""The seed of the colleagues."""
ALWAYS_ANAS = ("Luis Sample", "Mei Sample", "Jayden Example")


def settle(stage: Stage, at: datetime) -> None:
    """The district's office, accounts, levels and passwords; caseloads, programs and languages."""
    _office(stage)
    _accounts(stage, at)
    for pupil in stage.pupils:
        language = stage.chance.choice(LANGUAGES)
        stage.changes.changed[Student].append({"id": pupil.id, "language": language})
    for username, school, kind, many in CASELOADS:
        _caseload(stage, stage.users[username], school, kind, many, at)
    counselor, secretary = (stage.users[f"{who}@demo.example"] for who in COUNSELING)
    for pupil in stage.caseload[counselor.id]:
        relate(stage, secretary.id, pupil, RelationKind.COUNSELOR, at)
    _programs(stage, at)
    _colleagues(stage.beside(BESIDE), at)


def _office(stage: Stage) -> None:
    """Where a family reaches the district; its consent form names it. No roster file tells it."""
    district = stage.district
    district.address = "1 Harbor Street, Harbor Point, CT"
    district.email = "records@demo.example"
    district.phone = "860-555-0100"


def _accounts(stage: Stage, at: datetime) -> None:
    """The roster brought some; the others are made here, with the same kind of row."""
    password_hash = passwords.hashed(PASSWORD)
    for person in EVERYBODY:
        user = stage.users.get(person.username)
        if user is None:
            user = stage.users[person.username] = _user(stage, person, at)
            stage.session.add(user)
        user.title, user.level = person.title, person.level
        if person in SIGN_INS:
            user.password_hash = password_hash
    stage.session.flush()
    for person in EVERYBODY:
        if person.username != STILL_TO_ACKNOWLEDGE:
            _acknowledge(stage, person, at)


def _acknowledge(stage: Stage, person: SignIn, at: datetime) -> None:
    """They accepted confidentiality at the beginning of the year, through the door that all use."""

    def accept(when: datetime) -> None:
        me = stage.who(person.username, when)
        confidentiality.acknowledge(stage.session, me, confidentiality.WORDS_SHA256, when)

    stage.then(at, accept)


def _user(stage: Stage, person: SignIn, at: datetime) -> User:
    organization = stage.agencies[person.agency] if person.agency else stage.district
    return User(
        organization_id=organization.id,
        username=person.username,
        email=person.username,
        name=person.name,
        role=person.role,
        level=person.level,
        active_from=at,
    )


def _caseload(
    stage: Stage, user: User, school: str, kind: RelationKind, many: int, at: datetime
) -> None:
    here = [pupil for pupil in stage.pupils if pupil.school == school]
    always = [pupil for pupil in here if pupil.name in ALWAYS_ANAS and user.name == "Ana Counts"]
    others = [pupil for pupil in here if pupil not in always]
    _carry(stage, user, always + stage.chance.sample(others, many - len(always)), kind, at)


def _colleagues(stage: Stage, at: datetime) -> None:
    """Their caseloads."""
    for username, school, kind, many in CARRIED_BESIDE:
        here = [p for p in stage.pupils if p.school == school and p.name not in ALWAYS_ANAS]
        _carry(stage, stage.users[username], stage.chance.sample(here, many), kind, at)


def _carry(stage: Stage, user: User, pupils: list[Pupil], kind: RelationKind, at: datetime) -> None:
    stage.caseload[user.id] = pupils
    for pupil in pupils:
        relate(stage, user.id, pupil, kind, at)


def relate(stage: Stage, user: uuid.UUID, pupil: Pupil, kind: RelationKind, at: datetime) -> None:
    """From `at` on, this person stands to this student like that."""
    stage.changes.add(
        Relation,
        user_id=user,
        student_id=pupil.id,
        kind=kind,
        class_id=None,
        starts_at=at,
        ends_at=None,
    )


def _programs(stage: Stage, at: datetime) -> None:
    """About one in seven has special-education or Section 504 status."""
    for pupil in stage.pupils:
        die = stage.chance.random()
        if die < 0.15 or pupil.name == "Mei Sample":
            special = die < 0.1 and pupil.name != "Mei Sample"
            kind = ProgramKind.SPECIAL_EDUCATION if special else ProgramKind.SECTION_504
            stage.programs.append((pupil, kind))
            stage.changes.add(Program, student_id=pupil.id, kind=kind, starts_at=at, ends_at=None)


def shown() -> list[dict[str, str]]:
    """Whom to sign in as, as the start of the portal prints it."""
    return [
        {
            "name": person.name,
            "username": person.username,
            "role": person.agency or ROLE_LABELS[person.role],
        }
        for person in SIGN_INS
    ]
