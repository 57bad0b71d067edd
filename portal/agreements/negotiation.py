"""What the parties of an agreement compare: its versions, its draft, and the one it follows.

    told = texts(session, me, view, at)
    old, new = usual(view, told)
    compared(session, view, told[old], told[new])

Whoever sees the agreement sees every version that was sent, returned or issued; the draft only
its district sees.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements import compare, issuing, queries, reviewing
from portal.agreements.content import Content, from_json
from portal.agreements.printing import Printed
from portal.agreements.queries import AgreementView
from portal.agreements.returned import Outside
from portal.agreements.status import Act
from portal.errors import BadFile
from portal.store.agreements import AgreementPaper, AgreementVersion
from portal.store.papers import Document
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import VersionOrigin

DRAFT, FOLLOWED = "draft", "followed"
ORIGINS = {
    VersionOrigin.OURS: "sent",
    VersionOrigin.RETURNED: "sent back",
    VersionOrigin.ISSUED: "issued",
}


@dataclass(frozen=True)
class VersionLine:
    """A version as a page lists it."""

    id: uuid.UUID
    number: int
    origin: VersionOrigin
    organization: str
    who: str
    made_at: datetime
    document_id: uuid.UUID

    @property
    def label(self) -> str:
        """Such as `Version 2, sent back by Riverside Clinic`."""
        return f"Version {self.number}, {ORIGINS[self.origin]} by {self.organization}"


@dataclass(frozen=True)
class Text:
    """Something that can be compared. version: None for the draft and for an earlier agreement."""

    label: str
    paper_id: uuid.UUID
    content: Content
    version: VersionLine | None = None

    @property
    def came_back(self) -> bool:
        """Is it what a partner sent back?"""
        return self.version is not None and self.version.origin is VersionOrigin.RETURNED


Texts = Mapping[str, Text]
"""What can be compared, the earliest first, by a key that names no one."""


@dataclass(frozen=True)
class Compared:
    """outside: what a returned file changed beside its clauses; nothing in the portal follows."""

    changes: compare.Comparison
    outside: tuple[Outside, ...] = ()


def versions(session: Session, view: AgreementView) -> list[VersionLine]:
    """Every version of an agreement that this person sees, the newest first."""
    return [_line(session, row) for row in reversed(queries.versions(session, view.id))]


def _line(session: Session, row: AgreementVersion) -> VersionLine:
    return VersionLine(
        id=row.id,
        number=row.number,
        origin=row.origin,
        organization=session.get_one(Organization, row.organization_id).name,
        who=session.get_one(User, row.made_by).name,
        made_at=row.made_at,
        document_id=row.document_id,
    )


def texts(session: Session, me: Actor, view: AgreementView, at: datetime) -> Texts:
    """The agreement it follows, its versions, and for its district the draft as it is now."""
    found: dict[str, Text] = {}
    before = queries.view(session, me, view.follows_id, at) if view.follows_id else None
    if before is not None:
        label = f"The agreement before it, {before.number}"
        found[FOLLOWED] = Text(label, before.id, before.content)
    for row in queries.versions(session, view.id):
        line = _line(session, row)
        found[str(row.id)] = Text(line.label, view.id, from_json(row.content), line)
    if view.we_wrote_it and Act.EDIT in view.acts:
        found[DRAFT] = Text("The draft as it is now", view.id, view.content)
    return found


def usual(view: AgreementView, told: Texts) -> tuple[str, str] | None:
    """What is compared at first: what came back with what was sent, else the two newest."""
    keys = list(told)
    newest = next((key for key in reversed(keys) if told[key].version is not None), None)
    if newest is not None and told[newest].came_back:
        return _sent_before(told, newest) or newest, newest
    if view.we_wrote_it and newest is not None and DRAFT in told:
        return newest, DRAFT
    return (keys[-2], keys[-1]) if len(keys) > 1 else None


def _sent_before(told: Texts, key: str) -> str | None:
    """The version that somebody answered by sending this one back."""
    keys = list(told)
    earlier = (k for k in reversed(keys[: keys.index(key)]) if _was_sent(told[k]))
    return next(earlier, None)


def _was_sent(text: Text) -> bool:
    return text.version is not None and text.version.origin is VersionOrigin.OURS


def compared(session: Session, view: AgreementView, old: Text, new: Text) -> Compared:
    """Everything that differs between two texts of an agreement that this person sees."""
    library = queries.library(session, view.district_id)
    sides = [_printed(session, text) for text in (old, new)]
    return Compared(compare.compare(sides[0], sides[1], library), outside(session, view, new))


def _printed(session: Session, text: Text) -> Printed:
    paper = session.get_one(AgreementPaper, text.paper_id)
    return issuing.printed(session, paper, text.content, 1, paper.written_at)


def outside(session: Session, view: AgreementView, text: Text) -> tuple[Outside, ...]:
    """What a returned file says otherwise beside its clauses: cover, schedules, places to sign."""
    if text.version is None or not text.came_back:
        return ()
    rows = queries.versions(session, view.id)
    earlier = [r for r in rows if r.origin is VersionOrigin.OURS and r.number < text.version.number]
    paper = session.get_one(AgreementPaper, view.id)
    file = session.get_one(Document, text.version.document_id).content
    try:
        return reviewing.differences(session, paper, earlier[-1], file).outside
    except BadFile:
        return ()  # taken once by an earlier reading of it; its document is still there to open


def taken_over(view: AgreementView, text: Text, clause: str) -> bool:
    """Does our draft say this clause as that version does?"""
    ours, theirs = (
        next((c.text for c in content.clauses if c.id == clause), _MISSING)
        for content in (view.content, text.content)
    )
    return ours == theirs


_MISSING = ("\x00",)
"""No wording: the clause is not there."""


def clause_titles(session: Session, view: AgreementView) -> dict[str, str]:
    """The clauses of the agreement as this person sees it, by id, in the order of the paper."""
    standing = queries.library(session, view.district_id).standing(view.content)
    return {s.clause.id: s.clause.title for s in standing}
