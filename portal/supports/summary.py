"""The family summary: how a student is supported, in plain words, to be handed over on paper.

It is made for somebody of the family who has the right to see the record today, in a language
that they read, by a member of the staff who gives it to them. It is never mailed. No note stands
in it, nothing restricted, nothing that is not to reach the family, and no other child.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access import documents, gate, trail
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.errors import NotReady, Problem
from portal.languages import catalog as languages
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.policy.family import may_see_of
from portal.policy.tasks import Task
from portal.store.papers import Document
from portal.store.people import Student, User
from portal.store.places import Organization
from portal.supports import queries, words
from portal.supports.days import local_today
from portal.supports.queries import NeedLine, ServiceLine, Supports, Waiting
from portal.supports.rules import UNMET
from portal.vocabulary import DocumentKind, Need, Purpose, SignerKind, WordList

EVENT = "summary.made"
LONGEST_STEP = 500
THEIR_OWN = frozenset({str(Need.SUBSTANCE_USE)})
"""Needs that a guardian's paper never tells: a student may ask for this help alone
(42 CFR 2.14; CGS 17a-688(d))."""

NOT_A_HOLDER = Problem(
    "This person may not see the record today.",
    "Check on the page Families who holds the rights for this student.",
    "For whom",
)
NO_LANGUAGE = Problem("This language is not there.", "Choose one of the list.", "Language")
TOO_LONG = Problem(
    f"The next steps have more than {LONGEST_STEP} characters.", "Shorten them.", "Next steps"
)


@dataclass(frozen=True)
class SummaryDraft:
    """For whom, in which language. left_out: items that stay off it; steps: in one's own words.

    holder: kind and id of somebody of the family.
    """

    holder: tuple[SignerKind, uuid.UUID]
    language: str
    left_out: frozenset[uuid.UUID] = frozenset()
    steps: str = ""


@dataclass(frozen=True)
class Told:
    """What may stand on the paper for this reader."""

    services: tuple[ServiceLine, ...]
    strengths: tuple[queries.StrengthLine, ...]
    needs: tuple[NeedLine, ...]
    waiting: tuple[Waiting, ...]


def tellable(
    session: Session, me: Actor, supports: Supports, kind: SignerKind, at: datetime
) -> Told:
    """Of the supports that were opened, what may be handed to this kind of reader."""
    services = [s for s in supports.services if s.runs(local_today(me, at))]
    needs = [need for need in supports.needs if need.met in UNMET]
    lines: Sequence[ServiceLine | NeedLine | queries.StrengthLine]
    lines = [*services, *needs, *supports.strengths]
    ids = [line.kept.record_id for line in lines]
    home = queries.goes_home(session, me, [*ids, *(w.referral_id for w in supports.waiting)])
    kept = THEIR_OWN if kind is SignerKind.GUARDIAN else frozenset[str]()
    meeting = {need.service_id for need in supports.needs if need.code in kept}
    return Told(
        services=tuple(
            line
            for line in services
            if line.kept.record_id in home and line.kept.record_id not in meeting
        ),
        strengths=tuple(s for s in supports.strengths if s.kept.record_id in home),
        needs=tuple(n for n in needs if n.kept.record_id in home and n.code not in kept),
        waiting=tuple(w for w in supports.waiting if w.referral_id in home and w.need not in kept),
    )


def make(
    session: Session, me: Actor, student_id: uuid.UUID, draft: SummaryDraft, at: datetime
) -> Document:
    """The summary as a kept PDF; open it at /doc/{id} and hand it over.

    Raises NotFound or Refused when this person may not make it, NotReady when the reader may
    not see the record today (34 CFR 99.10) or the draft does not fit.
    """
    student = gate.open_student(session, me, student_id, Task.PRINT_RECORD, at)
    name = _reader(session, me, student, draft, at)
    opened = gate.open_record(session, me, student_id, Purpose.COORDINATE, at)
    supports = queries.supports_of(session, me, opened, at)
    told = tellable(session, me, supports, draft.holder[0], at)
    paper = _Writer(session, me, student, supports, told, draft, name, at).paper()
    kept = documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.FAMILY_SUMMARY,
        "family-summary.pdf",
        render.MEDIA_TYPE,
        render.make(pdf.order(paper, language=draft.language, at=at)),
        at,
        student_id=student_id,
    )
    detail = {
        "for": str(draft.holder[0]),
        "reader": str(draft.holder[1]),
        "language": draft.language,
        "sha256": kept.sha256,
    }
    entry = trail.Entry(EVENT, True, at, (student_id,), subject=str(kept.id), detail=detail)
    trail.write(session, me, entry)
    return kept


def _reader(
    session: Session, me: Actor, student: Student, draft: SummaryDraft, at: datetime
) -> str:
    kind, key = draft.holder
    facts = facts_of.load_known(session, me.id, student.id)
    found = []
    if not may_see_of(facts, kind, str(key), at):
        found.append(NOT_A_HOLDER)
    if draft.language not in languages.available():
        found.append(NO_LANGUAGE)
    if len(draft.steps) > LONGEST_STEP or "\x00" in draft.steps:
        found.append(TOO_LONG)
    if found:
        raise NotReady(found)
    return queries.name_of(session, kind, key)


@dataclass(frozen=True)
class _Writer:
    session: Session
    me: Actor
    student: Student
    supports: Supports
    told: Told
    draft: SummaryDraft
    reader: str
    at: datetime

    def t(self, text: str, **places: str) -> str:
        return languages.catalog(self.draft.language).gettext(text, **places)

    def paper(self) -> pdf.Summary:
        """What the paper prints."""
        today = languages.day(local_today(self.me, self.at), self.draft.language)
        district = self.session.get_one(Organization, self.me.organization_id)
        maker = self.session.get_one(User, self.me.id)
        left = self.draft.left_out
        return pdf.Summary(
            title=self.t(words.TITLE, name=self.student.given_name),
            number="",
            district=district.name,
            foot=self.t(words.FOOT, when=today, name=self.reader),
            about=f"{self.student.given_name} {self.student.family_name}",
            made_for=self.reader,
            made_by=", ".join(part for part in (self.me.name, self.me.title) if part),
            made_at=today,
            intro=[self.t(sentence) for sentence in words.INTRO],
            strengths=[
                pdf.Quote(line.text, self.t(words.SOURCES[line.source]))
                for line in self.told.strengths
                if line.kept.record_id not in left
            ],
            no_strengths=self.t(words.NO_STRENGTHS),
            services=[
                self.service(line) for line in self.told.services if line.kept.record_id not in left
            ],
            no_services=self.t(words.NO_SERVICES),
            steps=list(self.steps()),
            no_steps=self.t(words.NO_STEPS),
            call_name=self.me.name,
            call_office=gate.school_of(self.session, self.student.id, self.at) or district.name,
            call_phone=district.phone,
            call_email=maker.email or district.email,
            rights=[self.t(sentence) for sentence in words.RIGHTS],
            labels=pdf.labels(pdf.SummaryLabels, self.t),
        )

    def label(self, name: WordList, code: str) -> str:
        return self.supports.words.label(name, code, self.draft.language)

    def day(self, day: date) -> str:
        return languages.day(day, self.draft.language)

    def service(self, line: ServiceLine) -> pdf.HelpInPlace:
        first = self.day(line.started_on)
        last = line.ended_on or line.estimated_end
        when = self.t(words.SINCE, first=first)
        if last is not None and not line.overdue:
            when = self.t(words.UNTIL, first=first, last=self.day(last))
        return pdf.HelpInPlace(self.label(WordList.VISIT_SERVICE, line.code), line.provider, when)

    def steps(self) -> Iterator[str]:
        left = self.draft.left_out
        for need in self.told.needs:
            if need.kept.record_id in left:
                continue
            label = self.label(WordList.NEED, need.code)
            if need.awaited:
                yield self.t(words.AWAITED, need=label, who=need.awaited)
            else:
                yield self.t(words.LOOKING, need=label)
        for one in self.told.waiting:
            if one.referral_id not in left:
                label = self.label(WordList.NEED, one.need)
                day = self.day(one.sent_on)
                yield self.t(words.ASKED, need=label, who=one.provider, day=day)
        yield from (line.strip() for line in self.draft.steps.splitlines() if line.strip())
