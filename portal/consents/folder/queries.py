"""The questions about one student's consents: both directions, what became of them, who signs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import gate, reliance, trail, visible
from portal.access.actor import Actor
from portal.access.reliance import Received
from portal.access.sql import within
from portal.consents import queries as consents
from portal.consents import rules
from portal.consents.folder.rules import Act, acts, going_on, overlapping
from portal.consents.forms import service as forms
from portal.consents.forms.definition import Definition
from portal.consents.forms.telling import Partner, say
from portal.consents.queries import ConsentView, PossibleSigner, possible_signers
from portal.consents.requests import queries as requests
from portal.consents.requests.drafts import Asked, asked
from portal.consents.requests.queries import RequestLine
from portal.consents.worklist.rules import AHEAD
from portal.errors import NotReady
from portal.policy import family as family_rules
from portal.policy.decision import SENTENCES
from portal.policy.facts import ConsentFacts, Facts
from portal.policy.passing import passing
from portal.policy.spans import last_day
from portal.policy.tasks import Task
from portal.store.consents import (
    Consent,
    ConsentCategory,
    ConsentEvent,
    ConsentRequest,
    ConsentSigning,
)
from portal.store.people import Guardian, Guardianship, Student, User
from portal.store.places import Organization
from portal.vocabulary import (
    KIND_OF_FORM,
    Category,
    ConsentEventKind,
    FormKind,
    IdentityCheck,
    Instrument,
    OrganizationKind,
    SignerKind,
)

Key = uuid.UUID


@dataclass(frozen=True)
class EventLine:
    """Something that happened to a consent. kind None: it was signed."""

    kind: ConsentEventKind | None
    at: datetime
    by: str
    how: str
    category: Category | None = None


@dataclass(frozen=True)
class Overlap:
    """Another consent of the same parties that covers some of the same kinds and days."""

    number: str
    categories: tuple[Category, ...]
    first_day: date
    last_day: date | None


@dataclass(frozen=True)
class Entry:
    """A consent with all that belongs to it.

    withdrawn: kinds taken back by themselves. passes: in words, when the right to sign will
    pass to somebody else. mine: I brought this paper in, so I cannot confirm it. case: the
    proceeding, of a form for use in court.
    """

    view: ConsentView
    instrument: Instrument
    partner_id: Key | None
    partner: str
    signing: str
    initials: dict[Category, str]
    withdrawn: frozenset[Category]
    identity: IdentityCheck | None
    ends_on_event: str
    review_on: date | None
    pdf_id: Key | None
    docx_id: Key | None
    events: tuple[EventLine, ...]
    overlaps: tuple[Overlap, ...]
    passes: str
    acts: tuple[Act, ...]
    mine: bool
    form: FormKind
    case: str

    @property
    def single(self) -> bool:
        """Is it a form about one thing, which ticks no kind of record and opens nothing here?"""
        return self.form is not FormKind.STANDARD

    @property
    def open_kinds(self) -> tuple[Category, ...]:
        """What is ticked and has not been taken back."""
        return tuple(c for c in self.view.categories if c not in self.withdrawn)


@dataclass(frozen=True)
class SignerLine:
    """Somebody who could sign. may: whether they hold the right today, and if not why.

    siblings: other students within my reach for whom they hold rights today.
    """

    signer: PossibleSigner
    email: str
    phone: str
    language: str
    may: bool
    because: str
    siblings: tuple[tuple[Key, str], ...]


@dataclass(frozen=True)
class Folder:
    """A student's consents, requests, and what each partner has received."""

    consents: tuple[Entry, ...]
    requests: tuple[RequestLine, ...]
    signers: tuple[SignerLine, ...]
    received: tuple[tuple[str, tuple[Received, ...]], ...]


def folder(session: Session, me: Actor, student_id: Key, at: datetime) -> Folder:
    """Everything about this student's consents to which my district is a party, newest first."""
    student = gate.open_student(session, me, student_id, Task.RECORD_CONSENT, at)
    rows = _rows(session, me, student_id)
    facts = facts_of.load_known(session, me.id, student_id)
    told = consent_facts.as_facts(session, rows)
    beside = _beside(session, rows, me, told, at)
    entries = tuple(
        _entry(row, consent, facts, beside, me, at) for row, consent in zip(rows, told, strict=True)
    )
    return Folder(
        consents=entries,
        requests=tuple(requests.of_student(session, me, student_id, at)),
        signers=tuple(_signers(session, me, student, facts, at)),
        received=tuple(_received(session, student_id, entries)),
    )


