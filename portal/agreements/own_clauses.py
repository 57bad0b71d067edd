"""A district's own clauses: written, worded anew as a next version, retired; never changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.agreements import queries
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.library import OWN, own_problems
from portal.agreements.clauses.types import Clause, Need
from portal.errors import NotReady, Problem
from portal.policy.papers import may_keep_templates
from portal.store.agreements import DistrictClause
from portal.word.values import clean


@dataclass(frozen=True)
class OwnClause:
    """What somebody wrote. code: of the clause that is worded anew, or "" for a new one."""

    article: Article
    title: str
    text: tuple[str, ...]
    plain: str
    citation: str = ""
    code: str = ""


def write(session: Session, me: Actor, told: OwnClause, at: datetime) -> DistrictClause:
    """Keep a clause of this district, or the next version of one.

    Raises NotReady with every problem of its words and tags.
    """
    _may(me)
    earlier = queries.own_versions(session, me.organization_id, told.code)
    code = told.code if earlier else _code(session, me, told.title)
    version = max((row.version for row in earlier), default=0) + 1
    text = tuple(clean(paragraph) for paragraph in told.text if paragraph.strip())
    clause = Clause(
        id=code,
        article=told.article,
        title=clean(told.title),
        text=text,
        plain=clean(told.plain),
        version=version,
        citation=clean(told.citation),
        need=Need.OPTIONAL,
        own=True,
    )
    if problems := own_problems(clause):
        raise NotReady(problems)
    row = DistrictClause(
        district_id=me.organization_id,
        code=code,
        version=version,
        article=told.article,
        title=clause.title,
        text=list(text),
        plain=clause.plain,
        citation=clause.citation,
        written_at=at,
        written_by=me.id,
    )
    session.add(row)
    _told(session, me, "clause.written", code, at, version=version)
    return row


def retire(session: Session, me: Actor, code: str, at: datetime) -> None:
    """Offer it no more; agreements that have it keep it."""
    _may(me)
    rows = queries.own_versions(session, me.organization_id, code)
    if not rows:
        raise NotReady([Problem("There is no such clause.", "Open the list again.", "Clause")])
    for row in rows:
        row.retired_at = row.retired_at or at
    _told(session, me, "clause.retired", code, at)


def _may(me: Actor) -> None:
    organization = str(me.organization_id)
    may_keep_templates(organization, me.role, organization).or_refuse()


def _code(session: Session, me: Actor, title: str) -> str:
    """A code made of the title, such as own_parking; the next free one if it is taken."""
    words = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")[:24].strip("_") or "clause"
    taken = {row.code for row in queries.own_clauses(session, me.organization_id)}
    names = [f"{OWN}{words}", *(f"{OWN}{words}_{number}" for number in range(2, 1000))]
    return next(name for name in names if name not in taken)


def _told(session: Session, me: Actor, event: str, code: str, at: datetime, **detail: int) -> None:
    session.flush()
    trail.write(session, me, trail.Entry(event, True, at, subject=code, detail=detail))
