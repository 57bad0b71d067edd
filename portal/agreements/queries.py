"""The questions about agreements: which are ours, where each stands, what a form offers."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarResult, func, select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.forms import newest_published
from portal.access.sql import within
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.library import SHIPPED, Library
from portal.agreements.clauses.types import Clause, Need
from portal.agreements.content import Content, Line, Signer, from_json
from portal.agreements.documents import Template
from portal.agreements.rules import Known, Partner
from portal.agreements.status import ACTS, Act, Pair, Steps, between
from portal.agreements.status import status as status_of
from portal.policy.papers import may_see_agreement
from portal.policy.spans import last_day
from portal.policy.tasks import Task, may_do
from portal.store.agreements import (
    AgreementEvent,
    AgreementPaper,
    AgreementPartner,
    AgreementSignature,
    AgreementVersion,
    DistrictClause,
    Settlement,
    WordTemplate,
)
from portal.store.papers import Agreement, AgreementLine, Document
from portal.store.people import User
from portal.store.places import AgencyService, Organization, School
from portal.vocabulary import (
    LISTS_FOR_THE_GATE,
    AgreementEventKind,
    AgreementKind,
    AgreementStatus,
    EndedHow,
    Following,
    FormKind,
    OrganizationKind,
    Role,
    VersionOrigin,
)

ANSWERS = frozenset({AgreementEventKind.APPROVED, AgreementEventKind.RETURNED})


# An agreement as a page shows it


@dataclass(frozen=True)
class PlaceView:
    """Where somebody signs. turn: it is theirs now."""

    place: int
    organization_id: uuid.UUID
    organization: str
    name: str
    title: str
    capacity: str
    email: str
    signed_at: datetime | None
    signed_as: str
    by_hand: bool
    scan_id: uuid.UUID | None
    refused_at: datetime | None
    refused_reason: str
    reminded_at: datetime | None
    turn: bool


@dataclass(frozen=True)
class PartnerView:
    """A partner of an agreement. agreement_id: the gate's row, once it is issued.

    status: how it stands with this partner; None until it is issued.
    """

    id: uuid.UUID
    name: str
    agreement_id: uuid.UUID | None
    over_at: datetime | None
    ended_how: EndedHow | None
    settled: Settlement | None
    status: AgreementStatus | None = None


@dataclass(frozen=True)
class AgreementView:
    """An agreement as a page shows it. awaited: the partners whose answer a review waits for."""

    id: uuid.UUID
    number: str
    kind: AgreementKind
    status: AgreementStatus
    district_id: uuid.UUID
    district: str
    tz: str
    partners: tuple[PartnerView, ...]
    we_wrote_it: bool
    content: Content
    revision: int
    template_id: uuid.UUID | None
    parent_id: uuid.UUID | None
    follows_id: uuid.UUID | None
    follows_how: Following | None
    document_id: uuid.UUID | None
    pdf_id: uuid.UUID | None
    certificate_id: uuid.UUID | None
    issued_at: datetime | None
    executed_at: datetime | None
    places: tuple[PlaceView, ...]
    awaited: frozenset[uuid.UUID]
    answered: bool
    ended_because: str
    ours: uuid.UUID

    @property
    def acts(self) -> frozenset[Act]:
        """What can still be done with it."""
        return ACTS[self.status]

    @property
    def partner(self) -> str:
        """The partners' names, as a line of a list shows them."""
        names = [partner.name for partner in self.partners]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

    @property
    def turn(self) -> PlaceView | None:
        """Whose signature is awaited; None when none is."""
        if self.status is not AgreementStatus.OUT_FOR_SIGNATURE:
            return None
        return next((place for place in self.places if place.turn), None)

    @property
    def waits_for_us(self) -> bool:
        """Is it our turn to sign, or to answer a version?"""
        signs = self.turn is not None and self.turn.organization_id == self.ours
        return signs or (self.status is AgreementStatus.IN_REVIEW and self.is_asked)

    @property
    def is_asked(self) -> bool:
        """Does a review wait for our side: a partner's answer, or what came of it?"""
        if self.we_wrote_it:
            return not self.awaited
        return self.ours in self.awaited

    @property
    def desk(self) -> str:
        """Who has it now."""
        if self.turn is not None:
            return f"{self.turn.name}, {self.turn.organization}"
        if self.status is AgreementStatus.IN_REVIEW and self.awaited:
            return ", ".join(p.name for p in self.partners if p.id in self.awaited)
        return self.district if Act.EDIT in self.acts else ""

    @property
    def last_day(self) -> date | None:
        """The last day on which it is in force, as it stands now."""
        ends = [partner.over_at for partner in self.partners if partner.over_at is not None]
        planned = self.content.ends_on
        early = last_day(max(ends), self.tz) if ends and len(ends) == len(self.partners) else None
        return min(planned, early) if planned and early else early or planned


