"""A trail of a million lines, and what its pages and the nightly look ask of it, each with a floor.

The lines are written straight to the shelf, without their hashes: nothing here proves them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import Engine, Row, insert, select, text
from sqlalchemy.orm import Session

from bench.district import LONG_AGO, NOW
from portal.access import actor, stops
from portal.monitoring.watching import queries as usage
from portal.monitoring.watching import service as watching
from portal.stewardship.queries import PAGE, TrailFilter, trail_page
from portal.stewardship.words import Kind
from portal.store.base import Base
from portal.store.ledger import TrailHead, TrailLine, TrailStudent
from portal.store.people import Student, User
from portal.store.places import Organization
from portal.vocabulary import OrganizationKind, Role

LINES = 1_000_000
AT_ONCE = 20_000
WITHOUT_A_STUDENT = ("signed.in", "page.refused")
EVENTS = ("record.opened", "document.opened", "student.see_student", "visit.logged")
YESTERDAY = (NOW - timedelta(days=1)).date()

Shelf = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A question and its floor."""

    what: str
    run: Callable[[], object]
    floor_name: str
    floor: Callable[[], object]


def fill(engine: Engine, lines: int = LINES) -> None:
    """So many lines over the days of the district, by everybody, about one student each."""
    random = Random(20261126)
    trail, about, heads = (
        Base.metadata.tables[kind.__tablename__] for kind in (TrailLine, TrailStudent, TrailHead)
    )
    with Session(engine) as session:
        people = session.execute(
            select(User.id, User.name, Organization.id, Organization.name)
            .join(Organization, Organization.id == User.organization_id)
            .order_by(User.id)
        ).all()
        students = session.scalars(select(Student.id).order_by(Student.id)).all()
    for first in range(1, lines + 1, AT_ONCE):
        made = [
            _line(key, random.choice(people), random.choice(EVENTS + WITHOUT_A_STUDENT), lines)
            for key in range(first, min(first + AT_ONCE, lines + 1))
        ]
        told = [one["id"] for one in made if one["event"] in EVENTS]
        with engine.begin() as connection:
            connection.execute(insert(trail), made)
            rows = [{"line_id": key, "student_id": random.choice(students)} for key in told]
            connection.execute(insert(about), rows)
    with engine.begin() as connection:
        chains = [{"chain": key.hex} for key in {person[2] for person in people}]
        ends = [one | {"position": lines, "hash": "0" * 64} for one in chains]
        connection.execute(insert(heads), ends)
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT setval('trail_line_id_seq', {lines})"))
        connection.execute(text("ANALYZE"))


def _line(key: int, who: Row[Any], event: str, lines: int) -> Shelf:
    user_id, name, organization_id, organization = who
    return {
        "id": key,
        "at": LONG_AGO + (NOW - LONG_AGO) * key / lines,
        "event": event,
        "allowed": event != "page.refused",
        "user_id": user_id,
        "user_name": name,
        "organization_id": organization_id,
        "organization_name": organization,
        "subject": "",
        "purpose": "",
        "chain": organization_id.hex,
        "position": key,
        "hash": "0" * 64,
        **{list_: [] for list_ in ("opened", "closed", "codes", "basis", "students")},
        "detail": {},
    }


def questions(session: Session) -> Iterator[Asked]:
    """What the pages ask, each against the rows that it needs, by their index."""
    reader = session.scalars(select(User).where(User.role == Role.SUPERINTENDENT)).one()
    me = actor.load(session, reader.id, NOW)
    assert me is not None
    district = session.get_one(Organization, me.organization_id)
    agency = session.scalars(
        select(Organization)
        .where(Organization.kind != OrganizationKind.DISTRICT)
        .order_by(Organization.id)
    ).first()
    assert agency is not None
    newest = select(TrailLine.id).order_by(TrailLine.at.desc()).limit(PAGE)
    one_line = select(TrailLine.id).where(TrailLine.id == LINES // 2)

    def day_of(organization_id: uuid.UUID) -> Callable[[], object]:
        a_day = select(TrailLine.id, TrailLine.at).where(
            TrailLine.organization_id == organization_id,
            TrailLine.at >= NOW - timedelta(days=2),
            TrailLine.at < NOW - timedelta(days=1),
        )
        return lambda: session.execute(a_day).all()

    def page(kind: Kind) -> Callable[[], object]:
        return lambda: trail_page(session, me, TrailFilter(kind), NOW)

    def by_key() -> object:
        return session.execute(one_line).all()

    def fifty() -> object:
        return session.execute(newest).all()

    yield Asked("the newest page of all lines", page(Kind.EVERYTHING), "as many lines", fifty)
    yield Asked("the newest page of disclosures", page(Kind.DISCLOSURES), "as many lines", fifty)
    yield Asked(
        "a day of the district and of partners with its students, gone over",
        lambda: watching.go_over(session, district, YESTERDAY, NOW),
        "its people's lines of a day",
        day_of(district.id),
    )
    yield Asked(
        "a day of one agency, gone over",
        lambda: watching.go_over(session, agency, YESTERDAY, NOW),
        "its people's lines of a day",
        day_of(agency.id),
    )
    yield Asked("who is stopped", lambda: usage.stopped(session, me), "one line by its key", by_key)
    yield Asked(
        "may somebody open another record",
        lambda: stops.ask(session, me, NOW),
        "one line by its key",
        by_key,
    )
