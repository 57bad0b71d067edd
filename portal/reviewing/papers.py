"""The record of a review that was signed off, as a kept PDF; about staff, and no student."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from portal.access import documents
from portal.access.actor import Actor
from portal.languages import catalog as languages
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.reviewing import words
from portal.store.oversight import Review
from portal.store.papers import Document
from portal.vocabulary import (
    REVIEW_DECISION_LABELS,
    REVIEW_KIND_LABELS,
    DocumentKind,
    ReviewSubject,
)

if TYPE_CHECKING:
    from portal.reviewing.service import Line

ENGLISH = languages.ENGLISH
SETTLED_ITSELF = "Ended before the review was signed"


def keep_record(
    session: Session, me: Actor, review: Review, lines: Sequence[Line], at: datetime
) -> Document:
    """The signed review as exact bytes; opened by whoever has the review, at /doc/{id}."""
    paper = values(me, review, lines, at)
    return documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.REVIEW_RECORD,
        f"review-{review.period}.pdf",
        render.MEDIA_TYPE,
        render.make(pdf.order(paper, language=ENGLISH, at=at)),
        at,
    )


def values(me: Actor, review: Review, lines: Sequence[Line], at: datetime) -> pdf.Minutes:
    """What the paper prints."""
    when = languages.instant(at, me.tz, ENGLISH)
    opened = languages.instant(review.opened_at, me.tz, ENGLISH)
    return pdf.Minutes(
        title=f"Periodic review: {REVIEW_KIND_LABELS[review.kind].lower()}",
        number=review.period,
        district=me.organization_name,
        foot=f"Signed off by {me.name}, {when}",
        facts=(
            pdf.Fact("Opened", opened),
            pdf.Fact("Due", languages.day(review.due_on, ENGLISH)),
            pdf.Fact("Lines", f"{len(lines):,}"),
        ),
        intro=(words.INTRODUCTIONS[review.kind],),
        tables=tuple(
            _table(subject, [line for line in lines if line.subject is subject], me.tz)
            for subject in words.SUBJECTS[review.kind]
        ),
        signing="Signed off",
        statement=review.statement,
        signed=f"{me.name}, {me.title or 'administrator'}, {when}",
    )


def _table(subject: ReviewSubject, lines: Sequence[Line], tz: str) -> pdf.Grid:
    return pdf.Grid(
        heading=words.SUBJECT_LABELS[subject],
        columns=("About", "As it stood", "Decision", "By", "Note"),
        rows=tuple(_row(line, tz) for line in lines),
        none="Nothing of this kind.",
    )


def _row(line: Line, tz: str) -> tuple[str, ...]:
    return (
        words.about(line, named=False),
        words.stood(line.facts, tz),
        REVIEW_DECISION_LABELS[line.decision] if line.decision else SETTLED_ITSELF,
        line.decided_by,
        line.note,
    )
