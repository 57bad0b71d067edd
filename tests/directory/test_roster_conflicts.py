"""What a roster must not do in silence: overwrite, swap children, make everybody leave."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.directory.loaders.report import Line, Report
from portal.directory.roster import service
from portal.store.people import Enrollment, Guardianship, Relation, Student, User
from portal.store.places import Organization, School
from portal.store.records import HistoryEntry
from portal.vocabulary import Level, RelationKind, Role
from tests import factories as make
from tests.directory.files import CODE, Files, roster
from tests.directory.test_roster_comes_in import bring, everything, student, user
from tests.people import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture
def school(session: Session) -> Session:
    """The small roster has come in."""
    assert bring(session, roster()).accepted
    return session


def refused(session: Session, files: Files, code: str = CODE) -> list[Line]:
    """The problems of these files, which have written nothing."""
    before = everything(session)
    report = service.bring_in(session, files.package(), code, LATER)
    assert not report.accepted
    assert everything(session) == before
    assert all(line.file and line.what and line.do_next for line in report.problems)
    return report.problems


def accepted(session: Session, files: Files, **options: bool) -> Report:
    report = bring(session, files, LATER, **options)
    assert report.problems == []
    return report


# Who is who


def test_another_birth_date_is_asked_about(school: Session) -> None:
    files = roster()
    files["demographics.csv"][0]["birthDate"] = "2002-05-05"

    (line,) = refused(school, files)
    assert (line.file, line.row, line.column) == ("demographics.csv", 2, "birthDate")

    accepted(school, files, birth_dates=True)
    luis = student(school, "luis")
    assert luis.born == date(2002, 5, 5)
    assert luis.majority_at is not None
    assert luis.majority_at < NOW


def test_a_sasid_that_another_student_holds(school: Session) -> None:
    files = roster()
    files.user("zoe")["userIds"] = "{SASID:0000000101}"
    files.user("luis")["userIds"] = ""

    (line,) = refused(school, files)
    assert (line.file, line.row, line.column) == ("users.csv", files.row_of("zoe"), "userIds")


def test_another_sasid_than_before(school: Session) -> None:
    files = roster()
    files.user("zoe")["userIds"] = "{SASID:0000000999}"

    (line,) = refused(school, files)
    assert "another SASID" in line.what


def test_the_same_sasid_twice_in_one_file(session: Session) -> None:
    files = roster()
    files.user("zoe")["userIds"] = files.user("luis")["userIds"]

    (line,) = refused(session, files)
    assert line.row == files.row_of("zoe")
    assert f"row {files.row_of('luis')}" in line.what


def test_a_sourcedid_given_to_another_child(school: Session) -> None:
    files = roster()
    files.user("zoe").update(givenName="Noor", familyName="Placeholder", userIds="")
    files.tables["demographics.csv"] = files["demographics.csv"][:2]

    (line,) = refused(school, files)
    assert (line.row, line.column) == (files.row_of("zoe"), "sourcedId")


def test_both_names_may_change_when_the_birth_date_shows_who_it_is(school: Session) -> None:
    files = roster()
    files.user("zoe").update(givenName="Noor", familyName="Placeholder")

    accepted(school, files)
    assert student(school, "zoe").given_name == "Noor"


def test_a_local_id_used_again(school: Session) -> None:
    files = roster().without("zoe")
    new = roster().user("zoe") | {"sourcedId": "noor", "givenName": "Noor", "userIds": ""}
    files["users.csv"].append(new)

    (line,) = refused(school, files)
    assert (line.row, line.column) == (files.row_of("noor"), "identifier")


def test_two_rows_for_one_child_of_the_portal(school: Session) -> None:
    files = roster()
    files.user("luis")["userIds"] = ""
    files["users.csv"].append(
        files.user("zoe")
        | {"sourcedId": "new", "userIds": "{SASID:0000000101}", "identifier": ""}
        | {"givenName": "Luis", "familyName": "Sample"}
    )

    (line,) = refused(school, files)
    assert (line.row, line.column) == (files.row_of("new"), "sourcedId")


def test_twins_are_two(session: Session) -> None:
    files = roster()
    files["demographics.csv"][1]["birthDate"] = files["demographics.csv"][0]["birthDate"]

    accepted(session, files)
    assert session.scalar(select(func.count()).select_from(Student)) == 3


# Whose roster it is


def test_the_roster_of_another_district(session: Session) -> None:
    (line,) = refused(session, roster(), "0990099")
    assert (line.file, line.row, line.column) == ("orgs.csv", 2, "identifier")


def test_a_district_without_a_code_is_taken_when_it_is_the_only_one(session: Session) -> None:
    files = roster()
    files["orgs.csv"][0]["identifier"] = ""
    accepted(session, files)

    files["orgs.csv"][0]["sourcedId"] = "another"
    for row in files["orgs.csv"][1:]:
        row["parentSourcedId"] = "another"
    files.user("dina")["orgSourcedIds"] = "another"
    (line,) = refused(session, files)
    assert "another district" in line.what


def test_two_districts_in_one_file(session: Session) -> None:
    files = roster()
    files["orgs.csv"].append(files["orgs.csv"][0] | {"sourcedId": "d2", "identifier": "0990099"})

    (line,) = refused(session, files)
    assert (line.row, line.column) == (5, "type")


def test_a_facility_code_of_another_district(session: Session) -> None:
    other = make.organization(session, "Elsewhere Schools", code="0990022")
    make.school(session, other, "North School", "9900111")

    (line,) = refused(session, roster())
    assert (line.row, line.column) == (3, "identifier")


@pytest.mark.parametrize("known", [False, True])
def test_one_school_in_two_rows(session: Session, known: bool) -> None:
    files = roster()
    if known:
        accepted(session, roster())
    files["orgs.csv"][2]["identifier"] = files["orgs.csv"][1]["identifier"]

    assert {(line.row, line.column) for line in refused(session, files)} == {(4, "identifier")}


def test_a_school_whose_numbers_point_to_two(school: Session) -> None:
    files = roster()
    north, south = files["orgs.csv"][1:]
    north["identifier"], south["identifier"] = south["identifier"], north["identifier"]

    assert {line.row for line in refused(school, files)} == {3, 4}


def test_schools_of_the_same_name_are_told_apart(session: Session) -> None:
    files = roster()
    files["orgs.csv"][2]["name"] = "North School"

    accepted(session, files)
    assert session.scalar(select(func.count()).select_from(School)) == 2


def test_a_name_that_a_person_gave_the_district_stays(session: Session) -> None:
    make.organization(session, "Harbor Point", code=CODE)
    accepted(session, roster())

    assert session.scalars(select(Organization.name)).all() == ["Harbor Point"]


# Who left, who came back


def test_a_student_who_left_is_kept_and_no_longer_reached(school: Session) -> None:
    make.relation(school, user(school, "cora"), student(school, "luis"), RelationKind.COUNSELOR)
    report = accepted(school, roster().without("luis"))

    luis = student(school, "luis")
    assert luis.missing_since == LATER
    assert report.counts["students_left"] == 1
    ends = school.scalars(select(Relation.ends_at).where(Relation.student_id == luis.id)).all()
    assert ends == [LATER, LATER]
    stay = school.scalars(select(Enrollment).where(Enrollment.student_id == luis.id)).one()
    assert stay.ends_at == LATER
    assert "Left North School" in school.scalars(select(HistoryEntry.headline)).all()


def test_whoever_comes_back_has_a_new_stay(school: Session) -> None:
    accepted(school, roster().without("luis"))
    files = roster()
    files.user("luis")["middleName"] = "Back"
    report = bring(school, files, LATER + timedelta(days=7))

    luis = student(school, "luis")
    assert (report.counts["students_back"], luis.missing_since) == (1, None)
    stays = school.scalars(
        select(Enrollment).where(Enrollment.student_id == luis.id).order_by(Enrollment.starts_at)
    ).all()
    assert [stay.ends_at for stay in stays] == [LATER, None]
    assert stays[1].starts_at > LATER


def test_a_roster_of_one_school_touches_no_other(school: Session) -> None:
    before = student(school, "zoe").missing_since, user(school, "dina").active_until
    only_north = roster().without("zoe", "dina")

    accepted(school, only_north)

    assert (student(school, "zoe").missing_since, user(school, "dina").active_until) == before
    open_stays = select(func.count()).select_from(Enrollment).where(Enrollment.ends_at.is_(None))
    assert school.scalar(open_stays) == 3


def test_a_change_of_school_ends_one_stay_and_begins_another(school: Session) -> None:
    files = roster()
    files.user("mei")["orgSourcedIds"] = "s"

    report = accepted(school, files)

    assert report.counts["students_left"] == 0
    stays = school.scalars(
        select(Enrollment)
        .where(Enrollment.student_id == student(school, "mei").id)
        .order_by(Enrollment.starts_at)
    ).all()
    assert [stay.ends_at for stay in stays] == [LATER, None]


def many(count: int) -> Files:
    """The small roster with so many more students at North School."""
    files = roster()
    for n in range(count):
        row = files.user("luis") | {"sourcedId": f"x{n}", "userIds": "", "identifier": ""}
        files["users.csv"].append(row | {"givenName": f"Number{n}", "agentSourcedIds": ""})
    return files


def test_when_more_than_ten_and_a_tenth_would_leave_it_is_asked_about(session: Session) -> None:
    accepted(session, many(20))
    files = many(9)

    (line,) = refused(session, files)
    assert "11 of 23 students" in line.what
    assert "--allow-large-change" in line.do_next

    report = accepted(session, files, large_change=True)
    assert report.counts["students_left"] == 11


def test_ten_or_a_tenth_may_leave(session: Session) -> None:
    accepted(session, many(20))

    assert accepted(session, many(10)).counts["students_left"] == 10


def test_staff_who_left_are_ended_and_their_caseload_with_them(school: Session) -> None:
    make.relation(school, user(school, "cora"), student(school, "mei"), RelationKind.COUNSELOR)
    report = accepted(school, roster().without("cora"))

    cora = user(school, "cora")
    assert (cora.active_until, report.counts["staff_left"]) == (LATER, 1)
    ends = school.scalars(select(Relation.ends_at).where(Relation.user_id == cora.id)).all()
    assert ends == [LATER]


def test_an_account_ends_at_midnight_after_the_last_day_that_the_file_tells(
    school: Session,
) -> None:
    files = roster("1.2")
    role = next(row for row in files["roles.csv"] if row["userSourcedId"] == "cora")
    role["endDate"] = "2026-12-18"
    accepted(school, files)
    assert user(school, "cora").active_until == datetime(2026, 12, 19, 5, tzinfo=UTC)

    role["endDate"] = "2027-01-29"  # a later file moves a day that is still to come
    accepted(school, files)
    assert user(school, "cora").active_until == datetime(2027, 1, 30, 5, tzinfo=UTC)

    role["endDate"] = ""
    accepted(school, files)
    assert user(school, "cora").active_until is None

    role["endDate"] = (NOW - timedelta(days=1)).date().isoformat()
    accepted(school, files)
    assert user(school, "cora").active_until == LATER


def test_whoever_was_added_by_hand_is_never_ended_by_a_file(school: Session) -> None:
    district = school.scalars(select(Organization)).one()
    north = school.scalars(select(School).order_by(School.name)).first()
    by_hand = make.user(school, district, "Hana Byhand", Role.TEACHER, Level.TEACHER, north)
    report = accepted(school, roster().without("cora"))

    assert report.counts["staff_left"] == 1
    assert school.get_one(User, by_hand.id).active_until is None


def test_an_account_that_no_longer_is_enabled_ends(school: Session) -> None:
    files = roster()
    files.user("cora")["enabledUser"] = "false"

    assert accepted(school, files).counts["staff_left"] == 1


def test_whoever_was_ended_by_hand_is_not_brought_back_by_a_file(school: Session) -> None:
    user(school, "cora").active_until = NOW
    files = roster()
    files.user("cora")["middleName"] = "Again"
    report = accepted(school, files)

    assert user(school, "cora").active_until == NOW
    assert any("ended in the portal" in line.what for line in report.warnings)


def test_a_file_never_raises_anybody(school: Session) -> None:
    files = roster()
    files.user("tom")["role"] = "principal"
    report = accepted(school, files)

    tom = user(school, "tom")
    assert (tom.role, tom.level) == (Role.TEACHER, Level.TEACHER)
    assert any("not the one in the portal" in line.what for line in report.warnings)


def test_a_level_given_by_hand_stays(school: Session) -> None:
    user(school, "cora").level = Level.CLINICIAN
    report = accepted(school, many(1))

    assert user(school, "cora").level is Level.CLINICIAN
    assert report.warnings == [line for line in report.warnings if line.column != "role"]


def test_an_account_made_by_hand_is_found_by_its_sign_in_name(session: Session) -> None:
    district = make.organization(session, "Harbor Point", code=CODE)
    dina = make.user(session, district, "Dina Desk", Role.DISTRICT_ADMIN, Level.BUDGET)
    dina.username = "dina@demo.example"
    accepted(session, roster())

    assert (dina.source_id, dina.level) == ("dina", Level.BUDGET)
    assert session.scalar(select(func.count()).select_from(User)) == 4


def test_a_sign_in_name_of_another_organization(session: Session) -> None:
    other = make.organization(session, "Elsewhere Schools", code="0990022")
    make.user(session, other, "Tam", Role.TEACHER, Level.TEACHER).username = "tom@demo.example"

    (line,) = refused(session, roster())
    assert (line.row, line.column) == (roster().row_of("tom"), "email")


def test_a_sign_in_name_of_a_colleague(school: Session) -> None:
    files = roster()
    files.user("tom")["email"] = "tom.chalk@demo.example"
    files["users.csv"].append(files.user("tom") | {"sourcedId": "new", "email": "tom@demo.example"})

    (line,) = refused(school, files)
    assert line.row == files.row_of("new")


@pytest.mark.parametrize(("email", "username"), [("omar@demo.example", "x"), ("", " ")])
def test_a_sign_in_name_that_is_none_or_another_s(
    session: Session, email: str, username: str
) -> None:
    files = roster()
    files.user("dina").update(email=email, username=username)

    (line,) = refused(session, files)
    assert line.row == files.row_of("dina")


def test_a_student_with_a_role_of_staff_gets_no_account(session: Session) -> None:
    files = roster("1.2")
    files["roles.csv"].append(
        {"sourcedId": "r", "userSourcedId": "luis", "role": "teacher", "orgSourcedId": "n"}
        | {"roleType": "secondary", "beginDate": "", "endDate": ""}
    )
    report = accepted(session, files)

    assert report.counts["staff"] == 4
    assert any("student has a role of staff" in line.what for line in report.warnings)


def test_an_address_of_an_office_gets_no_account_and_the_rest_comes_in(session: Session) -> None:
    files = roster()
    files.user("cora").update(email="Front.Office@example.org")
    report = accepted(session, files)

    assert report.counts["staff"] == 3
    [line] = [line for line in report.warnings if "belongs to an office" in line.what]
    assert line.row == files.row_of("cora")
    assert "An account is one person's" in line.do_next


def test_a_student_whose_role_has_ended_has_left(session: Session) -> None:
    files = roster("1.2")
    role = next(row for row in files["roles.csv"] if row["userSourcedId"] == "zoe")
    accepted(session, files)
    role["endDate"] = "2026-11-10"

    report = accepted(session, files)

    zoe = student(session, "zoe")
    stay = session.scalars(select(Enrollment).where(Enrollment.student_id == zoe.id)).one()
    assert report.counts["students_left"] == 1
    assert zoe.missing_since == LATER
    assert stay.ends_at is not None
    assert stay.ends_at < NOW
    assert "Left South School" in session.scalars(select(HistoryEntry.headline)).all()


def test_rows_marked_as_deleted_are_as_if_they_were_not_there(school: Session) -> None:
    files = roster()
    files.user("luis")["status"] = "tobedeleted"
    report = accepted(school, files)

    assert student(school, "luis").missing_since == LATER
    assert any("marked as deleted" in line.what for line in report.warnings)


def test_a_department_belongs_to_its_school(session: Session) -> None:
    files = roster()
    files["orgs.csv"].append(
        files["orgs.csv"][1]
        | {"sourcedId": "dep", "type": "department", "identifier": "", "parentSourcedId": "n"}
    )
    files.user("luis")["orgSourcedIds"] = "dep"
    files["classes.csv"][0]["schoolSourcedId"] = "dep"
    accepted(session, files)

    stay = session.execute(
        select(School.name)
        .join(Enrollment, Enrollment.school_id == School.id)
        .where(Enrollment.student_id == student(session, "luis").id)
    ).scalar_one()
    assert stay == "North School"


# Classes and families


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "9999-12-31"), ("", "9999-12-31")])
def test_days_that_systems_write_for_never(session: Session, first: str, last: str) -> None:
    files = roster()
    files["classes.csv"][0]["termSourcedIds"] = ""
    files["enrollments.csv"][1] |= {"beginDate": first, "endDate": last}
    accepted(session, files)

    relation = session.scalars(select(Relation)).one()
    assert relation.ends_at is None
    assert relation.starts_at <= LATER


def test_a_class_of_an_unknown_term_has_no_end_for_now(session: Session) -> None:
    files = roster()
    files["classes.csv"][0]["termSourcedIds"] = "y,z"
    report = accepted(session, files)

    assert session.scalars(select(Relation.ends_at)).one() is None
    assert any(line.column == "termSourcedIds" for line in report.warnings)


def test_a_class_without_days_stays_one_relation_from_file_to_file(session: Session) -> None:
    files = roster()
    del files.tables["academicsessions.csv"]
    files["classes.csv"][0]["termSourcedIds"] = ""
    accepted(session, files)
    files.user("luis")["middleName"] = "Again"
    bring(session, files, LATER + timedelta(days=30))

    assert session.scalars(select(Relation.ends_at)).all() == [None]


def test_a_class_of_the_district_itself_is_left_out(session: Session) -> None:
    files = roster()
    files["classes.csv"][0]["schoolSourcedId"] = "d"
    report = accepted(session, files)

    assert report.counts["classes"] == 0
    assert any("belongs to no school" in line.what for line in report.warnings)


def test_stretches_that_touch_are_one_and_others_are_two(session: Session) -> None:
    files = roster()
    files.tables["enrollments.csv"] += [
        files["enrollments.csv"][1]
        | {"sourcedId": f"e{first}", "beginDate": first, "endDate": last}
        for first, last in (("2026-09-01", "2026-09-30"), ("2026-10-01", "2026-10-31"))
    ]
    files["enrollments.csv"][1] |= {"beginDate": "2026-12-01", "endDate": ""}
    accepted(session, files)

    spans = session.execute(
        select(Relation.starts_at, Relation.ends_at).order_by(Relation.starts_at)
    ).all()
    assert [(start.month, end.month) for start, end in spans] == [(9, 11), (12, 6)]


def test_a_student_who_changes_class_is_no_longer_the_teacher_s(school: Session) -> None:
    files = roster()
    files["enrollments.csv"][1] |= {"userSourcedId": "mei", "sourcedId": "e-mei"}

    accepted(school, files)

    rows = school.execute(
        select(Student.given_name, Relation.ends_at)
        .join(Student, Student.id == Relation.student_id)
        .order_by(Student.given_name)
    ).all()
    assert rows[0] == ("Luis", LATER)
    assert rows[1][1] > LATER


def test_a_file_without_classes_ends_none(school: Session) -> None:
    files = roster()
    del files.tables["enrollments.csv"], files.tables["classes.csv"]
    before = school.scalars(select(Relation.ends_at)).all()

    accepted(school, files)

    assert school.scalars(select(Relation.ends_at)).all() == before


def test_a_parent_missing_from_a_roster_keeps_the_rights(school: Session) -> None:
    files = roster().without("maria")
    for person in ("luis", "mei"):
        files.user(person)["agentSourcedIds"] = ""

    accepted(school, files)

    rights = school.scalars(select(Guardianship.rights_until).order_by(Guardianship.id)).all()
    assert rights.count(None) == 2


def test_rights_that_a_court_ended_are_not_given_back_by_a_file(school: Session) -> None:
    row = school.scalars(
        select(Guardianship).where(Guardianship.student_id == student(school, "mei").id)
    ).one()
    row.rights_until = NOW
    files = roster()
    files.user("maria")["phone"] = "(860) 555-0111"

    accepted(school, files)

    spans = school.scalars(
        select(Guardianship.rights_until).where(Guardianship.student_id == row.student_id)
    ).all()
    assert spans == [NOW]


def test_an_adult_may_name_the_student_instead(session: Session) -> None:
    files = roster()
    for person in ("luis", "mei"):
        files.user(person)["agentSourcedIds"] = ""
    files.user("maria")["agentSourcedIds"] = "luis,mei"

    accepted(session, files)
    assert session.scalar(select(func.count()).select_from(Guardianship)) == 2


def test_an_adult_who_is_not_in_the_file_is_told(session: Session) -> None:
    report = accepted(session, roster().without("tia"))

    assert [line.column for line in report.warnings] == ["", "agentSourcedIds"]


# A change of school that was written down in the portal


def moved(session: Session) -> tuple[Enrollment, Enrollment]:
    """Luis went from North School to South School this morning; the file says North still."""
    luis = student(session, "luis")
    [old] = session.scalars(select(Enrollment).where(Enrollment.student_id == luis.id)).all()
    south = session.scalars(select(School).where(School.id != old.school_id)).one()
    old.ends_at = NOW
    for relation in session.scalars(select(Relation).where(Relation.student_id == luis.id)):
        relation.ends_at = NOW
    new = make.stored(
        session,
        Enrollment(student_id=luis.id, school_id=south.id, starts_at=NOW, moved_at=NOW),
    )
    return old, new


def test_a_roster_does_not_undo_a_change_of_school_and_says_so(school: Session) -> None:
    old, new = moved(school)

    files = roster()
    files.user("zoe")["phone"] = "860-555-0199"  # else it would be the same set again
    report = accepted(school, files)

    school.expire_all()
    assert (old.ends_at, new.ends_at) == (NOW, None)
    assert new.moved_at == NOW
    assert any("another school, by a change written down" in line.what for line in report.warnings)
    still = select(func.count()).select_from(Relation)
    still = still.where(Relation.student_id == new.student_id, Relation.ends_at.is_(None))
    assert school.scalar(still) == 0  # nor in the classes of the old school


def test_once_a_roster_knows_of_the_change_it_is_the_rosters(school: Session) -> None:
    _old, new = moved(school)
    south = school.get_one(School, new.school_id).source_id
    files = roster()
    files.user("luis")["orgSourcedIds"] = south or ""
    files.tables["enrollments.csv"] = [
        row for row in files["enrollments.csv"] if row["userSourcedId"] != "luis"
    ]
    report = accepted(school, files)

    school.expire_all()
    assert (new.moved_at, new.ends_at) == (None, None)
    assert not any("written down" in line.what for line in report.warnings)
