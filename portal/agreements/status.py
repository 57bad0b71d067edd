"""Where an agreement stands on a given day, and what may then be done with it. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.errors import Problem
from portal.vocabulary import AGREEMENT_STATUS_LABELS, AgreementStatus, EndedHow


@dataclass(frozen=True)
class Pair:
    """What decides how it stands between the district and one partner.

    bound: from when both are; over: when it stopped early, or will.
    """

    start: datetime
    end: datetime | None = None
    bound: datetime | None = None
    over: datetime | None = None
    ended_how: EndedHow | None = None


@dataclass(frozen=True)
class Steps:
    """How far a paper has come. pairs: one for each partner, once it is issued."""

    sent: bool = False
    discarded: bool = False
    issued: bool = False
    refused: bool = False
    pairs: tuple[Pair, ...] = ()


_OVER = {
    EndedHow.TERMINATED: AgreementStatus.TERMINATED,
    EndedHow.NOTICE: AgreementStatus.ENDED,
    EndedHow.AMENDED: AgreementStatus.AMENDED,
    EndedHow.SUPERSEDED: AgreementStatus.SUPERSEDED,
}

LIVELIEST = (
    AgreementStatus.IN_FORCE,
    AgreementStatus.SIGNED,
    AgreementStatus.OUT_FOR_SIGNATURE,
    AgreementStatus.AMENDED,
    AgreementStatus.SUPERSEDED,
    AgreementStatus.ENDED,
    AgreementStatus.EXPIRED,
    AgreementStatus.TERMINATED,
)
"""A paper with several partners stands as the liveliest of its pairs."""


def status(steps: Steps, at: datetime) -> AgreementStatus:
    """Computed from its dates. In force from its first day or the last signature, the later."""
    if steps.discarded:
        return AgreementStatus.DISCARDED
    if not steps.issued:
        return AgreementStatus.IN_REVIEW if steps.sent else AgreementStatus.DRAFT
    if steps.refused:
        return AgreementStatus.REFUSED
    standing = {between(pair, at) for pair in steps.pairs}
    return next(status for status in LIVELIEST if status in standing)


def between(pair: Pair, at: datetime) -> AgreementStatus:
    """How an issued agreement stands between the district and one partner."""
    if pair.over is not None and pair.over <= at:
        return _OVER[pair.ended_how or EndedHow.TERMINATED]
    if pair.end is not None and pair.end <= at:
        return AgreementStatus.EXPIRED
    if pair.bound is None or at < pair.bound:
        return AgreementStatus.OUT_FOR_SIGNATURE
    return AgreementStatus.IN_FORCE if pair.start <= at else AgreementStatus.SIGNED


REPLACED = frozenset({EndedHow.AMENDED, EndedHow.SUPERSEDED})
"""Another agreement took its place."""


class Act(StrEnum):
    """What can be done with an agreement."""

    EDIT = "edit"
    SEND = "send"
    ANSWER = "answer"
    ISSUE = "issue"
    DISCARD = "discard"
    SIGN = "sign"
    REMIND = "remind"
    AMEND = "amend"
    RENEW = "renew"
    END = "end"
    SETTLE = "settle"


_AT_THE_DESK = frozenset({Act.EDIT, Act.SEND, Act.ISSUE, Act.DISCARD})
_OVER_AND_DONE = frozenset({Act.RENEW, Act.SETTLE})

ACTS: dict[AgreementStatus, frozenset[Act]] = {
    AgreementStatus.DRAFT: _AT_THE_DESK,
    AgreementStatus.IN_REVIEW: _AT_THE_DESK | {Act.ANSWER},
    AgreementStatus.OUT_FOR_SIGNATURE: frozenset({Act.SIGN, Act.REMIND, Act.DISCARD}),
    AgreementStatus.REFUSED: frozenset({Act.DISCARD}),
    AgreementStatus.SIGNED: frozenset({Act.AMEND, Act.END}),
    AgreementStatus.IN_FORCE: frozenset({Act.AMEND, Act.RENEW, Act.END}),
    AgreementStatus.AMENDED: frozenset(),
    AgreementStatus.SUPERSEDED: frozenset(),
    AgreementStatus.ENDED: _OVER_AND_DONE,
    AgreementStatus.EXPIRED: _OVER_AND_DONE,
    AgreementStatus.TERMINATED: _OVER_AND_DONE,
    AgreementStatus.DISCARDED: frozenset(),
}
"""After it is issued nothing in it can change: a change is a new agreement."""

_VERBS = {
    Act.EDIT: "changed",
    Act.SEND: "sent for review",
    Act.ANSWER: "answered",
    Act.ISSUE: "issued",
    Act.DISCARD: "discarded",
    Act.SIGN: "signed",
    Act.REMIND: "reminded of",
    Act.AMEND: "amended",
    Act.RENEW: "renewed",
    Act.END: "ended",
    Act.SETTLE: "settled",
}


def act_problems(now: AgreementStatus, act: Act) -> list[Problem]:
    """Why this cannot be done with an agreement that stands so."""
    if act in ACTS[now]:
        return []
    stands = AGREEMENT_STATUS_LABELS[now].lower()
    return [
        Problem(
            f"This agreement stands as “{stands}”, so it cannot be {_VERBS[act]}.",
            "Open it again to see where it stands; for a change amend or renew it.",
        )
    ]
