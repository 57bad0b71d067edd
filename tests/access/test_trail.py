"""The trail is only ever added to, and a refusal's line outlives the rollback it causes."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.trail import Entry
from portal.access.unit_of_work import unit_of_work
from portal.errors import NotFound
from portal.policy.decision import Reason
from portal.store.ledger import TrailLine
from portal.store.people import Block
from portal.vocabulary import Category
from tests.access.conftest import Kept
from tests.people import NOW, Cast

LINE = Entry("record.opened", True, NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_line SET user_name = 'Somebody else'",
        "DELETE FROM trail_line",
        "UPDATE trail_student SET line_id = 0",
        "DELETE FROM trail_student",
    ],
)
def test_a_line_can_neither_be_changed_nor_removed(
    session: Session, cast: Cast, statement: str
) -> None:
    entry = Entry("record.opened", True, NOW, (cast.luis.id,))
    trail.write(session, cast.who(cast.rita), entry)

    with pytest.raises(DBAPIError, match="only added to"), session.begin_nested():
        session.execute(text(statement))


def test_the_trail_is_not_emptied_at_once_either(session: Session, cast: Cast) -> None:
    trail.write(session, cast.who(cast.rita), LINE)
    sqlite = session.get_bind().dialect.name == "sqlite"  # knows no TRUNCATE
    statement = "DELETE FROM trail_line" if sqlite else "TRUNCATE trail_line CASCADE"
    with pytest.raises(DBAPIError, match="only added to"), session.begin_nested():
        session.execute(text(statement))


def test_a_line_keeps_the_name_that_was_borne_that_day(session: Session, cast: Cast) -> None:
    trail.write(session, cast.who(cast.rita), LINE)
    cast.rita.name = "Rita Married"
    session.flush()

    assert session.scalar(text("SELECT user_name FROM trail_line")) == "Rita River"


def test_a_line_tells_all_that_it_was_given_and_who_acted_where(
    session: Session, cast: Cast
) -> None:
    sign_in, clinic = uuid.uuid4(), (cast.riverside.id, "Riverside\0 Clinic")
    entry = Entry(
        "record.opened",
        False,
        NOW,
        (cast.luis.id,),
        subject="C-0001",
        purpose="coordinate",
        opened=[Category.VISITS],
        closed=[Category.HEALTH],
        codes=[Reason.DRAFT],
        basis=["M-0001"],
        detail={"items": 1},
    )
    by_name = replace(entry, by="Maria Sample", organization=clinic)
    trail.write(session, replace(cast.who(cast.ana), session_id=sign_in), entry)
    trail.write(session, None, by_name)
    trail.write(session, None, replace(entry, students=()))
    trail.write(session, cast.who(cast.ana), by_name)
    trail.settle(session)

    told = {
        **{"event": "record.opened", "allowed": False, "at": NOW, "subject": "C-0001"},
        **{"purpose": "coordinate", "opened": ["visits"], "closed": ["health"]},
        **{"codes": ["DRAFT"], "basis": ["M-0001"]},
    }
    district, home = cast.district.id, "Harbor Point Public Schools"
    ana, luis, items = cast.ana.id, [cast.luis.id.hex], {"items": 1}
    rows = session.scalars(select(TrailLine).order_by(TrailLine.id)).all()
    assert [{name: getattr(row, name) for name in told} for row in rows] == [told] * 4
    assert [
        (row.user_id, row.user_name, row.organization_id, row.organization_name) for row in rows
    ] == [
        (ana, "Ana Counts", district, home),
        (None, "Maria Sample", cast.riverside.id, "Riverside Clinic"),
        (None, "", None, ""),
        (ana, "Ana Counts", district, home),
    ]
    assert [(row.chain, row.detail, row.students) for row in rows] == [
        (district.hex, items | {"session": str(sign_in)}, luis),
        ("", items, luis),
        ("", items, []),
        (district.hex, items, luis),
    ]


def test_a_line_of_a_command_names_the_account_by_whose_right_it_runs(
    session: Session, cast: Cast
) -> None:
    nobody = Entry("record.opened", True, NOW, detail={"items": 1})
    family = Entry("record.opened", True, NOW, by="Maria Sample")
    running = trail.acting.set("service account nightly")
    try:
        trail.write(session, None, nobody)
        trail.write(session, None, family)
        trail.write(session, cast.who(cast.rita), LINE)
    finally:
        trail.acting.reset(running)
    trail.write(session, None, nobody)

    by = {"by": "service account nightly"}
    rows = session.scalars(select(TrailLine).order_by(TrailLine.id)).all()
    assert [(row.user_name, row.detail) for row in rows] == [
        ("service account nightly", {"items": 1} | by),
        ("Maria Sample", by),
        ("Rita River", by),
        ("", {"items": 1}),
    ]


def test_a_refused_opening_leaves_its_line_although_nothing_else_was_kept(kept: Kept) -> None:
    rob = kept.who(kept.cast.rob)

    with pytest.raises(NotFound):
        kept.open(kept.cast.rob)

    assert kept.lines() == [("record.opened", False, rob.name)]


def test_what_was_written_before_a_refusal_is_undone_and_the_refusal_is_not(kept: Kept) -> None:
    me = kept.who(kept.cast.rob)
    with pytest.raises(ZeroDivisionError), unit_of_work(kept.engine) as session:
        session.add(Block(student_id=kept.cast.luis.id, starts_at=NOW))
        trail.write(session, me, LINE)
        trail.write_refusal(session, me, Entry("record.opened", False, NOW))
        session.flush()
        raise ZeroDivisionError

    assert kept.lines() == [("record.opened", False, "Rob River")]
    with Session(kept.engine) as session:
        assert session.scalar(text("SELECT count(*) FROM block")) == 0


def test_several_refusals_of_one_unit_of_work_are_all_kept(kept: Kept) -> None:
    me = kept.who(kept.cast.rob)
    with pytest.raises(ZeroDivisionError), unit_of_work(kept.engine) as session:
        for event in ("page.refused", "record.opened"):
            trail.write_refusal(session, me, Entry(event, False, NOW))
        raise ZeroDivisionError

    assert [event for event, *_rest in kept.lines()] == ["page.refused", "record.opened"]


def test_a_line_falls_with_the_transaction_it_belongs_to(kept: Kept) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work(kept.engine) as session:
        trail.write(session, kept.who(kept.cast.rita), LINE)
        raise ZeroDivisionError

    assert kept.lines() == []
