"""Who may restrict a note, so that its text is for its author and a few. It cannot be undone."""

from __future__ import annotations

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.vocabulary import Role

ADMINISTRATORS = frozenset({Role.DISTRICT_ADMIN, Role.PRINCIPAL})


def may_restrict(user: str, role: Role, author: str | None) -> Decision:
    """May this user restrict what `author` wrote? Ids are text.

    Whether the record is open to them at all, the gate says.
    """
    if user == author or role in ADMINISTRATORS:
        return allow(Basis(BasisKind.OWN, (), FULL))
    return refuse([Reason.NOT_THE_AUTHOR])