def ours(session: Session, me: Actor, at: datetime) -> list[AgreementView]:
    """Every agreement of my organization that I may see, the newest first.

    The number of questions asked does not grow with the number of agreements.
    """
    joined = select(AgreementPartner.paper_id).where(
        AgreementPartner.organization_id == me.organization_id
    )
    mine = (AgreementPaper.district_id == me.organization_id) | AgreementPaper.id.in_(joined)
    papers = session.scalars(
        select(AgreementPaper)
        .where(mine)
        .order_by(AgreementPaper.written_at.desc(), AgreementPaper.number)
    ).all()
    return _views(session, me, papers, at)


def view(session: Session, me: Actor, paper_id: uuid.UUID, at: datetime) -> AgreementView | None:
    """One agreement that I may see; None for a foreign one and a missing one alike."""
    paper = session.get(AgreementPaper, paper_id)
    return next(iter(_views(session, me, [paper], at)), None) if paper else None


@dataclass(frozen=True)
class _Around:
    """The rows around some papers, each by the paper's id."""

    organizations: Mapping[uuid.UUID, Organization]
    partners: Mapping[uuid.UUID, list[uuid.UUID]]
    pairs: Mapping[uuid.UUID, list[Agreement]]
    places: Mapping[uuid.UUID, list[AgreementSignature]]
    sent: Mapping[uuid.UUID, AgreementVersion]
    answers: Mapping[uuid.UUID, frozenset[uuid.UUID]]
    settled: Mapping[uuid.UUID, Settlement]


def _around(session: Session, ids: Collection[uuid.UUID]) -> _Around:
    partners: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for row in session.scalars(
        select(AgreementPartner)
        .where(AgreementPartner.paper_id.in_(ids))
        .order_by(AgreementPartner.place)
    ):
        partners[row.paper_id].append(row.organization_id)
    places: dict[uuid.UUID, list[AgreementSignature]] = defaultdict(list)
    for place in session.scalars(
        select(AgreementSignature)
        .where(AgreementSignature.paper_id.in_(ids))
        .order_by(AgreementSignature.place)
    ):
        places[place.paper_id].append(place)
    return _Around(
        {row.id: row for row in session.scalars(select(Organization))},
        partners,
        _pairs(session, ids),
        places,
        sent := _sent(session, ids),
        _answers(session, sent),
        _settled(session, ids),
    )


def _pairs(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, list[Agreement]]:
    found: dict[uuid.UUID, list[Agreement]] = defaultdict(list)
    rows = session.scalars(
        select(Agreement).where(Agreement.paper_id.in_(ids)).order_by(Agreement.number)
    )
    for row in rows:
        if row.paper_id is not None:
            found[row.paper_id].append(row)
    return found


def _sent(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, AgreementVersion]:
    rows = session.scalars(
        select(AgreementVersion)
        .where(AgreementVersion.paper_id.in_(ids), AgreementVersion.origin == VersionOrigin.OURS)
        .order_by(AgreementVersion.number)
    )
    return {row.paper_id: row for row in rows}


