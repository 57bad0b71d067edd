"""A school year with its days, a change of school with its hand-over, a lock, a hidden student."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.transitions import handover, locks, moving, year_end
from portal.transitions.rules import (
    HandoverDraft,
    HideDraft,
    LockDraft,
    MoveDraft,
    Told,
    YearDraft,
)
from portal.vocabulary import HandoverPrompt, MoveReason

TOLD = Told(
    {
        HandoverPrompt.STRENGTHS: "Kind to younger children; knows everything about boats.",
        HandoverPrompt.CONNECTING: "Walk first, talk later.",
        HandoverPrompt.FAMILY: "The grandmother picks up the phone after four.",
        HandoverPrompt.FIRST: "Show the way to the lunch room, and who sits there.",
    },
    restricted="An uncle may not be told of the new school.",
)


def plan(stage: Stage) -> None:
    """Each by whoever would do it."""
    moves = _one_of(stage, "South School", "worker.south@demo.example")
    stage.then(stage.days_ago(80, hour=8), lambda at: _year(stage, at))
    stage.then(stage.days_ago(6), lambda at: _move(stage, moves, at))
    stage.then(stage.days_ago(4), lambda at: _hand_over(stage, moves, at))
    stage.then(stage.days_ago(20), lambda at: _lock(stage, at))
    stage.then(stage.days_ago(12), lambda at: _hide(stage, at))


def _one_of(stage: Stage, school: str, username: str) -> Pupil:
    """The last on the caseload of this worker who is at that school."""
    carried = stage.caseload[stage.users[username].id]
    return [pupil for pupil in carried if pupil.school == school][-1]


def _year(stage: Stage, at: datetime) -> None:
    dina, first = stage.who("admin@demo.example", at), stage.made.first_day
    draft = YearDraft(first, date(first.year + 1, 6, 15))
    year_end.keep_year(stage.session, dina, draft, at)


def _move(stage: Stage, pupil: Pupil, at: datetime) -> None:
    north = next(other.school_id for other in stage.pupils if other.school == "North School")
    draft = MoveDraft(pupil.id, north, at.date(), MoveReason.MOVED)
    moving.move(stage.session, stage.who("admin@demo.example", at), draft, at)


def _hand_over(stage: Stage, pupil: Pupil, at: datetime) -> None:
    sol, ana = stage.who("worker.south@demo.example", at), stage.users["worker@demo.example"]
    draft = HandoverDraft(sol.id, ana.id, (pupil.id,), None, {pupil.id: TOLD})
    handover.hand_over(stage.session, sol, draft, at, uuid.uuid4().hex)


def _lock(stage: Stage, at: datetime) -> None:
    pupil = _one_of(stage, "North School", "worker@demo.example")
    draft = LockDraft(stage.users["teacher@demo.example"].id, pupil.id, None, "A cousin.")
    locks.lock(stage.session, stage.who("principal@demo.example", at), draft, at)


def _hide(stage: Stage, at: datetime) -> None:
    pupil = [one for one in stage.pupils if one.school == "North School"][-1]
    draft = HideDraft(pupil.id, None, "The family asked for it after a threat.")
    locks.hide(stage.session, stage.who("principal@demo.example", at), draft, at)
