"""Caseloads: principals in their building, district administrators in the district."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import gate
from portal.directory.caseloads import queries, service
from portal.directory.caseloads.rules import CaseloadDraft, problems
from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.people import Relation, Student, User
from portal.vocabulary import Level, RelationKind, Role
from tests import factories as make
from tests.people import NOW, Cast

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)


def add(
    cast: Cast, by: User, student: Student, user: User | None = None, **more: object
) -> Relation:
    draft = CaseloadDraft((user or cast.ana).id, student.id, **more)  # type: ignore[arg-type]
    return service.assign(cast.session, cast.who(by), draft, NOW)


def test_a_principal_adds_a_student_of_the_building_who_then_opens(cast: Cast) -> None:
    noor = make.student(cast.session, cast.district, "Noor", "Sample", date(2013, 1, 1))
    make.enrollment(cast.session, noor, cast.north)
    ana = cast.who(cast.ana)
    with pytest.raises(NotFound):
        gate.open_record(cast.session, ana, noor.id, "coordinate", NOW)

    add(cast, cast.omar, noor)

    assert gate.open_record(cast.session, ana, noor.id, "coordinate", NOW).student.name
    with pytest.raises(NotFound):
        add(cast, cast.omar, cast.zoe)  # of another building


def test_a_district_administrator_adds_any_student_of_the_district(cast: Cast) -> None:
    relation = add(cast, cast.dina, cast.zoe)

    assert (relation.kind, relation.starts_at, relation.ends_at) == (
        RelationKind.SERVICE,
        NOW,
        None,
    )
    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert line is not None
    assert (line.event, line.detail["kind"]) == ("caseload.assigned", "service")


def test_nobody_else_assigns(cast: Cast) -> None:
    for user in (cast.ana, cast.tom, cast.sue, cast.rita, cast.alma):
        with pytest.raises(Refused):
            add(cast, user, cast.luis)
    other = make.organization(cast.session, "Elsewhere Schools", code="0990022")
    foreign = make.user(cast.session, other, "Fay Far", Role.DISTRICT_ADMIN, Level.STAFF)
    with pytest.raises(NotFound):
        add(cast, foreign, cast.luis)


def test_only_the_districts_active_counselors_and_clinicians_carry(cast: Cast) -> None:
    gone = make.user(cast.session, cast.district, "Gil Gone", Role.SUPPORT_STAFF, Level.CLINICIAN)
    gone.active_until = NOW

    for user in (cast.tom, cast.omar, cast.rita, gone):
        with pytest.raises(Refused, match="not on your organization's active staff"):
            add(cast, cast.dina, cast.luis, user)


def test_a_second_click_finds_the_first_and_a_later_day_waits(cast: Cast) -> None:
    first, second = (add(cast, cast.dina, cast.zoe) for _ in range(2))
    later = add(cast, cast.dina, cast.zoe, kind=RelationKind.EVALUATION, starts_on=TODAY + DAY)

    assert first.id == second.id
    assert later.starts_at > NOW


def test_taking_off_ends_at_that_instant(cast: Cast) -> None:
    relation = add(cast, cast.dina, cast.zoe)
    ana = cast.who(cast.ana)
    assert gate.open_record(cast.session, ana, cast.zoe.id, "coordinate", NOW)

    for _ in range(2):
        service.end(cast.session, cast.who(cast.dina), relation.id, NOW + DAY)

    assert relation.ends_at == NOW + DAY
    with pytest.raises(NotFound):
        gate.open_record(cast.session, ana, cast.zoe.id, "coordinate", NOW + DAY)


def test_classes_teams_and_other_buildings_are_not_taken_off_here(cast: Cast) -> None:
    zoes = add(cast, cast.dina, cast.zoe)
    others = cast.session.scalars(
        select(Relation).where(Relation.kind.in_([RelationKind.CLASS, RelationKind.TEAM]))
    ).all()

    for relation in (zoes, *others):
        with pytest.raises(NotFound):
            service.end(cast.session, cast.who(cast.omar), relation.id, NOW)
    with pytest.raises(NotFound):
        service.end(cast.session, cast.who(cast.dina), uuid.uuid4(), NOW)
    assert zoes.ends_at is None


def test_every_problem_of_a_draft_is_told(cast: Cast) -> None:
    empty = problems(CaseloadDraft(), None, TODAY)
    wrong = problems(
        CaseloadDraft(cast.ana.id, cast.luis.id, RelationKind.COUNSELOR, TODAY - DAY),
        Level.CLINICIAN,
        TODAY,
    )

    assert [problem.field for problem in empty] == ["Staff", "Student"]
    assert [problem.field for problem in wrong] == ["Kind", "From"]
    with pytest.raises(NotReady):
        service.assign(cast.session, cast.who(cast.dina), CaseloadDraft(), NOW)


# Lists


def test_a_principal_reads_the_names_of_the_building_only(cast: Cast) -> None:
    lines = queries.to_assign(cast.session, cast.who(cast.omar), NOW)

    assert [line.name for line in lines] == ["Sample, Luis", "Sample, Mei"]


def test_an_administrator_reads_the_names_that_the_level_names(cast: Cast) -> None:
    dina = queries.to_assign(cast.session, cast.who(cast.dina), NOW)
    staff = make.user(cast.session, cast.district, "Ned Nameless", Role.DISTRICT_ADMIN, Level.STAFF)
    ned = queries.to_assign(cast.session, cast.who(staff), NOW)

    assert [line.name for line in dina] == ["", "", "Sample, Mei"]  # she has a 504 plan
    assert [(line.name, line.number_tail) for line in ned] == [
        ("", "0101"),
        ("", "0102"),
        ("", "0103"),
    ]
    assert {line.school for line in ned} == {"North School", "South School"}


def test_students_on_no_caseload_can_be_asked_for(cast: Cast) -> None:
    lines = queries.to_assign(cast.session, cast.who(cast.dina), NOW, nobody_has=True)

    assert [line.id for line in lines] == [cast.zoe.id]


def test_a_caseload_shows_whom_the_asker_may_assign(cast: Cast) -> None:
    add(cast, cast.dina, cast.zoe)

    carrier, secretary = queries.carriers(cast.session, cast.who(cast.omar), NOW)
    of_omar = queries.caseload(cast.session, cast.who(cast.omar), cast.ana.id, NOW)
    of_dina = queries.caseload(cast.session, cast.who(cast.dina), cast.ana.id, NOW)

    assert (carrier.name, carrier.students) == ("Ana Counts", 2)
    assert (secretary.name, secretary.students) == ("Selma Minutes", 0)
    assert [line.student.name for line in of_omar] == ["Sample, Luis", "Sample, Mei"]
    assert len(of_dina) == 3
