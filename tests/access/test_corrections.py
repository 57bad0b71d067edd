"""The door to a correction: what opens, what is noted of a refusal, and what is written down."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.access import corrections, trail
from portal.access.corrections import Change, ChangedMeanwhile, Found
from portal.errors import NotFound, NotReady, Problem, Refused
from portal.policy.corrections import Written
from portal.policy.decision import FULL, Basis, BasisKind, Reason, allow, refuse
from portal.policy.tasks import Task
from portal.store.ledger import TrailLine
from portal.store.records import Record
from portal.store.support import AmendmentRequest, Correction
from portal.vocabulary import AmendmentDecision, Category
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

TICK = timedelta(microseconds=1)
DAY = date(2026, 11, 20)


@pytest.fixture
def record(cast: Cast) -> Record:
    """A visit of Luis's that Ana wrote down long ago."""
    row = make.record(cast.session, cast.luis, Category.VISITS, author=cast.ana)
    row.written_at = LONG_AGO
    cast.session.flush()
    return row


def found_of(cast: Cast, record: Record) -> Found:
    return Found(record, cast.luis, Written(str(cast.ana.id), LONG_AGO))


def waiting(cast: Cast) -> list[tuple[Any, trail.Entry]]:
    return list(cast.session.info.get(trail.WAITING, []))


# Opening


def test_whoever_may_correct_it_gets_the_record_with_whose_it_is_and_who_wrote_it(
    cast: Cast, record: Record
) -> None:
    opened = corrections.open_one(cast.session, cast.who(cast.ana), record.id, NOW)

    assert opened == found_of(cast, record)
    assert opened.about == (cast.luis.id,)
    assert waiting(cast) == []


def sealed(_cast: Cast, record: Record) -> None:
    record.sealed_from = LONG_AGO


def restricted(cast: Cast, record: Record) -> None:
    record.restricted, record.author_id = True, cast.omar.id


def as_it_is(_cast: Cast, _record: Record) -> None:
    pass


REFUSALS = [
    ("ana", sealed, Task.CORRECT_RECORD, [Reason.SEALED]),
    ("sue", as_it_is, Task.CORRECT_RECORD, [Reason.NO_SUCH_TASK]),
    ("sue", as_it_is, Task.AMEND_RECORDS, [Reason.NO_SUCH_TASK]),
    ("ana", restricted, Task.CORRECT_RECORD, []),
    (
        "tom",
        sealed,
        Task.CORRECT_RECORD,
        [Reason.NO_SUCH_TASK, Reason.SEALED, *[Reason.SUPPORT_STAFF_ONLY] * 2],
    ),
]


@pytest.mark.parametrize(("who", "change", "task", "codes"), REFUSALS)
def test_what_is_not_open_in_full_is_not_found_and_every_reason_is_noted(
    cast: Cast,
    record: Record,
    who: str,
    change: Callable[[Cast, Record], None],
    task: Task,
    codes: list[Reason],
) -> None:
    change(cast, record)
    cast.session.flush()
    me = cast.who(getattr(cast, who))
    with pytest.raises(NotFound) as caught:
        corrections.open_one(cast.session, me, record.id, NOW, task=task)

    assert caught.value is corrections.NOT_FOUND
    entry = trail.Entry(f"record.{task.value}", False, NOW, (cast.luis.id,), codes=codes)
    assert waiting(cast) == [(me, entry)]


def test_what_is_not_there_is_not_found_and_noted_about_nobody(cast: Cast) -> None:
    me = cast.who(cast.ana)
    with pytest.raises(NotFound):
        corrections.open_one(cast.session, me, uuid.UUID(int=1), NOW)

    codes = [Reason.RECORD_UNKNOWN]
    assert waiting(cast) == [(me, trail.Entry("record.correct_record", False, NOW, codes=codes))]


def test_a_removed_record_opens_to_who_asks_for_removed_ones_and_to_no_other_reach(
    cast: Cast, record: Record
) -> None:
    sealed(cast, record)
    cast.session.flush()
    opened = corrections.open_one(
        cast.session, cast.who(cast.ana), record.id, NOW, task=Task.AMEND_RECORDS, removed=True
    )

    assert opened == found_of(cast, record)
    with pytest.raises(NotFound):
        corrections.open_one(cast.session, cast.who(cast.tom), record.id, NOW, removed=True)


