"""The worklist and the renewals: what waits, of students within my reach, in few questions."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import papers, signers, trail, visible
from portal.access.actor import Actor
from portal.consents.requests.drafts import Outcome, asked
from portal.consents.requests.queries import form_kinds
from portal.consents.worklist.rules import AHEAD, Found, Group, found, may_be_renewed
from portal.policy.facts import ConsentFacts
from portal.policy.papers import may_list_consents
from portal.store.consents import Consent, ConsentRequest, ConsentRequestPart, FamilyLink
from portal.store.people import Guardian, Student
from portal.store.places import Organization
from portal.vocabulary import FormKind, Instrument, SignerKind

Key = uuid.UUID


@dataclass(frozen=True)
class WorkLine:
    """One thing to do. since: from when it waits, or until when; None where no day is known.

    Exactly one of consent_id and request_id is set.
    """

    group: Group
    student_id: Key
    student: str
    partner: str
    number: str
    why: str
    since: datetime | None
    instrument: Instrument | None = None
    consent_id: Key | None = None
    request_id: Key | None = None
    form: FormKind = FormKind.STANDARD


@dataclass(frozen=True)
class RenewalLine:
    """A consent that ends or ended within 60 days. email: whether the signer has an address."""

    consent_id: Key
    number: str
    student: str
    partner: str
    signer: str
    instrument: Instrument
    ends_at: datetime
    by_email: bool


Worklist = Mapping[Group, Sequence[WorkLine]]


def worklist(session: Session, me: Actor, at: datetime) -> Worklist:
    """Everything that waits, by group, the longest wait or nearest day first. Writes the trail."""
    may_list_consents(me.role, me.level).or_refuse()
    lines = [*_about_consents(session, me, at), *_about_requests(session, me, at)]
    _told(session, me, "consents.worklist", {line.student_id for line in lines}, at)
    groups: dict[Group, list[WorkLine]] = {group: [] for group in Group}
    for line in sorted(lines, key=_order):
        groups[line.group].append(line)
    return groups


def _order(line: WorkLine) -> tuple[float, str, str]:
    return line.since.timestamp() if line.since else 0, line.student, line.number


def _told(session: Session, me: Actor, event: str, about: Iterable[Key], at: datetime) -> None:
    students = tuple(sorted(set(about), key=str))
    trail.write(session, me, trail.Entry(event, True, at, students))


# Consents


@dataclass(frozen=True)
class _Row:
    consent: Consent
    student: Student
    facts: ConsentFacts


def _rows(session: Session, me: Actor, at: datetime) -> list[_Row]:
    """Signed, not taken back, not replaced, and not over for longer than can be renewed."""
    ours = or_(
        Consent.discloser_id == me.organization_id, Consent.recipient_id == me.organization_id
    )
    rows = session.execute(
        select(Consent, Student)
        .join(Student, Student.id == Consent.student_id)
        .where(
            ours,
            visible.students(me, at),
            Consent.signed_at.is_not(None),
            or_(Consent.ends_at.is_(None), at - AHEAD <= Consent.ends_at),
            papers.not_ended(literal(""), at),
        )
        .order_by(Consent.number)
    ).all()
    told = consent_facts.as_facts(session, [consent for consent, _student in rows])
    return [
        _Row(consent, student, facts) for (consent, student), facts in zip(rows, told, strict=True)
    ]


def _about_consents(session: Session, me: Actor, at: datetime) -> list[WorkLine]:
    rows = _rows(session, me, at)
    district = session.get_one(Organization, me.organization_id)
    rights = signers.rights_of(
        session, district, {row.student.id: row.student for row in rows}.values()
    )
    agreements = facts_of.agreements_of(session, me.organization_id)
    names = _names(session, (_partner(me, row.consent) for row in rows))
    return [
        _line(row, names.get(_partner(me, row.consent), row.consent.recipient_name), reason)
        for row in rows
        for reason in found(row.facts, rights[row.student.id], agreements, at)
    ]


def _partner(me: Actor, consent: Consent) -> Key | None:
    ours = consent.discloser_id == me.organization_id
    return consent.recipient_id if ours else consent.discloser_id


def _names(session: Session, ids: Iterable[Key | None]) -> dict[Key | None, str]:
    wanted = {key for key in ids if key is not None}
    rows = session.execute(
        select(Organization.id, Organization.name).where(Organization.id.in_(wanted))
    )
    return dict(rows.all())


def _line(row: _Row, partner: str, reason: Found) -> WorkLine:
    return WorkLine(
        group=reason.group,
        student_id=row.student.id,
        student=_name(row.student),
        partner=partner,
        number=row.consent.number,
        why=reason.why,
        since=reason.since,
        instrument=row.consent.instrument,
        consent_id=row.consent.id,
        form=row.consent.form_kind,
    )


def _name(student: Student) -> str:
    return f"{student.given_name} {student.family_name}"


# Requests


def _about_requests(session: Session, me: Actor, at: datetime) -> list[WorkLine]:
    parts = _parts(session, me, at)
    requests = {part.request_id for part, _student in parts}
    rows = session.scalars(
        select(ConsentRequest)
        .where(
            ConsentRequest.id.in_(requests),
            or_(
                ConsentRequest.ended_at.is_(None),
                (ConsentRequest.outcome == Outcome.REFUSED)
                & (ConsentRequest.ended_at >= at - AHEAD),
            ),
        )
        .order_by(ConsentRequest.number)
    ).all()
    links, kinds = _links(session, rows), form_kinds(session, rows)
    names = _names(session, (part.partner_id for part, _student in parts))
    of: dict[Key, list[tuple[ConsentRequestPart, Student]]] = defaultdict(list)
    for part, student in parts:
        of[part.request_id].append((part, student))
    return [
        replace(_of_request(row, of[row.id], names, links.get(row.link_id), at), form=kinds[row.id])
        for row in rows
    ]


def _parts(session: Session, me: Actor, at: datetime) -> list[tuple[ConsentRequestPart, Student]]:
    """Each student within my reach whom a request of my district asks about."""
    rows = session.execute(
        select(ConsentRequestPart, Student)
        .join(Student, Student.id == ConsentRequestPart.student_id)
        .join(ConsentRequest, ConsentRequest.id == ConsentRequestPart.request_id)
        .where(
            ConsentRequest.district_id == me.organization_id,
            or_(ConsentRequest.ended_at.is_(None), ConsentRequest.ended_at >= at - AHEAD),
            visible.students(me, at),
        )
        .order_by(ConsentRequestPart.place)
    )
    return [(part, student) for part, student in rows]


def _links(session: Session, rows: Sequence[ConsentRequest]) -> dict[Key | None, FamilyLink]:
    wanted = {row.link_id for row in rows if row.link_id}
    found_links = session.scalars(select(FamilyLink).where(FamilyLink.id.in_(wanted)))
    return {link.id: link for link in found_links}


def _of_request(
    row: ConsentRequest,
    parts: Sequence[tuple[ConsentRequestPart, Student]],
    names: Mapping[Key | None, str],
    link: FamilyLink | None,
    at: datetime,
) -> WorkLine:
    students = dict.fromkeys(_name(student) for _part, student in parts)
    partners = dict.fromkeys(names[part.partner_id] for part, _student in parts)
    refused = row.outcome == Outcome.REFUSED
    return WorkLine(
        group=Group.REFUSED if refused else Group.OUT,
        student_id=parts[0][1].id,
        student=", ".join(students),
        partner=", ".join(partners),
        number=row.number,
        why=_refusal(row) if refused else _waits(row, link, at),
        since=row.ended_at if refused else row.made_at,
        request_id=row.id,
    )


def _refusal(row: ConsentRequest) -> str:
    return f"{row.signer_name} said no" + (f": {row.outcome_reason}" if row.outcome_reason else ".")


def _waits(row: ConsentRequest, link: FamilyLink | None, at: datetime) -> str:
    if row.channel == "draft":
        return "A draft: not sent yet."
    if row.expires_at <= at:
        return f"The time to sign has run out; {row.signer_name} has not answered."
    if link is not None and link.locked_at is not None:
        return "The link is locked after too many wrong tries."
    if link is not None and link.opened_at is not None:
        return f"{row.signer_name} has opened it."
    return f"Waits for {row.signer_name}."


# Renewals


def renewals(session: Session, me: Actor, at: datetime) -> list[RenewalLine]:
    """Consents that end or ended within 60 days and have not been asked anew, by student."""
    may_list_consents(me.role, me.level).or_refuse()
    rows = _renewable(session, me, at)
    names = _names(session, (_partner(me, row.consent) for row in rows))
    reachable = _with_email(session, rows)
    _told(session, me, "consents.listed_renewals", {row.student.id for row in rows}, at)
    return [
        RenewalLine(
            consent_id=row.consent.id,
            number=row.consent.number,
            student=_name(row.student),
            partner=names.get(_partner(me, row.consent), row.consent.recipient_name),
            signer=row.consent.signer_name,
            instrument=row.consent.instrument,
            ends_at=row.facts.span.end or at,
            by_email=row.consent.signer_id in reachable,
        )
        for row in sorted(rows, key=lambda row: (_name(row.student), row.consent.number))
    ]


def chosen(
    session: Session, me: Actor, ids: Collection[Key], at: datetime
) -> list[tuple[Consent, ConsentFacts]]:
    """Of these, the consents that can be renewed now: in reach, ending, and not asked anew."""
    rows = _renewable(session, me, at)
    return [(row.consent, row.facts) for row in rows if row.consent.id in ids]


def with_email(session: Session, consents: Sequence[Consent]) -> set[Key]:
    """The guardians among the signers to whom a link can be mailed."""
    wanted = {c.signer_id for c in consents if c.signer_kind is SignerKind.GUARDIAN}
    rows = session.execute(select(Guardian.id, Guardian.email).where(Guardian.id.in_(wanted)))
    return {key for key, email in rows if "@" in email}


def _with_email(session: Session, rows: Sequence[_Row]) -> set[Key]:
    return with_email(session, [row.consent for row in rows])


def _renewable(session: Session, me: Actor, at: datetime) -> list[_Row]:
    already = _asked_anew(session, me, at)
    return [
        row
        for row in _rows(session, me, at)
        if may_be_renewed(row.facts, at) and row.consent.id not in already
    ]


def _asked_anew(session: Session, me: Actor, at: datetime) -> set[Key]:
    """Consents that an open request is to take over from."""
    return {
        consent
        for part, _student in _parts(session, me, at)
        for consent in asked(part.proposal).replaces.values()
    }
