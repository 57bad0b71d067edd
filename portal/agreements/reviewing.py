"""The parties agree on the words: sent, commented on, sent back, approved.

Each sending is a version of its own, kept with its content and its exact document.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements import (
    compare,
    desk,
    fields_kept,
    issuing,
    printing,
    queries,
    returned,
    rules,
)
from portal.agreements.content import ChosenClause, Content, from_json, to_json
from portal.agreements.status import Act
from portal.agreements.wordlines import WordComment
from portal.errors import NotReady, Problem
from portal.store.agreements import AgreementPaper, AgreementVersion
from portal.store.papers import Document
from portal.vocabulary import AgreementEventKind, DocumentKind, VersionOrigin
from portal.word.render import MEDIA_TYPE
from portal.word.values import clean

LONGEST_COMMENT = 4000


@dataclass(frozen=True)
class Answer:
    """What a partner says to a version. comments: by the clause's id, "" for the whole.

    file: the Word file with their changes; empty when they sent none.
    """

    comments: Mapping[str, str] = field(default_factory=dict)
    file: bytes = field(default=b"", repr=False)


def send(
    session: Session, me: Actor, paper_id: uuid.UUID, message: str, at: datetime
) -> AgreementVersion:
    """Send the draft to its partners, to be read and answered; it may still have gaps.

    Raises NotReady where it cannot be printed.
    """
    paper = desk.ours(session, me, paper_id, Act.SEND, "agreement.sent", at)
    desk.or_not_ready([*_comment_problems([message]), *_sent_already(session, paper)])
    known = queries.known_of(session, me, paper, at)
    desk.or_not_ready(rules.draft_problems(from_json(paper.content), known))
    version = issuing.keep_version(session, me, paper, VersionOrigin.OURS, at)
    desk.happened(
        session,
        me,
        paper,
        AgreementEventKind.SENT,
        at,
        text=clean(message),
        version_id=version.id,
    )
    desk.told(session, me, "agreement.sent", paper, at, version=version.number)
    return version


def _sent_already(session: Session, paper: AgreementPaper) -> list[Problem]:
    """A second click sends nothing: what everybody still has before them is not sent again."""
    last = queries.latest_sent(session, paper.id)
    waiting = queries.awaited(session, paper.id)
    everybody = frozenset(queries.partner_ids(session, paper.id))
    if last is None or waiting != everybody or last.content != paper.content:
        return []
    what = "This draft was sent already, as it is, and waits for an answer."
    return [Problem(what, "Wait for the answer, or change the draft first.")]


def approve(session: Session, me: Actor, paper_id: uuid.UUID, at: datetime) -> AgreementPaper:
    """Say for my side that the version that was sent may be signed."""
    paper = desk.to_answer(session, me, paper_id, "agreement.approved", at)
    version = _waiting(session, me, paper)
    desk.happened(session, me, paper, AgreementEventKind.APPROVED, at, version_id=version.id)
    desk.told(session, me, "agreement.approved", paper, at, version=version.number)
    return paper


def send_back(
    session: Session, me: Actor, paper_id: uuid.UUID, answer: Answer, at: datetime
) -> AgreementVersion | None:
    """Send it back with comments, or with a Word file whose changed clauses are found.

    Raises NotReady when there is neither, and BadFile for a file that is no such agreement.
    Returns the version that the file makes, if there is one.
    """
    paper = desk.to_answer(session, me, paper_id, "agreement.returned", at)
    sent = _waiting(session, me, paper)
    told = {clause: clean(text) for clause, text in answer.comments.items() if text.strip()}
    desk.or_not_ready(_comment_problems(list(told.values())))
    if not told and not answer.file:
        raise NotReady([Problem("Nothing is said.", "Write what should change.", "Comment")])
    version = _file(session, me, paper, sent, answer.file, at) if answer.file else None
    for clause, text in told.items():
        if clause:
            _comment(session, me, paper, clause, text, sent.id, at)
    desk.happened(
        session,
        me,
        paper,
        AgreementEventKind.RETURNED,
        at,
        text=told.get("", ""),
        version_id=sent.id,
    )
    desk.told(session, me, "agreement.returned", paper, at, version=sent.number)
    return version


def comment(
    session: Session, me: Actor, paper_id: uuid.UUID, clause: str, text: str, at: datetime
) -> AgreementPaper:
    """Say something about a clause, or with "" about the whole; both sides can read it."""
    paper = desk.visible(session, me, paper_id, "agreement.commented", at)
    desk.require(session, paper, Act.ANSWER, at)
    told = clean(text)
    if not told:
        raise NotReady([Problem("Nothing is said.", "Write the comment.", "Comment")])
    desk.or_not_ready(_comment_problems([told]))
    version = queries.latest_sent(session, paper.id)
    _comment(session, me, paper, clause[:60], told, version.id if version else None, at)
    desk.told(session, me, "agreement.commented", paper, at)
    return paper


def take_over(
    session: Session,
    me: Actor,
    paper_id: uuid.UUID,
    version_id: uuid.UUID,
    clause: str,
    revision: int,
    at: datetime,
) -> AgreementPaper:
    """Put a clause into our draft as a version has it: in the partner's wording, or taken out.

    The draft's own clause then counts as changed, and a required one asks for counsel again.
    """
    paper = desk.ours(session, me, paper_id, Act.EDIT, "agreement.revised", at)
    version = session.get(AgreementVersion, version_id)
    content = from_json(paper.content)
    if version is None or version.paper_id != paper.id:
        raise NotReady([Problem("This agreement has no such version.", "Compare it again.")])
    if paper.revision != revision:
        raise NotReady([Problem("The draft was changed meanwhile.", "Open it again.")])
    if clause not in {chosen.id for chosen in content.clauses}:
        raise NotReady(
            [Problem("The draft has no such clause any more.", "Compare it again.", "Clauses")]
        )
    theirs = next((c for c in from_json(version.content).clauses if c.id == clause), None)
    if theirs is None:
        desk.or_not_ready(_required_problems(session, paper, content, clause))
        content = _without(content, clause)
    else:
        content = replace(content, clauses=_reworded(content, clause, theirs.text))
    paper.content = to_json(content)
    paper.revision += 1
    desk.told(session, me, "agreement.revised", paper, at, clause=clause)
    return paper


def _required_problems(
    session: Session, paper: AgreementPaper, content: Content, clause: str
) -> list[Problem]:
    library = queries.library(session, paper.district_id)
    required = next((c for c in library.required(content) if c.id == clause), None)
    if required is None:
        return []
    law = f": {required.required_by} ({required.citation})" if required.citation else ""
    what = f"The clause “{required.title}” may not be left out{law}."
    return [Problem(what, "Keep it, and say why in a comment.", "Clauses")]


def _without(content: Content, clause: str) -> Content:
    return replace(content, clauses=tuple(c for c in content.clauses if c.id != clause))


def _reworded(
    content: Content, clause: str, worded: tuple[str, ...] | None
) -> tuple[ChosenClause, ...]:
    return tuple(
        replace(chosen, text=worded, reviewed_by="") if chosen.id == clause else chosen
        for chosen in content.clauses
    )


def _waiting(session: Session, me: Actor, paper: AgreementPaper) -> AgreementVersion:
    """The version that waits for my side's answer."""
    version = queries.latest_sent(session, paper.id)
    if version is None or me.organization_id not in queries.awaited(session, paper.id):
        raise NotReady(
            [
                Problem(
                    "Your side has answered this version already.",
                    "Wait until the district sends it again, or write to its liaison.",
                )
            ]
        )
    return version


