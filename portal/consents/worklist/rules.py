"""Why a consent is on the worklist: computed from its papers and dates, never written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.consents import rules
from portal.policy.decision import SENTENCES, Reason
from portal.policy.endings import cover
from portal.policy.facts import AgreementFacts, ConsentFacts, Facts
from portal.policy.passing import passing
from portal.policy.validity import time_problems
from portal.vocabulary import ConsentStatus, FormKind

AHEAD = timedelta(days=60)
"""How far ahead a renewal is asked for, and how long after its end a consent can be renewed."""


class Group(StrEnum):
    """The parts of the worklist, in the order in which they are worked off."""

    TO_CONFIRM = "to_confirm"
    OUT = "out"
    HELD = "held"
    PASSES = "passes"
    ENDS_7 = "ends_7"
    ENDS_30 = "ends_30"
    ENDS_60 = "ends_60"
    REFUSED = "refused"
    AGREEMENT = "agreement"


GROUP_LABELS = {
    Group.TO_CONFIRM: "Papers to confirm",
    Group.OUT: "Out for signature",
    Group.HELD: "Held: nothing opens until this is settled",
    Group.PASSES: "The right to sign will pass to somebody else",
    Group.ENDS_7: "Ends within 7 days",
    Group.ENDS_30: "Ends within 30 days",
    Group.ENDS_60: "Ends within 60 days",
    Group.REFUSED: "Refused in the last 60 days",
    Group.AGREEMENT: "No agreement behind it, or not for long",
}

RENEWABLE = (Group.ENDS_7, Group.ENDS_30, Group.ENDS_60)
DAYS = ((7, Group.ENDS_7), (30, Group.ENDS_30), (60, Group.ENDS_60))


@dataclass(frozen=True)
class Found:
    """Why a consent is on the list. since: from when it waits, or the day that comes."""

    group: Group
    why: str
    since: datetime | None


def found(
    consent: ConsentFacts, facts: Facts, agreements: Sequence[AgreementFacts], at: datetime
) -> list[Found]:
    """Everything to be done about this consent at `at`; a consent that is over asks for nothing."""
    status = rules.status(consent, at)
    if status in rules.OVER or status is ConsentStatus.DRAFT:
        return []
    if status is ConsentStatus.TO_CONFIRM:
        why = "A second person compares the scan with what was typed."
        return [Found(Group.TO_CONFIRM, why, consent.signed_at)]
    held = list(_held(consent, at))
    return held or [
        *_passes(consent, facts, at),
        *_ends(consent, at),
        *_agreed(consent, agreements, at),
    ]


def _held(consent: ConsentFacts, at: datetime) -> Iterator[Found]:
    life, reasons = consent.life, time_problems(consent, at)
    since = {
        Reason.REVOCATION_HOLD: max(
            (hold.start for hold in life.holds if hold.contains(at)), default=None
        ),
        Reason.KNOWN_FALSE: life.known_false_at,
        Reason.EVENT_PENDING_REVIEW: max(
            [life.review_at, *(review.end for review in life.reviews)],
            key=lambda day: day.timestamp() if day else 0,
        ),
    }
    for reason in (reason for reason in since if reason in reasons):
        yield Found(Group.HELD, SENTENCES[reason][0], since[reason])


def _passes(consent: ConsentFacts, facts: Facts, at: datetime) -> Iterator[Found]:
    """The eighteenth birthday and a change of custody appear by themselves."""
    passed = passing(consent, facts, at, at + AHEAD)
    if passed is None:
        return
    group = Group.HELD if passed.at <= at else Group.PASSES
    yield Found(group, SENTENCES[passed.reason][0], passed.at)


def _ends(consent: ConsentFacts, at: datetime) -> Iterator[Found]:
    end = consent.span.end
    if end is None:
        return
    for days, group in DAYS:
        if end - at <= timedelta(days=days):
            yield Found(group, "The consent ends.", end)
            return


def _agreed(
    consent: ConsentFacts, agreements: Sequence[AgreementFacts], at: datetime
) -> Iterator[Found]:
    """An agreement that ends before the consent does closes it on that day."""
    if consent.paper.form is not FormKind.STANDARD:
        return  # it opens nothing here, whatever agreement there is
    covered, end = cover(consent, agreements, at), consent.span.end
    if covered is None:
        yield Found(Group.AGREEMENT, "No agreement in force lets this consent open anything.", None)
    elif (
        covered.end is not None and covered.end <= at + AHEAD and (end is None or covered.end < end)
    ):
        yield Found(Group.AGREEMENT, "The agreement ends before the consent does.", covered.end)


def may_be_renewed(consent: ConsentFacts, at: datetime) -> bool:
    """Does it end within 60 days, or has it ended within the last 60, by its own last day?

    A form about one thing is asked for one by one, and not with all the others.
    """
    end = consent.span.end
    if consent.paper.form is not FormKind.STANDARD:
        return False
    if end is None or not at - AHEAD <= end <= at + AHEAD:
        return False
    return rules.status(consent, at) in (
        ConsentStatus.ACTIVE,
        ConsentStatus.ENDS_SOON,
        ConsentStatus.ENDED,
    )
