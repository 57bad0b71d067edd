"""The questions about one paper."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarResult, select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.forms import newest_published
from portal.agreements.content import Line, from_json
from portal.agreements.queries.shown import around_of, is_seen, local_day, standing_of
from portal.store.agreements import AgreementPaper, AgreementPartner, AgreementSignature
from portal.store.papers import Agreement, AgreementLine, Document
from portal.store.places import Organization
from portal.vocabulary import LISTS_FOR_THE_GATE, AgreementKind, AgreementStatus, FormKind


def status(session: Session, paper: AgreementPaper, at: datetime) -> AgreementStatus:
    """Where it stands."""
    return standing_of(paper, around_of(session, [paper.id]), at)


def is_visible(session: Session, me: Actor, paper: AgreementPaper) -> bool:
    """May this person see it?"""
    return is_seen(me, paper, around_of(session, [paper.id]))


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