def _comment(
    session: Session,
    me: Actor,
    paper: AgreementPaper,
    clause: str,
    text: str,
    version_id: uuid.UUID | None,
    at: datetime,
) -> None:
    kind = AgreementEventKind.COMMENTED
    desk.happened(session, me, paper, kind, at, text=text, clause=clause, version_id=version_id)


def _comment_problems(texts: list[str]) -> list[Problem]:
    if all(len(text) <= LONGEST_COMMENT for text in texts):
        return []
    shorten = f"Shorten it to {LONGEST_COMMENT:,} characters, or send a Word file."
    return [Problem("The comment is too long.", shorten, "Comment")]


def _file(
    session: Session,
    me: Actor,
    paper: AgreementPaper,
    sent: AgreementVersion,
    file: bytes,
    at: datetime,
) -> AgreementVersion:
    """A version made of what came back; its content is what was sent, in their wording."""
    found = differences(session, paper, sent, file)
    if found.is_empty:
        what = "The file says what was sent, and holds no comment."
        do_next = "Choose the file with your changes, or approve the version."
        raise NotReady([Problem(what, do_next, "Word file")])
    for told in found.comments:
        _comment(session, me, paper, told.clause[:60], _of_word(told), sent.id, at)
    content = _in_their_words(session, paper, sent, found.changes)
    version = AgreementVersion(
        paper_id=paper.id,
        number=queries.next_version(session, paper.id),
        origin=VersionOrigin.RETURNED,
        organization_id=me.organization_id,
        content=to_json(content),
        document_id=desk.keep(
            session,
            me,
            paper,
            DocumentKind.AGREEMENT_VERSION,
            f"Agreement-{paper.number}-returned.docx",
            MEDIA_TYPE,
            file,
            at,
            to_partners=True,
        ).id,
        made_at=at,
        made_by=me.id,
    )
    session.add(version)
    session.flush()
    return version


def differences(
    session: Session, paper: AgreementPaper, sent: AgreementVersion, file: bytes
) -> returned.Returned:
    """What a returned file says otherwise than the version that was sent.

    Raises BadFile for what is no Word file of this version.
    """
    library = queries.library(session, paper.district_id)
    clauses = compare.said_exactly(_as_sent(session, paper, sent), library)
    about = returned.Sent(paper.number, sent.number, clauses)
    return returned.read(session.get_one(Document, sent.document_id).content, file, about)


def _as_sent(session: Session, paper: AgreementPaper, sent: AgreementVersion) -> printing.Printed:
    return issuing.printed(session, paper, from_json(sent.content), sent.number, sent.made_at)


def _in_their_words(
    session: Session,
    paper: AgreementPaper,
    sent: AgreementVersion,
    changes: Sequence[returned.Change],
) -> Content:
    """What was sent, with the clauses as the partner worded them or without them."""
    library = queries.library(session, paper.district_id)
    printed = _as_sent(session, paper, sent)
    facts = printing.facts_of(printed, library)
    content = printed.content
    standing = {s.clause.id: s for s in library.standing(content)}
    for change in changes:
        if change.new is None:
            content = _without(content, change.id)
            continue
        worded = fields_kept.with_fields(standing[change.id].text, change.new, facts)
        content = replace(content, clauses=_reworded(content, change.id, worded))
    return content


def _of_word(told: WordComment) -> str:
    quoted = f"On “{told.quoted[:200]}”: " if told.quoted else ""
    author = f" (in the Word file, as {told.author})" if told.author else " (in the Word file)"
    return str(clean(f"{quoted}{told.text}{author}"))[:LONGEST_COMMENT]
