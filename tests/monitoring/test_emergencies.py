"""A student is opened in an emergency; it closes by itself, and somebody else looks at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import gate, trail
from portal.access.actor import Actor
from portal.errors import NotFound, NotReady, Refused
from portal.monitoring import emergencies, queries
from portal.monitoring.emergencies import Declared, Verdict
from portal.policy.accounting import Law
from portal.stewardship.accounting.queries import rows
from portal.store.ledger import TrailLine
from portal.store.people import AccessGrant, StaffLock
from portal.vocabulary import Category
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

HOUR = timedelta(hours=1)
THREAT = "A classmate showed me a message in which Zoe writes that she will not live."
PROPER = Verdict(proper=True, note="I called Ana; the message is real.", guardian="Told at 11.")


@pytest.fixture
def zoe(cast: Cast) -> Cast:
    """Zoe, out of Ana's reach, has a visit, attendance, and a substance-use record."""
    for kind in (Category.VISITS, Category.ATTENDANCE, Category.SUD):
        make.record(cast.session, cast.zoe, kind)
    return cast


def draft(cast: Cast, **changes) -> Declared:
    kinds = frozenset({Category.VISITS, Category.ATTENDANCE})
    return replace(Declared(cast.zoe.id, kinds, THREAT, 24), **changes)


def declare(cast: Cast, me: Actor, key: str = "k", at=NOW, **changes):
    return emergencies.declare(cast.session, me, draft(cast, **changes), key, at)[0]


def opened(cast: Cast, me: Actor, at=NOW) -> set[Category]:
    record = gate.open_record(cast.session, me, cast.zoe.id, "coordinate", at)
    return {entry.category for entry in record.open if entry.items}


def test_it_opens_what_was_asked_for_until_it_closes_by_itself(zoe: Cast) -> None:
    ana = zoe.who(zoe.ana)
    with pytest.raises(NotFound):
        opened(zoe, ana)

    declare(zoe, ana)

    assert opened(zoe, ana) == {Category.IDENTITY, Category.VISITS, Category.ATTENDANCE}
    assert opened(zoe, ana, NOW + 24 * HOUR - timedelta(microseconds=1))
    with pytest.raises(NotFound):
        opened(zoe, ana, NOW + 24 * HOUR)


def test_the_ledger_and_the_familys_list_tell_it(zoe: Cast) -> None:
    ana = zoe.who(zoe.ana)
    declare(zoe, ana)
    opened(zoe, ana)
    trail.settle(zoe.session)

    told = rows(zoe.session, zoe.zoe, Law.FERPA, None, NOW)

    assert [row.event for row in told] == ["emergency.opened", "record.opened"]
    assert {ground.law for row in told for ground in row.grounds} == {"34 CFR 99.36"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"student_id": None}, "No student is chosen."),
        ({"kinds": frozenset()}, "Nothing is asked for."),
        ({"kinds": frozenset({Category.SUD})}, "An emergency does not open these records."),
        ({"threat": " too   short   to   be   a   threat "}, "The threat is not told."),
        ({"hours": 73}, "73 hours are not possible."),
        ({"hours": 0}, "0 hours are not possible."),
    ],
)
def test_what_is_missing_is_told(zoe: Cast, changes, says) -> None:
    with pytest.raises(NotReady) as told:
        declare(zoe, zoe.who(zoe.ana), **changes)
    assert [problem.what for problem in told.value.problems] == [says]


def test_a_teacher_a_partner_and_an_office_without_names_declare_none(zoe: Cast) -> None:
    bea = make.user(zoe.session, zoe.district, "Bud Get", zoe.dina.role, zoe.bea.level)
    for user in (zoe.tom, zoe.rita, zoe.sue, bea):
        with pytest.raises(Refused):
            declare(zoe, zoe.who(user))


def test_never_past_a_lock_nor_into_another_district(zoe: Cast) -> None:
    ana = zoe.who(zoe.ana)
    lock = StaffLock(user_id=ana.id, student_id=zoe.zoe.id, starts_at=LONG_AGO, set_by=zoe.sue.id)
    make.stored(zoe.session, lock)
    with pytest.raises(NotFound):
        declare(zoe, ana)
    assert queries.look_up(zoe.session, ana, "Zoe Elsewhere", NOW) == []

    elsewhere = make.organization(zoe.session, "Elm Valley", code="0990012")
    theirs = make.student(zoe.session, elsewhere, "Eli", "Far", None, "0000000999")
    with pytest.raises(NotFound):
        declare(zoe, ana, student_id=theirs.id)
    assert queries.look_up(zoe.session, ana, "0000000999", NOW) == []


def test_a_lock_set_afterwards_closes_it(zoe: Cast) -> None:
    ana = zoe.who(zoe.ana)
    declare(zoe, ana)
    make.stored(
        zoe.session,
        StaffLock(user_id=ana.id, student_id=zoe.zoe.id, starts_at=NOW, set_by=zoe.sue.id),
    )
    with pytest.raises(NotFound):
        opened(zoe, ana)


