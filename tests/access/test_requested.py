"""Whom a written request is about: to its applicant by their reach, to its decider by name."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access import requested, trail
from portal.access.requested import Named, Use
from portal.access.trail import Entry
from portal.errors import Refused
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequest, AccessRequestStudent
from portal.store.people import AccessGrant, AccessGrantCategory, StaffLock, Student, User
from portal.vocabulary import (
    Category,
    InformationForm,
    Level,
    RequestKind,
    RequestStatus,
    Role,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)


def a_request(cast: Cast, number: str = "Q-1", **changes) -> AccessRequest:
    """Tom's, decided an hour ago."""
    values = {
        "organization_id": cast.district.id,
        "number": number,
        "kind": RequestKind.STAFF,
        "status": RequestStatus.GRANTED,
        "applicant_id": cast.tom.id,
        "form": InformationForm.IDENTIFIED,
        "wanted_from": NOW.date(),
        "wanted_until": NOW.date(),
        "written_by": cast.tom.id,
        "written_at": LONG_AGO,
        "decided_at": NOW - HOUR,
    }
    return make.stored(cast.session, AccessRequest(**values | changes))


def asked(cast: Cast, request: AccessRequest, *students: Student) -> None:
    for student in students:
        row = AccessRequestStudent(request_id=request.id, student_id=student.id)
        make.stored(cast.session, row)


def granted(
    cast: Cast, request: AccessRequest, student: Student, who: User | None = None, **changes
) -> AccessGrant:
    """The name of this student to Tom, since an hour ago and for an hour more."""
    values = {"starts_at": NOW - HOUR, "ends_at": NOW + HOUR} | changes
    grant = AccessGrant(
        user_id=(who or cast.tom).id,
        student_id=student.id,
        approved=True,
        request_id=request.id,
        **values,
    )
    make.stored(cast.session, grant)
    category = AccessGrantCategory(access_grant_id=grant.id, category=Category.IDENTITY)
    make.stored(cast.session, category)
    return grant


def a_student(cast: Cast, given: str, family: str, **changes) -> Student:
    found = make.student(cast.session, cast.district, given, family, date(2013, 1, 1))
    for name, value in changes.items():
        setattr(found, name, value)
    cast.session.flush()
    return found


def three_students(cast: Cast) -> dict[uuid.UUID, str]:
    """Of the district, in the order of a list; their keys and their coming are in another one."""
    names = {2: "Bea Twin", 3: "Abe Able", 1: "Bea Twin"}
    for key, name in names.items():
        given, family = name.split()
        row = Student(id=uuid.UUID(int=key), district_id=cast.district.id, grade="7")
        row.given_name, row.family_name, row.search_name = given, family, f"{family} {given}"
        make.stored(cast.session, row)
    return {uuid.UUID(int=key): names[key] for key in (3, 1, 2)}


def elsewhere(cast: Cast):
    """A district next door, and its superintendent."""
    other = make.organization(cast.session, "Elm Valley", code="0990012")
    chief = make.user(cast.session, other, "Vera", Role.SUPERINTENDENT, Level.SUPERINTENDENT)
    return other, chief


def test_to_the_applicant_only_those_of_class_and_grant_are_names_in_their_order(cast: Cast):
    request = a_request(cast)
    granted(cast, request, cast.zoe)
    granted(cast, request, cast.mei, ends_at=NOW)
    everybody = [cast.luis.id, cast.mei.id, cast.zoe.id]

    def told(ids, user=cast.tom):
        return list(requested.reached(cast.session, cast.who(user), ids, NOW).items())

    zoe, luis = (cast.zoe.id, "Zoe Elsewhere"), (cast.luis.id, "Luis Sample")
    assert told(everybody) == [zoe, luis]
    assert told([cast.luis.id]) == [luis]
    assert told(everybody, cast.rob) == []


