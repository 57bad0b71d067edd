"""Ask a family to sign, follow what it answers, and keep what it signed or refused.

Staff ask (`ask`), take back (`withdraw`) or hand over a tablet (`hand_over`); the family, once
it has proved who it is (`access.family`), answers (`answer`), signs (`sign`) or refuses (`refuse`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import documents, family, gate, once, trail
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.family import Family
from portal.access.numbers import new_number
from portal.config import settings
from portal.consents import papers, queries, rules, signing
from portal.consents.drafts import ConsentDraft, DrawnConsent, PaperConsent, TypedConsent
from portal.consents.forms import service as forms
from portal.consents.forms.definition import Definition
from portal.consents.forms.questions import Proposal, proposal_problems
from portal.consents.forms.terms import usual_day
from portal.consents.queries import PossibleSigner
from portal.consents.requests import queries as questions
from portal.consents.requests import rules as asking
from portal.consents.requests.drafts import (
    BY_LINK,
    Asked,
    Channel,
    Outcome,
    PartnerAnswer,
    RequestDraft,
    asked,
)
from portal.consents.signing import Evidence, Signed
from portal.errors import NotFound, NotReady, Problem
from portal.languages import catalog as languages
from portal.policy import family as family_rules
from portal.policy.tasks import Task
from portal.store.consents import ConsentRequest, ConsentRequestPart
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import (
    SPECIAL,
    Category,
    DocumentKind,
    FamilyLinkKind,
    FormKind,
    Instrument,
    SignerKind,
)
from portal.word.values import clean

NOT_FOUND = NotFound(
    "There is no request here that you may open.", "Open it from the student's consents."
)


@dataclass(frozen=True)
class Sent:
    """A request that went out. token and code: told only now; email: to whom the link goes."""

    request: ConsentRequest
    token: str
    code: str
    email: str


# Staff ask


def ask(session: Session, me: Actor, draft: RequestDraft, at: datetime, key: str) -> Sent:
    """Write the request down, with its link where it goes by one.

    key: the form's; a second click finds the first one's request, and no second link.
    Raises NotFound or Refused when this person may not, NotReady with every problem.
    """
    students = [
        gate.open_student(session, me, student_id, Task.RECORD_CONSENT, at)
        for student_id in draft.student_ids
    ]
    signer = questions.signer(session, students, draft, at)
    signer = _or_not_ready(session, me, draft, students, signer, at)
    request_id = uuid.uuid4()
    earlier = once.first_result(session, me, "consent.asked", key, request_id, at)
    if earlier is not None:
        return Sent(session.get_one(ConsentRequest, earlier), "", "", "")
    request = _written(session, me, draft, signer, request_id, at)
    token, code = _linked(session, me, draft, signer, request, at)
    if draft.channel is Channel.PAPER:
        request.paper_id = _printed(session, me, request, signer, at)
    _told(session, me, "consent.asked", request, [s.id for s in students], at)
    return Sent(request, token, code, questions.email_of(session, signer))


def _or_not_ready(
    session: Session,
    me: Actor,
    draft: RequestDraft,
    students: Sequence[Student],
    signer: PossibleSigner | None,
    at: datetime,
) -> PossibleSigner:
    """The signer, when nothing is missing; otherwise NotReady with all that is."""
    known = asking.Known(
        signer_name=signer.name if signer else None,
        email=questions.email_of(session, signer) if signer else "",
        rights=tuple(_rights(session, me, draft, students, at)),
        inactive=tuple(questions.inactive(session, draft.partner_ids, at)),
        languages=languages.available(),
        today=queries.local_day(at, me.tz),
    )
    found = asking.problems(draft, known)
    if draft.starts_on is not None and not found:
        form = forms.in_use(session, me.organization_id, draft.kind, at)
        for partner in questions.partners(session, draft.partner_ids):
            proposal = _proposal(draft, draft.starts_on, partner)
            found += proposal_problems(form.definition, proposal)
    if found or signer is None:
        raise NotReady(list(dict.fromkeys(found)))
    return signer


def _rights(
    session: Session, me: Actor, draft: RequestDraft, students: Sequence[Student], at: datetime
) -> list[tuple[str, Any]]:
    return [
        (
            student.given_name,
            family_rules.may_sign_form(
                facts_of.load_known(session, me.id, student.id),
                draft.signer_kind or SignerKind.GUARDIAN,
                str(draft.signer_id),
                draft.kind,
                at,
            ),
        )
        for student in students
    ]


def _proposal(draft: RequestDraft, starts_on: date, partner: Organization) -> Proposal:
    return Proposal(
        partner=questions.as_partner(partner),
        starts_on=starts_on,
        ends_on=draft.ends_on,
        out=draft.out,
        back=draft.back,
        purposes=draft.purposes,
        case=draft.case,
    )


def _written(
    session: Session,
    me: Actor,
    draft: RequestDraft,
    signer: PossibleSigner,
    request_id: uuid.UUID,
    at: datetime,
) -> ConsentRequest:
    form = forms.in_use(session, me.organization_id, draft.kind, at)
    request = ConsentRequest(
        id=request_id,
        number=new_number(session, ConsentRequest.number, "Q"),
        district_id=me.organization_id,
        form_version_id=form.row.id,
        channel=str(draft.channel),
        signer_kind=signer.kind,
        signer_id=signer.id,
        signer_name=signer.name,
        language=draft.language,
        interpreter=clean(draft.interpreter).strip(),
        made_by=me.id,
        made_at=at,
        expires_at=asking.until(draft.channel, at),
    )
    session.add(request)
    session.flush()
    pairs = [(s, p) for s in draft.student_ids for p in draft.partner_ids]
    for place, (student_id, partner_id) in enumerate(pairs):
        session.add(
            ConsentRequestPart(
                request_id=request.id,
                place=place,
                student_id=student_id,
                partner_id=partner_id,
                proposal=draft.proposal(student_id, partner_id),
            )
        )
    session.flush()
    return request


def _linked(
    session: Session,
    me: Actor,
    draft: RequestDraft,
    signer: PossibleSigner,
    request: ConsentRequest,
    at: datetime,
) -> tuple[str, str]:
    if draft.channel not in BY_LINK:
        return "", ""
    link, token, code = family.new_link(
        session,
        me,
        FamilyLinkKind.SIGN,
        (signer.kind, signer.id, signer.name),
        draft.language,
        request.expires_at,
        at,
        with_code=draft.with_code and draft.channel is not Channel.TABLET,
    )
    request.link_id = link.id
    session.flush()
    return token, code


def _printed(
    session: Session, me: Actor, request: ConsentRequest, signer: PossibleSigner, at: datetime
) -> uuid.UUID:
    """The filled form, with lines for a pen, kept so that it can be printed again."""
    return documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.CONSENT_FORM,
        f"Form-{request.number}.pdf",
        papers.PDF,
        papers.form_to_sign(questions.to_sign(session, request, signer, at)),
        at,
        student_id=questions.parts(session, request)[0].student_id,
    ).id


def send(
    session: Session, me: Actor, request_id: uuid.UUID, channel: Channel, at: datetime
) -> Sent:
    """Send a draft, or an open request anew: earlier links to it stop working."""
    request = _mine(session, me, request_id, at)
    _end_link(session, request, at)
    draft = questions.as_draft(session, request, channel)
    signer = _or_not_ready(
        session,
        me,
        draft,
        questions.students(session, request),
        questions.signer_of(session, request, at),
        at,
    )
    request.channel, request.expires_at = str(channel), asking.until(channel, at)
    token, code = _linked(session, me, draft, signer, request, at)
    if channel is Channel.PAPER:
        request.paper_id = _printed(session, me, request, signer, at)
    _told(session, me, "consent.asked_again", request, draft.student_ids, at)
    return Sent(request, token, code, questions.email_of(session, signer))


def withdraw(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> ConsentRequest:
    """The school asks no longer: the link stops working at once."""
    request = _mine(session, me, request_id, at)
    _end_link(session, request, at)
    _over(request, Outcome.WITHDRAWN, "", at)
    about = [student.id for student in questions.students(session, request)]
    _told(session, me, "consent.request_withdrawn", request, about, at)
    return request


def hand_over(session: Session, me: Actor, token: str, at: datetime) -> str:
    """A pass for whoever sits in front of the tablet, whom this member of staff has identified.

    The member of staff signs out on that device: the page that calls sees to it.
    """
    link = family.find(session, token, at)
    request = questions.of_link(session, link.id)
    if request is None:
        raise NOT_FOUND
    _mine(session, me, request.id, at)
    return family.vouch(session, me, link, at)


def refused_in_person(
    session: Session, me: Actor, request_id: uuid.UUID, reason: str, at: datetime
) -> ConsentRequest:
    """The family said no to staff; a no is a state of its own, and nobody asks again by mistake."""
    request = _mine(session, me, request_id, at)
    _end_link(session, request, at)
    _over(request, Outcome.REFUSED, clean(reason).strip(), at)
    about = [student.id for student in questions.students(session, request)]
    _told(session, me, "consent.refused", request, about, at)
    return request


def bring_in_paper(
    session: Session,
    me: Actor,
    request_id: uuid.UUID,
    answers: Mapping[uuid.UUID, PartnerAnswer],
    paper: PaperConsent,
    at: datetime,
) -> list[Signed]:
    """What was signed by hand on a printed request: the ticks as on the paper, and its scan.

    It opens nothing before a second person has compared the two (`life.confirm`).
    """
    request = _mine(session, me, request_id, at)
    signer = questions.signer_of(session, request, at)
    found = drafts(session, request, answers, paper, checked=True)
    evidence = Evidence(interpreter=request.interpreter, request_id=request.id)
    signed = _sign(session, request, signer, found, evidence, me, at)
    _end_link(session, request, at)
    _over(request, Outcome.SIGNED, "", at)
    return signed


# The family answers


def answer(
    session: Session, who: Family, answers: Mapping[str, Any], language: str, at: datetime
) -> ConsentRequest:
    """Keep what was filled in so far, page by page; a session that runs out loses nothing."""
    request = asked_of(session, who)
    request.answers = {**request.answers, **answers}
    request.language = language
    session.flush()
    return request


def sign(
    session: Session,
    who: Family,
    answers: Mapping[uuid.UUID, PartnerAnswer],
    signature: TypedConsent | DrawnConsent,
    evidence: Evidence,
    at: datetime,
) -> list[Signed]:
    """Sign what was ticked; one form for each student and partner. The link has served.

    Raises NotReady with every problem. A partner for whom nothing is ticked gets nothing.
    """
    request = asked_of(session, who)
    signer = questions.signer_of(session, request, at)
    found = drafts(session, request, answers, signature, checked=who.identity_check is not None)
    evidence = replace(evidence, request_id=request.id)
    signed = _sign(session, request, signer, found, evidence, None, at)
    family.end(who.link, at)
    _over(request, Outcome.SIGNED, "", at)
    return signed


def refuse(session: Session, who: Family, reason: str, at: datetime) -> ConsentRequest:
    """The family says no. Nothing at school changes."""
    request = asked_of(session, who)
    family.end(who.link, at)
    _over(request, Outcome.REFUSED, clean(reason).strip(), at)
    about = [student.id for student in who.students]
    entry = trail.Entry(
        "consent.refused", True, at, tuple(about), subject=request.number, by=who.name
    )
    trail.write(session, None, entry)
    return request


def evidence_of(who: Family, address: str, agent: str, interpreter: str, language: str) -> Evidence:
    """What a signature on a screen rests on."""
    return Evidence(
        identity_check=who.identity_check,
        identity_by=who.link.identity_by,
        translation=languages.named(language),
        interpreter=interpreter,
        address=address,
        agent=agent,
    )


def asked_of(session: Session, who: Family) -> ConsentRequest:
    """The open request that this family came for. Raises NotFound when it is over."""
    request = questions.of_link(session, who.link.id)
    if request is None or request.ended_at is not None:
        raise NOT_FOUND
    return request


# What both sides share


def _sign(
    session: Session,
    request: ConsentRequest,
    signer: PossibleSigner | None,
    drafts: Sequence[ConsentDraft],
    evidence: Evidence,
    me: Actor | None,
    at: datetime,
) -> list[Signed]:
    if not drafts:
        raise NotReady(
            [Problem("Nothing is ticked.", "Tick what may be shared, or say no.", "Records")]
        )
    problems = [
        problem
        for draft in drafts
        for problem in rules.problems(draft, _known(session, request, draft, signer, at), at)
    ]
    if problems or signer is None:
        raise NotReady(list(dict.fromkeys(problems)))
    form = forms.version(session, request.form_version_id)
    return [
        signing.sign(
            session,
            request.made_by if me is None else me.id,
            form,
            session.get_one(Student, student_id),
            signer,
            of_form,
            evidence,
            me,
            at,
        )
        for student_id, of_form in _by_form(drafts)
    ]


def _by_form(drafts: Sequence[ConsentDraft]) -> list[tuple[uuid.UUID, list[ConsentDraft]]]:
    forms_of: dict[tuple[uuid.UUID, Any], list[ConsentDraft]] = {}
    for draft in drafts:
        forms_of.setdefault((draft.student_id, draft.agency_id), []).append(draft)
    return [(student_id, of_form) for (student_id, _), of_form in forms_of.items()]


def _known(
    session: Session,
    request: ConsentRequest,
    draft: ConsentDraft,
    signer: PossibleSigner | None,
    at: datetime,
) -> rules.Known:
    district = session.get_one(Organization, request.district_id)
    return rules.Known(
        agency_active=queries.is_active_agency(session, draft.agency_id, at),
        signer_name=signer.name if signer else None,
        facts=facts_of.load_known(session, request.made_by, draft.student_id),
        today=queries.local_day(at, district.tz),
        most_megabytes=settings().upload_megabytes,
    )


def drafts(
    session: Session,
    request: ConsentRequest,
    answers: Mapping[uuid.UUID, PartnerAnswer],
    signature: TypedConsent | DrawnConsent | PaperConsent,
    *,
    checked: bool,
) -> list[ConsentDraft]:
    """A draft for each student, partner and direction in which something is ticked."""
    form = forms.version(session, request.form_version_id)
    found = []
    for part in questions.parts(session, request):
        proposal = asked(part.proposal)
        given = answers.get(part.partner_id, PartnerAnswer()).within(proposal)
        last = given.ends_on or proposal.ends_on or usual_day(form.definition, proposal.starts_on)
        for instrument, ticked, initials in _sides(form.definition, given):
            draft = _draft(
                request, part, proposal, instrument, ticked, initials, given, last,
                signature, checked=checked,
            )  # fmt: skip
            found.append(_of_kind(draft, form.definition, proposal))
    return found


Side = tuple[Instrument, frozenset[Category], Mapping[Category, str]]


def _sides(form: Definition, given: PartnerAnswer) -> Iterator[Side]:
    """Each direction in which something is ticked; by a single-purpose form the partner gives."""
    if form.subject is not None:
        if given.subject:
            yield Instrument.HIPAA, frozenset(), {}
        return
    for instrument, kinds, initials in (
        (Instrument.FERPA, given.out, given.out_initials),
        (Instrument.HIPAA, given.back, given.back_initials),
    ):
        # A sensitive kind is ticked by its initials, and by nothing else.
        ticked = frozenset(k for k in kinds if k not in SPECIAL or initials.get(k, "").strip())
        if ticked:
            yield instrument, ticked, initials


def _of_kind(draft: ConsentDraft, form: Definition, proposal: Asked) -> ConsentDraft:
    """What the form's kind says of it: its purposes, and on one for use in court, the case."""
    if form.subject is None:
        return draft
    purposes = draft.purposes & set(form.purposes)
    case = proposal.case if form.kind is FormKind.COURT_USE else ""
    return replace(draft, kind=form.kind, purposes=purposes, case=case)


