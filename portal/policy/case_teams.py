"""Whom an agency's administrator may put on a student's case team, and for which student."""

from __future__ import annotations

from datetime import datetime

from portal.policy.decision import (
    FULL,
    Basis,
    BasisKind,
    Decision,
    Reason,
    allow,
    refuse,
)
from portal.policy.facts import ConsentFacts, UserFacts
from portal.policy.tasks import Task, may_do
from portal.policy.validity import time_problems
from portal.vocabulary import Role


def may_assign(
    role: Role, organization: str, person: UserFacts, consent: ConsentFacts, at: datetime
) -> Decision:
    """May somebody of this organization, in this role, put this person on this consent's team?

    The consent must be in force and name the organization; the person must work
    there. The administrator need not, and does not, learn who the student is.
    """
    reasons = [*may_do(role, Task.ASSIGN_CASE_TEAM).codes]
    if consent.recipient != organization:
        reasons.append(Reason.NO_CONSENT)
    reasons += time_problems(consent, at)
    if person.organization != organization or not person.active.contains(at):
        reasons.append(Reason.NOT_OUR_STAFF)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), FULL))


def may_end(role: Role, organization: str, person: UserFacts, consent: ConsentFacts) -> Decision:
    """May they take this person off again? On any day: a consent that ended needs no team."""
    reasons = [*may_do(role, Task.ASSIGN_CASE_TEAM).codes]
    if consent.recipient != organization:
        reasons.append(Reason.NO_CONSENT)
    if person.organization != organization:
        reasons.append(Reason.NOT_OUR_STAFF)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), FULL))
