"""A district's own Word templates: brought, their blanks mapped, judged, published, retired.

    examined = examine(content)                       # in a worker, outside any transaction
    row = bring(session, me, "Our agreement", examined, now)
    examined = mapped(file_of(session, me, row.id, now), {blank.id: "district.name"})
    change(session, me, row.id, examined, now)
    publish(session, me, row.id, judged, now)         # judged: no problem is left

The file as it was brought is kept beside the one with tags. A published version never changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import documents, trail
from portal.access.actor import Actor
from portal.agreements import annex, queries
from portal.agreements.clauses.library import SHIPPED, Library
from portal.agreements.documents import Template, fields, render
from portal.agreements.sample import AT, a_sample
from portal.agreements.templates import Asked, marked_in, template_problems
from portal.errors import BadFile, NotFound, NotReady, Problem
from portal.policy.papers import may_keep_templates
from portal.store.agreements import WordTemplate
from portal.store.papers import Document
from portal.vocabulary import AgreementKind, DocumentKind
from portal.word import desk
from portal.word.blanks import Blank
from portal.word.desk import BadTemplate
from portal.word.problems import TemplateProblem
from portal.word.render import MEDIA_TYPE
from portal.word.values import clean

NOT_FOUND = NotFound("There is no template here that you may open.", "Open the list again.")
TO_LEAVE = frozenset({"sign", "tick"})
"""Kinds of blank that a person fills with a pen."""


@dataclass(frozen=True)
class Examined:
    """A file that passed the screen. problems: of its tags; blanks: what could become tags."""

    content: bytes = field(repr=False)
    fields: tuple[str, ...]
    problems: tuple[TemplateProblem, ...]
    blanks: tuple[Blank, ...]
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """Whether a template may be published. lacks: what the law or the portal asks for besides."""

    sha256: str
    problems: tuple[TemplateProblem, ...]
    lacks: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Nothing stands against it."""
        return not self.problems and not self.lacks


def examine(content: bytes) -> Examined:
    """Screen a file and read its tags and blanks. Raises BadTemplate for a file to be refused."""
    declared = fields(SHIPPED)
    blanks = desk.blanks(content, declared)
    checked = desk.check(content, declared)
    return Examined(content, checked.fields, checked.problems, tuple(blanks))


def marked_copy(content: bytes, problems: Iterable[TemplateProblem]) -> bytes | None:
    """The file with each problem beside its words; None where that cannot be done safely."""
    try:
        return desk.annotated(content, problems)
    except BadTemplate:
        return None


def mapped(content: bytes, choices: Mapping[str, str]) -> Examined:
    """The file with tags in the place of the chosen blanks. Raises BadTemplate."""
    return replace(examine(desk.with_fields(content, choices)), mapping=dict(choices))


def completed(content: bytes) -> Examined:
    """The file with an annex for whatever it lacks: schedules, clauses, places to sign."""
    asked = Asked(frozenset(desk.check(content).fields), frozenset(marked_in(content)))
    return examine(annex.appended(content, asked))


def judge(content: bytes, library: Library, kind: AgreementKind) -> Judged:
    """Check it, look for what it lacks, and print a made-up agreement with it."""
    checked = desk.check(content, fields(library))
    asked = Asked(frozenset(checked.fields), frozenset(marked_in(content)))
    lacks = tuple(template_problems(asked, library, kind))
    if checked.usable and not lacks:
        lacks = _trial(content, library, kind)
    return Judged(documents.sha256_of(content), checked.problems, lacks)


def trial(content: bytes, library: Library, kind: AgreementKind) -> bytes:
    """A made-up agreement printed with this template. Raises NotReady or BadFile."""
    printed = a_sample(kind, library, Template("Template on trial", content))
    return render(printed, library, AT)


def _trial(content: bytes, library: Library, kind: AgreementKind) -> tuple[Problem, ...]:
    try:
        trial(content, library, kind)
    except (NotReady, BadFile) as refusal:
        return refusal.problems
    return ()


# Kept


