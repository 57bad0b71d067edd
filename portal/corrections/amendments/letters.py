"""What the family is told of a request to amend a record: a kept PDF in their language.

34 CFR 99.20(c): a refusal tells the right to a hearing. 99.21(b): after a hearing, that the
record was amended, or the right to a statement. What staff wrote stands as they wrote it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import documents
from portal.access.actor import Actor
from portal.access.corrections import Found
from portal.languages import catalog as languages
from portal.languages.catalog import ENGLISH, Catalog, available, catalog
from portal.languages.marks import N_
from portal.languages.plain import PLAIN
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.store.people import Guardian
from portal.store.places import Organization
from portal.store.support import AmendmentRequest
from portal.vocabulary import AmendmentDecision, Category, DocumentKind

TITLE = N_("Your request to change a school record")
GREETING = N_("Dear %(name)s,")
CLOSING = N_("Thank you.")
FILE_NAME = "answer.pdf"

YOU_ASKED = N_("What you asked for")
ABOUT = N_("On %(day)s you asked us to change a record about %(student)s.")
RECORD = N_("The record: %(record)s, of %(day)s.")
YOUR_WORDS = N_("You asked: %(words)s")

DECIDED = N_("What we decided")
CHANGED = N_("We changed the record.")
NOT_CHANGED = N_("We did not change the record.")
AFTER_HEARING = N_("There was a hearing on %(day)s. It was held by %(name)s.")
WHY = N_("This is what we wrote about it: %(reason)s")

RIGHTS = N_("What you can do now")
HEARING = (
    N_("You may ask for a hearing. Tell us, or write to us."),
    N_("Somebody who gains or loses nothing by it will hold the hearing."),
    N_("We will tell you the day, the time and the place well before."),
    N_("You may show why you are right. You may bring somebody to help you, or a lawyer."),
    N_("You will get the decision in writing, with the reasons."),
)
STATEMENT = (
    N_("You may write down what you think of the record, or why you do not agree."),
    N_("We will keep your words with the record. Whoever gets the record gets your words too."),
)
COMPLAINT = N_(
    "You may also complain to the U.S. Department of Education, Student Privacy Policy Office."
)
HEARING_LAW, STATEMENT_LAW = "34 CFR 99.20–99.22", "34 CFR 99.21(b)–(c)"
LAW = N_("The law: %(law)s.")


@dataclass(frozen=True)
class _Reader:
    """Who gets the letter, and in which language."""

    name: str
    language: str


def keep(
    session: Session, me: Actor, request: AmendmentRequest, found: Found, at: datetime
) -> uuid.UUID:
    """Make the letter of the decision that the request has now; open it at /doc/{id}."""
    reader = _reader(session, request, found)
    district = session.get_one(Organization, found.record.custodian_id)
    paper = _letter(me, request, found, district, reader, at)
    content = render.make(pdf.order(paper, language=reader.language, at=at))
    kept = documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.AMENDMENT_LETTER,
        FILE_NAME,
        render.MEDIA_TYPE,
        content,
        at,
        student_id=found.student.id,
    )
    return kept.id


def _reader(session: Session, request: AmendmentRequest, found: Found) -> _Reader:
    student = found.student
    name, language = f"{student.given_name} {student.family_name}", student.language
    if request.asked_by is not None:
        guardian = session.get_one(Guardian, request.asked_by)
        name, language = guardian.name, guardian.language
    return _Reader(name, language if language in available() else ENGLISH)


def _letter(
    me: Actor,
    request: AmendmentRequest,
    found: Found,
    district: Organization,
    reader: _Reader,
    at: datetime,
) -> pdf.Reply:
    told = catalog(reader.language)
    writer = _Writer(request, found, told, reader.language, district.tz)
    return pdf.Reply(
        title=told.gettext(TITLE),
        number="",
        district=district.name,
        foot=district.name,
        address=district.address,
        phone=district.phone,
        to=reader.name,
        date=writer.day(_local(at, district.tz)),
        greeting=told.gettext(GREETING, name=reader.name),
        sections=tuple(section for section in writer.sections() if section.paragraphs),
        closing=told.gettext(CLOSING),
        signed_by=me.name,
        signed_title=me.title,
        labels=pdf.labels(pdf.ReplyLabels, told.gettext),
    )


@dataclass(frozen=True)
class _Writer:
    request: AmendmentRequest
    found: Found
    catalog: Catalog
    language: str
    tz: str

    def t(self, text: str, **places: str) -> str:
        return self.catalog.gettext(text, **places)

    def day(self, told: date) -> str:
        return languages.day(told, self.language)

    def sections(self) -> tuple[pdf.ReplySection, ...]:
        return (
            pdf.ReplySection(self.t(YOU_ASKED), self.asked()),
            pdf.ReplySection(self.t(DECIDED), self.decided()),
            pdf.ReplySection(self.t(RIGHTS), self.rights()),
        )

    def asked(self) -> tuple[str, ...]:
        student, record = self.found.student, self.found.record
        name = f"{student.given_name} {student.family_name}"
        kind = PLAIN.get(Category(record.category), record.category)
        happened = self.day(_local(record.event_at, self.tz))
        return (
            self.t(ABOUT, day=self.day(self.request.asked_on), student=name),
            self.t(RECORD, record=self.t(kind), day=happened),
            self.t(YOUR_WORDS, words=self.request.wants),
        )

    def decided(self) -> tuple[str, ...]:
        request = self.request
        heard = request.hearing_decision is not None
        decision = request.hearing_decision or request.decision
        amended = decision is AmendmentDecision.AMENDED
        told = [self.t(CHANGED if amended else NOT_CHANGED)]
        if heard and request.hearing_held_on is not None:
            day = self.day(request.hearing_held_on)
            told.insert(0, self.t(AFTER_HEARING, day=day, name=request.hearing_by))
        reason = request.hearing_reason if heard else request.reason
        return (*told, self.t(WHY, reason=reason))

    def rights(self) -> tuple[str, ...]:
        """After a refusal the hearing, after a refusal by the hearing the statement."""
        request = self.request
        if request.hearing_decision is AmendmentDecision.REFUSED:
            return self.lines((*STATEMENT, COMPLAINT), STATEMENT_LAW)
        if request.hearing_decision is None and request.decision is AmendmentDecision.REFUSED:
            return self.lines((*HEARING, *STATEMENT, COMPLAINT), HEARING_LAW)
        return ()

    def lines(self, sentences: Sequence[str], law: str) -> tuple[str, ...]:
        return (*map(self.t, sentences), self.t(LAW, law=law))


def _local(at: datetime, tz: str) -> date:
    return at.astimezone(ZoneInfo(tz)).date()
