"""A review that is overdue: the superintendent is told by mail, once, in numbers.

with unit_of_work() as session:
    letters = escalating.write(session, at)            # written down …
for letter in letters:                                  # … committed, then mailed
    if not mail.sent(letter.to, letter.subject, letter.text): …
        with unit_of_work() as session:
            escalating.not_sent(session, letter, at)    # the next run tries again
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import trail
from portal.config import settings
from portal.policy.reviewing import is_overdue
from portal.reviewing import queries
from portal.store.oversight import Review
from portal.store.places import Organization
from portal.vocabulary import REVIEW_KIND_LABELS


@dataclass(frozen=True)
class Letter:
    """A mail to one superintendent about one review."""

    review_id: uuid.UUID
    to: str
    subject: str
    text: str


def write(session: Session, at: datetime) -> list[Letter]:
    """The letters about reviews that are overdue and of which nobody was told yet."""
    found = []
    for review, organization in queries.overdue(session, at):
        today = at.astimezone(ZoneInfo(organization.tz)).date()
        readers = queries.superintendents(session, organization.id, at)
        if not is_overdue(review.due_on, today) or not readers:
            continue
        review.escalated_at = at
        _told(session, "review.escalated", review, organization, at)
        waiting = sum(line.decision is None for line in queries.lines_of(session, review.id))
        found += [_letter(review, address, waiting) for _key, address in readers]
    return found


def not_sent(session: Session, letter: Letter, at: datetime) -> None:
    """The mail server did not take it: the next run tries again."""
    review = session.get_one(Review, letter.review_id)
    review.escalated_at = None
    organization = session.get_one(Organization, review.organization_id)
    _told(session, "review.not_sent", review, organization, at)


def _letter(review: Review, to: str, waiting: int) -> Letter:
    what = REVIEW_KIND_LABELS[review.kind].lower()
    text = f"""The periodic review "{what}" of {review.period} was due on {review.due_on} and is not
signed off. Lines that nobody has decided: {waiting:,}.

Nothing is closed by itself. Sign in to see it, on the page Today:

{settings().public_url}/

No student is named in this mail.
"""
    return Letter(review.id, to, "A periodic review is overdue", text)


def _told(
    session: Session, event: str, review: Review, organization: Organization, at: datetime
) -> None:
    entry = trail.Entry(
        event,
        event == "review.escalated",
        at,
        subject=str(review.id),
        detail={"kind": str(review.kind), "period": review.period},
        organization=(organization.id, organization.name),
    )
    trail.write(session, None, entry)
