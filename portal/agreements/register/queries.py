"""The questions of whoever has no account: which agreements are in force, and what this file is.

Nothing here is about a student. What may be told is decided in `policy.papers`.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.clauses.library import Standing
from portal.agreements.content import Content, from_json
from portal.agreements.queries import as_pair, library
from portal.agreements.status import Pair, Steps
from portal.agreements.status import status as status_of
from portal.policy.papers import Posted, may_everybody_open, posted
from portal.store.agreements import (
    AgreementDocument,
    AgreementEvent,
    AgreementPaper,
    AgreementPartner,
    AgreementSignature,
)
from portal.store.papers import Agreement, Document
from portal.store.places import Organization
from portal.vocabulary import AgreementEventKind, AgreementKind, AgreementStatus, DocumentKind


@dataclass(frozen=True)
class Partner:
    """A partner of an agreement. over_at: when it stops being bound; may lie ahead."""

    id: uuid.UUID
    name: str
    over_at: datetime | None


@dataclass(frozen=True)
class Known:
    """What everybody may know of an issued agreement.

    posted_at: when it was put on the public page, by itself, as the last signature was recorded.
    over_at: when no partner is bound any more. followed_by: what has taken its place.
    """

    id: uuid.UUID
    number: str
    kind: AgreementKind
    district: str
    tz: str
    partners: tuple[Partner, ...]
    content: Content = field(repr=False)
    status: AgreementStatus
    issued_at: datetime | None
    executed_at: datetime | None
    posted_at: datetime | None
    over_at: datetime | None
    followed_by: str
    document_id: uuid.UUID | None
    pdf_id: uuid.UUID | None
    district_id: uuid.UUID

    def posted(self, at: datetime) -> Posted | None:
        """In which list of the public page it stands; None when it does not."""
        return posted(self.executed_at, self.over_at, at)

    def is_open(self, at: datetime) -> bool:
        """May everybody take its document along?"""
        return may_everybody_open(self.posted(at), public=self.content.public)

    @property
    def parties(self) -> tuple[str, ...]:
        """The district and its partners, by name."""
        return (self.district, *(partner.name for partner in self.partners))


# The public page


def on_the_page(session: Session, at: datetime) -> list[Known]:
    """Every agreement on the public page, of every district here, by partner.

    The number of questions asked does not grow with the number of agreements.
    """
    papers = session.scalars(
        select(AgreementPaper).where(AgreementPaper.executed_at.is_not(None))
    ).all()
    found = [known for known in _known(session, papers, at) if known.posted(at)]
    return sorted(found, key=lambda known: (known.district, known.parties[1:], known.number))


def numbered(session: Session, number: str, at: datetime) -> Known | None:
    """An agreement by its number, once it is issued; whether it is posted is asked of it."""
    return next(iter(_known(session, _numbered(session, number), at)), None)


def public_file(session: Session, known: Known, *, pdf: bool, at: datetime) -> Document | None:
    """The issued document or its PDF, when everybody may take it along; else None.

    Nothing is written in the trail: it is about no student, and published by law.
    """
    key = known.pdf_id if pdf else known.document_id
    return session.get(Document, key) if key is not None and known.is_open(at) else None


def clauses(session: Session, known: Known) -> tuple[Standing, ...]:
    """The clauses of an agreement, in the order of the paper."""
    return library(session, known.district_id).standing(known.content)


def _numbered(session: Session, number: str) -> Sequence[AgreementPaper]:
    return session.scalars(
        select(AgreementPaper).where(
            AgreementPaper.number == number, AgreementPaper.issued_at.is_not(None)
        )
    ).all()


# What a file is


def kept_as(session: Session, sha256: str) -> tuple[AgreementPaper, DocumentKind] | None:
    """Of which agreement the file of this SHA-256 is kept, and as what; None when of none."""
    row = session.execute(
        select(AgreementPaper, Document.kind)
        .join(AgreementDocument, AgreementDocument.paper_id == AgreementPaper.id)
        .join(Document, Document.id == AgreementDocument.document_id)
        .where(Document.sha256 == sha256, Document.kind.in_(TELLING))
        .order_by(Document.made_at, AgreementPaper.number)
        .limit(1)
    ).first()
    return (row[0], DocumentKind(row[1])) if row else None


TELLING = (
    DocumentKind.AGREEMENT,
    DocumentKind.AGREEMENT_CERTIFICATE,
    DocumentKind.SIGNED_AGREEMENT,
    DocumentKind.AGREEMENT_VERSION,
)
"""The files that tell which agreement they are of."""


def of_paper(session: Session, paper: AgreementPaper, at: datetime) -> Known:
    """What may be known of this agreement."""
    [known] = _known(session, [paper], at)
    return known


# Many at once


@dataclass(frozen=True)
class _Around:
    organizations: Mapping[uuid.UUID, Organization]
    partners: Mapping[uuid.UUID, list[uuid.UUID]]
    pairs: Mapping[uuid.UUID | None, list[Agreement]]
    refused: frozenset[uuid.UUID]
    recorded: Mapping[uuid.UUID, datetime]
    followers: Mapping[uuid.UUID, str]


def _known(session: Session, papers: Sequence[AgreementPaper], at: datetime) -> list[Known]:
    around = _around(session, [paper.id for paper in papers])
    return [_one(paper, around, at) for paper in papers]


def _around(session: Session, ids: Sequence[uuid.UUID]) -> _Around:
    partners: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    pairs: dict[uuid.UUID | None, list[Agreement]] = defaultdict(list)
    for row in session.scalars(
        select(AgreementPartner)
        .where(AgreementPartner.paper_id.in_(ids))
        .order_by(AgreementPartner.place)
    ):
        partners[row.paper_id].append(row.organization_id)
    for pair in session.scalars(
        select(Agreement).where(Agreement.paper_id.in_(ids)).order_by(Agreement.number)
    ):
        pairs[pair.paper_id].append(pair)
    refused = session.scalars(
        select(AgreementSignature.paper_id).where(
            AgreementSignature.paper_id.in_(ids), AgreementSignature.refused_at.is_not(None)
        )
    )
    return _Around(
        {row.id: row for row in session.scalars(select(Organization))},
        partners,
        pairs,
        frozenset(refused),
        _recorded(session, ids),
        _followers(session, ids),
    )


def _recorded(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When the last signature was written down here; by hand it is dated before that."""
    rows = session.execute(
        select(AgreementEvent.paper_id, AgreementEvent.at)
        .where(AgreementEvent.paper_id.in_(ids), AgreementEvent.kind == AgreementEventKind.EXECUTED)
        .order_by(AgreementEvent.at)
    )
    return {row.paper_id: row.at for row in rows}