@pytest.mark.parametrize(
    ("who", "change", "is_open"),
    [
        ("ana", as_it_is, True),
        ("ana", sealed, True),
        ("omar", as_it_is, True),
        ("ana", restricted, False),
        ("sue", as_it_is, False),
        ("tom", as_it_is, False),
    ],
)
def test_all_of_a_record_is_open_even_a_removed_one_to_who_may_correct_it(
    cast: Cast,
    record: Record,
    who: str,
    change: Callable[[Cast, Record], None],
    is_open: bool,
) -> None:
    change(cast, record)
    cast.session.flush()
    me = cast.who(getattr(cast, who))
    assert corrections.is_open(cast.session, me, record, NOW) is is_open


# Who wrote it, and who removed it


def corrected(cast: Cast, record: Record, **changes: Any) -> None:
    values = {"record_id": record.id, "field": "removed", "at": NOW, "by_id": cast.ana.id}
    make.stored(cast.session, Correction(**values | changes))


def test_who_removed_it_is_told_while_it_is_removed(cast: Cast, record: Record) -> None:
    by_ana = Written(str(cast.ana.id), LONG_AGO)
    sealed(cast, record)
    assert corrections.written(cast.session, record) == by_ana

    corrected(cast, record, at=NOW - TICK, id=uuid.UUID(int=0))
    corrected(cast, record, by_id=cast.omar.id, id=uuid.UUID(int=2))
    corrected(cast, record, by_id=cast.dina.id, id=uuid.UUID(int=1))
    corrected(cast, record, by_id=cast.sue.id, at=NOW + TICK, field="minutes")
    other = make.record(cast.session, cast.luis, Category.VISITS)
    corrected(cast, other, at=NOW + TICK)
    removed = replace(by_ana, removed_by=str(cast.dina.id), removed_at=NOW)
    assert corrections.written(cast.session, record) == removed

    record.sealed_from = None
    assert corrections.written(cast.session, record) == by_ana


def test_what_was_imported_was_written_by_nobody(cast: Cast) -> None:
    row = make.record(cast.session, cast.luis, Category.VISITS)
    assert corrections.written(cast.session, row) == Written(None, None)


# What stands in the way


def test_a_rule_that_refuses_is_noted_and_one_that_allows_is_not(
    cast: Cast, record: Record
) -> None:
    me, found = cast.who(cast.omar), found_of(cast, record)
    corrections.require(cast.session, me, found, allow(Basis(BasisKind.OWN, (), FULL)), NOW)
    assert waiting(cast) == []

    with pytest.raises(Refused) as caught:
        decision = refuse([Reason.NOT_THE_AUTHOR, Reason.OWN_RECORD])
        corrections.require(cast.session, me, found, decision, NOW)
    codes = list(decision.codes)
    assert set(caught.value.codes) == set(codes) == {"NOT_THE_AUTHOR", "OWN_RECORD"}
    entry = trail.Entry("record.correct_record", False, NOW, (cast.luis.id,), codes=codes)
    assert waiting(cast) == [(me, entry)]


def test_a_reason_is_kept_without_what_surrounds_it_and_asked_for_where_it_is_needed() -> None:
    assert corrections.require_reason(" Typed it wrong\n", needed=True) == "Typed it wrong"
    assert corrections.require_reason(" ", needed=False) == ""
    with pytest.raises(NotReady) as caught:
        corrections.require_reason(" ", needed=True)
    problem = Problem("No reason is given.", "Say in a few words why.", "Reason")
    assert caught.value.problems == (problem,)


