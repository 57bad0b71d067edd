"""Where opening stops: so many within an hour, until somebody else lifts it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from portal.access import stops, trail
from portal.access.trail import Entry
from portal.errors import Refused
from portal.store.ledger import TrailLine
from tests.people import NOW, Cast

HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
MOST = 3


@pytest.fixture(autouse=True)
def three_are_many(monkeypatch):
    """A thousand, made small."""
    for module in ("portal.policy.use", "portal.access.stops"):
        monkeypatch.setattr(f"{module}.STOP_AT", MOST)


def opened(cast: Cast, count: int, at: datetime = NOW, who="ana", **changes) -> None:
    me = cast.who(getattr(cast, who))
    told = {"event": "record.opened", "allowed": True, "at": at} | changes
    for _ in range(count):
        trail.write(cast.session, me, Entry(**told))
    trail.settle(cast.session)


def word(cast: Cast, event: str, at: datetime, about="ana") -> None:
    """Somebody was stopped, or may go on."""
    subject = str(getattr(cast, about).id)
    trail.write(cast.session, cast.who(cast.sue), Entry(event, True, at, subject=subject))
    trail.settle(cast.session)


def is_stopped(cast: Cast, at: datetime = NOW) -> bool:
    try:
        stops.ask(cast.session, cast.who(cast.ana), at)
    except Refused as refused:
        assert refused.codes == ("TOO_MANY_OPENED",)
        return True
    return False


def test_so_many_within_an_hour_are_the_end_and_a_line_tells_it(cast: Cast):
    opened(cast, MOST - 1)
    assert not is_stopped(cast)
    assert trail.WAITING not in cast.session.info
    opened(cast, 2, event="document.opened")

    assert is_stopped(cast)
    [(me, entry)] = cast.session.info[trail.WAITING]
    assert me == cast.who(cast.ana)
    assert (entry.event, entry.allowed, entry.at) == (stops.STOPPED, False, NOW)
    assert (entry.subject, entry.codes) == (str(cast.ana.id), ("TOO_MANY_OPENED",))
    assert entry.detail == {"opened": MOST}


def test_only_what_one_opened_oneself_within_the_hour_counts(cast: Cast):
    opened(cast, MOST, NOW - HOUR)
    opened(cast, MOST, who="omar")
    opened(cast, MOST, event="students.listed")
    opened(cast, MOST, allowed=False)
    assert not is_stopped(cast)

    opened(cast, MOST, NOW - HOUR + TICK)
    assert is_stopped(cast)


def test_a_stop_holds_until_it_is_lifted_however_long_that_takes(cast: Cast):
    word(cast, stops.STOPPED, NOW - 100 * HOUR)
    word(cast, stops.LIFTED, NOW - 50 * HOUR, about="omar")
    opened(cast, 1)
    assert is_stopped(cast)
    [(_me, entry)] = cast.session.info[trail.WAITING]
    assert entry.detail == {"opened": 0}  # nothing is counted of whoever is stopped already

    word(cast, stops.LIFTED, NOW)
    assert not is_stopped(cast)


def test_what_was_opened_until_it_was_lifted_counts_no_more(cast: Cast):
    opened(cast, MOST, NOW - HOUR / 2)
    word(cast, stops.LIFTED, NOW - HOUR / 2)
    assert not is_stopped(cast)

    opened(cast, MOST, NOW - HOUR / 2 + TICK)
    assert is_stopped(cast)


def test_lifted_long_ago_the_hour_counts(cast: Cast):
    word(cast, stops.LIFTED, NOW - 2 * HOUR)
    opened(cast, MOST, NOW - HOUR)

    assert not is_stopped(cast)


def test_the_last_word_is_the_latest_and_of_two_at_once_the_one_written_last(cast: Cast):
    assert stops.last_word(cast.session, cast.ana.id) is None
    word(cast, stops.LIFTED, NOW)
    word(cast, stops.STOPPED, NOW - TICK)
    opened(cast, 1, NOW + TICK, subject=str(cast.ana.id))
    assert stops.last_word(cast.session, cast.ana.id).event == stops.LIFTED

    word(cast, stops.STOPPED, NOW)
    last = stops.last_word(cast.session, cast.ana.id)
    newest = select(TrailLine.id).order_by(TrailLine.id.desc()).limit(1)
    assert (last.event, last.id) == (stops.STOPPED, cast.session.scalar(newest))


def test_the_last_word_is_found_by_the_small_index_of_stops(cast: Cast) -> None:
    """Each opening asks for it first, and would else walk through the whole trail."""
    session = cast.session
    sqlite = session.get_bind().dialect.name == "sqlite"
    if not sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))  # a test's trail is short
    how = {"literal_binds": True}
    asked = stops.words_about(cast.ana.id).compile(session.get_bind(), compile_kwargs=how)
    plan = session.execute(text(f"EXPLAIN {'QUERY PLAN' if sqlite else ''} {asked}")).all()

    assert "ix_trail_line_stops" in str(plan)
