"""The questions about passes of renewals: how far one is, what came of each, what stands still."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from portal.access.actor import Actor
from portal.store.agreements import (
    AgreementEvent,
    AgreementPaper,
    AgreementPartner,
    RenewalItem,
    RenewalRun,
)
from portal.store.papers import Document
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import Following


@dataclass(frozen=True)
class RunView:
    """A pass as a page shows it. issued, drafts, failed: of those that are done."""

    id: uuid.UUID
    begun_at: datetime
    begun_by: str
    finished_at: datetime | None
    bundle_id: uuid.UUID | None
    total: int
    done: int
    issued: int
    drafts: int

    @property
    def failed(self) -> int:
        """How many could not be renewed at all."""
        return self.done - self.issued - self.drafts


@dataclass(frozen=True)
class ItemView:
    """What came of one agreement of a pass. result_id: its renewal; None while there is none."""

    number: str
    partner: str
    first_day: date
    last_day: date
    done: bool
    result_id: uuid.UUID | None
    result: str
    issued: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A line of the list that goes with the papers. document: None where nothing was issued."""

    item: ItemView
    document: Document | None


RESULT = aliased(AgreementPaper)
ISSUED = RESULT.issued_at.is_not(None)


def run(session: Session, me: Actor, run_id: uuid.UUID) -> RenewalRun | None:
    """A pass of my own district; a foreign one and a missing one are alike."""
    found = session.get(RenewalRun, run_id)
    return found if found is not None and found.district_id == me.organization_id else None


def unfinished(session: Session, district_id: uuid.UUID) -> RenewalRun | None:
    """The pass of this district that is not through."""
    return session.scalar(
        select(RenewalRun)
        .where(RenewalRun.district_id == district_id, RenewalRun.finished_at.is_(None))
        .order_by(RenewalRun.begun_at)
        .limit(1)
    )


def latest(session: Session, me: Actor) -> RunView | None:
    """The pass that goes on, or else the one that was begun last."""
    found = session.execute(
        select(RenewalRun, User.name)
        .join(User, User.id == RenewalRun.begun_by)
        .where(RenewalRun.district_id == me.organization_id)
        .order_by(RenewalRun.finished_at.is_not(None), RenewalRun.begun_at.desc())
        .limit(1)
    ).one_or_none()
    return _run_view(session, *found) if found is not None else None


def _run_view(session: Session, row: RenewalRun, who: str) -> RunView:
    total, done, issued, made = session.execute(
        select(
            func.count(),
            func.count(RenewalItem.done_at),
            func.count(RESULT.issued_at),
            func.count(RenewalItem.result_id),
        )
        .select_from(RenewalItem)
        .outerjoin(RESULT, RESULT.id == RenewalItem.result_id)
        .where(RenewalItem.run_id == row.id)
    ).one()
    return RunView(
        row.id,
        row.begun_at,
        who,
        row.finished_at,
        row.bundle_id,
        total,
        done,
        issued,
        made - issued,
    )


def next_item(session: Session, run_id: uuid.UUID) -> RenewalItem | None:
    """The first that is not done and that nobody else is doing at this instant."""
    return session.scalar(
        select(RenewalItem)
        .where(RenewalItem.run_id == run_id, RenewalItem.done_at.is_(None))
        .order_by(RenewalItem.place)
        .limit(1)
        .with_for_update(skip_locked=True)  # SQLite has one writer at a time anyway
    )


def how_many_left(session: Session, run_id: uuid.UUID) -> int:
    """How many are not done, those that somebody is doing included."""
    left = select(func.count()).where(RenewalItem.run_id == run_id, RenewalItem.done_at.is_(None))
    return session.scalar(left) or 0


def held(session: Session, run_id: uuid.UUID) -> RenewalRun:
    """The pass, as it is now, and nobody else's until the end of the transaction."""
    wanted = select(RenewalRun).where(RenewalRun.id == run_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def items(
    session: Session, run_id: uuid.UUID, most: int | None = None, skip: int = 0
) -> list[ItemView]:
    """What came of each, in the order of the pass; `most` of them after the first `skip`."""
    return [made.item for made in _made(session, RenewalItem.run_id == run_id, most, skip)]


def made(session: Session, run_id: uuid.UUID) -> list[Made]:
    """The same, with the papers that were issued."""
    return _made(session, RenewalItem.run_id == run_id, None, 0, papers=True)


def _made(
    session: Session,
    wanted: ColumnElement[bool],
    most: int | None,
    skip: int,
    *,
    papers: bool = False,
) -> list[Made]:
    before = aliased(AgreementPaper)
    rows = session.execute(
        select(RenewalItem, before.number, RESULT.number, RESULT.issued_at, RESULT.document_id)
        .join(before, before.id == RenewalItem.paper_id)
        .outerjoin(RESULT, RESULT.id == RenewalItem.result_id)
        .where(wanted)
        .order_by(RenewalItem.place)
        .offset(skip)
        .limit(most)
    ).all()
    names = partner_names(session, [row[0].paper_id for row in rows])
    return [
        Made(
            ItemView(
                number=number,
                partner=names.get(item.paper_id, ""),
                first_day=item.first_day,
                last_day=item.last_day,
                done=item.done_at is not None,
                result_id=item.result_id,
                result=result or "",
                issued=issued_at is not None,
                problems=tuple(item.problems),
            ),
            session.get_one(Document, document_id) if papers and document_id else None,
        )
        for item, number, result, issued_at, document_id in rows
    ]


def partner_names(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """The partners of each paper, as one line."""
    rows = session.execute(
        select(AgreementPartner.paper_id, Organization.name)
        .join(Organization, Organization.id == AgreementPartner.organization_id)
        .where(AgreementPartner.paper_id.in_(ids))
        .order_by(AgreementPartner.paper_id, AgreementPartner.place)
    )
    names: dict[uuid.UUID, list[str]] = defaultdict(list)
    for paper_id, name in rows:
        names[paper_id].append(name)
    return {paper_id: ", ".join(listed) for paper_id, listed in names.items()}


def successor(session: Session, paper_id: uuid.UUID) -> AgreementPaper | None:
    """A renewal of this paper that was not thrown away, the oldest."""
    return session.scalar(
        select(AgreementPaper)
        .where(
            AgreementPaper.follows_id == paper_id,
            AgreementPaper.follows_how == Following.RENEWS,
            AgreementPaper.discarded_at.is_(None),
        )
        .order_by(AgreementPaper.written_at)
        .limit(1)
    )


def last_moved(session: Session, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """When something last happened to each of these papers: what was said, or its beginning."""
    rows = session.execute(
        select(AgreementPaper.id, AgreementPaper.written_at, func.max(AgreementEvent.at))
        .outerjoin(AgreementEvent, AgreementEvent.paper_id == AgreementPaper.id)
        .where(AgreementPaper.id.in_(ids))
        .group_by(AgreementPaper.id, AgreementPaper.written_at)
    )
    moved: dict[uuid.UUID, datetime] = {}
    for paper_id, written, last in rows:
        said: datetime | None = last
        moved[paper_id] = written if said is None else said
    return moved


def followers(session: Session, paper_id: uuid.UUID) -> list[AgreementPaper]:
    """What amends or renews this paper, thrown away or not, the oldest first."""
    rows = session.scalars(
        select(AgreementPaper)
        .where(AgreementPaper.follows_id == paper_id)
        .order_by(AgreementPaper.written_at, AgreementPaper.number)
    )
    return list(rows)
