"""A roster that is in order: what stands in the portal afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import actor, gate
from portal.directory.loaders.package import Package
from portal.directory.loaders.report import Report
from portal.directory.roster import service
from portal.directory.roster.context import Options
from portal.store.ledger import ImportRun, TrailLine
from portal.store.people import (
    Enrollment,
    Guardian,
    Guardianship,
    Relation,
    SchoolClass,
    Student,
    User,
)
from portal.store.places import Organization, School
from portal.store.records import HistoryEntry, Record
from portal.store.tables import metadata
from portal.vocabulary import Category, Level, Relationship, Role
from tests.directory.files import CODE, Files, roster
from tests.people import NOW

YEAR = datetime(2026, 8, 31, 4, tzinfo=UTC)
YEAR_END = datetime(2027, 6, 16, 4, tzinfo=UTC)
TODAY = datetime(2026, 11, 20, 5, tzinfo=UTC)


def bring(session: Session, files: Files | Package, at: datetime = NOW, **options: bool) -> Report:
    package = files.package() if isinstance(files, Files) else files
    return service.bring_in(session, package, CODE, at, Options(**options))


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, in an order of their own."""
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in metadata.sorted_tables
    }


def student(session: Session, source_id: str) -> Student:
    return session.scalars(select(Student).where(Student.source_id == source_id)).one()


def user(session: Session, source_id: str) -> User:
    return session.scalars(select(User).where(User.source_id == source_id)).one()


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_both_versions_bring_in_the_same(session: Session, version: str) -> None:
    report = bring(session, roster(version))

    assert report.problems == []
    told = ("schools", "students", "guardians", "staff", "classes", "seats")
    assert [report.counts[name] for name in told] == [2, 3, 2, 4, 1, 2]


def test_the_district_and_its_schools_keep_their_codes_as_text(session: Session) -> None:
    bring(session, roster())

    district = session.scalars(select(Organization)).one()
    assert (district.code, district.name) == (CODE, "Harbor Point Public Schools")
    codes = session.scalars(select(School.facility_code).order_by(School.name)).all()
    assert codes == ["9900111", "0900211"]


def test_a_student_has_a_sasid_a_majority_and_an_identity_on_the_shelf(session: Session) -> None:
    bring(session, roster())

    luis, zoe = student(session, "luis"), student(session, "zoe")
    assert (luis.sasid, luis.local_id, luis.grade) == ("0000000101", "L1", "7")
    assert (luis.search_name, luis.search_given) == ("sample luis", "luis")
    assert luis.majority_at == datetime(2031, 5, 5, 4, tzinfo=UTC)
    assert zoe.majority_at == datetime(2030, 3, 1, 5, tzinfo=UTC)  # born on 29 February
    records = session.execute(
        select(Record.category, func.count()).group_by(Record.category).order_by(Record.category)
    ).all()
    assert [tuple(row) for row in records] == [("contact", 2), ("enrollment", 3), ("identity", 3)]


def test_contact_tells_how_to_reach_the_family(session: Session) -> None:
    bring(session, roster())

    luis = student(session, "luis")
    told = session.scalars(
        select(HistoryEntry.narrative)
        .join(Record, Record.id == HistoryEntry.record_id)
        .where(Record.category == Category.CONTACT, Record.student_id == luis.id)
    ).one()
    assert told == "Maria Sample (parent): (860) 555-0100\nTía Sample (relative): no contact given"


def test_parents_hold_the_rights_from_the_first_day_and_relatives_never(session: Session) -> None:
    bring(session, roster())

    rows = session.execute(
        select(Guardian.name, Guardianship)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .order_by(Guardian.name)
    ).all()
    held = [(name, g.relationship, g.rights_from, g.rights_until) for name, g in rows]
    assert held == [
        ("Maria Sample", Relationship.PARENT, YEAR, None),
        ("Maria Sample", Relationship.PARENT, YEAR, None),
        ("Tía Sample", Relationship.RELATIVE, YEAR, YEAR),
    ]


def test_staff_get_accounts_without_a_password(session: Session) -> None:
    bring(session, roster())

    found = {
        row.username: (row.role, row.level, row.school_id is not None, row.password_hash)
        for row in session.scalars(select(User))
    }
    assert found == {
        "tom@demo.example": (Role.TEACHER, Level.TEACHER, True, None),
        "cora@demo.example": (Role.SUPPORT_STAFF, Level.COUNSELOR, True, None),
        "omar@demo.example": (Role.PRINCIPAL, Level.PRINCIPAL, True, None),
        "dina@demo.example": (Role.DISTRICT_ADMIN, Level.STAFF, False, None),
    }


