"""A partner's FHIR Consent becomes a draft request to the family; by itself it opens nothing.

Who the student is, and who is to sign, a person chooses: no name in a file is matched to a child.
The organizations must be known by identifier or by exactly their name. The file is kept as it
came, for those who record consents for that student.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access import documents, gate, trail
from portal.access.actor import Actor
from portal.consents.fhir import export, queries
from portal.consents.fhir.answering import Asks, SaysNo, answer
from portal.consents.fhir.values import Party
from portal.consents.queries import local_day
from portal.consents.requests import queries as requests
from portal.consents.requests.drafts import Channel, RequestDraft
from portal.consents.requests.service import ask
from portal.errors import BadFile, Problem
from portal.policy.tasks import Task
from portal.store.consents import ConsentRequest
from portal.store.papers import Document
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import Category, DocumentKind, SignerKind


@dataclass(frozen=True)
class Choice:
    """What a person decides beside the file. records_from: where the file does not say it."""

    student_id: uuid.UUID
    signer_kind: SignerKind
    signer_id: uuid.UUID
    records_from: date | None = None


def bring_in(
    session: Session, me: Actor, content: bytes, choice: Choice, at: datetime, key: str
) -> ConsentRequest:
    """Keep the file, and write the draft request that it asks for; nothing is sent.

    key: the form's; a second click finds the first one's request. Raises NotFound or Refused when
    this person may not; BadFile with every problem of the file; NotReady with those of the choice.
    """
    student = gate.open_student(session, me, choice.student_id, Task.RECORD_CONSENT, at)
    asks = _asks(content, me, at)
    gives = _organization(session, asks.discloser, "Consent.organization", at)
    receives = _organization(session, asks.recipient, "Consent.provision.actor", at)
    partner, out = _direction(gives, receives, me)
    _same_child(asks, student)
    draft = _draft(asks, choice, partner, out=out, today=local_day(at, me.tz))
    request = ask(session, me, draft, at, key).request
    _keep(session, me, request, student, content, at)
    return request


def _asks(content: bytes, me: Actor, at: datetime) -> Asks:
    told = answer(content, at, me.tz)
    if isinstance(told, SaysNo):
        raise BadFile([Problem(sentence, told.do_next) for sentence in told.sentences])
    return told


def _organization(session: Session, party: Party, place: str, at: datetime) -> Organization:
    found = queries.organizations_called(session, party, at)
    if len(found) == 1:
        return found[0]
    named = party.name or party.id or party.code or "nothing"
    raise BadFile(
        [
            Problem(
                f"{'Several organizations here are' if found else 'No active organization here is'}"
                f" called {named}.",
                "Have the sender write the name as the portal has it, or its identifier.",
                place,
                place,
            )
        ]
    )


def _direction(gives: Organization, receives: Organization, me: Actor) -> tuple[Organization, bool]:
    """The partner, and whether the school gives to it."""
    if gives.id == me.organization_id and receives.id != gives.id:
        return receives, True
    if receives.id == me.organization_id and receives.id != gives.id:
        return gives, False
    raise BadFile(
        [
            Problem(
                "Your district is neither the one that gives nor the one that receives.",
                "Ask whoever sent the file whom it is meant for.",
            )
        ]
    )


def _same_child(asks: Asks, student: Student) -> None:
    """A birth date that differs is somebody else's file; an equal one proves nothing."""
    if asks.patient.born and student.born and asks.patient.born != student.born:
        raise BadFile(
            [
                Problem(
                    "The file is about somebody who was born on another day.",
                    "Choose the student it is about, or have the sender correct the birth date.",
                    "Student",
                    "Consent.patient",
                )
            ]
        )


def _draft(
    asks: Asks, choice: Choice, partner: Organization, *, out: bool, today: date
) -> RequestDraft:
    none: frozenset[Category] = frozenset()
    return RequestDraft(
        signer_kind=choice.signer_kind,
        signer_id=choice.signer_id,
        student_ids=(choice.student_id,),
        partner_ids=(partner.id,),
        out=asks.categories if out else none,
        back=none if out else asks.categories,
        purposes=asks.purposes,
        detail=asks.detail,
        records_from=asks.records_from or choice.records_from,
        starts_on=max(asks.starts_on or today, today),
        ends_on=asks.ends_on,
        channel=Channel.DRAFT,
    )


def _keep(
    session: Session,
    me: Actor,
    request: ConsentRequest,
    student: Student,
    content: bytes,
    at: datetime,
) -> None:
    """The exact bytes, named by the request they led to; once, however often it is clicked."""
    [part] = requests.parts(session, request)
    if documents.SOURCE in part.proposal:
        return
    kept: Document = documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.FHIR_CONSENT,
        f"Consent-file-{request.number}.json",
        export.MEDIA_TYPE,
        content,
        at,
        student_id=student.id,
    )
    part.proposal = {**part.proposal, documents.SOURCE: str(kept.id)}
    session.flush()
    detail = {"sha256": kept.sha256, "document": str(kept.id)}
    entry = trail.Entry(
        "consent.brought_in", True, at, (student.id,), subject=request.number, detail=detail
    )
    trail.write(session, me, entry)