def _rows(session: Session, me: Actor, student_id: Key) -> Sequence[Consent]:
    ours = or_(
        Consent.discloser_id == me.organization_id, Consent.recipient_id == me.organization_id
    )
    return session.scalars(
        select(Consent)
        .where(Consent.student_id == student_id, ours)
        .order_by(Consent.starts_at.desc(), Consent.signing_id, Consent.instrument, Consent.number)
    ).all()


@dataclass(frozen=True)
class _Beside:
    """What other tables say of these consents, by their key."""

    names: dict[Key, str]
    people: dict[Key, str]
    signings: dict[Key, ConsentSigning]
    initials: dict[Key, dict[Category, str]]
    events: dict[Key, list[ConsentEvent]]
    how: dict[Key, str]
    going_on: tuple[ConsentFacts, ...]
    numbers: dict[str, str]
    cases: dict[Key | None, str]


def _beside(
    session: Session,
    rows: Sequence[Consent],
    me: Actor,
    told: Sequence[ConsentFacts],
    at: datetime,
) -> _Beside:
    ids = [row.id for row in rows]
    events = _events(session, ids)
    by = {e.by_id for of in events.values() for e in of} | {row.recorded_by for row in rows}
    return _Beside(
        names=_names(session, {_partner(me, row) for row in rows}),
        people=_people(session, by),
        signings=_signings(session, rows),
        initials=_initials(session, ids),
        events=events,
        how=consents.how_revoked(session, ids),
        going_on=tuple(c for c in told if rules.status(c, at) not in rules.OVER),
        numbers={str(row.id): row.number for row in rows},
        cases=consents.cases(session, rows),
    )


def _partner(me: Actor, row: Consent) -> Key | None:
    return row.recipient_id if row.discloser_id == me.organization_id else row.discloser_id


def _names(session: Session, ids: Collection[Key | None]) -> dict[Key, str]:
    found = select(Organization.id, Organization.name).where(Organization.id.in_(ids))
    return dict(session.execute(found).all())


def _people(session: Session, ids: Collection[Key | None]) -> dict[Key, str]:
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())


def _signings(session: Session, rows: Sequence[Consent]) -> dict[Key, ConsentSigning]:
    ids = {row.signing_id for row in rows if row.signing_id}
    found = session.scalars(select(ConsentSigning).where(ConsentSigning.id.in_(ids)))
    return {row.id: row for row in found}


def _initials(session: Session, ids: Sequence[Key]) -> dict[Key, dict[Category, str]]:
    found: dict[Key, dict[Category, str]] = defaultdict(dict)
    rows = session.scalars(select(ConsentCategory).where(ConsentCategory.consent_id.in_(ids)))
    for row in rows:
        if row.initials:
            found[row.consent_id][Category(row.category)] = row.initials
    return found


def _events(session: Session, ids: Sequence[Key]) -> dict[Key, list[ConsentEvent]]:
    found: dict[Key, list[ConsentEvent]] = defaultdict(list)
    rows = session.scalars(
        select(ConsentEvent)
        .where(ConsentEvent.consent_id.in_(ids))
        .order_by(ConsentEvent.at, ConsentEvent.id)
    )
    for row in rows:
        found[row.consent_id].append(row)
    return found


