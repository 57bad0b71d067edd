"""What a partner received is returned or destroyed once its agreement is over: until when.

The clock runs from the last day in force (CGS 10-234bb(a)(7)). An agreement that another took
the place of settles nothing: what was received goes on under that one. Pure rules.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.agreements.queries import AgreementView, PartnerView
from portal.policy.spans import last_day
from portal.vocabulary import AgreementStatus

OVER = frozenset({AgreementStatus.TERMINATED, AgreementStatus.ENDED, AgreementStatus.EXPIRED})
"""Amended and superseded are not among them."""


@dataclass(frozen=True)
class Due:
    """What one partner still has to return or destroy, and the last day on which it may."""

    view: AgreementView
    partner: PartnerView
    ended_on: date
    due_on: date

    def days_left(self, today: date) -> int:
        """Below nothing when the day has passed."""
        return (self.due_on - today).days


def settlements(views: Iterable[AgreementView]) -> list[Due]:
    """What is not certified yet, the earliest first. views: every agreement of my organization."""
    known = list(views)
    after = _after(known)
    found = [due for view in known for due in _of(view, after)]
    return sorted(found, key=lambda due: (due.due_on, due.view.number, due.partner.name))


def due_of(view: AgreementView, partner: PartnerView) -> Due | None:
    """Until when this partner must, whether or not another agreement followed.

    None where this agreement was never in force with it, or is not over.
    """
    first, planned = view.content.starts_on, view.content.ends_on
    if view.executed_at is None or partner.status not in OVER or not (first and planned):
        return None
    early = last_day(partner.over_at, view.tz) if partner.over_at else planned
    ended_on = min(early, planned)
    if ended_on < first:
        return None
    return Due(view, partner, ended_on, ended_on + timedelta(days=view.content.clocks.destroy_days))


def _of(view: AgreementView, after: Mapping[uuid.UUID, list[AgreementView]]) -> Iterator[Due]:
    for partner in view.partners:
        due = due_of(view, partner)
        if due is None or partner.settled is not None:
            continue
        if not _is_followed(view, partner.id, after, {view.id}):
            yield due


def _after(views: Iterable[AgreementView]) -> Mapping[uuid.UUID, list[AgreementView]]:
    after: dict[uuid.UUID, list[AgreementView]] = {}
    for view in views:
        if view.follows_id is not None:
            after.setdefault(view.follows_id, []).append(view)
    return after


def _is_followed(
    view: AgreementView,
    partner: uuid.UUID,
    after: Mapping[uuid.UUID, list[AgreementView]],
    met: Collection[uuid.UUID],
) -> bool:
    """Did one that follows it, or one that follows that, come to bind this partner?"""
    for later in after.get(view.id, ()):
        if later.id in met:
            continue
        binds = later.executed_at is not None and partner in {p.id for p in later.partners}
        if binds or _is_followed(later, partner, after, {*met, later.id}):
            return True
    return False
