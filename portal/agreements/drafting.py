"""Begin an agreement, keep its draft, throw it away.

A draft is its district's own until it is sent or issued; it may have gaps.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.access import once
from portal.access.actor import Actor
from portal.access.numbers import new_number
from portal.agreements import desk, queries, rules
from portal.agreements.content import Content, to_json
from portal.agreements.status import Act
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.store.agreements import AgreementPaper, AgreementPartner, WordTemplate
from portal.vocabulary import AgreementEventKind, EndedHow, Following
from portal.word.values import clean

STALE = Problem(
    "Somebody else has saved this draft since you opened it.",
    "Open it again; what you typed is still on this page, so copy it first.",
)


@dataclass(frozen=True)
class Origin:
    """What a new agreement stands under, and what it amends or renews."""

    parent_id: uuid.UUID | None = None
    follows_id: uuid.UUID | None = None
    follows_how: Following | None = None


NEW = Origin()


def begin(
    session: Session,
    me: Actor,
    content: Content,
    at: datetime,
    key: str,
    origin: Origin = NEW,
) -> AgreementPaper:
    """Begin an agreement between my district and its partners; it may still have gaps.

    key: the form's; a second click with the same key finds the first one's agreement.
    Raises Refused, NotFound for what it follows, and NotReady when no active agency is chosen.
    """
    me.may(Task.MAKE_AGREEMENT).or_refuse()
    parent = _parent(session, me, origin, at)
    _follows(session, me, origin, at)
    known = queries.known(session, me, content, at, parent.kind if parent else None)
    desk.or_not_ready(rules.draft_problems(content, known))
    paper_id = uuid.uuid4()
    earlier = once.first_result(session, me, "agreement.drafted", key, paper_id, at)
    if earlier is not None:
        return session.get_one(AgreementPaper, earlier)
    paper = AgreementPaper(
        id=paper_id,
        number=new_number(session, AgreementPaper.number, "M"),
        kind=content.kind,
        district_id=me.organization_id,
        parent_id=origin.parent_id,
        follows_id=origin.follows_id,
        follows_how=origin.follows_how,
        template_id=queries.usual_template(session, me),
        content=to_json(content),
        revision=1,
        written_at=at,
        written_by=me.id,
    )
    session.add(paper)
    session.flush()
    _partners(session, paper, content)
    desk.told(session, me, "agreement.drafted", paper, at)
    return paper


def _parent(session: Session, me: Actor, origin: Origin, at: datetime) -> AgreementPaper | None:
    if origin.parent_id is None:
        return None
    paper = desk.visible(session, me, origin.parent_id, "agreement.drafted", at)
    if paper.issued_at is None:
        raise NotReady(
            [Problem("The agreement above it is a draft.", "Issue that one first.", "Parent")]
        )
    return paper


def _follows(session: Session, me: Actor, origin: Origin, at: datetime) -> None:
    if origin.follows_id is not None:
        act = Act.AMEND if origin.follows_how is Following.AMENDS else Act.RENEW
        desk.ours(session, me, origin.follows_id, act, "agreement.drafted", at)


def save(
    session: Session,
    me: Actor,
    paper_id: uuid.UUID,
    content: Content,
    revision: int,
    at: datetime,
    template_id: uuid.UUID | None = None,
) -> AgreementPaper:
    """Keep the draft as it is now, with its gaps; what has been issued cannot be changed.

    revision: of the draft that was opened. Raises NotReady when another was saved since.
    """
    paper = desk.ours(session, me, paper_id, Act.EDIT, "agreement.revised", at)
    if paper.revision != revision:
        raise NotReady([STALE])
    known = queries.known(session, me, content, at, queries.parent_kind(session, paper))
    desk.or_not_ready([*rules.draft_problems(content, known), *_template(session, me, template_id)])
    if to_json(content) == paper.content and paper.template_id == template_id:
        return paper
    paper.content, paper.kind, paper.template_id = to_json(content), content.kind, template_id
    paper.revision += 1
    _partners(session, paper, content)
    desk.told(session, me, "agreement.revised", paper, at)
    return paper


def _template(session: Session, me: Actor, template_id: uuid.UUID | None) -> list[Problem]:
    if template_id is None:
        return []
    found = session.get(WordTemplate, template_id)
    usable = (
        found is not None
        and found.district_id == me.organization_id
        and found.published_at is not None
        and found.retired_at is None
    )
    if usable:
        return []
    return [Problem("This template is not published.", "Choose one from the list.", "Template")]


def _partners(session: Session, paper: AgreementPaper, content: Content) -> None:
    session.execute(delete(AgreementPartner).where(AgreementPartner.paper_id == paper.id))
    for place, terms in enumerate(content.partners, start=1):
        if terms.agency_id is not None:
            session.add(
                AgreementPartner(paper_id=paper.id, organization_id=terms.agency_id, place=place)
            )
    session.flush()


def discard(
    session: Session, me: Actor, paper_id: uuid.UUID, reason: str, at: datetime
) -> AgreementPaper:
    """Throw a draft away, or take back what was issued before all have signed it."""
    paper = desk.ours(session, me, paper_id, Act.DISCARD, "agreement.discarded", at)
    told = clean(reason)
    desk.or_not_ready(reason_problems(told))
    paper.discarded_at, paper.discarded_reason = at, told
    for pair in queries.pairs(session, paper.id):
        pair.terminated_at, pair.terminated_reason = at, told
        pair.ended_how = EndedHow.TERMINATED
    desk.happened(session, me, paper, AgreementEventKind.WITHDRAWN, at, text=told)
    desk.told(session, me, "agreement.discarded", paper, at)
    return paper


def reason_problems(reason: str) -> list[Problem]:
    """An end has a reason, kept with it."""
    if reason:
        return []
    return [Problem("The reason is missing.", "Write why, in a sentence.", "Reason")]


def pair_number(paper: AgreementPaper, place: int, of: int) -> str:
    """The number of the row that the gate reads: the paper's, lettered when it has several."""
    return paper.number if of == 1 else f"{paper.number}-{place}"
