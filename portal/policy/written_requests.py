"""Who decides a request for access beyond one's level, who reads its letter, what no grant opens.

The district's policy, General Access 10: the Superintendent, "in his or her sole discretion and
in accordance with applicable law", decides whether, and in what form. Proper Use 1: the authority
"cannot be delegated". So no other role has the task, and nobody decides what they ask for.
"""

from __future__ import annotations

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.tasks import ROLE_TASKS, Task
from portal.vocabulary import Category, Role

CLOSED_BY_LAW = {
    Category.PSYCHIATRIC: "only the patient's consent opens it (CGS 52-146c to 52-146s)",
    Category.REPRODUCTIVE: "only consent with its own initials opens it (CGS 52-146w, 52-146x)",
    Category.OWN_CARE: "only the student may consent (CGS 19a-14c)",
    Category.HIV: "only a specific release opens it (CGS 19a-581, 19a-583)",
    Category.SUD: "only the student may consent (42 CFR 2.14 and 2.31, CGS 17a-688)",
    Category.MANDATED_REPORT: "confidential, whoever asks (CGS 17a-28, 17a-101k)",
}
"""What no decision of a Superintendent opens, with the law that keeps it closed."""

GRANTABLE = tuple(
    category
    for category in Category
    if category not in CLOSED_BY_LAW and category is not Category.IDENTITY
)
"""The kinds that may be asked for; the name goes with every grant that names a student."""


def may_decide(user: str, role: Role, organization: str, district: str, applicant: str) -> Decision:
    """May they decide this request, or end what it gave? applicant: empty for one from outside."""
    reasons = []
    if organization != district:
        reasons.append(Reason.NO_RELATION)
    if Task.DECIDE_REQUESTS not in ROLE_TASKS[role]:
        reasons.append(Reason.NO_SUCH_TASK)
    if user == applicant:
        reasons.append(Reason.OWN_REQUEST)
    return refuse(reasons) if reasons else _own()


def may_change(user: str, applicant: str) -> Decision:
    """May they go on with this request of a member of staff, send it, or take it back?"""
    return _own() if user == applicant else refuse([Reason.NOT_THE_AUTHOR])


def may_keep(organization: str, role: Role, district: str) -> Decision:
    """May they write down what somebody outside asks, and read the register of all requests?"""
    reasons = []
    if organization != district:
        reasons.append(Reason.NO_RELATION)
    if Task.WRITE_REQUEST not in ROLE_TASKS[role]:
        reasons.append(Reason.NO_SUCH_TASK)
    return refuse(reasons) if reasons else _own()


def may_read_letter(
    user: str, role: Role, organization: str, district: str, applicant: str
) -> Decision:
    """May they open the letter of a decision, or the answer that was made?

    The applicant and whoever decides. What answers somebody outside also whoever wrote it down,
    who hands it over; a letter to a member of staff names students, and is no administrator's.
    """
    if applicant and user == applicant:
        return _own()
    task = Task.DECIDE_REQUESTS if applicant else Task.WRITE_REQUEST
    if organization != district:
        return refuse([Reason.NO_RELATION])
    return _own() if task in ROLE_TASKS[role] else refuse([Reason.NO_SUCH_TASK])


def _own() -> Decision:
    return allow(Basis(BasisKind.OWN, (), FULL))