def test_students_are_told_by_name_and_of_one_name_by_their_key(cast: Cast):
    request, three = a_request(cast), three_students(cast)
    for key in reversed(three):
        granted(cast, request, cast.session.get_one(Student, key))
    asked(cast, request, *(cast.session.get_one(Student, uuid.UUID(int=n)) for n in (2, 3, 1)))
    tom, sue = cast.who(cast.tom), cast.who(cast.sue)

    assert list(requested.reached(cast.session, tom, three, NOW).items()) == list(three.items())
    named = requested.named(cast.session, sue, request, NOW)
    assert [(one.id, one.name) for one in named] == list(three.items())
    opened = requested.opened_now(cast.session, tom, [request.id], NOW)
    assert opened == {request.id: list(three.items())}


def test_whoever_decides_is_told_everybody_by_name_and_of_each_lock(cast: Cast):
    other, _chief = elsewhere(cast)
    far = make.student(cast.session, other, "Far", "Away", date(2013, 1, 1), "0000000999")
    ben = a_student(cast, "Ben", "Able", grade="8")
    request = a_request(
        cast, numbers=["0000000999", "4711", "0000000103", "0000000102", "0000000000"]
    )
    asked(cast, request, cast.mei, far, ben)
    asked(cast, a_request(cast, "Q-2"), cast.luis)
    cast.luis.local_id = "4711"
    cast.session.flush()
    lock = {"starts_at": LONG_AGO, "set_by": cast.omar.id}
    for values in (
        {"user_id": cast.tom.id, "student_id": cast.zoe.id},
        {"user_id": cast.tom.id, "student_id": ben.id, "ends_at": NOW},
        {"user_id": cast.ana.id, "student_id": cast.luis.id},
    ):
        make.stored(cast.session, StaffLock(**lock | values))

    found = requested.named(cast.session, cast.who(cast.sue), request, NOW)

    assert found == [
        Named(ben.id, "Ben Able", "8", "", False),
        Named(cast.mei.id, "Mei Sample", "7", "", False),
        Named(cast.luis.id, "Luis Sample", "7", "4711", False),
        Named(cast.zoe.id, "Zoe Elsewhere", "7", "0000000103", True),
    ]


def test_whom_a_request_is_about_is_told_to_nobody_else(cast: Cast):
    _other, chief = elsewhere(cast)
    request = a_request(cast)
    for user in (cast.tom, cast.dina):
        with pytest.raises(Refused):
            requested.named(cast.session, cast.who(user), request, NOW)
        with pytest.raises(Refused):
            requested.used(cast.session, cast.who(user), request, NOW)
    with pytest.raises(Refused) as told:
        requested.named(cast.session, cast.who(chief), request, NOW)

    said = (told.value.what, told.value.do_next)
    assert said == ("This request is another district's.", "Open one of your own.")


def test_a_number_names_whoever_has_it_alone_and_the_sasid_goes_first(cast: Cast):
    other, _chief = elsewhere(cast)
    make.student(cast.session, other, "Far", "Away", date(2013, 1, 1), "0000000999")
    by_sasid = a_student(cast, "Ann", "One", sasid="0000000555")
    a_student(cast, "Bo", "Two", local_id="0000000555")
    a_student(cast, "Cy", "Three", local_id="77")
    a_student(cast, "Di", "Four", local_id="77")
    alone = a_student(cast, "Ed", "Five", local_id="88")

    def whose(number: str) -> Student | None:
        return requested.by_number(cast.session, cast.district.id, number)

    assert whose("0000000555") is by_sasid
    assert whose("88") is alone
    assert [whose(number) for number in ("77", "0000000999", "0000000000")] == [None] * 3


