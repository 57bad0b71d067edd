"""What a family sees of a request: the pages, what it answered, and what a partner would see.

Only for a `Family`, who has proved who they are; each asks the rights anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from babel.lists import format_list
from sqlalchemy.orm import Session

from portal.access import data_points, trail
from portal.access import facts as facts_of
from portal.access.family import Family
from portal.consents import preview as previews
from portal.consents import signing
from portal.consents.drafts import ConsentDraft, TypedConsent
from portal.consents.forms import service as forms
from portal.consents.forms.definition import Definition
from portal.consents.forms.questions import About, Ask, Proposal, Question, Reader, questions
from portal.consents.preview import Preview
from portal.consents.queries import PossibleSigner, local_day
from portal.consents.requests import queries, service
from portal.consents.requests.drafts import Asked, PartnerAnswer, asked
from portal.consents.requests.steps import Step, answer_of, steps
from portal.policy.rights import is_eligible
from portal.store.consents import ConsentRequest
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import Instrument, SignerKind


@dataclass(frozen=True)
class OfPartner:
    """What is asked about one partner. number: its place, from 1."""

    number: int
    id: uuid.UUID
    name: str
    asked: Asked


@dataclass(frozen=True)
class Asking:
    """A request as a family meets it, in one language. answers: kept so far, by page."""

    request: ConsentRequest
    form: Definition
    signer: PossibleSigner | None
    district: str
    students: str
    language: str
    partners: tuple[OfPartner, ...]
    questions: tuple[Question, ...]
    steps: tuple[Step, ...]
    answers: Mapping[str, Any]
    today: date

    def step(self, key: str) -> Step | None:
        """The page of this key."""
        return next((page for page in self.steps if page.key == key), None)

    def reading(self, number: int) -> Question | None:
        """The sentences to read about one partner."""
        return next((q for q in self.questions if q.key == f"read-{number}"), None)

    def given(self) -> dict[uuid.UUID, PartnerAnswer]:
        """What was answered so far about each partner."""
        return {of.id: answer_of(self.steps, of.number, self.answers) for of in self.partners}


def read(session: Session, who: Family, language: str, at: datetime) -> Asking:
    """The request of this link. Raises NotFound when it is over."""
    request = service.asked_of(session, who)
    form = forms.version(session, request.form_version_id).definition
    district = session.get_one(Organization, request.district_id)
    partners = _partners(session, request)
    students = format_list([student.given_name for student in who.students], locale=language)
    named = data_points.shared(session, district.id)
    about = About(students, language, _reader(session, who, at), named)
    found = questions(form, [_proposal(session, of) for of in partners], about)
    return Asking(
        request=request,
        form=form,
        signer=queries.signer_of(session, request, at),
        district=district.name,
        students=students,
        language=language,
        partners=partners,
        questions=found,
        steps=steps(found),
        answers=request.answers,
        today=local_day(at, district.tz),
    )


def form_of_link(session: Session, link_id: uuid.UUID) -> Definition | None:
    """The form that a link is about; it tells nothing about any student."""
    request = queries.of_link(session, link_id)
    return forms.version(session, request.form_version_id).definition if request else None


def _partners(session: Session, request: ConsentRequest) -> tuple[OfPartner, ...]:
    proposals = {part.partner_id: asked(part.proposal) for part in queries.parts(session, request)}
    return tuple(
        OfPartner(number, row.id, row.name, proposals[row.id])
        for number, row in enumerate(queries.partners_of(session, request), start=1)
    )


def _proposal(session: Session, of: OfPartner) -> Proposal:
    return Proposal(
        partner=queries.as_partner(session.get_one(Organization, of.id)),
        starts_on=of.asked.starts_on,
        ends_on=of.asked.ends_on,
        out=of.asked.out,
        back=of.asked.back,
        purposes=of.asked.purposes,
        case=of.asked.case,
    )


def _reader(session: Session, who: Family, at: datetime) -> Reader:
    if who.link.signer_kind is not SignerKind.STUDENT:
        return Reader.GUARDIAN
    grown = all(
        is_eligible(facts_of.load_known(session, who.link.made_by, student.id).student, at)
        for student in who.students
    )
    return Reader.ELIGIBLE_STUDENT if grown else Reader.MINOR


# Before signing


@dataclass(frozen=True)
class WouldSee:
    """What one receiver would see of one student with exactly these ticks."""

    student: str
    partner: str
    instrument: Instrument
    preview: Preview


def would_see(session: Session, who: Family, asking: Asking, at: datetime) -> list[WouldSee]:
    """The preview of everything ticked so far, from the students' own records.

    A single-purpose form opens nothing here, so that there is nothing to see. The trail tells
    that the family looked (34 CFR 99.10: these are its own records).
    """
    drafts = _drafts(session, who, asking) if asking.form.subject is None else []
    found = [_would_see(session, asking, draft, drafts, at) for draft in drafts]
    opened = sorted({line.category for seen in found for line in seen.preview.lines if line.opens})
    about = tuple(student.id for student in who.students)
    entry = trail.Entry(
        "consent.previewed",
        True,
        at,
        about,
        subject=asking.request.number,
        opened=opened,
        by=who.name,
    )
    trail.write(session, None, entry)
    return found


def _drafts(session: Session, who: Family, asking: Asking) -> list[ConsentDraft]:
    name = asking.signer.name if asking.signer else who.name
    capacity = asking.signer.capacity if asking.signer else ""
    signature = TypedConsent(name=name, attests=True)
    found = service.drafts(session, asking.request, asking.given(), signature, checked=True)
    return [replace(draft, authority=capacity) for draft in found]


def _would_see(
    session: Session,
    asking: Asking,
    draft: ConsentDraft,
    drafts: Sequence[ConsentDraft],
    at: datetime,
) -> WouldSee:
    partner = session.get_one(Organization, draft.agency_id)
    together = [
        one
        for one in drafts
        if (one.student_id, one.agency_id) == (draft.student_id, draft.agency_id)
    ]
    told = signing.statements_of(asking.form, partner, together)
    seen = previews.would_see(session, asking.request.made_by, draft, told, at)
    student = session.get_one(Student, draft.student_id)
    return WouldSee(student.given_name, partner.name, draft.instrument, seen)


def signing_words(asking: Asking) -> str:
    """What the tick beside the signature says, in the reader's language."""
    sign = next(question for question in asking.questions if question.ask is Ask.SIGN)
    return sign.choices[0].words.words