def test_a_teacher_has_the_students_of_the_class_until_the_day_after_its_last(
    session: Session,
) -> None:
    bring(session, roster())

    relation = session.scalars(select(Relation)).one()
    assert (relation.starts_at, relation.ends_at) == (YEAR, YEAR_END)
    assert session.scalars(select(SchoolClass.title)).one() == "Homeroom 7A"
    tom = actor.load(session, user(session, "tom").id, NOW)
    assert tom is not None
    assert gate.open_record(session, tom, student(session, "luis").id, "coordinate", NOW)


def test_a_seat_s_own_days_are_narrower_than_the_class_s(session: Session) -> None:
    files = roster()
    files["enrollments.csv"][1] |= {"beginDate": "2026-10-01", "endDate": "2026-10-31"}
    bring(session, files)

    relation = session.scalars(select(Relation)).one()
    assert relation.starts_at == datetime(2026, 10, 1, 4, tzinfo=UTC)
    assert relation.ends_at == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_roles_with_days_are_the_history_of_a_student_s_schools(session: Session) -> None:
    files = roster("1.2")
    zoe = next(row for row in files["roles.csv"] if row["userSourcedId"] == "zoe")
    zoe["beginDate"] = "2026-10-05"
    files["roles.csv"].append(
        zoe
        | {"sourcedId": "r2", "orgSourcedId": "n", "beginDate": "2026-08-31"}
        | {"endDate": "2026-10-02"}
    )
    report = bring(session, files)

    assert report.accepted
    stays = session.execute(
        select(School.name, Enrollment.starts_at, Enrollment.ends_at)
        .join(School, School.id == Enrollment.school_id)
        .where(Enrollment.student_id == student(session, "zoe").id)
        .order_by(Enrollment.starts_at)
    ).all()
    assert [tuple(row) for row in stays] == [
        ("North School", YEAR, datetime(2026, 10, 3, 4, tzinfo=UTC)),
        ("South School", datetime(2026, 10, 5, 4, tzinfo=UTC), None),
    ]
    assert student(session, "zoe").missing_since is None


def test_one_line_in_the_trail_with_counts_and_no_name(session: Session) -> None:
    report = bring(session, roster())

    line = session.scalars(select(TrailLine)).one()
    assert (line.event, line.subject, line.detail["students"]) == ("import.oneroster", CODE, 3)
    assert "Sample" not in repr(line.detail)
    assert session.scalars(select(ImportRun)).one().counts == report.counts


def test_passwords_are_never_seen(session: Session) -> None:
    files = roster()
    for row in files["users.csv"]:
        row["ext_studentPassword"] = "CANARY-ext"  # a vendor's own
        row["metadata.ssn"] = "CANARY-078-05-1120"
    report = bring(session, files)

    assert report.accepted
    assert "CANARY" not in repr(everything(session))
    assert "CANARY" not in repr(report)


def test_a_dry_run_writes_nothing_and_tells_the_same(session: Session) -> None:
    before = everything(session)
    dry = service.bring_in(session, roster().package(), CODE, NOW, dry_run=True)
    assert everything(session) == before

    assert bring(session, roster()).counts == dry.counts


def test_the_same_set_again_changes_nothing_zipped_or_not(session: Session) -> None:
    bring(session, roster())
    before = everything(session)

    report = bring(session, roster(), NOW + timedelta(days=1))

    assert report.accepted
    assert "brought in on November 20, 2026" in report.warnings[0].what
    assert everything(session) == before


def test_the_same_data_in_other_bytes_changes_nothing_either(session: Session) -> None:
    bring(session, roster())
    before = everything(session)
    files = roster()
    for rows in files.tables.values():
        rows.append(rows.pop(0))  # in another order
    report = bring(session, files, NOW + timedelta(days=1))

    after = everything(session)
    assert report.counts["rows"] == 0
    for log in ("import_run", "trail_line", "trail_head"):
        before.pop(log), after.pop(log)
    assert after == before