@pytest.mark.parametrize(
    "typed", ["Zoe Elsewhere", "elsewhere, zoe", " ELSEWHERE  ZOE ", "0000000103"]
)
def test_somebody_is_found_by_the_whole_name_or_number(zoe: Cast, typed: str) -> None:
    [found] = queries.look_up(zoe.session, zoe.who(zoe.ana), typed, NOW)
    assert (found.name, found.school) == ("Zoe Elsewhere", "South School")


@pytest.mark.parametrize("typed", ["Zoe", "Else", "Zoe Else", "103", "%", "", "Zo% Elsewhere"])
def test_nobody_is_found_by_a_part_of_it(zoe: Cast, typed: str) -> None:
    assert queries.look_up(zoe.session, zoe.who(zoe.ana), typed, NOW) == []


def test_a_second_click_opens_nothing_twice(zoe: Cast) -> None:
    ana = zoe.who(zoe.ana)
    first = emergencies.declare(zoe.session, ana, draft(zoe), "k", NOW)
    assert emergencies.declare(zoe.session, ana, draft(zoe), "k", NOW) == (first[0], False)
    assert len(zoe.session.scalars(select(AccessGrant)).all()) == 1


def test_the_same_person_does_not_renew_it_before_somebody_looked(zoe: Cast) -> None:
    ana, omar, later = zoe.who(zoe.ana), zoe.who(zoe.omar), NOW + 30 * HOUR
    first = declare(zoe, ana)
    with pytest.raises(Refused):
        declare(zoe, ana, "again", later)

    declare(zoe, omar, "a colleague", later)
    emergencies.review(zoe.session, zoe.who(zoe.sue), first, PROPER, later)
    declare(zoe, ana, "after the review", later)
    assert opened(zoe, ana, later)


def test_somebody_else_reviews_it_once_and_what_was_not_proper_closes(zoe: Cast) -> None:
    dina, sue = zoe.who(zoe.dina), zoe.who(zoe.sue)
    theirs = declare(zoe, dina)
    with pytest.raises(Refused):
        emergencies.review(zoe.session, dina, theirs, PROPER, NOW)
    with pytest.raises(Refused):
        emergencies.review(zoe.session, zoe.who(zoe.omar), theirs, PROPER, NOW)
    with pytest.raises(NotReady) as told:
        emergencies.review(zoe.session, sue, theirs, Verdict(None, " ", ""), NOW)
    assert len(told.value.problems) == 3

    emergencies.review(zoe.session, sue, theirs, replace(PROPER, proper=False), NOW + HOUR)
    emergencies.review(zoe.session, sue, theirs, PROPER, NOW + 2 * HOUR)

    [line] = queries.of_district(zoe.session, sue, NOW + 2 * HOUR)
    assert (line.proper, line.reviewer) == (False, "Sue Perin")
    assert not line.is_open(NOW + HOUR)
    assert "Told at 11." in line.note
    for key in (zoe.zoe.id, theirs):
        with pytest.raises(NotFound):
            emergencies.review(zoe.session, zoe.who(zoe.alma) if key == theirs else sue, key,
                               PROPER, NOW)  # fmt: skip


def test_a_review_is_overdue_after_one_working_day_and_reaches_the_superintendent(
    zoe: Cast,
) -> None:
    declare(zoe, zoe.who(zoe.ana))  # on a Friday at 10
    sue, dina, monday = zoe.who(zoe.sue), zoe.who(zoe.dina), NOW + 72 * HOUR
    assert queries.waiting(zoe.session, dina, NOW).reviews == 1
    assert queries.waiting(zoe.session, sue, monday - HOUR).reviews == 0
    assert queries.waiting(zoe.session, sue, monday).reviews == 1
    assert queries.waiting(zoe.session, zoe.who(zoe.ana), monday).reviews == 0
    [line] = queries.of_district(zoe.session, sue, monday)
    assert (line.due, line.late) == (monday, True)


def test_whoever_declared_it_may_close_it_sooner(zoe: Cast) -> None:
    ana = zoe.who(zoe.ana)
    key = declare(zoe, ana)
    with pytest.raises(NotFound):
        emergencies.close(zoe.session, zoe.who(zoe.omar), key, NOW + HOUR)
    emergencies.close(zoe.session, ana, key, NOW + HOUR)
    emergencies.close(zoe.session, ana, key, NOW + 2 * HOUR)
    with pytest.raises(NotFound):
        opened(zoe, ana, NOW + HOUR)
    trail.settle(zoe.session)
    events = zoe.session.scalars(select(TrailLine.event).order_by(TrailLine.id)).all()
    assert events.count("emergency.closed") == 1
