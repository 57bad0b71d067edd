"""The questions about requests: whom they ask about what, and which are open."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import data_points, gate, trail, visible
from portal.access.actor import Actor
from portal.access.sql import within
from portal.consents import papers
from portal.consents.forms import service as forms
from portal.consents.forms.telling import Partner
from portal.consents.queries import PossibleSigner, local_day, possible_signers
from portal.consents.requests.drafts import Channel, Outcome, RequestDraft, asked
from portal.policy.papers import may_list_consents
from portal.policy.tasks import Task
from portal.store.consents import ConsentFormVersion, ConsentRequest, ConsentRequestPart, FamilyLink
from portal.store.people import Guardian, Student
from portal.store.places import Organization
from portal.vocabulary import FormKind, SignerKind


def parts(session: Session, request: ConsentRequest) -> Sequence[ConsentRequestPart]:
    """Each student and partner of a request, in the order in which they were asked."""
    return session.scalars(
        select(ConsentRequestPart)
        .where(ConsentRequestPart.request_id == request.id)
        .order_by(ConsentRequestPart.place)
    ).all()


def students(session: Session, request: ConsentRequest) -> list[Student]:
    """The students of a request, each once."""
    ids = dict.fromkeys(part.student_id for part in parts(session, request))
    return [session.get_one(Student, student_id) for student_id in ids]


def partners(session: Session, ids: Collection[uuid.UUID]) -> list[Organization]:
    """These organizations, as far as they exist, in the order asked for."""
    found = (session.get(Organization, key) for key in ids)
    return [row for row in found if row is not None]


def partners_of(session: Session, request: ConsentRequest) -> list[Organization]:
    """The partners of a request, each once, in the order in which they were asked."""
    return partners(session, dict.fromkeys(part.partner_id for part in parts(session, request)))


def inactive(session: Session, ids: Collection[uuid.UUID], at: datetime) -> list[str]:
    """Names of those that take no part in the portal at `at`."""
    active = set(
        session.scalars(
            select(Organization.id).where(
                Organization.id.in_(list(ids)),
                within(Organization.active_from, Organization.active_until, at),
            )
        )
    )
    return [row.name for row in partners(session, ids) if row.id not in active]


def as_partner(row: Organization) -> Partner:
    """The organization as a form tells of it."""
    return Partner(str(row.id), row.name, row.is_hipaa, row.is_part2)


def signer(
    session: Session, about: Sequence[Student], draft: RequestDraft, at: datetime
) -> PossibleSigner | None:
    """Who signs, when they could for each of the students; None when nobody is chosen."""
    wanted = (draft.signer_kind, draft.signer_id)
    return _common(session, about, wanted, at)


def signer_of(session: Session, request: ConsentRequest, at: datetime) -> PossibleSigner | None:
    """The signer of a request, when they still could sign for each of its students."""
    wanted = (request.signer_kind, request.signer_id)
    return _common(session, students(session, request), wanted, at)


def _common(
    session: Session,
    about: Sequence[Student],
    wanted: tuple[SignerKind | None, uuid.UUID | None],
    at: datetime,
) -> PossibleSigner | None:
    found = [
        next((s for s in possible_signers(session, student, at) if (s.kind, s.id) == wanted), None)
        for student in about
    ]
    return found[0] if found and all(found) else None


def email_of(session: Session, signer: PossibleSigner) -> str:
    """Where a link may be sent; a student has no address here."""
    if signer.kind is SignerKind.STUDENT:
        return ""
    guardian = session.get(Guardian, signer.id)
    return guardian.email.strip() if guardian else ""


def link_of(session: Session, request: ConsentRequest) -> FamilyLink | None:
    """The link by which a request went out; None when it did not go by one."""
    return session.get(FamilyLink, request.link_id) if request.link_id else None


def of_link(session: Session, link_id: uuid.UUID) -> ConsentRequest | None:
    """The request that a link belongs to."""
    return session.scalar(select(ConsentRequest).where(ConsentRequest.link_id == link_id))


def as_draft(session: Session, request: ConsentRequest, channel: Channel) -> RequestDraft:
    """A kept request as it was asked, to be sent in another way."""
    of = parts(session, request)
    proposal = asked(of[0].proposal)
    form = forms.version(session, request.form_version_id)
    return RequestDraft(
        signer_kind=request.signer_kind,
        signer_id=request.signer_id,
        student_ids=tuple(dict.fromkeys(part.student_id for part in of)),
        partner_ids=tuple(dict.fromkeys(part.partner_id for part in of)),
        out=proposal.out,
        back=proposal.back,
        purposes=proposal.purposes,
        detail=proposal.detail,
        records_from=proposal.records_from,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        channel=channel,
        kind=FormKind(form.row.kind),
        case=proposal.case,
        language=request.language,
        interpreter=request.interpreter,
    )


def to_sign(
    session: Session, request: ConsentRequest, signer: PossibleSigner, at: datetime
) -> papers.ToSign:
    """What the printed form says before it is signed by hand."""
    form = forms.version(session, request.form_version_id)
    district = session.get_one(Organization, request.district_id)
    return papers.ToSign(
        form=form.definition,
        form_name=form.name,
        number=request.number,
        asked=tuple(
            papers.AskedOf(
                student=session.get_one(Student, part.student_id),
                school=gate.school_of(session, part.student_id, at),
                partner=session.get_one(Organization, part.partner_id),
                proposal=asked(part.proposal),
            )
            for part in parts(session, request)
        ),
        district=district,
        signer=signer,
        language=request.language,
        interpreter=request.interpreter,
        at=at,
        named=data_points.shared(session, district.id),
    )


# Which are open


def form_kinds(session: Session, rows: Sequence[ConsentRequest]) -> dict[uuid.UUID, FormKind]:
    """By which kind of form each of these requests asks."""
    wanted = {row.form_version_id for row in rows}
    found = select(ConsentFormVersion.id, ConsentFormVersion.kind).where(
        ConsentFormVersion.id.in_(wanted)
    )
    kinds = {key: FormKind(kind) for key, kind in session.execute(found)}
    return {row.id: kinds[row.form_version_id] for row in rows}


@dataclass(frozen=True)
class RequestLine:
    """A request as a list shows it. status: draft, out for signature, or how it ended."""

    id: uuid.UUID
    number: str
    students: tuple[str, ...]
    student_ids: tuple[uuid.UUID, ...]
    partners: tuple[str, ...]
    signer: str
    channel: Channel
    outcome: Outcome | None
    reason: str
    made_on: date
    ends_on: date
    run_out: bool
    opened: bool
    locked: bool
    paper_id: uuid.UUID | None
    form: FormKind = FormKind.STANDARD


def of_student(
    session: Session, me: Actor, student_id: uuid.UUID, at: datetime
) -> list[RequestLine]:
    """Every request about this student, the newest first."""
    gate.open_student(session, me, student_id, Task.RECORD_CONSENT, at)
    rows = session.scalars(
        select(ConsentRequest)
        .where(
            ConsentRequest.district_id == me.organization_id,
            ConsentRequest.id.in_(
                select(ConsentRequestPart.request_id).where(
                    ConsentRequestPart.student_id == student_id
                )
            ),
        )
        .order_by(ConsentRequest.made_at.desc(), ConsentRequest.number)
    ).all()
    return [_line(session, me, row, at) for row in rows]


def still_open(session: Session, me: Actor, at: datetime) -> list[RequestLine]:
    """Requests about students within my reach that wait for an answer, the oldest first."""
    may_list_consents(me.role, me.level).or_refuse()
    mine = (
        select(ConsentRequestPart.request_id)
        .join(Student, Student.id == ConsentRequestPart.student_id)
        .where(visible.students(me, at))
    )
    rows = session.scalars(
        select(ConsentRequest)
        .where(
            ConsentRequest.district_id == me.organization_id,
            ConsentRequest.ended_at.is_(None),
            ConsentRequest.id.in_(mine),
        )
        .order_by(ConsentRequest.made_at, ConsentRequest.number)
    ).all()
    lines = [_line(session, me, row, at) for row in rows]
    about = tuple({student for line in lines for student in line.student_ids})
    trail.write(session, me, trail.Entry("consents.listed_requests", True, at, about))
    return lines


def _line(session: Session, me: Actor, row: ConsentRequest, at: datetime) -> RequestLine:
    about = students(session, row)
    link = link_of(session, row)
    return RequestLine(
        id=row.id,
        number=row.number,
        students=tuple(f"{s.given_name} {s.family_name}" for s in about),
        student_ids=tuple(s.id for s in about),
        partners=tuple(p.name for p in partners_of(session, row)),
        signer=row.signer_name,
        channel=Channel(row.channel),
        outcome=Outcome(row.outcome) if row.outcome else None,
        reason=row.outcome_reason,
        made_on=local_day(row.made_at, me.tz),
        ends_on=local_day(row.expires_at, me.tz),
        run_out=row.ended_at is None and row.expires_at <= at,
        opened=link is not None and link.opened_at is not None,
        locked=link is not None and link.locked_at is not None,
        paper_id=row.paper_id,
        form=form_kinds(session, [row])[row.id],
    )