def _entry(
    row: Consent, consent: ConsentFacts, facts: Facts, beside: _Beside, me: Actor, at: datetime
) -> Entry:
    view = consents.view_of(row, consent, facts, beside.how.get(row.id, ""), me.tz, at)
    signing = beside.signings.get(row.signing_id) if row.signing_id else None
    partner_id = _partner(me, row)
    on_hold = any(hold.contains(at) for hold in consent.life.holds)
    withdrawn = frozenset(Category(kind) for kind in consent.life.withdrawn)
    return Entry(
        view=view,
        instrument=row.instrument,
        partner_id=partner_id,
        partner=beside.names.get(partner_id, row.recipient_name) if partner_id else "nobody named",
        signing=signing.number if signing else "",
        initials=beside.initials.get(row.id, {}),
        withdrawn=withdrawn,
        identity=row.identity_check,
        ends_on_event=row.ends_on_event,
        review_on=_review_on(consent, me.tz),
        pdf_id=signing.pdf_id if signing else None,
        docx_id=signing.docx_id if signing else None,
        events=_history(row, beside),
        overlaps=tuple(_overlaps(consent, beside, me.tz)) if consent in beside.going_on else (),
        passes=_passes(consent, facts, me.tz, at),
        acts=tuple(
            acts(
                view.status,
                by_event=bool(row.ends_on_event),
                on_hold=on_hold,
                kinds=len(view.categories) - len(withdrawn),
            )
        ),
        mine=row.recorded_by == me.id,
        form=row.form_kind,
        case=beside.cases.get(row.signing_id, ""),
    )


def _review_on(consent: ConsentFacts, tz: str) -> date | None:
    due = [consent.life.review_at, *(review.end for review in consent.life.reviews)]
    last = max((day for day in due if day is not None), default=None)
    return consents.local_day(last, tz) if last else None


def _history(row: Consent, beside: _Beside) -> tuple[EventLine, ...]:
    told = [
        EventLine(
            event.kind,
            event.at,
            event.by_name or beside.people.get(event.by_id, "") if event.by_id else event.by_name,
            event.how,
            Category(event.category) if event.category else None,
        )
        for event in beside.events.get(row.id, [])
    ]
    if row.signed_at is not None:
        keeper = beside.people.get(row.recorded_by, "") if row.recorded_by else ""
        told.insert(0, EventLine(None, row.signed_at, row.signer_name, keeper))
    return tuple(told)


def _overlaps(consent: ConsentFacts, beside: _Beside, tz: str) -> list[Overlap]:
    found = []
    for other in overlapping(consent, beside.going_on):
        both = going_on(consent) & going_on(other)
        start = max(consent.span.start, other.span.start)
        ends = [span.end for span in (consent.span, other.span) if span.end is not None]
        end = min(ends, default=None)
        found.append(
            Overlap(
                beside.numbers[other.id],
                tuple(c for c in Category if c in both),
                consents.local_day(start, tz),
                last_day(end, tz) if end else None,
            )
        )
    return found


def _passes(consent: ConsentFacts, facts: Facts, tz: str, at: datetime) -> str:
    passed = passing(consent, facts, at, at + AHEAD)
    if passed is None or passed.at <= at or rules.status(consent, at) in rules.OVER:
        return ""
    day = consents.local_day(passed.at, tz)
    return f"From {day:%B} {day.day}: {SENTENCES[passed.reason][0]}"


# Who signs


def _signers(
    session: Session, me: Actor, student: Student, facts: Facts, at: datetime
) -> list[SignerLine]:
    possible = possible_signers(session, student, at)
    guardians = _guardians(session, possible)
    siblings = _siblings(session, me, student, list(guardians), at)
    return [
        _signer(one, guardians.get(one.id), siblings.get(one.id, ()), facts, at) for one in possible
    ]


def _signer(
    one: PossibleSigner,
    guardian: Guardian | None,
    siblings: Sequence[tuple[Key, str]],
    facts: Facts,
    at: datetime,
) -> SignerLine:
    decision = family_rules.may_sign_for(facts, one.kind, str(one.id), at)
    return SignerLine(
        signer=one,
        email=guardian.email.strip() if guardian else "",
        phone=guardian.phone if guardian else "",
        language=guardian.language if guardian else "",
        may=bool(decision),
        because=decision.because,
        siblings=tuple(siblings),
    )


def _guardians(session: Session, possible: Sequence[PossibleSigner]) -> dict[Key, Guardian]:
    ids = [one.id for one in possible if one.kind is SignerKind.GUARDIAN]
    return {row.id: row for row in session.scalars(select(Guardian).where(Guardian.id.in_(ids)))}


