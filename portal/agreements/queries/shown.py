"""An agreement as a page shows it: which are ours, and where each stands."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements.content import Content, from_json
from portal.agreements.status import ACTS, Act, Pair, Steps, between
from portal.agreements.status import status as status_of
from portal.policy.papers import may_see_agreement
from portal.policy.spans import last_day
from portal.store.agreements import (
    AgreementEvent,
    AgreementPaper,
    AgreementPartner,
    AgreementSignature,
    AgreementVersion,
    Settlement,
)
from portal.store.papers import Agreement
from portal.store.places import Organization
from portal.vocabulary import (
    AgreementEventKind,
    AgreementKind,
    AgreementStatus,
    EndedHow,
    Following,
    VersionOrigin,
)

ANSWERS = frozenset({AgreementEventKind.APPROVED, AgreementEventKind.RETURNED})


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


def around_of(session: Session, ids: Collection[uuid.UUID]) -> _Around:
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
        sent := last_sent(session, ids),
        answers_to(session, sent),
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


def last_sent(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, AgreementVersion]:
    rows = session.scalars(
        select(AgreementVersion)
        .where(AgreementVersion.paper_id.in_(ids), AgreementVersion.origin == VersionOrigin.OURS)
        .order_by(AgreementVersion.number)
    )
    return {row.paper_id: row for row in rows}


def answers_to(
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
    around = around_of(session, [paper.id for paper in papers])
    return [_view(me, paper, around, at) for paper in papers if is_seen(me, paper, around)]


def is_seen(me: Actor, paper: AgreementPaper, around: _Around) -> bool:
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
        status=standing_of(paper, around, at),
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


def standing_of(paper: AgreementPaper, around: _Around, at: datetime) -> AgreementStatus:
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


def over_at(row: Agreement, at: datetime) -> datetime:
    """When it was over: stopped early, or by its last day."""
    ends = [moment for moment in (row.terminated_at, row.ends_at) if moment is not None]
    return min(ends, default=at)


def local_day(at: datetime, tz: str) -> date:
    """The day that it is at this instant."""
    return at.astimezone(ZoneInfo(tz)).date()
