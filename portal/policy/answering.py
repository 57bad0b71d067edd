"""Who may answer a referral by the link in a mail: whoever holds it, once, while it is asked.

The link takes the place of an account for one answer. It opens the slip of one referral and
nothing of the student but initials, and those only where the gate opens the referral's name to
the agency. Why a link leads nowhere is for the trail; whoever holds it reads one sentence for
all reasons, so that nobody learns by trying which referrals there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.policy.decision import SUMMARY, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.spans import Span
from portal.vocabulary import ReferralStatus

TRIES = 10
"""Answers that lack something, before a link is locked; the agency then calls the school."""

TRIES_OF_AN_ADDRESS = 50
"""Links that lead nowhere, from one address in an hour, over all links."""

ANSWERED_WITHIN = timedelta(days=14)
"""How long a link to a referral that awaits an answer is good."""

BEGINS_WITHIN = timedelta(days=90)
"""How long the link is good by which the first appointment is told: there may be a waiting list."""

ASKED_BY_LINK = frozenset(
    {
        ReferralStatus.SENT,
        ReferralStatus.RECEIVED,
        ReferralStatus.ACCEPTED,
        ReferralStatus.WAITLISTED,
    }
)
"""Something is still to be said by the agency, and the school waits for it."""


@dataclass(frozen=True)
class AnswerLink:
    """A link as it stands."""

    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    tries: int = 0


@dataclass(frozen=True)
class AskedReferral:
    """The referral that the link is for. moved_at: when its status was last set, by whomever."""

    status: ReferralStatus
    agency: Span
    district: Span
    draft: bool = False
    sealed: Span | None = None
    moved_at: datetime | None = None


def may_answer_by_link(
    link: AnswerLink | None, referral: AskedReferral | None, at: datetime
) -> Decision:
    """May whoever holds this link see the slip of its referral and answer it at this instant?"""
    if link is None or referral is None:
        return refuse([Reason.LINK_UNKNOWN])
    reasons = [*_link_problems(link, at), *_referral_problems(link, referral, at)]
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), SUMMARY))


def _link_problems(link: AnswerLink, at: datetime) -> list[Reason]:
    reasons = []
    if link.used_at is not None or link.revoked_at is not None:
        reasons.append(Reason.LINK_USED)
    if link.expires_at <= at:
        reasons.append(Reason.LINK_EXPIRED)
    if link.tries >= TRIES:
        reasons.append(Reason.LINK_LOCKED)
    return reasons


def _referral_problems(link: AnswerLink, referral: AskedReferral, at: datetime) -> list[Reason]:
    reasons = []
    if not referral.agency.contains(at):
        reasons.append(Reason.ORGANIZATION_INACTIVE)
    if not referral.district.contains(at):
        reasons.append(Reason.CUSTODIAN_INACTIVE)
    if referral.draft:
        reasons.append(Reason.DRAFT)
    if referral.sealed is not None and referral.sealed.contains(at):
        reasons.append(Reason.SEALED)
    if referral.status not in ASKED_BY_LINK:
        reasons.append(Reason.LINK_USED)
    if referral.moved_at is not None and referral.moved_at > link.made_at:
        reasons.append(Reason.LINK_USED)  # somebody has said something since it was mailed
    return reasons


def good_until(status: ReferralStatus, at: datetime) -> datetime:
    """Until when a link is good that is made now for a referral that stands like this."""
    waiting = status in {ReferralStatus.SENT, ReferralStatus.RECEIVED}
    return at + (ANSWERED_WITHIN if waiting else BEGINS_WITHIN)
