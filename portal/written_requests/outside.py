"""What somebody outside, a researcher or the Board asks for, written down for the Superintendent.

The district's policy, External Requests 1 to 4 and Delegation 2. Nothing is written down that
the policy does not let the Superintendent decide: a study without its written statement and its
agreement, or what a single member of the Board asks for.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import documents, once, requested, trail
from portal.access.actor import Actor
from portal.access.numbers import new_number
from portal.config import settings
from portal.errors import NotReady, Problem
from portal.policy.papers import scan_problems, scan_type
from portal.policy.written_requests import may_keep
from portal.store.oversight import AccessRequest, ResearchConsent
from portal.vocabulary import (
    DocumentKind,
    InformationForm,
    RequestEventKind,
    RequestKind,
    RequestStatus,
)
from portal.written_requests import queries, rules
from portal.written_requests.rules import OutsideDraft
from portal.written_requests.service import NO_REQUEST, NOT_NOW, PREFIX, add_categories, happened

BOARD = "The Board of Education"


@dataclass(frozen=True)
class ConsentDraft:
    """What is known of one student for a study. number: the SASID or the school's own, typed.

    consented_on: None while only notified. evidence: what shows it, such as the signed form.
    """

    number: str
    notified_on: date | None
    consented_on: date | None
    signer: str
    evidence: str


def write_down(
    session: Session, me: Actor, draft: OutsideDraft, at: datetime, key: str
) -> uuid.UUID:
    """Write a request from outside down, and send it to the Superintendent.

    key: the form's; a second click finds the first one's request. Raises NotReady with every
    problem, also when the agreement that a study names is not in force.
    """
    district = str(me.organization_id)
    may_keep(district, me.role, district).or_refuse()
    today = at.astimezone(ZoneInfo(me.tz)).date()
    problems = rules.outside_problems(draft, today)
    problems += _agreement_problems(session, me, draft, at)
    if problems or draft.first is None or draft.last is None:
        raise NotReady(problems)
    request_id = uuid.uuid4()
    earlier = once.first_result(session, me, "request.written_down", key, request_id, at)
    if earlier is not None:
        return earlier
    row = _row(session, me, request_id, draft, draft.first, draft.last, at)
    session.add(row)
    session.flush()
    add_categories(session, row, draft.categories)
    kept = _keep_agreement(session, me, row, draft, at)
    happened(session, me, row, RequestEventKind.SUBMITTED, at, document_id=kept)
    detail = {"kind": row.kind, "form": row.form}
    entry = trail.Entry("request.written_down", True, at, subject=row.number, detail=detail)
    trail.write(session, me, entry)
    return row.id


def _row(
    session: Session,
    me: Actor,
    request_id: uuid.UUID,
    draft: OutsideDraft,
    first: date,
    last: date,
    at: datetime,
) -> AccessRequest:
    board = draft.kind is RequestKind.BOARD
    vote = draft.vote_on
    return AccessRequest(
        id=request_id,
        organization_id=me.organization_id,
        number=new_number(session, AccessRequest.number, PREFIX),
        kind=draft.kind,
        status=RequestStatus.SUBMITTED,
        applicant_name=BOARD if board else draft.name.strip(),
        applicant_organization="" if board else draft.organization.strip(),
        applicant_address="" if board else draft.address.strip(),
        information=draft.information.strip(),
        need=draft.need.strip(),
        form=draft.form,
        wanted_from=first,
        wanted_until=last,
        statement={
            part: draft.statement[part].strip()
            for part in rules.STATEMENT_PARTS
            if draft.kind is RequestKind.RESEARCH
        },
        agreement_number=draft.agreement_number.strip().upper(),
        board_vote=f"vote of {vote:%m/%d/%Y}, {draft.minutes.strip()}" if board and vote else "",
        written_by=me.id,
        written_at=at,
        submitted_at=at,
    )


def _agreement_problems(
    session: Session, me: Actor, draft: OutsideDraft, at: datetime
) -> list[Problem]:
    if draft.kind is not RequestKind.RESEARCH:
        return []
    told = []
    if draft.agreement_number.strip():
        what = queries.agreement_problem(session, me, draft.agreement_number, at)
        do_next = "Write the number of a study's agreement in force, or bring the signed file."
        told += [Problem(what, do_next, "Agreement")] if what else []
    if draft.agreement:
        told += scan_problems(draft.agreement, settings().upload_megabytes, "Agreement")
    return told


def _keep_agreement(
    session: Session, me: Actor, row: AccessRequest, draft: OutsideDraft, at: datetime
) -> uuid.UUID | None:
    kind = scan_type(draft.agreement) if draft.kind is RequestKind.RESEARCH else None
    if kind is None:
        return None
    kept = documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.ACCESS_LETTER,
        f"{row.number}-agreement{kind.ending}",
        kind.media_type,
        draft.agreement,
        at,
    )
    return kept.id


def record_consent(
    session: Session, me: Actor, request_id: uuid.UUID, draft: ConsentDraft, at: datetime
) -> None:
    """Write down that a student's parents, or the eligible student, were told of a study, or agree.

    External Requests 2; 34 CFR 99.30: prior notification, and consent in writing. Written again,
    it takes the place of what was there. Raises NotReady with every problem.
    """
    row = _study(session, me, request_id)
    student = requested.by_number(session, me.organization_id, draft.number.strip())
    problems = _consent_problems(draft, at.astimezone(ZoneInfo(me.tz)).date())
    if student is None:
        problems.append(
            Problem(
                "No student of the district has this number.",
                "Type the SASID or the school's student number.",
                "Number",
            )
        )
    if problems or student is None or draft.notified_on is None:
        raise NotReady(problems)
    found = session.get(ResearchConsent, (row.id, student.id))
    consent = found or ResearchConsent(request_id=row.id, student_id=student.id)
    consent.notified_on, consent.consented_on = draft.notified_on, draft.consented_on
    consent.signer, consent.evidence = draft.signer.strip(), draft.evidence.strip()
    consent.written_by, consent.written_at = me.id, at
    session.add(consent)
    kind = RequestEventKind.PARENTS_NOTIFIED
    happened(session, me, row, kind, at, "consented" if draft.consented_on else "notified")
    detail = {"consented": draft.consented_on is not None}
    entry = trail.Entry("request.consent_recorded", True, at, (student.id,), row.number,
                        detail=detail)  # fmt: skip
    trail.write(session, me, entry)


def _study(session: Session, me: Actor, request_id: uuid.UUID) -> AccessRequest:
    row = session.get(AccessRequest, request_id)
    if row is None or not may_keep(str(me.organization_id), me.role, str(row.organization_id)):
        raise NO_REQUEST
    named = row.form is InformationForm.IDENTIFIED
    if row.kind is not RequestKind.RESEARCH or not named or row.status in CLOSED:
        raise NOT_NOW
    return row


CLOSED = frozenset({RequestStatus.REFUSED, RequestStatus.WITHDRAWN, RequestStatus.ENDED})


def _consent_problems(draft: ConsentDraft, today: date) -> list[Problem]:
    told = []
    if draft.notified_on is None or draft.notified_on > today:
        told.append(
            Problem("The day of the notice is missing.", "Choose when they were told.", "Told on")
        )
    elif draft.consented_on is not None and not draft.notified_on <= draft.consented_on <= today:
        told.append(
            Problem(
                "The consent is not after the notice.",
                "Prior notification comes first; choose the day of the signature.",
                "Consented on",
            )
        )
    if draft.consented_on is not None:
        for text, field in ((draft.signer, "Who signed"), (draft.evidence, "What shows it")):
            if not text.strip():
                told.append(Problem(f"“{field}” is empty.", "Write it as on the form.", field))
    return told
