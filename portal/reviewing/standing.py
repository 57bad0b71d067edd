"""What stands beside each person, grant and service account on the day a review opens.

As `review_line.facts`: codes, days and counts; ids, never a student's name.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.reviewing import queries
from portal.reviewing.queries import GrantRow, PersonRow, ServiceRow
from portal.vocabulary import ReviewSubject


@dataclass(frozen=True)
class Found:
    """A line that a review opens with."""

    subject: ReviewSubject
    subject_id: uuid.UUID
    facts: dict[str, Any]


def of_access(session: Session, organization_id: uuid.UUID, at: datetime) -> list[Found]:
    """Everybody who can sign in, of partners too; every open grant; every service account."""
    return [
        *(_person(row) for row in queries.active_people(session, organization_id, at)),
        *(_grant(row) for row in queries.open_grants(session, organization_id, at)),
        *(_service(row) for row in queries.open_service_accounts(session, organization_id, at)),
    ]


def _person(row: PersonRow) -> Found:
    facts = {
        "role": str(row.role),
        "level": str(row.level),
        "building": row.building,
        "partner": row.partner,
        "last_sign_in": _day(row.last_sign_in),
        "last_used": _day(row.last_used),
        "caseload": row.caseload,
        "grants": row.grants,
    }
    return Found(ReviewSubject.PERSON, row.id, facts)


def _grant(row: GrantRow) -> Found:
    facts = {
        "user": str(row.user_id),
        "grant": row.kind,
        "opens": list(row.opens),
        "from": _day(row.starts_at),
        "until": _day(row.ends_at),
        "last_used": _day(row.last_used),
    }
    return Found(ReviewSubject.GRANT, row.id, facts)


def _service(row: ServiceRow) -> Found:
    facts = {
        "name": row.name,
        "opens": list(row.scopes),
        "until": _day(row.expires_at),
        "last_used": _day(row.last_used),
    }
    return Found(ReviewSubject.SERVICE_ACCOUNT, row.id, facts)


def _day(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