@pytest.fixture
def opened(cast: Cast) -> AccessRequest:
    """Tom's request for Zoe and Mei, under which he opened each of them."""
    request = a_request(cast)
    zoe, mei = granted(cast, request, cast.zoe), granted(cast, request, cast.mei)
    other = granted(cast, a_request(cast, "Q-2"), cast.luis)

    def line(user: User, student: Student, at: datetime, *grants: AccessGrant, **changes) -> None:
        detail = {"grants": [str(one.id) for one in grants]} if grants else {}
        told = {"event": "record.opened", "allowed": True, "opened": ("attendance",)} | changes
        entry = Entry(at=at, students=(student.id,), detail=detail, **told)
        trail.write(cast.session, cast.who(user), entry)

    line(cast.tom, cast.mei, NOW, mei, other)
    line(cast.tom, cast.zoe, NOW, zoe)
    line(cast.tom, cast.zoe, NOW - HOUR, zoe, opened=("courses", "attendance"))
    line(cast.tom, cast.zoe, NOW - HOUR - TICK, zoe)
    line(cast.tom, cast.luis, NOW, other)
    line(cast.tom, cast.luis, NOW)
    line(cast.ana, cast.zoe, NOW, zoe)
    line(cast.tom, cast.zoe, NOW, zoe, event="record.listed")
    line(cast.tom, cast.zoe, NOW, zoe, allowed=False)
    trail.settle(cast.session)
    return request


def use_lines(cast: Cast) -> list[TrailLine]:
    wanted = select(TrailLine).where(TrailLine.event == "request.use_read")
    return list(cast.session.scalars(wanted))


def test_what_was_opened_under_its_grants_is_told_the_newest_first_and_noted(cast: Cast, opened):
    assert requested.used(cast.session, cast.who(cast.sue), opened, NOW + HOUR) == [
        Use(NOW, "Zoe Elsewhere", ("attendance",)),
        Use(NOW, "Mei Sample", ("attendance",)),
        Use(NOW - HOUR, "Zoe Elsewhere", ("courses", "attendance")),
    ]
    [line] = use_lines(cast)
    assert (line.user_id, line.allowed, line.at) == (cast.sue.id, True, NOW + HOUR)
    assert line.subject == "Q-1"


def test_without_a_grant_and_to_another_district_nothing_is_told_or_noted(cast: Cast, opened):
    _other, chief = elsewhere(cast)

    assert requested.used(cast.session, cast.who(chief), opened, NOW) == []
    assert requested.used(cast.session, cast.who(cast.sue), a_request(cast, "Q-9"), NOW) == []
    assert use_lines(cast) == []


def test_each_of_my_requests_is_told_with_whom_it_opens_to_me_now(cast: Cast):
    first, second, third = (a_request(cast, f"Q-{n}") for n in (1, 2, 3))
    granted(cast, first, cast.mei)
    granted(cast, first, cast.zoe, starts_at=NOW)
    granted(cast, first, cast.luis, ends_at=NOW)  # another one still opens him
    granted(cast, second, cast.luis)
    granted(cast, second, cast.zoe, who=cast.omar)  # not mine
    granted(cast, third, cast.mei)
    ids = [first.id, second.id]

    found = requested.opened_now(cast.session, cast.who(cast.tom), ids, NOW)

    assert found == {
        first.id: [(cast.zoe.id, "Zoe Elsewhere"), (cast.mei.id, "Mei Sample")],
        second.id: [(cast.luis.id, "Luis Sample")],
    }
    cast.mei.district_id = elsewhere(cast)[0].id
    cast.session.flush()
    assert requested.opened_now(cast.session, cast.who(cast.tom), [third.id], NOW) == {}


def test_of_some_records_those_are_told_that_are_held_here(cast: Cast):
    ours = make.record(cast.session, cast.luis, Category.ATTENDANCE)
    theirs = make.record(cast.session, cast.luis, Category.VISITS, custodian=cast.riverside)
    make.record(cast.session, cast.luis, Category.COURSES)

    found = requested.held_here(
        cast.session, cast.who(cast.sue), [ours.id, theirs.id, uuid.UUID(int=1)]
    )

    assert found == {ours.id}
