"""The timer and the unsaved visit: kept for one person, across pages and sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.errors import Refused
from portal.store.support import FormDraft
from portal.visits import drafts, service, timer
from portal.visits.rules import VisitDraft
from portal.visits.timer import Timer
from portal.vocabulary import VisitPurpose
from tests.people import NOW, Cast


def test_a_timer_runs_until_it_is_stopped_wherever_it_was_started(cast: Cast) -> None:
    ana, session = cast.who(cast.ana), cast.session
    assert timer.read(session, ana) == Timer()
    timer.start(session, ana, NOW)
    timer.start(session, ana, NOW + timedelta(minutes=5))  # on another screen: it goes on
    assert timer.read(session, ana) == Timer(NOW)

    assert timer.stop(session, ana, NOW + timedelta(minutes=22, seconds=1)) == 23
    assert timer.read(session, ana) == Timer(None, 23)
    assert timer.stop(session, ana, NOW + timedelta(minutes=30)) == 23
    assert timer.read(session, cast.who(cast.omar)) == Timer()


def test_a_timer_is_never_shorter_than_a_minute_nor_longer_than_a_visit(cast: Cast) -> None:
    assert timer.passed(NOW, NOW) == timer.passed(NOW, NOW - timedelta(minutes=1)) == 1
    assert timer.passed(NOW, NOW + timedelta(days=1)) == 600


def test_saving_a_visit_uses_the_minutes_up_and_lets_a_running_timer_run(cast: Cast) -> None:
    ana, session = cast.who(cast.ana), cast.session
    draft = VisitDraft(cast.luis.id, VisitPurpose.CHECK_IN, 5)
    service.log(session, ana, draft, NOW, "form-1")
    timer.start(session, ana, NOW)
    timer.stop(session, ana, NOW + timedelta(minutes=5))
    service.log(session, ana, draft, NOW, "form-2")
    assert timer.read(session, ana) == Timer()

    timer.start(session, ana, NOW)
    service.log(session, ana, draft, NOW, "form-3")
    assert timer.read(session, ana) == Timer(NOW)


def test_what_is_typed_is_kept_for_its_writer_alone(cast: Cast) -> None:
    ana, session = cast.who(cast.ana), cast.session
    drafts.keep(session, ana, "one", {"note": "begun"}, NOW)
    drafts.keep(session, ana, "one", {"note": "x" * 70_000 + "\x00"}, NOW)
    session.flush()

    kept = drafts.read(session, ana, "one")
    assert kept is not None
    assert len(kept["note"]) == drafts.LONGEST
    assert drafts.read(session, cast.who(cast.omar), "one") is None
    assert drafts.newest(session, cast.who(cast.omar), NOW) is None
    with pytest.raises(Refused):
        drafts.keep(session, cast.who(cast.tom), "two", {}, NOW)


def test_the_newest_is_offered_until_it_is_saved_or_discarded(cast: Cast) -> None:
    ana, session = cast.who(cast.ana), cast.session
    drafts.keep(session, ana, "one", {"note": "a"}, NOW)
    drafts.keep(session, ana, "two", {"note": "b"}, NOW + timedelta(minutes=1))
    session.flush()
    newest = drafts.newest(session, ana, NOW + timedelta(minutes=2))
    assert newest is not None
    assert newest.key == "two"

    service.log(session, ana, VisitDraft(cast.luis.id, "check_in", 5), NOW, "two")
    drafts.forget(session, ana, "one")
    drafts.forget(session, ana, "one")
    session.flush()
    assert session.scalars(select(FormDraft)).all() == []
    assert drafts.newest(session, ana, NOW) is None


def test_a_draft_is_gone_after_two_weeks(cast: Cast) -> None:
    ana, session = cast.who(cast.ana), cast.session
    drafts.keep(session, ana, "old", {"note": "a"}, NOW)
    session.flush()
    later = NOW + timedelta(days=14, seconds=1)
    assert drafts.newest(session, ana, later) is None

    drafts.keep(session, ana, "new", {"note": "b"}, later)
    session.flush()
    assert [row.form for row in session.scalars(select(FormDraft))] == ["visit:new"]
