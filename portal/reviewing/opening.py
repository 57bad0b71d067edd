"""Each quarter's reviews open by themselves: by command, and when somebody comes to look.

What stands beside a line is of the day on which the review opened: it is what was reviewed. Who
comes later is in the next one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.access import trail
from portal.policy.reviewing import due_on, quarter_of
from portal.reviewing import queries, standing
from portal.reviewing.data import queries as data
from portal.reviewing.standing import Found
from portal.store.oversight import Review, ReviewLine
from portal.store.places import Organization
from portal.vocabulary import ReviewKind

FINDERS: dict[ReviewKind, Callable[[Session, uuid.UUID, datetime], Sequence[Found]]] = {
    ReviewKind.ACCESS: standing.of_access,
    ReviewKind.DATA: data.of_data,
}


def open_due(
    session: Session, organization: Organization, kind: ReviewKind, at: datetime
) -> Review | None:
    """Open this quarter's review, unless it is open already; None when there was nothing to do.

    Two at the same instant meet at the one row that a quarter has.
    """
    today = at.astimezone(ZoneInfo(organization.tz)).date()
    period = quarter_of(today)
    if queries.review_of(session, organization.id, kind, period) is not None:
        return None
    review = Review(
        organization_id=organization.id,
        kind=kind,
        period=period,
        opened_at=at,
        due_on=due_on(today),
    )
    try:
        with session.begin_nested():
            session.add(review)
    except IntegrityError:
        return None
    found = FINDERS[kind](session, organization.id, at)
    session.add_all(
        ReviewLine(
            review_id=review.id, subject=one.subject, subject_id=one.subject_id, facts=one.facts
        )
        for one in found
    )
    session.flush()
    entry = trail.Entry(
        "review.opened",
        True,
        at,
        subject=str(review.id),
        detail={"kind": str(kind), "period": period, "lines": len(found)},
        organization=(organization.id, organization.name),
    )
    trail.write(session, None, entry)
    return review


def open_everywhere(session: Session, at: datetime) -> list[tuple[str, Review]]:
    """Open what is due in every active district: the district's name and the new review."""
    return [
        (district.name, review)
        for district in queries.districts(session, at)
        for kind in FINDERS
        if (review := open_due(session, district, kind, at)) is not None
    ]