def _siblings(
    session: Session, me: Actor, student: Student, guardians: Sequence[Key], at: datetime
) -> dict[Key, list[tuple[Key, str]]]:
    """Other students of the same signers; only those within my reach, and the trail names them."""
    rows = session.execute(
        select(Guardianship.guardian_id, Student)
        .join(Student, Student.id == Guardianship.student_id)
        .where(
            Guardianship.guardian_id.in_(guardians),
            Student.id != student.id,
            within(Guardianship.rights_from, Guardianship.rights_until, at),
            visible.students(me, at),
        )
        .order_by(Student.search_name, Student.id)
    ).all()
    found: dict[Key, dict[Key, str]] = defaultdict(dict)
    for guardian_id, sibling in rows:
        found[guardian_id][sibling.id] = f"{sibling.given_name} {sibling.family_name}"
    about = tuple(dict.fromkeys(sibling.id for _guardian, sibling in rows))
    if about:
        trail.write(session, me, trail.Entry("consents.listed_siblings", True, at, about))
    return {guardian: list(named.items()) for guardian, named in found.items()}


# What was received


def _received(
    session: Session, student_id: Key, entries: Sequence[Entry]
) -> list[tuple[str, tuple[Received, ...]]]:
    """What each partner to which the school gave records has opened so far."""
    partners = {
        entry.partner_id: entry.partner
        for entry in entries
        if entry.instrument is Instrument.FERPA and entry.partner_id
    }
    return [
        (name, tuple(reliance.received(session, student_id, partner_id)))
        for partner_id, name in partners.items()
    ]


# A request that comes back on paper


@dataclass(frozen=True)
class ToBringIn:
    """What a request asked about one partner: the paper can say no more than that.

    subject: what a form about one thing asks, as its paper says it; empty on the standard one.
    """

    partner_id: Key
    partner: str
    asked: Asked
    subject: str = ""


def to_bring_in(session: Session, me: Actor, request_id: Key, at: datetime) -> list[ToBringIn]:
    """Each partner of an open request of my district, about students within my reach."""
    request = session.get(ConsentRequest, request_id)
    if request is None or request.district_id != me.organization_id:
        return []
    students = requests.students(session, request)
    for student in students:
        gate.open_student(session, me, student.id, Task.RECORD_CONSENT, at)
    form = forms.version(session, request.form_version_id).definition
    names = ", ".join(student.given_name for student in students)
    first = {part.partner_id: part for part in reversed(requests.parts(session, request))}
    return [
        ToBringIn(
            partner.id,
            partner.name,
            asked(first[partner.id].proposal),
            _subject(form, names, partner.name),
        )
        for partner in requests.partners_of(session, request)
    ]


def _subject(form: Definition, student: str, partner: str) -> str:
    if form.subject is None:
        return ""
    return say(form.subject, "en", {"student": student, "partner": partner}).words


# With whom, and by which form


@dataclass(frozen=True)
class Offer:
    """What a new consent can be about: the district's forms, and the partners that take part.

    form: the standard one; single: the forms about one thing that are ready for use.
    """

    form: Definition
    partners: tuple[Partner, ...]
    office: str
    single: Mapping[FormKind, Definition] = field(default_factory=dict)

    def of(self, kind: FormKind) -> Definition:
        """The form of this kind."""
        return self.single.get(kind, self.form)


def offer(session: Session, me: Actor, at: datetime) -> Offer:
    """The forms in use and every active partner, by name. About nobody."""
    me.may(Task.RECORD_CONSENT).or_refuse()
    form = forms.in_use(session, me.organization_id, FormKind.STANDARD, at).definition
    rows = session.scalars(
        select(Organization)
        .where(
            Organization.kind != OrganizationKind.DISTRICT,
            within(Organization.active_from, Organization.active_until, at),
        )
        .order_by(Organization.name, Organization.id)
    )
    return Offer(
        form,
        tuple(requests.as_partner(row) for row in rows),
        form.office.office or "the school",
        _single(session, me, at),
    )


def _single(session: Session, me: Actor, at: datetime) -> dict[FormKind, Definition]:
    """One that is not complete is left out: it keeps nobody from asking by the standard form."""
    found = {}
    for kind in KIND_OF_FORM:
        try:
            found[kind] = forms.in_use(session, me.organization_id, kind, at).definition
        except NotReady:
            continue
    return found
