"""The cast of the tests. Add here rarely; all of them are made up.

There is always a Charlie: Hilltop Clinic and Tom the teacher must see nothing
of what the others share.

    Ana Counts     school social worker (clinician), serves Luis and Mei
    Omar Keys      principal of North School: Luis and Mei are enrolled there
    Tom Chalk      teacher: Luis is in his class; never support records
    Dina Desk      district administrator (special education): Mei has a 504 plan
    Sue Perin      superintendent: everything in the district
    Bea Ledger     central office, with primary responsibility for the budget: nobody by name
    Selma Minutes  guidance secretary: nobody is assigned to her yet
    Rita River     clinician of Riverside Clinic, on Luis's case team
    Rob River      of Riverside Clinic, on nobody's team
    Alma River     Riverside's administrator
    Hugo Hill      of Hilltop Clinic: agreement in force, no consent, sees nobody
    Luis Sample    13 years old, North School; his mother Maria holds the rights
    Mei Sample     12 years old, North School; Section 504
    Zoe Elsewhere  14 years old, South School: out of Ana's and Omar's reach
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor, load
from portal.store.people import Guardian, Student, User
from portal.store.places import Organization, School
from portal.vocabulary import Level, OrganizationKind, ProgramKind, RelationKind, Role
from tests import factories as make

LONG_AGO = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""Friday 20 November 2026, 10:00 in Connecticut: the day of the tests."""


@dataclass(frozen=True)
class Cast:
    """Stored people and places; `who(user)` gives the actor."""

    session: Session
    district: Organization
    north: School
    south: School
    riverside: Organization
    hilltop: Organization
    ana: User
    omar: User
    tom: User
    dina: User
    sue: User
    bea: User
    selma: User
    rita: User
    rob: User
    alma: User
    hugo: User
    luis: Student
    mei: Student
    zoe: Student
    maria: Guardian

    def who(self, user: User) -> Actor:
        """The actor that this user is at NOW."""
        actor = load(self.session, user.id, NOW)
        assert actor is not None
        return actor


def store_cast(session: Session) -> Cast:
    """Put the cast on the shelves of an empty database."""
    district = make.organization(session, "Harbor Point Public Schools", code="0990011")
    north = make.school(session, district, "North School", "9900111")
    south = make.school(session, district, "South School", "9900211")
    riverside = make.organization(session, "Riverside Clinic", OrganizationKind.PROVIDER)
    hilltop = make.organization(session, "Hilltop Clinic", OrganizationKind.PROVIDER)
    luis = make.student(session, district, "Luis", "Sample", date(2013, 5, 5), "0000000101")
    mei = make.student(session, district, "Mei", "Sample", date(2014, 2, 2), "0000000102")
    zoe = make.student(session, district, "Zoe", "Elsewhere", date(2012, 3, 3), "0000000103")
    for student, school in ((luis, north), (mei, north), (zoe, south)):
        make.enrollment(session, student, school)
    make.program(session, mei, ProgramKind.SECTION_504)
    maria = make.guardian(session, luis, "Maria Sample")
    ana = make.user(session, district, "Ana Counts", Role.SUPPORT_STAFF, Level.CLINICIAN)
    tom = make.user(session, district, "Tom Chalk", Role.TEACHER, Level.TEACHER)
    rita = make.user(session, riverside, "Rita River", Role.AGENCY_STAFF, Level.STAFF)
    make.relation(session, ana, luis, RelationKind.SERVICE)
    make.relation(session, ana, mei, RelationKind.SERVICE)
    make.relation(session, tom, luis, RelationKind.CLASS)
    make.relation(session, rita, luis, RelationKind.TEAM)
    make.agreement(session, district, riverside)
    make.agreement(session, district, hilltop)
    return Cast(
        session=session,
        district=district,
        north=north,
        south=south,
        riverside=riverside,
        hilltop=hilltop,
        ana=ana,
        tom=tom,
        rita=rita,
        omar=make.user(
            session, district, "Omar Keys", Role.PRINCIPAL, Level.PRINCIPAL, school=north
        ),
        dina=make.user(
            session, district, "Dina Desk", Role.DISTRICT_ADMIN, Level.SPECIAL_EDUCATION
        ),
        sue=make.user(session, district, "Sue Perin", Role.SUPERINTENDENT, Level.SUPERINTENDENT),
        bea=make.user(session, district, "Bea Ledger", Role.CENTRAL_OFFICE, Level.BUDGET),
        selma=make.user(session, district, "Selma Minutes", Role.SECRETARY, Level.COUNSELOR),
        rob=make.user(session, riverside, "Rob River", Role.AGENCY_STAFF, Level.STAFF),
        alma=make.user(session, riverside, "Alma River", Role.AGENCY_ADMIN, Level.AGENCY_ADMIN),
        hugo=make.user(session, hilltop, "Hugo Hill", Role.AGENCY_STAFF, Level.STAFF),
        luis=luis,
        mei=mei,
        zoe=zoe,
        maria=maria,
    )
