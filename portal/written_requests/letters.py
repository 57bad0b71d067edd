"""The letters about a written request, each as PDF and as Word file, from the same words.

General Access 10: "The Superintendent shall notify the applicant in writing of the decision."
A letter names a student only as its reader may: by name whom they reach, by the number that they
typed whom they do not.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import documents
from portal.access.actor import Actor
from portal.config import ROOT
from portal.languages.catalog import ENGLISH
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.store.oversight import AccessRequest
from portal.store.places import Organization
from portal.vocabulary import (
    CATEGORY_LABELS,
    INFORMATION_FORM_LABELS,
    ROLE_LABELS,
    UNNAMED_VIEW_LABELS,
    Category,
    DocumentKind,
    InformationForm,
    RequestKind,
    RequestStatus,
    Role,
)
from portal.word.render import MEDIA_TYPE as WORD
from portal.word.render import render as render_word
from portal.word.values import only
from portal.written_requests.rules import STATEMENT_PARTS

TEMPLATE = ROOT / "templates" / "letters" / "decision.docx"
_FIELDS = """
district title number address phone to date greeting sections sections[].heading
sections[].paragraphs sections[].paragraphs[] closing signed_by signed_title foot
"""
FIELDS = frozenset(_FIELDS.split())
"""Every placeholder, explained in templates/README.md."""

CLAUSES = ("title",)

POLICY = "the district's policy on its Data-Based Information Management System"
DISCRETION = (
    f"Under {POLICY}, General Access to Database, item 10, the Superintendent decides in his or "
    "her sole discretion and in accordance with applicable law whether, and in what form, to "
    "grant access. This letter is the notice in writing that the policy asks for."
)
OUTSIDE_LAW = (
    f"Under {POLICY}, External Requests for Research and Data, every request of a person who is "
    "not employed in the school system is decided by the Superintendent. This letter is the "
    "decision in writing."
)
BOARD_LAW = (
    f"Under {POLICY}, Delegation to the Superintendent, items 1 and 2, the Board asks for reports "
    "by instruction of the entire Board, and analyses are provided only to the Board as a whole. "
    "This letter is the decision in writing."
)
LAWS = {RequestKind.STAFF: DISCRETION, RequestKind.BOARD: BOARD_LAW}
"""Under which words of the policy a kind of request is decided; every other: OUTSIDE_LAW."""

NO_EVALUATION = (
    "It is not to be used to evaluate a teacher or an administrator: it is not to be the sole or "
    "primary portion of any personnel evaluation."
)
NAMED_USE = (
    "Do not pass it on: whoever receives information from education records may not redisclose "
    "it without consent (34 CFR 99.33).",
    "When the term ends, destroy every copy that you made.",
)
UNNAMED_USE = "Do not try to find out of whom it tells."
STAFF_USE = (
    "Use it for the educational need that is named above, and for nothing else.",
    "Every opening is written down. Use outside the guidelines without the written permission of "
    "the Superintendent is unauthorized, and may be grounds for discipline, up to and including "
    "termination of employment (General Access to Database).",
)
STUDY_USE = (
    "Use it only for the purposes of the study. Nobody but the study's own representatives with a "
    "legitimate interest may identify a parent or a student from it, and it is destroyed when no "
    "longer needed for the study (34 CFR 99.31(a)(6)(iii)).",
)
FOIA = (
    "Information is released only to the extent required under the Connecticut Freedom of "
    "Information Act (Conn. Gen. Stat. 1-15 et seq., now 1-200 and following)."
)
OPENED_AS = {
    RequestStatus.GRANTED: "Your request is granted.",
    RequestStatus.PARTLY_GRANTED: "Your request is granted in part.",
    RequestStatus.REFUSED: "Your request is refused.",
}


@dataclass(frozen=True)
class Decided:
    """What a letter tells beside the request itself: the kinds and the students, in words.

    tz: of the district, whose days the letter names.
    """

    tz: str

    asked: Sequence[Category]
    granted: Sequence[Category]
    asked_students: Sequence[str]
    granted_students: Sequence[str]


def keep_decision(
    session: Session, me: Actor, row: AccessRequest, told: Decided, at: datetime
) -> None:
    """Make the letter of the decision that the request has now, in both shapes."""
    sections = (_asked(row, told), _decision(row), *_given(row, told))
    title = "Decision on your request for information"
    paper = _letter(session, me, row, title, sections, at)
    row.letter_id = keep_paper(session, me, row, paper, DocumentKind.ACCESS_LETTER, at)
    row.letter_docx_id = _keep_word(session, me, row, paper, at)


def keep_ending(
    session: Session, me: Actor, row: AccessRequest, reason: str, at: datetime
) -> uuid.UUID:
    """Make the letter that tells that what was granted has ended."""
    words = (
        f"What was granted on your request {row.number} has ended on {day(_local(at, me.tz))}.",
        f"The reason: {reason}",
        "Nothing is open to you on it any more. Destroy every copy that you made.",
    )
    sections = (pdf.ReplySection("What has ended", words),)
    paper = _letter(session, me, row, "Your access has ended", sections, at)
    return keep_paper(session, me, row, paper, DocumentKind.ACCESS_LETTER, at)


def _letter(
    session: Session,
    me: Actor,
    row: AccessRequest,
    title: str,
    sections: Sequence[pdf.ReplySection],
    at: datetime,
) -> pdf.Reply:
    district = session.get_one(Organization, row.organization_id)
    board = row.kind is RequestKind.BOARD
    to = "The Board of Education" if board else row.applicant_name
    below = "" if board else "\n".join(filter(None, (row.applicant_organization,
                                                     row.applicant_address)))  # fmt: skip
    return pdf.Reply(
        title=title,
        number=row.number,
        district=district.name,
        foot=f"{district.name}, request {row.number}",
        address=district.address,
        phone=district.phone,
        to="\n".join(filter(None, (to, below))),
        date=day(_local(at, me.tz)),
        greeting="To the Board of Education:" if board else f"Dear {row.applicant_name},",
        sections=tuple(sections),
        closing="Sincerely,",
        signed_by=me.name,
        signed_title=title_of(me),
    )


def title_of(me: Actor) -> str:
    """What stands below the name of whoever signs; a review ends grants by an administrator."""
    head = me.role is Role.SUPERINTENDENT
    return me.title or ("Superintendent of Schools" if head else ROLE_LABELS[me.role])


def _asked(row: AccessRequest, told: Decided) -> pdf.ReplySection:
    sent = row.submitted_at or row.written_at
    lines = [
        f"On {day(_local(sent, told.tz))} you asked for: {row.information}",
        f"The legitimate educational need that you named: {row.need}"
        if row.kind is RequestKind.STAFF
        else f"What you need it for: {row.need}",
        f"Form: {INFORMATION_FORM_LABELS[row.form]}. "
        f"Term: {day(row.wanted_from)} through {day(row.wanted_until)}.",
        _kinds("Kinds of record", told.asked),
        _listed("About", told.asked_students),
        f"View: {UNNAMED_VIEW_LABELS[row.view]}." if row.view else "",
        *(f"{label}: {row.statement[part]}" for part, label in STATEMENT_PARTS.items()
          if row.statement.get(part)),
        f"Agreement: {row.agreement_number}." if row.agreement_number else "",
        f"Instructed by the entire Board: {row.board_vote}." if row.board_vote else "",
    ]  # fmt: skip
    return pdf.ReplySection("What you asked for", _filled(lines))


def _decision(row: AccessRequest) -> pdf.ReplySection:
    lines = [
        LAWS.get(row.kind, OUTSIDE_LAW),
        OPENED_AS[row.status],
        f"The reason: {row.reason}",
        "You may ask again, in writing, for other information or with another need."
        if row.status is RequestStatus.REFUSED
        else "",
    ]
    return pdf.ReplySection("The decision", _filled(lines))


def _given(row: AccessRequest, told: Decided) -> Sequence[pdf.ReplySection]:
    if row.status is RequestStatus.REFUSED or row.decided_until is None:
        return ()
    form = row.decided_form or row.form
    begins = max(row.wanted_from, _local(row.decided_at or row.written_at, told.tz))
    ends = row.decided_until
    lines = [
        f"Form: {INFORMATION_FORM_LABELS[form]}.",
        _kinds("Kinds of record", told.granted),
        _listed("About", told.granted_students),
        f"View: {UNNAMED_VIEW_LABELS[row.view]}."
        if row.view and form is not InformationForm.IDENTIFIED
        else "",
        *_by_law(row, form),
        f"From {day(begins)} through {day(ends)}. It ends by itself after that day, and may be "
        "ended before; it opens nothing that is not named here.",
    ]
    use = use_of(row.kind, form)
    return (
        pdf.ReplySection("What is granted", _filled(lines)),
        pdf.ReplySection("What must not be done with it", use),
    )


def use_of(kind: RequestKind, form: InformationForm) -> tuple[str, ...]:
    """What must not be done with it. Counts given to the Board or to the public bind nobody
    further: they are no education record (34 CFR 99.3), and what the Freedom of Information Act
    opens is open to all."""
    use: tuple[str, ...] = (NO_EVALUATION,)
    if kind is RequestKind.STAFF:
        use = (*STAFF_USE, *use)
    if kind is RequestKind.RESEARCH:
        use = (*STUDY_USE, *use)
    if form is InformationForm.IDENTIFIED:
        return (*use, *NAMED_USE)
    return (*use, UNNAMED_USE)


def _by_law(row: AccessRequest, form: InformationForm) -> Sequence[str]:
    if row.kind is RequestKind.OUTSIDE:
        return (FOIA, f"Required, and so released: {row.foia}")
    if row.kind is RequestKind.RESEARCH and form is InformationForm.IDENTIFIED:
        return (
            "Only about students whose parents, or who themselves when they hold the rights, were "
            "told before and have consented in writing (External Requests 2, 34 CFR 99.30). "
            "About every other student nothing is given.",
        )
    if row.kind is RequestKind.BOARD:
        return (
            "The answer goes to the Board of Education as a whole (Delegation to the "
            "Superintendent, item 2), in counts too large to tell of a single student.",
        )
    return ()


def _kinds(label: str, kinds: Sequence[Category]) -> str:
    return _listed(label, [CATEGORY_LABELS[kind] for kind in kinds])


def _listed(label: str, words: Sequence[str]) -> str:
    return f"{label}: {'; '.join(words)}." if words else ""


def _filled(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def day(told: date) -> str:
    """June 30, 2027."""
    return f"{told:%B} {told.day}, {told.year}"


def _local(at: datetime, tz: str) -> date:
    return at.astimezone(ZoneInfo(tz)).date()


def keep_paper(
    session: Session,
    me: Actor,
    row: AccessRequest,
    paper: pdf.Reply,
    kind: DocumentKind,
    at: datetime,
    document_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Make this paper as PDF and keep it; open it at /doc/{id}."""
    content = render.make(pdf.order(paper, language=ENGLISH, at=at))
    kept = documents.keep(
        session,
        me.id,
        row.organization_id,
        kind,
        f"{row.number}-{paper.title}.pdf",
        render.MEDIA_TYPE,
        content,
        at,
        document_id=document_id,
    )
    return kept.id


def _keep_word(
    session: Session, me: Actor, row: AccessRequest, paper: pdf.Reply, at: datetime
) -> uuid.UUID:
    content = render_word(
        _template(TEMPLATE),
        only(asdict(paper), FIELDS),
        FIELDS,
        CLAUSES,
        title=f"{paper.title} {paper.number}",
        author=paper.district,
        at=at,
    )
    name = f"{row.number}-{paper.title}.docx"
    kind = DocumentKind.ACCESS_LETTER
    kept = documents.keep(session, me.id, row.organization_id, kind, name, WORD, content, at)
    return kept.id


@cache
def _template(path: Path) -> bytes:
    return path.read_bytes()
