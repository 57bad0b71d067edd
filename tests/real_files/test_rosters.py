"""OneRoster sets as vendors write them: what is taken, what is refused and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.directory.loaders.package import open_package
from portal.directory.loaders.report import Report
from portal.directory.roster import service
from portal.store.people import Enrollment, Relation, Student, User
from portal.store.tables import metadata
from tests.people import NOW

pytestmark = pytest.mark.real_files


def brought_in(session: Session, path: Path, code: str = "255901") -> Report:
    report = Report()
    package = open_package(path, report)
    return report if package is None else service.bring_in(session, package, code, NOW)


def rows(session: Session) -> int:
    tables = metadata.sorted_tables
    return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_grand_bend_comes_in_though_two_rows_have_a_cell_too_many(
    session: Session, real_files: Path
) -> None:
    report = brought_in(session, real_files / "oneroster" / "grandbend-1.1")

    assert report.accepted
    assert {name: report.counts[name] for name in ("schools", "students", "staff", "classes")} == {
        "schools": 1,
        "students": 8,
        "staff": 2,
        "classes": 2,
    }
    assert [(line.file, line.row) for line in report.warnings] == [("users.csv", 10)]
    assert "2 rows" in report.warnings[0].what


def test_grand_bend_s_students_are_in_their_school_and_their_classes_are_over(
    session: Session, real_files: Path
) -> None:
    brought_in(session, real_files / "oneroster" / "grandbend-1.1")

    assert session.scalars(select(Enrollment.ends_at)).all() == [None] * 8
    assert all(ends is not None for ends in session.scalars(select(Relation.ends_at)))
    born = session.execute(select(Student.born, Student.majority_at)).all()
    assert all(day and majority and majority < NOW for day, majority in born)
    assert session.scalars(select(User.password_hash)).all() == [None, None]


def test_the_same_set_again_changes_nothing(session: Session, real_files: Path) -> None:
    brought_in(session, real_files / "oneroster" / "grandbend-1.1")
    before = rows(session)

    report = brought_in(session, real_files / "oneroster" / "grandbend-1.1")

    assert report.accepted
    assert "Nothing changed" in report.warnings[0].do_next
    assert rows(session) == before


def test_a_vendor_s_own_columns_and_order_do_not_matter(session: Session, real_files: Path) -> None:
    report = brought_in(session, real_files / "oneroster" / "vendor-extended-1.1", "0990011")

    assert report.accepted
    assert (report.counts["schools"], report.counts["students"]) == (2, 2)
    assert report.counts["classes"] == 3


@pytest.mark.parametrize(
    ("path", "what", "do_next"),
    [
        ("moodle-zips/oneroster_test_data.zip", "is a delta", "full (bulk) export"),
        ("moodle-zips/Test_minimal_data_set.zip", "names no school", "has the schools"),
        ("users-2000", "orgs.csv is missing", "users.csv and orgs.csv"),
        ("users-2000/users.csv", "orgs.csv is missing", "users.csv and orgs.csv"),
        ("sds-2.1", "School Data Sync", "OneRoster 1.1 or 1.2"),
    ],
)
def test_what_cannot_be_read_as_a_whole_roster_is_refused_with_the_way_out(
    session: Session, real_files: Path, path: str, what: str, do_next: str
) -> None:
    report = brought_in(session, real_files / "oneroster" / path)

    assert not report.accepted
    assert what in report.problems[0].what
    assert do_next in report.problems[0].do_next
    assert rows(session) == 0
