"""Locks between a member of the staff and a student, and students left out of lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.people import HiddenStudent, StaffLock, User
from portal.transitions import locks, queries
from portal.transitions.rules import HideDraft, LockDraft
from tests.people import NOW, Cast

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
MIDNIGHT_AFTER = timedelta(hours=14)


def lock(cast: Cast, by: User, **more: object) -> StaffLock:
    draft = LockDraft(cast.ana.id, cast.luis.id, reason="She is his aunt.")
    draft = replace(draft, **more)  # type: ignore[arg-type]
    return locks.lock(cast.session, cast.who(by), draft, NOW)


def hide(cast: Cast, by: User, **more: object) -> HiddenStudent:
    draft = replace(HideDraft(cast.luis.id, reason="A threat."), **more)  # type: ignore[arg-type]
    return locks.hide(cast.session, cast.who(by), draft, NOW)


def last_event(cast: Cast) -> str:
    from portal.access import trail

    trail.settle(cast.session)
    lines = select(TrailLine.event).order_by(TrailLine.id.desc())
    return cast.session.scalars(lines).first() or ""


def test_a_lock_stands_from_now_with_its_reason(cast: Cast) -> None:
    row = lock(cast, cast.omar, until=TODAY)

    assert (row.starts_at, row.ends_at) == (NOW, NOW + MIDNIGHT_AFTER)
    assert last_event(cast) == "lock.set"
    [line] = queries.locks(cast.session, cast.who(cast.omar), NOW)
    assert (line.user, line.student.name, line.reason) == (
        "Ana Counts",
        "Sample, Luis",
        "She is his aunt.",
    )


def test_the_same_lock_again_stays_one(cast: Cast) -> None:
    assert lock(cast, cast.omar).id == lock(cast, cast.dina).id


def test_a_lock_is_lifted_once(cast: Cast) -> None:
    row = lock(cast, cast.omar)
    locks.lift(cast.session, cast.who(cast.dina), row.id, NOW + DAY)
    locks.lift(cast.session, cast.who(cast.dina), row.id, NOW + 2 * DAY)

    assert row.ends_at == NOW + DAY
    assert queries.locks(cast.session, cast.who(cast.omar), NOW + DAY) == []
    assert lock(cast, cast.omar).id == row.id  # as of then it stood


def test_nobody_sees_or_lifts_their_own(cast: Cast) -> None:
    row = lock(cast, cast.dina, user_id=cast.omar.id)

    assert queries.locks(cast.session, cast.who(cast.omar), NOW) == []
    with pytest.raises(NotFound):
        locks.lift(cast.session, cast.who(cast.omar), row.id, NOW)
    assert len(queries.locks(cast.session, cast.who(cast.dina), NOW)) == 1


def test_a_hidden_student_is_shown_again(cast: Cast) -> None:
    row = hide(cast, cast.omar, until=TODAY)
    assert row.ends_at == NOW + MIDNIGHT_AFTER
    assert hide(cast, cast.omar).id == row.id
    [line] = queries.hidden(cast.session, cast.who(cast.dina), NOW)
    assert (line.id, line.reason, line.student.number_tail) == (row.id, "A threat.", "0101")

    locks.show(cast.session, cast.who(cast.omar), row.id, NOW + timedelta(hours=1))
    locks.show(cast.session, cast.who(cast.omar), row.id, NOW + timedelta(hours=2))
    assert row.ends_at == NOW + timedelta(hours=1)
    assert last_event(cast) in ("hiding.lifted", "student.keep_locks")


def test_a_principal_keeps_the_building_an_administrator_the_district(cast: Cast) -> None:
    with pytest.raises(NotFound):
        lock(cast, cast.omar, student_id=cast.zoe.id)
    with pytest.raises(NotFound):
        hide(cast, cast.omar, student_id=cast.zoe.id)
    far = lock(cast, cast.dina, student_id=cast.zoe.id)
    away = hide(cast, cast.dina, student_id=cast.zoe.id)
    with pytest.raises(NotFound):
        locks.lift(cast.session, cast.who(cast.omar), far.id, NOW)
    with pytest.raises(NotFound):
        locks.show(cast.session, cast.who(cast.omar), away.id, NOW)
    assert queries.locks(cast.session, cast.who(cast.omar), NOW) == []
    assert queries.hidden(cast.session, cast.who(cast.omar), NOW) == []


def test_others_keep_none(cast: Cast) -> None:
    for other in (cast.ana, cast.tom, cast.sue, cast.alma):
        with pytest.raises(Refused):
            lock(cast, other)
        with pytest.raises(Refused):
            hide(cast, other)
        for act in (locks.lift, locks.show):
            with pytest.raises(Refused):
                act(cast.session, cast.who(other), cast.luis.id, NOW)


def test_what_there_is_not(cast: Cast) -> None:
    for act in (locks.lift, locks.show):
        with pytest.raises(NotFound):
            act(cast.session, cast.who(cast.dina), cast.luis.id, NOW)
    for user in (cast.rita.id, cast.luis.id):
        with pytest.raises(NotFound):
            lock(cast, cast.dina, user_id=user)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"user_id": None}, ["Staff"]),
        ({"student_id": None}, ["Student"]),
        ({"until": TODAY - DAY}, ["Until"]),
        ({"reason": " "}, ["Reason"]),
        ({"reason": "x" * 50_000}, ["Reason"]),
    ],
)
def test_what_is_missing_is_told(cast: Cast, changes, fields) -> None:
    with pytest.raises(NotReady) as told:
        lock(cast, cast.omar, **changes)
    assert [problem.field for problem in told.value.problems] == fields
    if "user_id" not in changes:
        with pytest.raises(NotReady):
            hide(cast, cast.omar, **changes)