def test_an_earlier_set_after_another_is_no_repetition(session: Session) -> None:
    bring(session, roster())
    other = roster()
    other.user("luis")["familyName"] = "Example"
    bring(session, other, NOW + timedelta(days=1))

    bring(session, roster(), NOW + timedelta(days=2))

    assert student(session, "luis").family_name == "Sample"


def test_names_and_grades_follow_the_file(session: Session) -> None:
    bring(session, roster())
    files = roster()
    files.user("mei").update(familyName="Sample-Ñandú", grades="8", phone="(860) 555-0199")
    report = bring(session, files)

    mei = student(session, "mei")
    assert (mei.family_name, mei.grade, mei.search_name) == (
        "Sample-Ñandú",
        "8",
        "sample-nandu mei",
    )
    assert mei.majority_at is not None
    assert report.counts["students_changed"] == 1
    headlines = session.scalars(
        select(HistoryEntry.headline)
        .join(Record, Record.id == HistoryEntry.record_id)
        .where(Record.student_id == mei.id, Record.category == Category.CONTACT)
    ).all()
    assert headlines == ["(860) 555-0199"]


@pytest.mark.parametrize(
    "name", ["Null", "NA", "None", "O'Brien", "Ñandú", "漢字", "=cmd|' /C calc'!A0", "X", "N" * 300]
)
def test_every_name_survives(session: Session, name: str) -> None:
    files = roster()
    files.user("luis")["familyName"] = name
    report = bring(session, files)

    assert report.accepted
    assert student(session, "luis").family_name == name


def test_a_student_without_sasid_or_birth_date_comes_in(session: Session) -> None:
    files = roster()
    files.user("zoe")["userIds"] = ""
    files.tables["demographics.csv"] = files["demographics.csv"][:2]
    report = bring(session, files)

    assert report.accepted
    zoe = student(session, "zoe")
    assert (zoe.sasid, zoe.born, zoe.majority_at) == (None, None, None)


def test_what_a_later_file_leaves_out_is_not_taken_away(session: Session) -> None:
    bring(session, roster())
    files = roster()
    files.user("zoe").update(userIds="", identifier="")
    del files.tables["demographics.csv"]
    report = bring(session, files)

    assert report.accepted
    zoe = student(session, "zoe")
    assert (zoe.sasid, zoe.local_id, zoe.born) == ("0000000103", "L3", date(2012, 2, 29))


def test_a_student_is_known_by_the_sasid_when_the_sourcedid_is_new(session: Session) -> None:
    bring(session, roster())
    key = student(session, "zoe").id
    files = roster()
    files.user("zoe")["sourcedId"] = "zoe-2"
    files["demographics.csv"][2]["sourcedId"] = "zoe-2"

    assert bring(session, files).accepted
    assert student(session, "zoe-2").id == key


@pytest.mark.parametrize(
    ("changes", "sasid"),
    [
        ({"userIds": "{State:0000000777}", "identifier": ""}, "0000000777"),
        ({"userIds": "", "identifier": '="0000000777"'}, "0000000777"),
        ({"userIds": "{Local:863},{SASID:0000000777}"}, "0000000777"),
        ({"userIds": "{SSN:0780511200}"}, None),
        ({"userIds": "78051120"}, None),
    ],
)
def test_where_a_sasid_may_stand(
    session: Session, changes: dict[str, str], sasid: str | None
) -> None:
    files = roster()
    files.user("zoe").update(changes)

    assert bring(session, files).accepted
    assert student(session, "zoe").sasid == sasid


@pytest.mark.parametrize("number", ["078-05-1120", "078051120"])
def test_a_social_security_number_is_not_taken_for_anything(session: Session, number: str) -> None:
    files = roster()
    files.user("zoe").update(identifier=number, userIds="{SSN:" + number + "}")
    report = bring(session, files)

    assert report.accepted
    assert any("Social Security" in line.what for line in report.warnings)
    assert number not in repr(everything(session))


def test_roles_without_an_account_are_told(session: Session) -> None:
    files = roster()
    files.user("tom")["role"] = "aide"
    files.user("dina")["orgSourcedIds"] = "n"  # an administrator of one school
    report = bring(session, files)

    told = {line.row: line.what for line in report.warnings if line.column == "role"}
    assert "aide" in told[files.row_of("tom")]
    assert "administrator" in told[files.row_of("dina")]
    assert report.counts["staff"] == 2
