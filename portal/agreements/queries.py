"""The questions about agreements: which are ours, where each stands, what a form offers."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import ScalarResult, or_, select
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.sql import within
from portal.agreements import rules
from portal.agreements.documents import Parties
from portal.agreements.drafts import AgreementDraft, Contact, Line, Signer, Terms, proposal
from portal.agreements.rules import ACTS, Act
from portal.policy.facts import AgreementFacts
from portal.policy.papers import may_see_agreement
from portal.policy.spans import last_day
from portal.policy.tasks import Task, may_do
from portal.store.papers import Agreement, AgreementLine
from portal.store.people import User
from portal.store.places import AgencyService, Organization, School
from portal.vocabulary import (
    AgreementStatus,
    Category,
    Channel,
    Frequency,
    OrganizationKind,
    Retention,
    Role,
)

TERMS = TypeAdapter(Terms)
IN_ORDER = [str(category) for category in Category]


@dataclass(frozen=True)
class AgreementView:
    """An agreement as a page shows it. *_on: days of the district's calendar, both included.

    a is the district, b the partner; *_scan: the paper that side signed by hand.
    """

    id: uuid.UUID
    number: str
    status: AgreementStatus
    district: str
    partner: str
    we_wrote_it: bool
    draft: AgreementDraft
    document_id: uuid.UUID | None
    a_signed_at: datetime | None
    a_signer: str
    a_scan: uuid.UUID | None
    b_signed_at: datetime | None
    b_signer: str
    b_scan: uuid.UUID | None
    ended_because: str

    @property
    def acts(self) -> frozenset[Act]:
        """What can still be done with it."""
        return ACTS[self.status]

    @property
    def waits_for_us(self) -> bool:
        """Is our side's signature missing?"""
        ours = self.a_signed_at if self.we_wrote_it else self.b_signed_at
        return Act.SIGN in self.acts and ours is None

    @property
    def our_signer(self) -> Signer:
        """Whom the paper names for our side."""
        terms = self.draft.terms
        return terms.district_signer if self.we_wrote_it else terms.partner_signer


def ours(session: Session, me: Actor, at: datetime) -> list[AgreementView]:
    """Every agreement of my organization that I may see, the newest first."""
    rows = session.scalars(
        select(Agreement)
        .where(or_(Agreement.a_id == me.organization_id, Agreement.b_id == me.organization_id))
        .order_by(Agreement.starts_at.desc(), Agreement.number)
    ).all()
    facts = {known.id: known for known in facts_of.agreements_of(session, me.organization_id)}
    return [
        _view(session, me, row, _status(facts[str(row.id)], row, at))
        for row in rows
        if is_visible(me, row)
    ]


def is_visible(me: Actor, agreement: Agreement) -> bool:
    """May this person see it listed?"""
    return bool(
        may_see_agreement(
            str(me.organization_id),
            me.role,
            str(agreement.a_id),
            str(agreement.b_id),
            issued=is_issued(agreement),
        )
    )


def terminated(session: Session) -> ScalarResult[Agreement]:
    """Every agreement that was terminated, of whomever: for the journal of closings."""
    ended = select(Agreement).where(Agreement.terminated_at.is_not(None))
    return session.scalars(ended.order_by(Agreement.terminated_at, Agreement.id))


def is_issued(agreement: Agreement) -> bool:
    """Has it left the desk where it is written?"""
    return bool(agreement.document_id or agreement.a_signed_at or agreement.b_signed_at)


def status(session: Session, agreement: Agreement, at: datetime) -> AgreementStatus:
    """Where it stands."""
    known = facts_of.agreements_of(session, agreement.a_id)
    facts = next(facts for facts in known if facts.id == str(agreement.id))
    return _status(facts, agreement, at)


def _status(facts: AgreementFacts, agreement: Agreement, at: datetime) -> AgreementStatus:
    return rules.status(facts, at, issued=is_issued(agreement))


def _view(
    session: Session, me: Actor, agreement: Agreement, status: AgreementStatus
) -> AgreementView:
    printed = parties(session, agreement)
    return AgreementView(
        id=agreement.id,
        number=agreement.number,
        status=status,
        district=printed.district.name,
        partner=printed.partner.name,
        we_wrote_it=agreement.a_id == me.organization_id,
        draft=draft_of(printed),
        document_id=agreement.document_id,
        a_signed_at=agreement.a_signed_at,
        a_signer=agreement.a_signer,
        a_scan=agreement.a_scan_id,
        b_signed_at=agreement.b_signed_at,
        b_signer=agreement.b_signer,
        b_scan=agreement.b_scan_id,
        ended_because=agreement.terminated_reason,
    )


def parties(session: Session, agreement: Agreement) -> Parties:
    """The agreement with its rows, ready to be printed."""
    return Parties(
        agreement,
        lines(session, agreement.id),
        TERMS.validate_python(agreement.terms),
        session.get_one(Organization, agreement.a_id),
        session.get_one(Organization, agreement.b_id),
    )


