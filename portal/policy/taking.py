"""Who may take a consent along as a file, and which of its kinds it really opens. Pure rules.

A consent tells something about one student. The district's staff who record consents for that
student may give it; of the partner, those to whom it opens something at this instant
(42 CFR 2.32(a): a copy of the consent goes along), and where the partner is the one that gives,
the student's case team: the provider keeps the authorization it acts upon (45 CFR 164.508(b)(6)).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.facts import ConsentFacts, Facts, OrganizationFacts, RecordFacts
from portal.policy.gate import may_open, on_case_team, standing_problems
from portal.policy.rights import signer_problems
from portal.policy.tasks import ROLE_TASKS, Task, may_do_for
from portal.policy.validity import paper_problems, time_problems
from portal.vocabulary import SHAREABLE, SPECIAL, FormKind, Role


def may_take_consent(
    facts: Facts, role: Role, consent: ConsentFacts, district: str, at: datetime
) -> Decision:
    """May this person take along this consent of a student who belongs to `district`?"""
    ours = facts.user.organization
    if ours not in (consent.discloser, consent.recipient):
        return refuse([Reason.NO_RELATION])
    if consent.paper.form is not FormKind.STANDARD:
        # It ticks no kind of record, and to a machine that reads it no kind means every kind.
        return refuse([Reason.COMPOUND])
    if ours == district:
        return may_do_for(facts, role, Task.RECORD_CONSENT, district, at)
    reasons = standing_problems(facts, at)
    if Task.SEE_SHARED not in ROLE_TASKS[role]:
        reasons.append(Reason.NO_SUCH_TASK)
    if ours == consent.discloser:
        reasons += _giving_problems(facts, consent, at)
    else:
        reasons += _receiving_problems(facts, consent, at)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), FULL))


def _giving_problems(facts: Facts, consent: ConsentFacts, at: datetime) -> list[Reason]:
    team = [] if on_case_team(facts, at) else [Reason.NOT_ON_CASE_TEAM]
    return time_problems(consent, at) + team


def _receiving_problems(facts: Facts, consent: ConsentFacts, at: datetime) -> list[Reason]:
    """Why this consent by itself opens nothing to them; empty when it opens anything.

    The gate answers, about records that do not exist.
    """
    alone = replace(facts, consents=(consent,), legal=())
    answers = [
        may_open(
            alone,
            RecordFacts("", consent.student, consent.discloser, category, consent.records.start),
            purpose,
            at,
        )
        for category, purpose in product(sorted(consent.categories), sorted(consent.purposes))
    ]
    if any(answers):
        return []
    return [code for answer in answers for code in answer.codes] or [Reason.NO_RECORDS]


def closed_kinds(
    facts: Facts, consent: ConsentFacts, discloser: OrganizationFacts, at: datetime
) -> dict[str, tuple[Reason, ...]]:
    """The ticked kinds that it does not open whatever agreement stands behind it, each with why.

    Without what ends or holds all of it: that is its status.
    """
    found = {
        category: _kind_problems(facts, consent, discloser, category, at)
        for category in sorted(consent.categories)
    }
    return {category: tuple(reasons) for category, reasons in found.items() if reasons}


def _kind_problems(
    facts: Facts, consent: ConsentFacts, discloser: OrganizationFacts, category: str, at: datetime
) -> list[Reason]:
    reasons = [] if category in SHAREABLE else [Reason.NEVER_SHARED]
    if category in SPECIAL and category not in consent.special:
        reasons.append(Reason.NO_SPECIAL_INITIALS)
    if not consent.purposes:
        reasons.append(Reason.NO_PURPOSE)
    reasons += signer_problems(consent, facts, category, at)
    somebody_named = min(consent.named, default="")
    return reasons + paper_problems(consent, discloser, somebody_named, category, at)
