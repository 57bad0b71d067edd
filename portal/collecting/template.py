"""Keep the Student Data Collection Template: define a data point, word it anew, order, retire it.

Nothing is deleted and no version changes: what was answered reads as it was asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.collecting import queries, rules
from portal.collecting.rules import Asking, DataPointDraft, Point
from portal.errors import NotReady, Problem
from portal.policy.data_points import told_from
from portal.policy.tasks import Task
from portal.store.records import Audience, AudienceLevel
from portal.store.support import DataPoint, DataPointVersion

STEP = 10

CHANGED_MEANWHILE = Problem(
    "Somebody else changed the data points while you were at it.",
    "Look at what they say now, and make your change again if it is still needed.",
    "Data point",
)
NO_SUCH_POINT = Problem("There is no such data point.", "Choose it from the list again.", "Point")


def define(session: Session, me: Actor, draft: DataPointDraft, at: datetime) -> DataPoint:
    """A new data point, asked from now on. Raises NotReady with every problem."""
    me.may(Task.KEEP_DATA_POINTS).or_refuse()
    others = queries.points(session, me.organization_id)
    draft = _coded(draft, None)
    if found := list(rules.draft_problems(draft, others, None)):
        raise NotReady(found)
    audience = Audience(
        id=uuid.uuid4(),
        organization_id=me.organization_id,
        inside_only=not draft.shared,
        told_from=told_from(None, was_shared=False, is_shared=draft.shared, at=at),
        with_family=draft.with_family,
    )
    row = DataPoint(
        id=uuid.uuid4(),
        district_id=me.organization_id,
        code=rules.code_for(draft.asking.told_in(rules.ENGLISH), [each.code for each in others]),
        asked=draft.asked,
        category=draft.category,
        audience_id=audience.id,
        position=queries.last_position(session, me.organization_id) + STEP,
        current=1,
    )
    try:
        with session.begin_nested():
            session.add(audience)
            session.flush()
            session.add_all(
                AudienceLevel(audience_id=audience.id, level=level) for level in draft.levels
            )
            session.add(row)
            session.flush()
            session.add(_version(row, draft.asking, 1, me, at))
            session.flush()
    except IntegrityError:
        raise NotReady([CHANGED_MEANWHILE]) from None
    _told(session, me, "data_point.defined", row, at)
    return row


def redefine(
    session: Session,
    me: Actor,
    point_id: uuid.UUID,
    draft: DataPointDraft,
    shown: Point,
    at: datetime,
) -> int:
    """The next version of a data point, or the same one where nothing changed; its number.

    shown: as it was on the screen. Raises NotReady with every problem, or when it has changed
    since then.
    """
    me.may(Task.KEEP_DATA_POINTS).or_refuse()
    row = queries.held(session, me.organization_id, point_id)
    known = {point.id: point for point in queries.points(session, me.organization_id)}
    if row is None:
        raise NotReady([NO_SUCH_POINT])
    now = known.pop(point_id)
    if replace(now, answered=shown.answered) != shown:
        raise NotReady([CHANGED_MEANWHILE])
    draft = _coded(draft, now)
    if found := list(rules.draft_problems(draft, list(known.values()), now)):
        raise NotReady(found)
    if draft == now.draft:
        return now.version
    row.asked, row.current = draft.asked, now.version + 1
    if draft.category is not None:
        row.category = draft.category
    session.add(_version(row, draft.asking, row.current, me, at))
    _limit(session, row, draft, at)
    session.flush()
    _told(session, me, "data_point.changed", row, at, changed=_changed(now.draft, draft))
    return row.current


def move(session: Session, me: Actor, point_id: uuid.UUID, by: int, at: datetime) -> None:
    """Ask it so many places later (or sooner, when negative)."""
    me.may(Task.KEEP_DATA_POINTS).or_refuse()
    order = list(queries.of_district(session, me.organization_id))
    row = _of(order, point_id)
    place = order.index(row)
    order.insert(max(place + by, 0), order.pop(place))
    for number, each in enumerate(order, start=1):
        each.position = number * STEP
    session.flush()
    _told(session, me, "data_point.moved", row, at)


def retire(session: Session, me: Actor, point_id: uuid.UUID, at: datetime) -> None:
    """Ask it no more; its answers stay and are told as before."""
    _ask(session, me, point_id, at, asked=False)


def bring_back(session: Session, me: Actor, point_id: uuid.UUID, at: datetime) -> None:
    """Ask it again. Raises NotReady when another one asks the same by now."""
    _ask(session, me, point_id, at, asked=True)


def _ask(session: Session, me: Actor, point_id: uuid.UUID, at: datetime, *, asked: bool) -> None:
    me.may(Task.KEEP_DATA_POINTS).or_refuse()
    row = _of(queries.of_district(session, me.organization_id), point_id)
    if (row.retired_at is None) is asked:
        return  # somebody else did it, or it was clicked twice
    if asked:
        known = {point.id: point for point in queries.points(session, me.organization_id)}
        point = known.pop(point_id)
        if found := list(rules.draft_problems(point.draft, list(known.values()), None)):
            raise NotReady(found)
    row.retired_at = None if asked else at
    session.flush()
    _told(session, me, "data_point.brought_back" if asked else "data_point.retired", row, at)


def _of(rows: Sequence[DataPoint], point_id: uuid.UUID) -> DataPoint:
    row = next((row for row in rows if row.id == point_id), None)
    if row is None:
        raise NotReady([NO_SUCH_POINT])
    return row


def _coded(draft: DataPointDraft, before: Point | None) -> DataPointDraft:
    """The draft as it is kept: texts without spaces around, each choice with its code."""
    asking = draft.asking
    labels = {k: text.strip() for k, text in asking.labels.items() if text.strip()}
    earlier = before.asking.choices if before else ()
    kept = replace(
        asking,
        labels=labels,
        help=asking.help.strip(),
        choices=rules.coded(asking.choices, earlier),
    )
    return replace(draft, asking=kept)


def _version(
    row: DataPoint, asking: Asking, number: int, me: Actor, at: datetime
) -> DataPointVersion:
    return DataPointVersion(
        data_point_id=row.id,
        number=number,
        kind=asking.kind,
        labels=dict(asking.labels),
        help=asking.help,
        choices=[{"code": each.code, "labels": dict(each.labels)} for each in asking.choices],
        low=asking.low,
        high=asking.high,
        required=asking.required,
        written_at=at,
        written_by=me.id,
    )


def _limit(session: Session, row: DataPoint, draft: DataPointDraft, at: datetime) -> None:
    """Who may see its answers: those that there are as well as those to come."""
    audience = session.get_one(Audience, row.audience_id)
    audience.told_from = told_from(
        audience.told_from,
        was_shared=not audience.inside_only,
        is_shared=draft.shared,
        at=at,
    )
    audience.inside_only = not draft.shared
    audience.with_family = draft.with_family
    now = {each.level: each for each in queries.levels_of(session, audience.id)}
    for level in now.keys() - draft.levels:
        session.delete(now[level])
    session.add_all(
        AudienceLevel(audience_id=audience.id, level=level) for level in draft.levels - now.keys()
    )


def _changed(before: DataPointDraft, after: DataPointDraft) -> list[str]:
    names = [each.name for each in fields(DataPointDraft)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _told(
    session: Session, me: Actor, event: str, row: DataPoint, at: datetime, **detail: Any
) -> None:
    trail.write(session, me, trail.Entry(event, True, at, subject=row.code, detail=detail))
