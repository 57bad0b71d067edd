"""What the generator writes, the importer reads: the same people, in both versions."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.demo import agencies, oneroster
from portal.demo.roster import SCHOOLS, MadePerson, MadeRoster, MadeSchool, make
from portal.directory.loaders import hsds
from portal.directory.loaders import oneroster as reading
from portal.directory.loaders.oneroster.values import Roster
from portal.directory.loaders.package import open_package
from portal.directory.loaders.report import Report

DAY = date(2026, 11, 20)
SMALL = (MadeSchool("org-north", "North School", "9900111", (6, 8), 5),)

names = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="\u2028\u2029"), min_size=1
).filter(lambda name: not name.startswith('="'))


def read_back(made: MadeRoster, version: str) -> Roster:
    with tempfile.TemporaryDirectory() as folder:
        oneroster.write(made, Path(folder), version)
        report = Report()
        package = open_package(Path(folder), report)
        assert package is not None
        found = reading.read(package, report, DAY)
    assert (report.problems, report.warnings) == ([], [])
    assert found is not None
    assert found.version == version
    return found


@given(seed=st.integers(0, 2**32), version=st.sampled_from(["1.1", "1.2"]), name=names)
def test_writing_and_reading_back_gives_the_same_people(seed: int, version: str, name: str) -> None:
    made = make(seed, DAY, SMALL)
    made = replace(made, people=(replace(made.people[0], family=name), *made.people[1:]))

    found = read_back(made, version)

    assert [told(found, person.id) for person in made.people] == [
        as_made(person, version) for person in made.people
    ]
    assert {(seat.section, seat.person, seat.role) for seat in found.seats} == {
        (made_class.id, person, role)
        for made_class in made.classes
        for person, role in [
            (made_class.teacher, "teacher"),
            *((student, "student") for student in made_class.students),
        ]
    }


def told(found: Roster, key: str) -> tuple[object, ...]:
    person = found.people[key]
    return (
        person.given,
        person.family,
        person.sasid or "",
        person.local_id,
        person.grade,
        person.born,
        person.agents,
        [(held.role, held.place) for held in person.memberships],
    )


def as_made(person: MadePerson, version: str) -> tuple[object, ...]:
    role = person.role
    if version == "1.2":
        role = oneroster.ROLES_1_2.get(role, role).lower()
    return (
        person.given,
        person.family,
        person.sasid,
        person.local_id,
        person.grade.lstrip("0"),
        person.born,
        person.agents,
        [(role, place) for place in person.places],
    )


def test_the_demonstration_has_480_students_in_three_schools() -> None:
    made = make(1, DAY)

    students = [person for person in made.people if person.role == "student"]
    assert len(students) == 480
    assert {place for person in students for place in person.places} == {s.id for s in SCHOOLS}
    assert len({person.sasid for person in students}) == 480
    ages = [(made.first_day - s.born).days / 365.25 - int(s.grade) for s in students if s.born]
    assert all(4.9 < age < 6.1 for age in ages)


def test_the_same_seed_makes_the_same_people_and_another_others() -> None:
    assert make(1, DAY) == make(1, DAY)
    assert make(1, DAY) != make(2, DAY)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 7, 15), date(2028, 2, 29)])
def test_on_any_day_of_the_year_school_is_on(day: date) -> None:
    made = make(1, day, SMALL)

    assert made.first_day < day < made.last_day
    assert made.first_day.weekday() == 0


def test_the_agencies_come_back_as_written(tmp_path: Path) -> None:
    agencies.write(tmp_path)
    report = Report()
    package = open_package(tmp_path, report)
    assert package is not None

    found = hsds.read(package, report)

    assert found is not None
    assert (report.problems, report.warnings) == ([], [])
    assert [row.name for row in found.agencies.values()] == [a.name for a in agencies.AGENCIES]
    offered = {(row.name, row.status, row.languages) for row in found.services.values()}
    assert offered == {
        (service.name, service.status, service.languages)
        for agency in agencies.AGENCIES
        for service in agency.services
    }
