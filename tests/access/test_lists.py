"""Lists of students: whom one reaches, found by typing, each list noted in the trail."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select

from portal.access import assignable, gate, visible
from portal.access import facts as facts_of
from portal.access.lists import (
    StudentLine,
    fold,
    my_students,
    readable_students,
    shared_students,
)
from portal.policy.finding import may_find, may_find_by_grant
from portal.policy.gate import may_open
from portal.policy.levels import LEVELS
from portal.policy.tasks import Task
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.papers import Agreement
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    Enrollment,
    HiddenStudent,
    StaffLock,
    Student,
)
from portal.store.places import School
from portal.store.records import Record
from portal.vocabulary import Category, ConsentEventKind, Detail, Level, RelationKind, Role
from tests import factories as make
from tests.engines import rolled_back
from tests.people import LONG_AGO, NOW, Cast, store_cast

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)


def mine(cast: Cast, who: str, typed: str = "", **more) -> list[str]:
    found = my_students(cast.session, cast.who(getattr(cast, who)), NOW, typed, **more)
    return [line.given_name for line in found]


def shared(cast: Cast, who: str, purpose: str = "coordinate") -> list[str]:
    me = cast.who(getattr(cast, who))
    return [line.given_name for line in shared_students(cast.session, me, purpose, NOW)]


@pytest.fixture
def consent(cast: Cast):
    make.record(cast.session, cast.luis, Category.VISITS)
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria)


# Whom one reaches


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("ana", ["Luis", "Mei"]),  # serves both
        ("omar", ["Luis", "Mei"]),  # principal of their school
        ("tom", ["Luis"]),  # in his class
        ("dina", ["Mei"]),  # who has a 504 plan
        ("sue", ["Zoe", "Luis", "Mei"]),  # everybody, by last name
        ("rita", []),  # an agency has no students of its own
        ("alma", []),
        ("hugo", []),
    ],
)
def test_one_finds_the_students_of_one_s_level(cast: Cast, who, names):
    assert mine(cast, who) == names


@pytest.mark.parametrize("level", Level)
def test_the_list_reaches_whom_the_rule_reaches(cast: Cast, level):
    cast.ana.level = level
    cast.ana.school_id = cast.north.id
    cast.session.flush()

    listed = set(mine(cast, "ana"))

    for student in (cast.luis, cast.mei, cast.zoe):
        facts = facts_of.load_known(cast.session, cast.ana.id, student.id)
        assert (student.given_name in listed) == LEVELS[level].reaches(facts, NOW)


def test_nobody_is_listed_to_whoever_is_no_longer_there(cast: Cast):
    me = cast.who(cast.ana)
    cast.ana.active_until = NOW
    cast.session.flush()

    assert my_students(cast.session, me, NOW - timedelta(microseconds=1)) != []
    assert my_students(cast.session, me, NOW) == []


def test_nobody_is_listed_of_another_district(cast: Cast):
    other = make.organization(cast.session, "Elsewhere Public Schools")
    sam = make.user(cast.session, other, "Sam Super", Role.SUPERINTENDENT, Level.SUPERINTENDENT)

    assert my_students(cast.session, cast.who(sam), NOW) == []


# Typing


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("sam", ["Luis", "Mei"]),
        ("SAMPLE", ["Luis", "Mei"]),
        ("sample l", ["Luis"]),
        ("  sample   mei ", ["Mei"]),
        ("mei", ["Mei"]),
        ("zo", ["Zoe"]),
        ("ample", []),  # only from the beginning
        ("0000000101", ["Luis"]),
        ("000000010", []),  # a SASID counts whole
        ("%", []),
        ("_uis", []),
        ("s%e", []),
        ("\\", []),
        ("'; drop table student; --", []),
        ("\x00", ["Zoe", "Luis", "Mei"]),
        ("sam\x00ple", ["Luis", "Mei"]),
        ("   ", ["Zoe", "Luis", "Mei"]),
        ("x" * 10_000, []),
    ],
)
def test_typing_narrows_by_the_beginning_of_a_name_or_a_whole_sasid(cast: Cast, typed, names):
    assert mine(cast, "sue", typed) == names


@pytest.mark.parametrize("typed", ["núñez", "NUNEZ", "nun\u0303ez", "Núñez  Óscar", "oscar", "ó"])
def test_accents_and_case_do_not_matter(cast: Cast, typed):
    make.student(cast.session, cast.district, "Óscar", "Núñez", None)

    assert mine(cast, "sue", typed) == ["Óscar"]


def test_typing_never_finds_anybody_out_of_reach(cast: Cast):
    assert mine(cast, "tom", "mei") == []
    assert mine(cast, "tom", "0000000102") == []


@given(text=st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert fold(f"  {text}\t") == fold(text)


def test_no_more_than_a_screen_can_hold(cast: Cast):
    assert mine(cast, "sue", most=2) == ["Zoe", "Luis"]


def test_a_line_tells_enough_to_choose_by(cast: Cast):
    [luis] = my_students(cast.session, cast.who(cast.tom), NOW)

    assert luis == StudentLine(cast.luis.id, "Sample", "Luis", "7", "North School", "0101")
    assert luis.label == "Sample, Luis · grade 7 · 0101"


def test_without_school_or_sasid_a_line_leaves_them_out(cast: Cast):
    make.student(cast.session, cast.district, "Nia", "Newcomer", None)

    [nia] = my_students(cast.session, cast.who(cast.sue), NOW, "nia")

    assert (nia.school, nia.sasid_tail) == ("", "")
    assert nia.label == "Newcomer, Nia · grade 7"


def enroll(cast: Cast, school: School, starts_at=NOW, **more) -> None:
    about = {"student_id": cast.luis.id, "school_id": school.id, "starts_at": starts_at}
    make.stored(cast.session, Enrollment(**about, **more))


def school_of_luis(cast: Cast) -> str:
    [luis] = my_students(cast.session, cast.who(cast.tom), NOW)
    return luis.school


def test_the_school_is_the_one_entered_last_and_not_one_to_come(cast: Cast):
    enroll(cast, cast.south)
    enroll(cast, cast.north, NOW - DAY)
    enroll(cast, cast.north, NOW + TICK)

    assert school_of_luis(cast) == "South School"


@pytest.mark.parametrize("first", ["north", "south"])
def test_of_two_schools_entered_at_once_it_is_always_the_same(cast: Cast, first):
    keys = {"north": uuid.UUID(int=1), "south": uuid.UUID(int=2)}
    for name in sorted(keys, key=lambda name: name != first):
        enroll(cast, getattr(cast, name), id=keys[name])

    assert school_of_luis(cast) == "North School"


def test_students_of_one_name_stand_in_one_order(cast: Cast):
    keys = [make.student(cast.session, cast.district, "Nia", "Newcomer", None).id for _ in range(8)]

    found = my_students(cast.session, cast.who(cast.sue), NOW, "nia")

    assert [line.id for line in found] == sorted(keys)


# By a grant


def test_whoever_has_a_grant_finds_the_student_whose_page_it_opens(cast: Cast):
    grant(cast, "tom", cast.mei, (LONG_AGO, None), approved=True)
    tom = cast.who(cast.tom)

    found = readable_students(cast.session, tom, NOW)

    assert [line.given_name for line in found] == ["Luis", "Mei"]
    assert mine(cast, "tom") == ["Luis"]
    first = cast.session.scalars(select(TrailLine).order_by(TrailLine.id)).first()
    assert (first.event, first.allowed, first.at) == ("students.listed", True, NOW)
    assert (first.user_id, first.detail) == (cast.tom.id, {"count": 2})


# What others share


def test_an_agency_s_case_team_finds_the_students_shared_with_it(cast: Cast, consent):
    assert shared(cast, "rita") == ["Luis"]
    for who in ("rob", "alma", "hugo", "ana", "sue"):
        assert shared(cast, who) == []


def test_a_consent_in_summary_tells_the_name_too(cast: Cast):
    make.record(cast.session, cast.luis, Category.VISITS)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, detail=Detail.SUMMARY)

    assert shared(cast, "rita") == ["Luis"]


def test_for_no_other_purpose(cast: Cast, consent):
    assert shared(cast, "rita", "evaluate") == []
    assert shared(cast, "rita", "curiosity") == []


@pytest.mark.parametrize("change", ["nothing", "revoked", "left", "sealed name", "no name"])
def test_whoever_is_listed_has_a_name_that_the_rule_opens(cast: Cast, consent, change):
    me = cast.who(cast.rita)
    name = cast.session.scalars(
        select(Record).where(
            Record.student_id == cast.luis.id, Record.category == Category.IDENTITY
        )
    ).one()
    if change == "revoked":
        make.event(cast.session, consent, ConsentEventKind.REVOKED, NOW)
    if change == "left":
        cast.rita.active_until = NOW
    if change == "sealed name":
        name.sealed_from = LONG_AGO
    if change == "no name":
        cast.session.delete(name)
    cast.session.flush()

    facts = facts_of.load_known(cast.session, cast.rita.id, cast.luis.id)
    named = any(
        may_open(facts, record, "coordinate", NOW)
        for record in facts.shelf
        if record.category == Category.IDENTITY
    )
    listed = shared_students(cast.session, me, "coordinate", NOW)

    assert [line.id for line in listed] == ([cast.luis.id] if named else [])
    assert named == (change == "nothing")


def test_own_students_are_not_shared_with_oneself(cast: Cast, consent):
    ours = select(Student.id).where(visible.shared_students(cast.who(cast.ana), "coordinate", NOW))

    assert cast.session.scalars(ours).all() == []


# Hidden, and locked


def hide(cast: Cast, student: Student, start=LONG_AGO, end=None) -> None:
    span = {"starts_at": start, "ends_at": end, "set_by": cast.omar.id}
    make.stored(cast.session, HiddenStudent(student_id=student.id, **span))


def test_a_hidden_student_is_found_by_the_people_who_know_them(cast: Cast):
    hide(cast, cast.luis)

    assert mine(cast, "ana") == ["Luis", "Mei"]
    assert mine(cast, "tom") == ["Luis"]
    assert mine(cast, "omar") == ["Mei"]
    assert mine(cast, "sue") == ["Zoe", "Mei"]
    assert mine(cast, "sue", "luis") == mine(cast, "sue", "sample l") == []


def test_and_by_the_exact_number(cast: Cast):
    hide(cast, cast.luis)

    assert mine(cast, "sue", "0000000101") == ["Luis"]
    assert mine(cast, "omar", " 0000000101 ") == ["Luis"]
    assert mine(cast, "sue", "000000010") == []
    assert mine(cast, "dina", "0000000101") == []


def test_no_wider_right_finds_who_left_or_never_came(cast: Cast):
    left = make.student(cast.session, cast.district, "Lou", "Sample", None, "0000000199")
    for who in ("omar", "dina", "sue"):
        assert ("Lou" in mine(cast, who)) == (who == "sue")
    hide(cast, left)

    for who in ("ana", "omar", "dina", "sue"):
        assert "Lou" not in mine(cast, who)
        assert mine(cast, who, "lou") == []
    assert mine(cast, "sue", "0000000199") == ["Lou"]


def test_hidden_from_browsing_is_not_refused(cast: Cast):
    hide(cast, cast.luis)

    student = gate.open_student(
        cast.session, cast.who(cast.omar), cast.luis.id, Task.SEE_STUDENT, NOW
    )

    assert student is cast.luis


def test_a_partner_s_list_is_another_matter(cast: Cast, consent):
    hide(cast, cast.luis)

    assert shared(cast, "rita") == ["Luis"]


def lock(cast: Cast, who: str, student: Student, start=LONG_AGO, end=None) -> None:
    span = {"starts_at": start, "ends_at": end, "set_by": cast.omar.id}
    about = {"user_id": getattr(cast, who).id, "student_id": student.id}
    make.stored(cast.session, StaffLock(**about, **span))


def test_a_lock_takes_the_student_out_of_every_list(cast: Cast, consent):
    for who in ("ana", "tom", "omar", "sue", "rita", "dina"):
        lock(cast, who, cast.luis)
    lock(cast, "dina", cast.zoe)  # hers alone: to the others Zoe stays

    assert mine(cast, "ana") == mine(cast, "omar") == ["Mei"]
    assert mine(cast, "tom") == shared(cast, "rita") == []
    assert mine(cast, "sue") == ["Zoe", "Mei"]
    assert mine(cast, "sue", "0000000101") == []
    dina = cast.who(cast.dina)
    to_assign = select(Student.given_name).where(assignable.students(dina, NOW))
    assert sorted(cast.session.scalars(to_assign)) == ["Mei"]


def grant(cast: Cast, who: str, student: Student, span, *, approved: bool) -> None:
    about = {"user_id": getattr(cast, who).id, "student_id": student.id, "approved": approved}
    row = make.stored(cast.session, AccessGrant(**about, starts_at=span[0], ends_at=span[1]))
    kind = AccessGrantCategory(access_grant_id=row.id, category=Category.IDENTITY)
    make.stored(cast.session, kind)


@given(random=st.randoms(use_true_random=True))
def test_the_rule_and_the_query_find_the_same_students(engine: Engine, random):
    near = (LONG_AGO, NOW - TICK, NOW, NOW + TICK, None)
    with rolled_back(engine) as session:
        cast = store_cast(session)
        for student in (cast.luis, cast.mei, cast.zoe):
            for _ in range(random.choice((0, 1, 1, 2))):
                hide(cast, student, random.choice(near[:4]), random.choice(near))
            for who in ("ana", "sue", "omar", "dina", "tom"):
                if random.random() < 0.3:
                    lock(cast, who, student, random.choice(near[:4]), random.choice(near))
                if random.random() < 0.5:
                    span = random.choice(near[:4]), random.choice(near)
                    grant(cast, who, student, span, approved=random.random() < 0.8)
                if random.random() < 0.3:
                    kind = random.choice(list(RelationKind))
                    make.relation(session, getattr(cast, who), student, kind)
        for who in ("ana", "sue", "omar", "dina", "tom", "rita"):
            user = getattr(cast, who)
            user.level = random.choice((user.level, user.level, *Level))
            session.flush()
            me = cast.who(user)
            by_name = set(session.scalars(select(Student.id).where(visible.students(me, NOW))))
            typed = select(Student.id).where(visible.students_by_number(me, NOW))
            by_number = set(session.scalars(typed))
            granting = select(Student.id).where(visible.students_by_grant(me, NOW))
            granted = set(session.scalars(granting))
            for student in (cast.luis, cast.mei, cast.zoe):
                facts = facts_of.load_known(session, user.id, student.id)
                asked = (facts, str(cast.district.id), NOW)
                assert (student.id in by_name) == bool(may_find(*asked))
                assert (student.id in by_number) == bool(may_find(*asked, by_number=True))
                assert (student.id in granted) == bool(may_find_by_grant(*asked))


# The trail


def test_a_list_of_one_s_own_leaves_a_line_with_its_length(cast: Cast):
    mine(cast, "ana")

    line = cast.session.scalars(select(TrailLine)).one()
    assert (line.event, line.allowed, line.detail) == ("students.listed", True, {"count": 2})
    assert (line.user_id, line.at) == (cast.ana.id, NOW)


def test_a_list_across_names_every_student_on_it(cast: Cast, consent):
    shared(cast, "rita")

    line = cast.session.scalars(select(TrailLine)).one()
    assert (line.event, line.purpose) == ("students.listed_across", "coordinate")
    assert (line.allowed, line.user_id, line.at) == (True, cast.rita.id, NOW)
    assert line.opened == ["identity"]
    agreement = cast.session.scalar(select(Agreement.id).where(Agreement.b_id == cast.riverside.id))
    assert line.basis == sorted([str(consent.id), str(agreement)])
    about = select(TrailStudent.student_id).where(TrailStudent.line_id == line.id)
    assert cast.session.scalars(about).all() == [cast.luis.id]


@pytest.mark.parametrize(("who", "questions"), [("sue", 2), ("rita", 3)])
def test_a_list_is_one_question_however_long_it_is(cast: Cast, consent, who, questions):
    """And one more about the papers behind names that another organization opens."""
    me = cast.who(getattr(cast, who))

    def asked() -> int:
        statements: list[str] = []
        listen = (cast.session.connection(), "before_cursor_execute")

        def count(_connection, _cursor, statement, *_rest):
            if statement.lstrip().startswith(("SELECT", "WITH")):
                statements.append(statement)

        event.listen(*listen, count)
        my_students(cast.session, me, NOW)
        shared_students(cast.session, me, "coordinate", NOW)
        event.remove(*listen, count)
        return len(statements)

    assert asked() == questions
    for number in range(20):
        make.student(cast.session, cast.district, f"Given{number}", "Sample", None)
    assert asked() == questions
