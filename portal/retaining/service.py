"""What is held and how long: read by everybody of a district, changed by its administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.errors import NotReady
from portal.policy import keeping
from portal.policy.keeping import BY_CODE, Line
from portal.policy.levels import LEVELS
from portal.policy.tasks import Task
from portal.retaining import catalog, queries
from portal.retaining.catalog import Entry
from portal.retaining.queries import OwnQuestion
from portal.store.oversight import RetentionRule
from portal.vocabulary import CATEGORY_LABELS, LEVEL_LABELS, SHAREABLE


@dataclass(frozen=True)
class Question:
    """A district's own question as the catalog shows it."""

    label: str
    help: str
    category: str
    seen_by: tuple[str, ...]
    kept: Line


@dataclass(frozen=True)
class Catalog:
    """Everything that the portal holds of a district."""

    entries: tuple[Entry, ...]
    questions: tuple[Question, ...]


def see_catalog(session: Session, me: Actor) -> Catalog:
    """The data catalog with my district's own periods of keeping and its own questions."""
    me.may(Task.SEE_CATALOG).or_refuse()
    kept = {line.code: line for line in schedule_of(session, me)}
    asked = queries.own_questions(session, me.organization_id)
    return Catalog(catalog.entries(kept), tuple(_question(each, kept["support"]) for each in asked))


def _question(asked: OwnQuestion, kept: Line) -> Question:
    levels = [
        f"{LEVEL_LABELS[level]}: {scope.students}"
        for level, scope in LEVELS.items()
        if asked.category in scope.categories and (not asked.levels or level in asked.levels)
    ]
    shared = not asked.inside_only and asked.category in SHAREABLE
    return Question(
        label=asked.label,
        help=asked.help,
        category=CATEGORY_LABELS[asked.category],
        seen_by=(*levels, *([catalog.PARTNERS] if shared else [])),
        kept=kept,
    )


def schedule_of(session: Session, me: Actor) -> tuple[Line, ...]:
    """How long my organization keeps each kind of data."""
    rules = queries.own_rules(session, me.organization_id)
    return keeping.schedule({rule.what: (rule.years, rule.authority) for rule in rules})


def set_period(
    session: Session, me: Actor, what: str, years: int | None, authority: str, at: datetime
) -> None:
    """Keep this kind of data for so many years; None: for ever. Raises NotReady with every problem.

    Longer as one likes, shorter only as the law lets (`policy.keeping.problems`).
    """
    me.may(Task.SET_RETENTION).or_refuse()
    if found := keeping.problems(what, years, authority):
        raise NotReady(found)
    rules = queries.own_rules(session, me.organization_id)
    row = next((rule for rule in rules if rule.what == what), None)
    before = row.years if row else BY_CODE[what].years
    if row is None:
        row = RetentionRule(
            organization_id=me.organization_id, what=what, kept_from=BY_CODE[what].kept_from
        )
        session.add(row)
    row.years, row.authority, row.set_by, row.set_at = years, authority.strip(), me.id, at
    session.flush()
    detail = {"what": what, "years": years, "before": before}
    trail.write(session, me, trail.Entry("retention.set", True, at, detail=detail))