def _draft(
    request: ConsentRequest,
    part: ConsentRequestPart,
    proposal: Asked,
    instrument: Instrument,
    ticked: frozenset[Any],
    initials: Mapping[Any, str],
    given: PartnerAnswer,
    last: Any,
    signature: TypedConsent | DrawnConsent | PaperConsent,
    *,
    checked: bool,
) -> ConsentDraft:
    return ConsentDraft(
        student_id=part.student_id,
        agency_id=part.partner_id,
        categories=ticked,
        initials={kind: text for kind, text in initials.items() if kind in ticked},
        purposes=given.purposes,
        records_from=proposal.records_from,
        starts_on=proposal.starts_on,
        ends_on=last,
        instrument=instrument,
        replaces_id=proposal.replaces.get(instrument),
        detail=proposal.detail,
        language=request.language,
        signer_kind=request.signer_kind,
        signer_id=request.signer_id,
        signature=signature,
        checked=checked,
    )


def _mine(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> ConsentRequest:
    """An open request of my district about students within my reach."""
    request = session.get(ConsentRequest, request_id)
    if request is None or request.district_id != me.organization_id:
        raise NOT_FOUND
    for part in questions.parts(session, request):
        gate.open_student(session, me, part.student_id, Task.RECORD_CONSENT, at)
    if request.ended_at is not None:
        raise NotReady([Problem("This request is over already.", "Ask anew if it is needed.")])
    return request


def _end_link(session: Session, request: ConsentRequest, at: datetime) -> None:
    link = questions.link_of(session, request)
    if link is not None and link.ended_at is None:
        family.end(link, at)


def _over(request: ConsentRequest, outcome: Outcome, reason: str, at: datetime) -> None:
    request.ended_at, request.outcome, request.outcome_reason = at, str(outcome), reason[:500]


def _told(
    session: Session,
    me: Actor,
    event: str,
    request: ConsentRequest,
    students: Sequence[uuid.UUID],
    at: datetime,
) -> None:
    session.flush()
    detail = {"channel": request.channel, "language": request.language}
    entry = trail.Entry(event, True, at, tuple(students), subject=request.number, detail=detail)
    trail.write(session, me, entry)
