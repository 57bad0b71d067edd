"""What every verb about an agreement does first and last: find it, authorize, write it down."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy.orm import Session

from portal.access import documents, trail
from portal.access.actor import Actor
from portal.agreements import queries
from portal.agreements.status import Act, act_problems
from portal.errors import NotFound, NotReady, Problem
from portal.policy.decision import Decision, Reason
from portal.policy.papers import may_answer_agreement, may_change_agreement
from portal.store.agreements import AgreementDocument, AgreementEvent, AgreementPaper
from portal.store.papers import Document
from portal.vocabulary import AgreementEventKind, DocumentKind

NOT_FOUND = NotFound(
    "There is no agreement here that you may open.",
    "Open it from the list of agreements, or ask your administrator.",
)


def visible(
    session: Session, me: Actor, paper_id: uuid.UUID, event: str, at: datetime
) -> AgreementPaper:
    """A paper that this person may see; a foreign one and a missing one look alike."""
    paper = session.get(AgreementPaper, paper_id)
    if paper is None or not queries.is_visible(session, me, paper):
        _not_found(session, me, event, at)
    return paper


def ours(
    session: Session, me: Actor, paper_id: uuid.UUID, act: Act, event: str, at: datetime
) -> AgreementPaper:
    """A paper of this district that this person may change, and that stands so that `act` can be.

    Raises NotFound, Refused or NotReady; the refusals are in the trail.
    """
    paper = visible(session, me, paper_id, event, at)
    decision = may_change_agreement(str(me.organization_id), me.role, str(paper.district_id))
    or_refuse(session, me, decision, event, paper, at)
    require(session, paper, act, at)
    return paper


def to_answer(
    session: Session, me: Actor, paper_id: uuid.UUID, event: str, at: datetime
) -> AgreementPaper:
    """A paper that was sent to this person's organization for review."""
    paper = visible(session, me, paper_id, event, at)
    partners = [str(key) for key in queries.partner_ids(session, paper.id)]
    decision = may_answer_agreement(str(me.organization_id), me.role, partners)
    or_refuse(session, me, decision, event, paper, at)
    require(session, paper, Act.ANSWER, at)
    return paper


def _not_found(session: Session, me: Actor, event: str, at: datetime) -> NoReturn:
    entry = trail.Entry(event, False, at, codes=[Reason.NO_RELATION])
    trail.write_refusal(session, me, entry)
    raise NOT_FOUND


def or_refuse(
    session: Session,
    me: Actor,
    decision: Decision,
    event: str,
    paper: AgreementPaper,
    at: datetime,
) -> None:
    """Nothing when it is allowed; otherwise Refused, and the refusal in the trail."""
    if not decision:
        entry = trail.Entry(event, False, at, subject=paper.number, codes=decision.codes)
        trail.write_refusal(session, me, entry)
    decision.or_refuse()


def require(session: Session, paper: AgreementPaper, act: Act, at: datetime) -> None:
    """Raises NotReady when the paper stands so that this cannot be done."""
    or_not_ready(act_problems(queries.status(session, paper, at), act))


def or_not_ready(found: list[Problem]) -> None:
    """Raises NotReady with all of them."""
    if found:
        raise NotReady(found)


def told(
    session: Session,
    me: Actor | None,
    event: str,
    paper: AgreementPaper,
    at: datetime,
    **detail: Any,
) -> None:
    """The line in the trail."""
    session.flush()
    trail.write(session, me, trail.Entry(event, True, at, subject=paper.number, detail=detail))


def happened(
    session: Session,
    me: Actor | None,
    paper: AgreementPaper,
    kind: AgreementEventKind,
    at: datetime,
    *,
    text: str = "",
    clause: str = "",
    version_id: uuid.UUID | None = None,
) -> AgreementEvent:
    """Something that both sides can read in the agreement's own history."""
    event = AgreementEvent(
        paper_id=paper.id,
        number=queries.next_event(session, paper.id),
        kind=kind,
        at=at,
        user_id=me.id if me else None,
        organization_id=me.organization_id if me else None,
        version_id=version_id,
        clause=clause,
        text=text,
    )
    session.add(event)
    session.flush()
    return event


def keep(
    session: Session,
    me: Actor,
    paper: AgreementPaper,
    kind: DocumentKind,
    file_name: str,
    media_type: str,
    content: bytes,
    at: datetime,
    *,
    to_partners: bool,
) -> Document:
    """Keep a document that belongs to this paper, as exact bytes."""
    document = documents.keep(
        session, me.id, paper.district_id, kind, file_name, media_type, content, at
    )
    session.add(
        AgreementDocument(document_id=document.id, paper_id=paper.id, to_partners=to_partners)
    )
    session.flush()
    return document
