"""What the agency that a referral went to may see of it and do with it.

The referral itself is the district's record: without a consent and an agreement
the gate keeps it closed. So that a referral can be answered at all, the agency
it was sent to sees its slip: number, need, service, status, date and the
school's contact. Nothing on the slip says who the student is. A referral whose
consent was taken back waits: its slip is seen, and cannot be answered.
`access.slips` says the same as a SELECT.
"""

from __future__ import annotations

from datetime import datetime

from portal.policy.decision import SUMMARY, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.facts import Facts, RecordFacts
from portal.policy.gate import on_case_team, standing_problems
from portal.vocabulary import Level


def may_see_slip(facts: Facts, referral: RecordFacts, agency: str | None, at: datetime) -> Decision:
    """May this user see the slip of this referral? agency: whom it was sent to, if anybody."""
    reasons = _slip_problems(facts, referral, agency, at)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), SUMMARY))


def may_answer(
    facts: Facts, referral: RecordFacts, agency: str | None, at: datetime, *, withdrawn: bool
) -> Decision:
    """May this user answer it? The slip, and the student's case team or the administrator.

    withdrawn: it is on hold because the consent behind it was taken back.
    """
    reasons = _slip_problems(facts, referral, agency, at)
    if withdrawn:
        reasons.append(Reason.CONSENT_WITHDRAWN)
    if facts.user.level is not Level.AGENCY_ADMIN and not on_case_team(facts, at):
        reasons.append(Reason.NOT_ON_CASE_TEAM)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), SUMMARY))


def _slip_problems(
    facts: Facts, referral: RecordFacts, agency: str | None, at: datetime
) -> list[Reason]:
    reasons = standing_problems(facts, at)
    if agency != facts.user.organization:
        reasons.append(Reason.NOT_THE_RECIPIENT)
    if referral.draft:
        reasons.append(Reason.DRAFT)
    if referral.sealed is not None and referral.sealed.contains(at):
        reasons.append(Reason.SEALED)
    return reasons