def _answers(
    session: Session, sent: Mapping[uuid.UUID, AgreementVersion]
) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    """Who has answered the version that was sent last."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = session.scalars(
        select(AgreementEvent).where(
            AgreementEvent.version_id.in_([version.id for version in sent.values()]),
            AgreementEvent.kind.in_(ANSWERS),
        )
    )
    for row in rows:
        if row.organization_id is not None:
            found[row.paper_id].add(row.organization_id)
    return {paper_id: frozenset(organizations) for paper_id, organizations in found.items()}


def _settled(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Settlement]:
    rows = session.scalars(
        select(Settlement)
        .join(Agreement, Agreement.id == Settlement.agreement_id)
        .where(Agreement.paper_id.in_(ids))
    )
    return {row.agreement_id: row for row in rows}


def _views(
    session: Session, me: Actor, papers: Sequence[AgreementPaper], at: datetime
) -> list[AgreementView]:
    around = _around(session, [paper.id for paper in papers])
    return [_view(me, paper, around, at) for paper in papers if _is_visible(me, paper, around)]


def _is_visible(me: Actor, paper: AgreementPaper, around: _Around) -> bool:
    return bool(
        may_see_agreement(
            str(me.organization_id),
            me.role,
            str(paper.district_id),
            [str(key) for key in around.partners.get(paper.id, [])],
            shown=paper.issued_at is not None or paper.id in around.sent,
        )
    )


def _view(me: Actor, paper: AgreementPaper, around: _Around, at: datetime) -> AgreementView:
    district = around.organizations[paper.district_id]
    shown = _shown(me, paper, around)
    partners = around.partners.get(paper.id, [])
    answered = around.answers.get(paper.id, frozenset())
    pairs = {pair.b_id: pair for pair in around.pairs.get(paper.id, [])}
    return AgreementView(
        id=paper.id,
        number=paper.number,
        kind=paper.kind,
        status=_status(paper, around, at),
        district_id=district.id,
        district=district.name,
        tz=district.tz,
        partners=tuple(_partner(key, pairs.get(key), around, at) for key in partners),
        we_wrote_it=paper.district_id == me.organization_id,
        content=from_json(shown),
        revision=paper.revision,
        template_id=paper.template_id,
        parent_id=paper.parent_id,
        follows_id=paper.follows_id,
        follows_how=paper.follows_how,
        document_id=paper.document_id,
        pdf_id=paper.pdf_id,
        certificate_id=paper.certificate_id,
        issued_at=paper.issued_at,
        executed_at=paper.executed_at,
        places=_places(around, paper.id),
        awaited=frozenset(partners) - answered if paper.id in around.sent else frozenset(),
        answered=bool(answered),
        ended_because=paper.discarded_reason
        or next((pair.terminated_reason for pair in pairs.values() if pair.terminated_at), ""),
        ours=me.organization_id,
    )


def _shown(me: Actor, paper: AgreementPaper, around: _Around) -> Mapping[str, object]:
    """A partner reads what was sent to it, not what the district writes meanwhile."""
    sent = around.sent.get(paper.id)
    if paper.issued_at is None and paper.district_id != me.organization_id and sent is not None:
        return sent.content
    return paper.content


def _partner(key: uuid.UUID, pair: Agreement | None, around: _Around, at: datetime) -> PartnerView:
    return PartnerView(
        id=key,
        name=around.organizations[key].name,
        agreement_id=pair.id if pair else None,
        over_at=pair.terminated_at if pair else None,
        ended_how=pair.ended_how if pair else None,
        settled=around.settled.get(pair.id) if pair else None,
        status=between(as_pair(pair), at) if pair else None,
    )


def _places(around: _Around, paper_id: uuid.UUID) -> tuple[PlaceView, ...]:
    rows = around.places.get(paper_id, [])
    turn = next((row.place for row in rows if row.signed_at is None), None)
    return tuple(
        PlaceView(
            place=row.place,
            organization_id=row.organization_id,
            organization=around.organizations[row.organization_id].name,
            name=row.name,
            title=row.title,
            capacity=row.capacity,
            email=row.email,
            signed_at=row.signed_at,
            signed_as=row.signed_as,
            by_hand=row.scan_id is not None,
            scan_id=row.scan_id,
            refused_at=row.refused_at,
            refused_reason=row.refused_reason,
            reminded_at=row.reminded_at,
            turn=row.place == turn,
        )
        for row in rows
    )


def _status(paper: AgreementPaper, around: _Around, at: datetime) -> AgreementStatus:
    pairs = [as_pair(pair) for pair in around.pairs.get(paper.id, [])]
    steps = Steps(
        sent=paper.id in around.sent,
        discarded=paper.discarded_at is not None,
        issued=paper.issued_at is not None,
        refused=any(row.refused_at for row in around.places.get(paper.id, [])),
        pairs=tuple(pairs),
    )
    return status_of(steps, at)


def as_pair(row: Agreement) -> Pair:
    """The gate's row, as the rules of status read it."""
    signed = (row.a_signed_at, row.b_signed_at)
    bound = max(moment for moment in signed if moment) if all(signed) else None
    return Pair(row.starts_at, row.ends_at, bound, row.terminated_at, row.ended_how)


# One paper


def status(session: Session, paper: AgreementPaper, at: datetime) -> AgreementStatus:
    """Where it stands."""
    return _status(paper, _around(session, [paper.id]), at)


