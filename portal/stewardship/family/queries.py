"""The account that a family may ask for at any time: who saw what of a record, when and why.

34 CFR 99.10, 99.32(c); 300.614. In codes, not in words: the page tells them in its language.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import family as door
from portal.access import trail
from portal.access.family import Family
from portal.policy.family import may_know_of
from portal.policy.rights import kinds_of
from portal.store.consents import Consent
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.papers import Agreement, LegalBasis
from portal.store.people import Student
from portal.vocabulary import Category


@dataclass(frozen=True)
class FamilySeen:
    """Somebody who saw a record: how often on one day, alike in all else, and when last.

    event: the trail's code; opened: kinds of record; purpose: a code. consents, agreements:
    numbers of the papers it rested on; legal: kinds of legal basis. outside: by another
    organization than the district, and so a disclosure (34 CFR 99.32).
    """

    at: datetime
    times: int
    person: str
    organization: str
    event: str
    opened: tuple[Category, ...]
    purpose: str
    consents: tuple[str, ...]
    agreements: tuple[str, ...]
    legal: tuple[str, ...]
    outside: bool


LIKENESS = (
    TrailLine.user_id,
    TrailLine.user_name,
    TrailLine.organization_id,
    TrailLine.organization_name,
    TrailLine.event,
    TrailLine.purpose,
    cast(TrailLine.opened, Text).label("opened"),
    cast(TrailLine.basis, Text).label("basis"),
)


@dataclass(frozen=True)
class _Papers:
    """Numbers of papers by id, and what the reader may not know of."""

    consents: dict[str, str]
    agreements: dict[str, str]
    legal: dict[str, str]
    hidden: frozenset[str]
    closed: frozenset[Category]


def seen_by(session: Session, who: Family, student: Student, at: datetime) -> list[FamilySeen]:
    """Everybody with an account who saw this student's record, newest first.

    Raises Refused when this person may not read it now. What only the student may know of
    is left out for a parent: that somebody saw it would tell that it is there.
    """
    door.may_see_of(session, who, student, at).or_refuse()
    rows = session.execute(
        select(TrailLine.at, TrailLine.subject, *LIKENESS)
        .join(TrailStudent, TrailStudent.line_id == TrailLine.id)
        .where(
            TrailStudent.student_id == student.id,
            TrailLine.allowed,
            TrailLine.organization_id.is_not(None),
        )
        .order_by(TrailLine.at.desc(), TrailLine.id.desc())
    )
    lines = rows.all()
    papers = _papers(session, who, student, at, {row.basis for row in lines})
    zone = ZoneInfo(who.tz)
    alike: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in (row for row in lines if _may_be_told(row, papers)):
        alike[row.at.astimezone(zone).date(), *row[2:]].append(row)
    entry = trail.Entry("family.saw_openings", True, at, (student.id,), by=who.name)
    trail.write(session, None, entry)
    return [_line(group, papers, who) for group in alike.values()]


def _papers(
    session: Session, who: Family, student: Student, at: datetime, bases: Iterable[str]
) -> _Papers:
    ids = [uuid.UUID(paper) for paper in {p for basis in bases for p in json.loads(basis)}]
    rows = session.scalars(select(Consent).where(Consent.student_id == student.id)).all()
    sees = door.may_see_of(session, who, student, at)
    reader = (who.link.signer_kind, str(who.link.signer_id))
    hidden = {
        paper
        for row, told in zip(rows, consent_facts.as_facts(session, rows), strict=True)
        if not any(
            may_know_of(reader, (told.signer_kind, told.signer), kind, sees)
            for kind in kinds_of(told)
        )
        for paper in (str(row.id), row.number)
    }
    other = (who.link.signer_kind, "")
    # A list of names rests on the papers of all who are on it: only this student's are told.
    of_law = select(LegalBasis.id, LegalBasis.kind).where(LegalBasis.student_id == student.id)
    return _Papers(
        consents={str(row.id): row.number for row in rows},
        agreements=_numbers(session, select(Agreement.id, Agreement.number), Agreement.id, ids),
        legal=_numbers(session, of_law, LegalBasis.id, ids),
        hidden=frozenset(hidden),
        closed=frozenset(k for k in Category if not may_know_of(reader, other, k, sees)),
    )


def _numbers(
    session: Session, asked: Any, column: Any, ids: Collection[uuid.UUID]
) -> dict[str, str]:
    return {str(key): str(told) for key, told in session.execute(asked.where(column.in_(ids)))}


def _may_be_told(row: Any, papers: _Papers) -> bool:
    """Does this line tell of nothing that the reader may not know of?"""
    basis, opened = json.loads(row.basis), json.loads(row.opened)
    consents = [paper for paper in basis if paper in papers.consents]
    only_hidden = bool(consents) and papers.hidden.issuperset(consents)
    only_closed = bool(opened) and papers.closed.issuperset(opened)
    return not (row.subject in papers.hidden or only_hidden or only_closed)


def _line(group: list[Any], papers: _Papers, who: Family) -> FamilySeen:
    newest = group[0]
    rests = [paper for paper in json.loads(newest.basis) if paper not in papers.hidden]
    opened = set(json.loads(newest.opened)) - papers.closed
    return FamilySeen(
        at=newest.at,
        times=len(group),
        person=newest.user_name,
        organization=newest.organization_name,
        event=newest.event,
        opened=tuple(kind for kind in Category if kind in opened),
        purpose=newest.purpose,
        consents=tuple(sorted(papers.consents[p] for p in rests if p in papers.consents)),
        agreements=tuple(sorted(papers.agreements[p] for p in rests if p in papers.agreements)),
        legal=tuple(sorted({papers.legal[p] for p in rests if p in papers.legal})),
        outside=newest.organization_id != who.link.district_id,
    )
