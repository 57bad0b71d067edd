"""What may be done with a consent that stands like this, and which consents overlap."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portal.consents.rules import OVER
from portal.policy.facts import ConsentFacts
from portal.policy.spans import Span
from portal.vocabulary import ConsentStatus

S = ConsentStatus


class Act(StrEnum):
    """What a member of staff can do with a signed consent."""

    RENEW = "renew"
    CHANGE = "change"
    REVOKE = "revoke"
    REVOKE_KIND = "revoke_kind"
    REVOKE_PARTNER = "revoke_partner"
    REVOKE_ALL = "revoke_all"
    HOLD = "hold"
    LIFT = "lift"
    CONFIRM = "confirm"
    HAPPENED = "happened"
    REVIEW = "review"
    FALSE = "false"
    OBJECT = "object"


OF_AN_EVENT = (Act.HAPPENED, Act.REVIEW)
ALWAYS = (
    Act.REVOKE,
    Act.REVOKE_KIND,
    Act.REVOKE_PARTNER,
    Act.REVOKE_ALL,
    Act.HOLD,
    Act.FALSE,
    Act.OBJECT,
)


def acts(status: ConsentStatus, *, by_event: bool, on_hold: bool, kinds: int) -> list[Act]:
    """What can be done, in the order of the list. kinds: how many are still ticked."""
    if status is S.DRAFT:
        return []
    if status in OVER:
        return [Act.RENEW] if status is S.ENDED else []
    found = [Act.CONFIRM] if status is S.TO_CONFIRM else []
    found += [Act.LIFT] if on_hold else []
    found += OF_AN_EVENT if by_event else []
    found += [Act.RENEW, Act.CHANGE] if status in (S.ACTIVE, S.ENDS_SOON) else []
    found += [act for act in ALWAYS if act is not Act.HOLD or not on_hold]
    return [act for act in found if act is not Act.REVOKE_KIND or kinds > 1]


def overlapping(one: ConsentFacts, others: Iterable[ConsentFacts]) -> list[ConsentFacts]:
    """Which of these consents, none of them over, cover the same kinds on the same days.

    Between the same two parties, in the same direction, about the same student.
    """
    return [
        other
        for other in others
        if other.id != one.id
        and (other.student, other.discloser, other.recipient)
        == (one.student, one.discloser, one.recipient)
        and going_on(other) & going_on(one)
        and _meet(other.span, one.span)
    ]


def going_on(consent: ConsentFacts) -> frozenset[str]:
    """What is ticked and has not been taken back by itself."""
    return consent.categories - consent.life.withdrawn.keys()


def _meet(one: Span, other: Span) -> bool:
    return (other.end is None or one.start < other.end) and (
        one.end is None or other.start < one.end
    )
