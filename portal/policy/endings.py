"""When what is shared with an organization will close, so that it can be renewed in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.policy.facts import AgreementFacts, ConsentFacts
from portal.policy.gate import agreement_time_problems, consent_end
from portal.policy.schedules import carries
from portal.policy.spans import Span
from portal.policy.validity import time_problems

SOON = timedelta(days=14)


def ends_soon(end: datetime | None, at: datetime) -> bool:
    """Is there a date, and is it within two weeks?"""
    return end is not None and end - at <= SOON


def cover(consent: ConsentFacts, agreements: Iterable[AgreementFacts], at: datetime) -> Span | None:
    """How long the agreements in force let this consent open anything; None when none does."""
    ends = [
        _agreement_end(agreement)
        for agreement in agreements
        if not agreement_time_problems(agreement, at)
        and carries(agreement, consent, consent.purposes)
    ]
    if not ends:
        return None
    return Span(at, None if None in ends else max(end for end in ends if end))


def _agreement_end(agreement: AgreementFacts) -> datetime | None:
    ends = [end for end in (agreement.span.end, agreement.terminated) if end is not None]
    return min(ends, default=None)


def last_end(
    consents: Iterable[ConsentFacts],
    agreements: Iterable[AgreementFacts],
    legal: Iterable[Span],
    majority: datetime | None,
    purpose: str,
    at: datetime,
) -> datetime | None:
    """When the last ground in force for this purpose ends; None when one has no end.

    All are of one student and one receiving organization. Whether anybody may open
    anything is the gate's to say: this only dates what the gate has opened.
    """
    agreed = [a for a in agreements if not agreement_time_problems(a, at)]
    ends = [
        consent_end(consent, agreement, majority)
        for consent in consents
        if purpose in consent.purposes and not time_problems(consent, at)
        for agreement in agreed
        if carries(agreement, consent, {purpose})
    ]
    ends += [span.end for span in legal if span.contains(at)]
    return None if None in ends else max((end for end in ends if end), default=None)