def is_visible(session: Session, me: Actor, paper: AgreementPaper) -> bool:
    """May this person see it?"""
    return _is_visible(me, paper, _around(session, [paper.id]))


def partner_ids(session: Session, paper_id: uuid.UUID) -> list[uuid.UUID]:
    """The partners of a paper, in its order."""
    rows = session.scalars(
        select(AgreementPartner.organization_id)
        .where(AgreementPartner.paper_id == paper_id)
        .order_by(AgreementPartner.place)
    )
    return list(rows)


def pairs(session: Session, paper_id: uuid.UUID) -> list[Agreement]:
    """The gate's rows of a paper, in the order of its partners."""
    rows = session.scalars(
        select(Agreement)
        .join(
            AgreementPartner,
            (AgreementPartner.paper_id == Agreement.paper_id)
            & (AgreementPartner.organization_id == Agreement.b_id),
        )
        .where(Agreement.paper_id == paper_id)
        .order_by(AgreementPartner.place)
    )
    return list(rows)


def signatures(session: Session, paper_id: uuid.UUID) -> list[AgreementSignature]:
    """Where a paper is signed, in order."""
    rows = session.scalars(
        select(AgreementSignature)
        .where(AgreementSignature.paper_id == paper_id)
        .order_by(AgreementSignature.place)
    )
    return list(rows)


def over_at(row: Agreement, at: datetime) -> datetime:
    """When it was over: stopped early, or by its last day."""
    ends = [moment for moment in (row.terminated_at, row.ends_at) if moment is not None]
    return min(ends, default=at)


def terminated(session: Session) -> ScalarResult[Agreement]:
    """Every agreement that was signed and stops early, of whomever: for the journal of closings."""
    ended = select(Agreement).where(Agreement.terminated_at.is_not(None))
    return session.scalars(ended.order_by(Agreement.terminated_at, Agreement.id))


@dataclass(frozen=True)
class Before:
    """What was agreed with a partner before. pair: the gate's row of that agreement."""

    lines: tuple[Line, ...]
    pair: Agreement


def before(session: Session, paper: AgreementPaper) -> dict[uuid.UUID, Before]:
    """By partner, the agreement that this one amends or renews, or else the last before it.

    Whatever a newer agreement adds to that, an older consent does not open, however the newer
    one came about. A partner with whom there was none is missing.
    """
    found = {}
    for agency_id in partner_ids(session, paper.id):
        earlier = _earlier(session, paper, agency_id)
        terms = from_json(earlier.content).partner(agency_id) if earlier else None
        if earlier is None or terms is None:
            continue
        pair = next((p for p in pairs(session, earlier.id) if p.b_id == agency_id), None)
        if pair is not None:
            found[agency_id] = Before(terms.lines, pair)
    return found


def _earlier(
    session: Session, paper: AgreementPaper, agency_id: uuid.UUID
) -> AgreementPaper | None:
    if paper.follows_id is not None and agency_id in partner_ids(session, paper.follows_id):
        return session.get_one(AgreementPaper, paper.follows_id)
    joined = select(AgreementPartner.paper_id).where(AgreementPartner.organization_id == agency_id)
    until = [AgreementPaper.executed_at <= paper.issued_at] if paper.issued_at else []
    return session.scalar(
        select(AgreementPaper)
        .where(
            AgreementPaper.district_id == paper.district_id,
            AgreementPaper.id != paper.id,
            AgreementPaper.kind.in_(LISTS_FOR_THE_GATE),
            AgreementPaper.executed_at.is_not(None),
            AgreementPaper.id.in_(joined),
            *until,
        )
        .order_by(AgreementPaper.executed_at.desc())
        .limit(1)
    )


def lines_before(session: Session, paper_id: uuid.UUID) -> dict[uuid.UUID, tuple[Line, ...]]:
    """The schedules that were agreed before this agreement, by partner."""
    known = before(session, session.get_one(AgreementPaper, paper_id))
    return {agency_id: told.lines for agency_id, told in known.items()}


def gate_line(session: Session, pair: Agreement, line: Line) -> AgreementLine | None:
    """The gate's row of the same kind of record in the same direction."""
    return session.get(AgreementLine, (pair.id, line.direction, str(line.category)))