def bring(session: Session, me: Actor, name: str, examined: Examined, at: datetime) -> WordTemplate:
    """Keep a file as the next version of the template of this name; it is not offered yet."""
    _may(me)
    told = clean(name)[:80]
    if not told:
        raise NotReady([Problem("The template has no name.", "Give it one.", "Name")])
    kept = _keep(session, me, told, examined.content, at)
    row = WordTemplate(
        district_id=me.organization_id,
        name=told,
        version=queries.next_template_version(session, me.organization_id, told),
        original_id=kept.id,
        content_id=kept.id,
        mapping={},
        fields=list(examined.fields),
        sha256=kept.sha256,
        brought_at=at,
        brought_by=me.id,
    )
    session.add(row)
    _told(session, me, "template.brought", row, at)
    return row


def change(
    session: Session, me: Actor, template_id: uuid.UUID, examined: Examined, at: datetime
) -> WordTemplate:
    """Keep it with its blanks mapped, or with its annex; not once it is published."""
    row = _own(session, me, template_id, at)
    if row.published_at is not None:
        raise NotReady([PUBLISHED])
    kept = _keep(session, me, row.name, examined.content, at)
    row.content_id, row.sha256, row.fields = kept.id, kept.sha256, list(examined.fields)
    row.mapping = {**row.mapping, **examined.mapping}
    _told(session, me, "template.changed", row, at)
    return row


def publish(
    session: Session, me: Actor, template_id: uuid.UUID, judged: Judged, at: datetime
) -> WordTemplate:
    """Offer it to new agreements. judged: of the very bytes that are kept."""
    row = _own(session, me, template_id, at)
    if row.published_at is not None:
        raise NotReady([PUBLISHED])
    if judged.sha256 != row.sha256:
        raise NotReady([Problem("The template was changed meanwhile.", "Open it again.")])
    if not judged.usable:
        found: Sequence[Problem] = [p.as_problem() for p in judged.problems]
        raise NotReady([*found, *judged.lacks])
    row.published_at, row.published_by = at, me.id
    _told(session, me, "template.published", row, at)
    return row


def retire(session: Session, me: Actor, template_id: uuid.UUID, at: datetime) -> WordTemplate:
    """Offer it no more; what was printed with it stays."""
    row = _own(session, me, template_id, at)
    row.retired_at = row.retired_at or at
    _told(session, me, "template.retired", row, at)
    return row


def file_of(session: Session, me: Actor, template_id: uuid.UUID, at: datetime) -> bytes:
    """The file with its tags, as it is now."""
    row = _own(session, me, template_id, at)
    return session.get_one(Document, row.content_id).content


PUBLISHED = Problem(
    "A published template never changes.", "Bring the changed file as its next version."
)


def keep_marked(session: Session, me: Actor, content: bytes, at: datetime) -> Document:
    """Keep a copy in which the problems are marked, to be taken along."""
    _may(me)
    kept = _keep(session, me, "Template with marks", content, at)
    entry = trail.Entry("template.marked", True, at, subject=str(kept.id))
    trail.write(session, me, entry)
    return kept


def _own(session: Session, me: Actor, template_id: uuid.UUID, at: datetime) -> WordTemplate:
    _may(me)
    row = session.get(WordTemplate, template_id)
    if row is None or row.district_id != me.organization_id:
        trail.write_refusal(session, me, trail.Entry("template.opened", False, at))
        raise NOT_FOUND
    return row


def _may(me: Actor) -> None:
    organization = str(me.organization_id)
    may_keep_templates(organization, me.role, organization).or_refuse()


def _keep(session: Session, me: Actor, name: str, content: bytes, at: datetime) -> Document:
    return documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.WORD_TEMPLATE,
        f"{name}.docx",
        MEDIA_TYPE,
        content,
        at,
    )


def _told(session: Session, me: Actor, event: str, row: WordTemplate, at: datetime) -> None:
    session.flush()
    detail = {"name": row.name, "version": row.version, "sha256": row.sha256}
    entry = trail.Entry(event, True, at, subject=str(row.id), detail=detail)
    trail.write(session, me, entry)
