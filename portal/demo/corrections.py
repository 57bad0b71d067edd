"""What was put right: a corrected visit, an approval, and families who ask to amend a note."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.access import gate
from portal.corrections import queries
from portal.corrections import service as correcting
from portal.corrections.amendments import service as amending
from portal.corrections.amendments.rules import RequestDraft
from portal.demo.stage import Stage
from portal.visits import revising
from portal.vocabulary import AmendmentDecision, Category, Field, Purpose

WORKER, PRINCIPAL = "worker@demo.example", "principal@demo.example"
WISH = "The note says that mornings are the problem. That was last year. Please change it."
REFUSED_WISH = "My child did not say this. Please take the note out."
WHY_NOT = "The note was written on the day, and the teacher who was there says the same."
STATEMENT = (
    "We were not there, but our child tells it differently: it was the noise in the hall, not "
    "the class. We would like everybody who reads the note to know that."
)


def plan(stage: Stage) -> None:
    """A slip that is corrected, one request that waits, and one that led to a statement."""
    stage.then(stage.days_ago(4), lambda at: _correct(stage, at))
    stage.then(stage.days_ago(3), lambda at: _ask(stage, "Luis Sample", WISH, at))
    stage.then(stage.days_ago(20), lambda at: _refuse(stage, "Mei Sample", at))


def _correct(stage: Stage, at: datetime) -> None:
    """The worker counted the minutes of a visit wrong; the principal approves what it says now."""
    me, principal = stage.who(WORKER, at), stage.who(PRINCIPAL, at)
    note_id = _last_note(stage, "Luis Sample", at)
    visit_id = queries.correctable(stage.session, me, note_id, at).visit_id or note_id
    found = revising.revisable(stage.session, me, visit_id, at)
    longer = replace(found.values, minutes=found.values.minutes + 15)
    why = "Forgot the call home afterwards"
    revising.revise(stage.session, me, visit_id, found.version, longer, why, at)
    correcting.approve(stage.session, principal, visit_id, found.version + 1, at)


def _ask(stage: Stage, name: str, wish: str, at: datetime) -> uuid.UUID:
    """A guardian asks, and the worker writes it down."""
    me, pupil = stage.who(WORKER, at), stage.pupil(name)
    asker, today = stage.holders[pupil.id][0], at.astimezone(ZoneInfo(me.tz)).date()
    draft = RequestDraft(_last_note(stage, name, at), asker.id, False, today, wish)
    return amending.ask(stage.session, me, draft, at, f"demo-{name}")


def _refuse(stage: Stage, name: str, at: datetime) -> None:
    """The principal does not amend, and the family puts a statement into the record."""
    request = _ask(stage, name, REFUSED_WISH, at)
    me, principal = stage.who(WORKER, at), stage.who(PRINCIPAL, at)
    refused = AmendmentDecision.REFUSED
    amending.decide(stage.session, principal, request, refused, WHY_NOT, at)
    amending.state(stage.session, me, request, STATEMENT, at)


def _last_note(stage: Stage, name: str, at: datetime) -> uuid.UUID:
    """The last note that the worker wrote about this student before today."""
    me, pupil = stage.who(WORKER, at), stage.pupil(name)
    opened = gate.open_record(stage.session, me, pupil.id, Purpose.COORDINATE, at)
    return next(
        item.record_id
        for item in opened.items
        if item.category is Category.VISIT_NOTES
        and item.when < at - timedelta(hours=12)
        and item.parts.get(Field.WHO) == me.name
    )