def last_with(
    session: Session,
    district_id: uuid.UUID,
    kind: AgreementKind,
    agency_ids: Collection[uuid.UUID],
) -> AgreementPaper | None:
    """The agreement of this kind with these agencies that was signed last by all."""
    joined = select(AgreementPartner.paper_id).where(
        AgreementPartner.organization_id.in_(agency_ids)
    )
    return session.scalar(
        select(AgreementPaper)
        .where(
            AgreementPaper.district_id == district_id,
            AgreementPaper.kind == kind,
            AgreementPaper.executed_at.is_not(None),
            AgreementPaper.id.in_(joined),
        )
        .order_by(AgreementPaper.executed_at.desc())
        .limit(1)
    )


def named(session: Session, paper_id: uuid.UUID | None, tz: str) -> str:
    """How another agreement is named in print, such as M-7K3QF2 of June 1, 2026; or nothing."""
    if paper_id is None:
        return ""
    paper = session.get_one(AgreementPaper, paper_id)
    day = local_day(paper.issued_at or paper.written_at, tz)
    return f"{paper.number} of {day:%B} {day.day}, {day.year}"


def parent_kind(session: Session, paper: AgreementPaper) -> AgreementKind | None:
    """What the agreement above it is."""
    return session.get_one(AgreementPaper, paper.parent_id).kind if paper.parent_id else None


def document_sha256(session: Session, document_id: uuid.UUID | None) -> str:
    """The fingerprint of a kept document."""
    found = session.scalar(select(Document.sha256).where(Document.id == document_id))
    return found or hashlib.sha256(b"").hexdigest()


def consent_form(session: Session, district: Organization, at: datetime) -> str:
    """Name and version of the consent form that the district uses."""
    form = newest_published(session, district.id, FormKind.STANDARD, at)
    return f"the District's Consent for Release, version {form.version if form else 1}"


# Versions and what was said


def next_version(session: Session, paper_id: uuid.UUID) -> int:
    """The number of the next version."""
    last = select(func.max(AgreementVersion.number)).where(AgreementVersion.paper_id == paper_id)
    return (session.scalar(last) or 0) + 1


def next_event(session: Session, paper_id: uuid.UUID) -> int:
    """The number of the next event."""
    last = select(func.max(AgreementEvent.number)).where(AgreementEvent.paper_id == paper_id)
    return (session.scalar(last) or 0) + 1


def versions(session: Session, paper_id: uuid.UUID) -> list[AgreementVersion]:
    """Every version, the first first. Whoever may see the paper may see what was sent."""
    rows = session.scalars(
        select(AgreementVersion)
        .where(AgreementVersion.paper_id == paper_id)
        .order_by(AgreementVersion.number)
    )
    return list(rows)


def latest_sent(session: Session, paper_id: uuid.UUID) -> AgreementVersion | None:
    """The version that was sent for review last."""
    return _sent(session, [paper_id]).get(paper_id)


