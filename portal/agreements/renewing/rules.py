"""Which agreements ask to be seen to: what ends soon, and what does not move. Pure rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.agreements.queries import AgreementView
from portal.vocabulary import AgreementStatus, EndedHow, Following


class Band(StrEnum):
    """How soon an agreement ends; the most pressing first."""

    ENDED = "ended"
    WITHIN_30 = "within_30"
    WITHIN_60 = "within_60"
    WITHIN_120 = "within_120"


BAND_LABELS = {
    Band.ENDED: "Ended without a renewal",
    Band.WITHIN_30: "Ends within 30 days",
    Band.WITHIN_60: "Ends within 60 days",
    Band.WITHIN_120: "Ends within 120 days",
}
DAYS = {Band.WITHIN_30: 30, Band.WITHIN_60: 60, Band.WITHIN_120: 120}
LONGEST = 120
STUCK_AFTER = timedelta(days=14)

SIGNED_BY_ALL = frozenset({AgreementStatus.SIGNED, AgreementStatus.IN_FORCE})
ON_ITS_WAY = frozenset(
    {
        AgreementStatus.DRAFT,
        AgreementStatus.IN_REVIEW,
        AgreementStatus.OUT_FOR_SIGNATURE,
        AgreementStatus.REFUSED,
    }
)


@dataclass(frozen=True)
class Ending:
    """An agreement that ends or ended. left: days after today, below nothing when it ended.

    successor: its renewal, as far as that has come; with one there is nothing to begin.
    notice: somebody gave notice, so it ends because a side wants it to.
    """

    view: AgreementView
    band: Band
    last_day: date
    left: int
    successor: AgreementView | None
    notice: bool

    @property
    def is_open(self) -> bool:
        """Does nobody see to its renewal yet?"""
        return self.successor is None


def endings(views: Iterable[AgreementView], today: date) -> list[Ending]:
    """What ends within 120 days or ended within the last 120, the soonest first.

    views: every agreement of my organization.
    """
    known = list(views)
    after = successors(known)
    found = [ending for view in known if (ending := _ending(view, after, today)) is not None]
    return sorted(found, key=lambda one: (one.last_day, one.view.number))


def successors(views: Iterable[AgreementView]) -> Mapping[uuid.UUID, AgreementView]:
    """The renewal of each agreement; one that was thrown away is none."""
    return {
        view.follows_id: view
        for view in views
        if view.follows_id is not None
        and view.follows_how is Following.RENEWS
        and view.status is not AgreementStatus.DISCARDED
    }


def _ending(
    view: AgreementView, after: Mapping[uuid.UUID, AgreementView], today: date
) -> Ending | None:
    last, successor = view.last_day, after.get(view.id)
    if last is None or view.executed_at is None:
        return None
    band = _band(view, (last - today).days)
    if band is None or (band is Band.ENDED and successor and successor.status in SIGNED_BY_ALL):
        return None
    notice = any(partner.ended_how is EndedHow.NOTICE for partner in view.partners)
    return Ending(view, band, last, (last - today).days, successor, notice)


def _band(view: AgreementView, left: int) -> Band | None:
    if view.status is AgreementStatus.EXPIRED:
        return Band.ENDED if left >= -LONGEST else None
    if view.status is not AgreementStatus.IN_FORCE:
        return None
    return next((band for band, days in DAYS.items() if left <= days), None)


@dataclass(frozen=True)
class Stuck:
    """An agreement on its way that nobody has touched for a while."""

    view: AgreementView
    since: datetime
    days: int


def stuck(
    views: Iterable[AgreementView], moved: Mapping[uuid.UUID, datetime], at: datetime
) -> list[Stuck]:
    """Drafts, reviews and papers out for signature that stand still, the oldest first.

    moved: when something last happened to each, by its id.
    """
    found = [
        Stuck(view, moved[view.id], (at - moved[view.id]).days)
        for view in views
        if view.we_wrote_it
        and view.status in ON_ITS_WAY
        and view.id in moved
        and at - moved[view.id] >= STUCK_AFTER
    ]
    return sorted(found, key=lambda one: (one.since, one.view.number))