def _followers(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = session.execute(
        select(AgreementPaper.follows_id, AgreementPaper.number)
        .where(AgreementPaper.follows_id.in_(ids), AgreementPaper.executed_at.is_not(None))
        .order_by(AgreementPaper.executed_at)
    )
    return {follows_id: number for follows_id, number in rows if follows_id is not None}


def _one(paper: AgreementPaper, around: _Around, at: datetime) -> Known:
    district = around.organizations[paper.district_id]
    pairs = {pair.b_id: as_pair(pair) for pair in around.pairs.get(paper.id, [])}
    steps = Steps(
        sent=True,  # that a draft was sent is told to who holds it; others are not told of it
        discarded=paper.discarded_at is not None,
        issued=paper.issued_at is not None,
        refused=paper.id in around.refused,
        pairs=tuple(pairs.values()),
    )
    return Known(
        id=paper.id,
        number=paper.number,
        kind=paper.kind,
        district=district.name,
        tz=district.tz,
        partners=tuple(
            Partner(key, around.organizations[key].name, _over(pairs.get(key)))
            for key in around.partners.get(paper.id, [])
        ),
        content=from_json(paper.content),
        status=status_of(steps, at),
        issued_at=paper.issued_at,
        executed_at=paper.executed_at,
        posted_at=around.recorded.get(paper.id, paper.executed_at),
        over_at=_over_for_all(list(pairs.values())),
        followed_by=around.followers.get(paper.id, ""),
        document_id=paper.document_id,
        pdf_id=paper.pdf_id,
        district_id=paper.district_id,
    )


def _over(pair: Pair | None) -> datetime | None:
    ends = [moment for moment in (pair.over, pair.end) if moment] if pair else []
    return min(ends, default=None)


def _over_for_all(pairs: Sequence[Pair]) -> datetime | None:
    """When the last of them is over; None while one has no end."""
    ends = [_over(pair) for pair in pairs]
    told = [end for end in ends if end is not None]
    return max(told) if told and len(told) == len(ends) else None