def awaited(session: Session, paper_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The partners who have not answered that version."""
    answered = _answers(session, _sent(session, [paper_id])).get(paper_id, frozenset())
    return frozenset(partner_ids(session, paper_id)) - answered


@dataclass(frozen=True)
class Said:
    """Something that happened to an agreement."""

    kind: AgreementEventKind
    at: datetime
    who: str
    organization: str
    version: int | None
    clause: str
    text: str


def history(session: Session, paper_id: uuid.UUID) -> list[Said]:
    """All that happened, the newest first; for whoever may see the paper."""
    rows = session.execute(
        select(AgreementEvent, User.name, Organization.name, AgreementVersion.number)
        .outerjoin(User, User.id == AgreementEvent.user_id)
        .outerjoin(Organization, Organization.id == AgreementEvent.organization_id)
        .outerjoin(AgreementVersion, AgreementVersion.id == AgreementEvent.version_id)
        .where(AgreementEvent.paper_id == paper_id)
        .order_by(AgreementEvent.number.desc())
    )
    return [
        Said(event.kind, event.at, who or "", place or "", number, event.clause, event.text)
        for event, who, place, number in rows
    ]


# What a form may choose from


@dataclass(frozen=True)
class Agency:
    """An agency that an agreement can be made with."""

    id: uuid.UUID
    name: str
    email: str
    phone: str
    kind: OrganizationKind
    is_hipaa: bool
    is_part2: bool
    services: tuple[str, ...]
    signers: tuple[Signer, ...]


def possible_partners(session: Session, at: datetime) -> list[Agency]:
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
        Agency(
            row.id,
            row.name,
            row.email,
            row.phone,
            row.kind,
            row.is_hipaa,
            row.is_part2,
            tuple(name for agency, name in offered if agency == row.id),
            tuple(signer for agency, signer in signing if agency == row.id),
        )
        for row in found
    ]


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
    return [(row.organization_id, Signer(row.name, row.title, email=row.email)) for row in rows]


def school_names(session: Session, district_id: uuid.UUID) -> list[str]:
    """The schools of a district, by name."""
    rows = session.scalars(
        select(School.name).where(School.district_id == district_id).order_by(School.name)
    )
    return list(rows)


def known(
    session: Session,
    me: Actor,
    content: Content,
    at: datetime,
    parent: AgreementKind | None = None,
) -> Known:
    """What bears on a draft besides itself."""
    ids = [terms.agency_id for terms in content.partners if terms.agency_id]
    return Known(_partners_by_id(session, ids, at), local_day(at, me.tz), parent)


def known_of(session: Session, me: Actor, paper: AgreementPaper, at: datetime) -> Known:
    """What bears on a paper's draft besides itself."""
    return known(session, me, from_json(paper.content), at, parent_kind(session, paper))


def _partners_by_id(
    session: Session, ids: Iterable[uuid.UUID], at: datetime
) -> dict[uuid.UUID, Partner]:
    rows = session.scalars(
        select(Organization).where(
            Organization.id.in_(list(ids)), Organization.kind != OrganizationKind.DISTRICT
        )
    )
    return {row.id: Partner(row.name, row.kind, _is_active(row, at)) for row in rows}


def _is_active(row: Organization, at: datetime) -> bool:
    return row.active_from <= at and (row.active_until is None or at < row.active_until)


# The district's own clauses and templates


def library(session: Session, district_id: uuid.UUID) -> Library:
    """The shipped clauses and this district's own, in every version."""
    rows = own_clauses(session, district_id)
    return SHIPPED.with_district(own_clause(row) for row in rows) if rows else SHIPPED


def own_clauses(session: Session, district_id: uuid.UUID) -> list[DistrictClause]:
    """Every version of every clause that a district wrote, retired ones too."""
    rows = session.scalars(
        select(DistrictClause)
        .where(DistrictClause.district_id == district_id)
        .order_by(DistrictClause.code, DistrictClause.version)
    )
    return list(rows)


def own_versions(session: Session, district_id: uuid.UUID, code: str) -> list[DistrictClause]:
    """The versions of one clause of a district, the first first; none for a code it has not."""
    return [row for row in own_clauses(session, district_id) if row.code == code]


def own_clause(row: DistrictClause) -> Clause:
    """A district's own clause, as the library has it."""
    return Clause(
        id=row.code,
        article=Article(row.article),
        title=row.title,
        text=tuple(row.text),
        plain=row.plain,
        version=row.version,
        citation=row.citation,
        need=Need.OPTIONAL,
        own=True,
        retired=row.retired_at is not None,
    )


def template(session: Session, template_id: uuid.UUID | None) -> Template | None:
    """A district's own template, ready to be filled; None for the portal's."""
    if template_id is None:
        return None
    row = session.get_one(WordTemplate, template_id)
    content = session.get_one(Document, row.content_id).content
    return Template(f"{row.name}, version {row.version}", content)


def usual_template(session: Session, me: Actor) -> uuid.UUID | None:
    """The template that the district published last; None for the portal's."""
    return session.scalar(
        select(WordTemplate.id)
        .where(
            WordTemplate.district_id == me.organization_id,
            WordTemplate.published_at.is_not(None),
            WordTemplate.retired_at.is_(None),
        )
        .order_by(WordTemplate.published_at.desc())
        .limit(1)
    )


def own_templates(session: Session, me: Actor) -> list[WordTemplate]:
    """Every version of every template of my district, the newest first."""
    rows = session.scalars(
        select(WordTemplate)
        .where(WordTemplate.district_id == me.organization_id)
        .order_by(WordTemplate.brought_at.desc(), WordTemplate.name)
    )
    return list(rows)


def next_template_version(session: Session, district_id: uuid.UUID, name: str) -> int:
    """The number of the next version of a template."""
    last = select(func.max(WordTemplate.version)).where(
        WordTemplate.district_id == district_id, WordTemplate.name == name
    )
    return (session.scalar(last) or 0) + 1


def local_day(at: datetime, tz: str) -> date:
    """The day that it is at this instant."""
    return at.astimezone(ZoneInfo(tz)).date()