@pytest.mark.parametrize(("version", "claimed"), [(3, True), (2, False), (4, False)])
def test_the_next_version_is_claimed_of_the_one_that_was_read(
    cast: Cast, record: Record, version: int, claimed: bool
) -> None:
    other = make.record(cast.session, cast.luis, Category.VISITS)
    record.version = other.version = 3
    cast.session.flush()
    if claimed:
        corrections.claim(cast.session, record, version)
    else:
        with pytest.raises(ChangedMeanwhile) as caught:
            corrections.claim(cast.session, record, version)
        problem = Problem(
            "Somebody changed this record while you had it open.",
            "Their change is shown beside yours. Look at both, then save again.",
        )
        assert caught.value.problems == (problem,)

    assert record.version == (4 if claimed else 3)
    cast.session.expire_all()
    assert (record.version, other.version) == (4 if claimed else 3, 3)


def test_whoever_was_slower_has_what_the_quicker_one_saved(cast: Cast, record: Record) -> None:
    cast.session.connection().execute(update(Record).values(version=2))
    with pytest.raises(ChangedMeanwhile):
        corrections.claim(cast.session, record, 1)
    assert record.version == 2


# What is written down


@pytest.mark.parametrize(
    ("changes", "approval_ends"),
    [
        ([], False),
        ([Change("minutes", "30", "45"), Change("mode", "phone", "video")], True),
        ([Change("approved", "", NOW.isoformat())], False),
    ],
)
@pytest.mark.parametrize("approved", [True, False])
def test_each_change_is_kept_and_ends_the_approval(
    cast: Cast, record: Record, changes: list[Change], approval_ends: bool, approved: bool
) -> None:
    approval = (LONG_AGO, cast.omar.id) if approved else (None, None)
    record.approved_at, record.approved_by = approval
    me = cast.who(cast.ana)
    corrections.write_down(cast.session, me, record, iter(changes), "A slip", NOW)

    ended = approval_ends and approved
    end = [Change("approved", LONG_AGO.isoformat(), "")] if ended else []
    rows = cast.session.scalars(select(Correction)).all()
    kept = {(row.field, row.old, row.new): row for row in rows}
    assert kept.keys() == {(one.field, one.old, one.new) for one in changes + end}
    told = {(row.record_id, row.reason, row.at, row.by_id) for row in rows}
    assert told <= {(record.id, "A slip", NOW, cast.ana.id)}
    assert (record.approved_at, record.approved_by) == ((None, None) if ended else approval)


@pytest.mark.parametrize("fields", [(), ("minutes", "mode")])
def test_the_trail_is_told_which_parts(cast: Cast, record: Record, fields: tuple[str, ...]) -> None:
    me = cast.who(cast.ana)
    corrections.note(cast.session, me, found_of(cast, record), "visit.corrected", fields, NOW)

    trail.settle(cast.session)
    line = cast.session.scalars(select(TrailLine)).one()
    assert (line.event, line.allowed, line.at, line.user_id) == (
        "visit.corrected",
        True,
        NOW,
        cast.ana.id,
    )
    assert (line.subject, line.students) == (str(record.id), [cast.luis.id.hex])
    assert line.detail == ({"fields": list(fields)} if fields else {})


REFUSED, AMENDED = AmendmentDecision.REFUSED, AmendmentDecision.AMENDED


@pytest.mark.parametrize(
    ("values", "contested"),
    [
        ({}, True),
        ({"decision": AMENDED}, False),
        ({"decision": AMENDED, "hearing_asked_on": DAY}, False),
        ({"decision": REFUSED}, False),
        ({"decision": REFUSED, "hearing_asked_on": DAY}, True),
        ({"decision": REFUSED, "hearing_asked_on": DAY, "hearing_decision": REFUSED}, False),
    ],
)
def test_a_record_is_contested_until_the_request_and_its_hearing_are_decided(
    cast: Cast, record: Record, values: dict[str, Any], contested: bool
) -> None:
    other = make.record(cast.session, cast.luis, Category.VISITS)
    asked = {
        "record_id": record.id,
        "student_id": cast.luis.id,
        "asked_on": DAY,
        "wants": "Take it out",
        "written_by": cast.ana.id,
        "written_at": NOW,
    }
    make.stored(cast.session, AmendmentRequest(**asked | values))

    assert corrections.is_contested(cast.session, [other.id, record.id]) is contested
    assert not corrections.is_contested(cast.session, [other.id])
