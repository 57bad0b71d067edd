"""Follow-ups: planned with a visit, due on a day, done, moved, dropped; their owner's alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.people import Relation
from portal.store.support import FollowUp
from portal.visits import follow_ups, queries, service
from portal.visits.rules import FollowUpDraft, VisitDraft
from portal.vocabulary import VisitPurpose
from tests.people import NOW, Cast

TODAY = date(2026, 11, 20)


def planned(cast: Cast, day: date = TODAY, key: str = "form-1") -> FollowUp:
    """A follow-up of Ana's with Luis, planned with a visit."""
    draft = VisitDraft(
        cast.luis.id, VisitPurpose.CHECK_IN, 10, follow_up=FollowUpDraft(day, " the late bus ")
    )
    visit = service.log(cast.session, cast.who(cast.ana), draft, NOW, key)
    cast.session.flush()
    return cast.session.scalars(select(FollowUp).where(FollowUp.visit_id == visit.record_id)).one()


def due(cast: Cast) -> list[str]:
    lines = queries.follow_ups_due(cast.session, cast.who(cast.ana), NOW)
    return [f"{line.student} {line.due_on} {line.about}" for line in lines]


def test_a_follow_up_is_planned_with_its_visit_and_due_on_its_day(cast: Cast) -> None:
    planned(cast)
    planned(cast, TODAY + timedelta(days=1), "form-2")

    assert due(cast) == ["Sample, Luis 2026-11-20 the late bus"]
    tomorrow = NOW + timedelta(days=1)
    assert len(queries.follow_ups_due(cast.session, cast.who(cast.ana), tomorrow)) == 2


def test_a_visit_without_one_plans_none_and_a_day_past_is_refused(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    service.log(cast.session, ana, VisitDraft(cast.luis.id, "check_in", 5), NOW, "form-1")
    with pytest.raises(NotReady, match="in the past"):
        planned(cast, TODAY - timedelta(days=1), "form-2")

    assert cast.session.scalars(select(FollowUp)).all() == []


def test_done_and_dropped_are_due_no_more_and_can_be_taken_up_again(cast: Cast) -> None:
    row, ana = planned(cast), cast.who(cast.ana)
    for end in (follow_ups.done, follow_ups.drop):
        end(cast.session, ana, row.id, NOW)
        end(cast.session, ana, row.id, NOW)
        assert due(cast) == []
        follow_ups.take_up_again(cast.session, ana, row.id, NOW)
        follow_ups.take_up_again(cast.session, ana, row.id, NOW)
        assert len(due(cast)) == 1
    cast.session.commit()
    told = list(cast.session.scalars(select(TrailLine.event).where(TrailLine.allowed)))

    assert [told.count(f"follow_up.{verb}") for verb in ("done", "dropped", "taken_up_again")] == [
        1,
        1,
        2,
    ]


def test_it_is_moved_to_a_day_to_come(cast: Cast) -> None:
    row, ana = planned(cast), cast.who(cast.ana)
    follow_ups.move(cast.session, ana, row.id, TODAY + timedelta(days=3), NOW)
    follow_ups.move(cast.session, ana, row.id, TODAY + timedelta(days=3), NOW)

    assert due(cast) == []
    with pytest.raises(NotReady):
        follow_ups.move(cast.session, ana, row.id, TODAY - timedelta(days=3), NOW)


def test_nobody_touches_or_sees_anothers(cast: Cast) -> None:
    row = planned(cast)

    with pytest.raises(NotFound):
        follow_ups.done(cast.session, cast.who(cast.omar), row.id, NOW)
    with pytest.raises(NotFound):
        follow_ups.done(cast.session, cast.who(cast.ana), cast.luis.id, NOW)
    with pytest.raises(Refused):
        follow_ups.done(cast.session, cast.who(cast.tom), row.id, NOW)
    assert queries.follow_ups_due(cast.session, cast.who(cast.omar), NOW) == []


def test_it_disappears_with_the_caseload(cast: Cast) -> None:
    row = planned(cast)
    for relation in cast.session.scalars(select(Relation).where(Relation.user_id == cast.ana.id)):
        relation.ends_at = NOW
    cast.session.flush()

    assert due(cast) == []
    with pytest.raises(NotFound):
        follow_ups.done(cast.session, cast.who(cast.ana), row.id, NOW)
