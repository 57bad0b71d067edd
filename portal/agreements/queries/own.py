"""The district's own clauses and templates."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.library import SHIPPED, Library
from portal.agreements.clauses.types import Clause, Need
from portal.agreements.documents import Template
from portal.store.agreements import DistrictClause, WordTemplate
from portal.store.papers import Document


def library(session: Session, district_id: uuid.UUID) -> Library:
    """The shipped clauses and this district's own, in every version."""
    rows = own_clauses(session, district_id)
    return SHIPPED.with_district(own_clause(row) for row in rows) if rows else SHIPPED


def own_clauses(session: Session, district_id: uuid.UUID) -> list[DistrictClause]:
    """Every version of every clause that a district wrote, retired ones too."""
    rows = session.scalars(
        select(DistrictClause)
        .where(DistrictClause.district_id == district_id)
        .order_by(DistrictClause.code, DistrictClause.version)
    )
    return list(rows)


def own_versions(session: Session, district_id: uuid.UUID, code: str) -> list[DistrictClause]:
    """The versions of one clause of a district, the first first; none for a code it has not."""
    return [row for row in own_clauses(session, district_id) if row.code == code]


def own_clause(row: DistrictClause) -> Clause:
    """A district's own clause, as the library has it."""
    return Clause(
        id=row.code,
        article=Article(row.article),
        title=row.title,
        text=tuple(row.text),
        plain=row.plain,
        version=row.version,
        citation=row.citation,
        need=Need.OPTIONAL,
        own=True,
        retired=row.retired_at is not None,
    )


def template(session: Session, template_id: uuid.UUID | None) -> Template | None:
    """A district's own template, ready to be filled; None for the portal's."""
    if template_id is None:
        return None
    row = session.get_one(WordTemplate, template_id)
    content = session.get_one(Document, row.content_id).content
    return Template(f"{row.name}, version {row.version}", content)


def usual_template(session: Session, me: Actor) -> uuid.UUID | None:
    """The template that the district published last; None for the portal's."""
    return session.scalar(
        select(WordTemplate.id)
        .where(
            WordTemplate.district_id == me.organization_id,
            WordTemplate.published_at.is_not(None),
            WordTemplate.retired_at.is_(None),
        )
        .order_by(WordTemplate.published_at.desc())
        .limit(1)
    )


def own_templates(session: Session, me: Actor) -> list[WordTemplate]:
    """Every version of every template of my district, the newest first."""
    rows = session.scalars(
        select(WordTemplate)
        .where(WordTemplate.district_id == me.organization_id)
        .order_by(WordTemplate.brought_at.desc(), WordTemplate.name)
    )
    return list(rows)


def next_template_version(session: Session, district_id: uuid.UUID, name: str) -> int:
    """The number of the next version of a template."""
    last = select(func.max(WordTemplate.version)).where(
        WordTemplate.district_id == district_id, WordTemplate.name == name
    )
    return (session.scalar(last) or 0) + 1