def lines(session: Session, agreement_id: uuid.UUID) -> tuple[AgreementLine, ...]:
    """The schedule, in the order of the vocabulary."""
    rows = session.scalars(
        select(AgreementLine)
        .where(AgreementLine.agreement_id == agreement_id)
        .order_by(AgreementLine.direction, AgreementLine.category)
    ).all()
    return tuple(sorted(rows, key=lambda row: (row.direction, _place(row.category))))


def _place(category: str) -> int:
    return IN_ORDER.index(category) if category in IN_ORDER else len(IN_ORDER)


def draft_of(printed: Parties) -> AgreementDraft:
    """What somebody filled in, as its rows tell it."""
    agreement, tz = printed.agreement, printed.district.tz
    return AgreementDraft(
        agency_id=agreement.b_id,
        starts_on=agreement.starts_at.astimezone(ZoneInfo(tz)).date(),
        ends_on=last_day(agreement.ends_at, tz) if agreement.ends_at else None,
        waive_team=agreement.waive_team,
        lines=tuple(_line(row) for row in printed.lines),
        terms=printed.terms,
    )


def _line(row: AgreementLine) -> Line:
    return Line(
        row.direction,
        Category(row.category),
        Frequency(row.frequency or Frequency.AS_IT_HAPPENS),
        Channel(row.method or Channel.PORTAL),
        Retention(row.retention or Retention.AGREEMENT_END),
    )


# What a form may choose from


@dataclass(frozen=True)
class Partner:
    """An agency that an agreement can be made with."""

    id: uuid.UUID
    name: str
    email: str
    phone: str
    services: tuple[str, ...]
    signers: tuple[Signer, ...]


def possible_partners(session: Session, at: datetime) -> list[Partner]:
    """Every active agency, by name, with what it offers and who may sign for it here."""
    found = session.scalars(
        select(Organization)
        .where(
            Organization.kind != OrganizationKind.DISTRICT,
            within(Organization.active_from, Organization.active_until, at),
        )
        .order_by(Organization.name, Organization.id)
    ).all()
    ids = [row.id for row in found]
    offered, signing = _services(session, ids), signers(session, ids, at)
    return [
        Partner(
            row.id,
            row.name,
            row.email,
            row.phone,
            tuple(name for agency, name in offered if agency == row.id),
            tuple(signer for agency, signer in signing if agency == row.id),
        )
        for row in found
    ]


def proposed(session: Session, me: Actor, agency_id: uuid.UUID, at: datetime) -> AgreementDraft:
    """A new agreement with this agency, with what the portal knows filled in."""
    agency = next((p for p in possible_partners(session, at) if p.id == agency_id), None)
    writer = session.get_one(User, me.id)
    contact = Contact(writer.name, writer.email)
    ours = [signer for _id, signer in signers(session, [me.organization_id], at)]
    terms = Terms(
        schools=tuple(school_names(session, me)),
        district_signer=next(iter(ours), Signer()),
        district_liaison=contact,
        records_contact=contact,
    )
    if agency is not None:
        terms = replace(
            terms,
            services=agency.services,
            partner_signer=next(iter(agency.signers), Signer()),
            partner_liaison=Contact("", agency.email, agency.phone),
        )
    return proposal(agency_id, local_day(at, me.tz), terms)


def _services(session: Session, ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
    rows = session.scalars(
        select(AgencyService)
        .where(AgencyService.organization_id.in_(ids), AgencyService.status == "active")
        .order_by(AgencyService.name, AgencyService.id)
    )
    return [(row.organization_id, row.name) for row in rows]


def signers(
    session: Session, ids: Collection[uuid.UUID], at: datetime
) -> list[tuple[uuid.UUID, Signer]]:
    """Who of these organizations may sign agreements in the portal, by name."""
    signing = [role for role in Role if may_do(role, Task.SIGN_AGREEMENT)]
    rows = session.scalars(
        select(User)
        .where(
            User.organization_id.in_(ids),
            User.role.in_(signing),
            within(User.active_from, User.active_until, at),
        )
        .order_by(User.name, User.id)
    )
    return [(row.organization_id, Signer(row.name, row.title)) for row in rows]


def school_names(session: Session, me: Actor) -> list[str]:
    """The schools of my district, by name."""
    rows = session.scalars(
        select(School.name)
        .where(School.district_id == me.organization_id)
        .order_by(School.name, School.id)
    )
    return list(rows)


def is_active_partner(session: Session, agency_id: uuid.UUID | None, at: datetime) -> bool | None:
    """Can an agreement be made with this agency today? None when none is chosen."""
    if agency_id is None:
        return None
    row = session.get(Organization, agency_id)
    if row is None or row.kind is OrganizationKind.DISTRICT:
        return False
    return row.active_from <= at and (row.active_until is None or at < row.active_until)


def local_day(at: datetime, tz: str) -> date:
    """The day that it is at this instant."""
    return at.astimezone(ZoneInfo(tz)).date()
