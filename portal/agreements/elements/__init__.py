"""What an agreement must or should have, element by element, and where it stands.

THE TABLE is printed as docs/reference/agreement-elements.md. An element is carried by clauses of
the library, or by fields that the paper prints, or both. `Library.problems` refuses an agreement
that lacks a required clause; this table says why each of them is required, and tests hold the
two together. No legal advice: a district's counsel confirms it.
"""

from __future__ import annotations

from portal.agreements.content import Content
from portal.agreements.elements.beginning import BEGINNING
from portal.agreements.elements.connecticut import CONNECTICUT
from portal.agreements.elements.element import Element, Rank
from portal.agreements.elements.ending import ENDING
from portal.agreements.elements.laws import LAWS
from portal.agreements.elements.protecting import PROTECTING
from portal.agreements.elements.shared import SHARED
from portal.agreements.elements.working import WORKING

__all__ = ["ELEMENTS", "Element", "Rank", "lacking"]

ELEMENTS: tuple[Element, ...] = (
    *BEGINNING,
    *LAWS,
    *WORKING,
    *SHARED,
    *CONNECTICUT,
    *PROTECTING,
    *ENDING,
)


def lacking(content: Content) -> tuple[Element, ...]:
    """The elements that apply to this agreement and that its clauses do not carry."""
    ids = {choice.id for choice in content.clauses}
    return tuple(e for e in ELEMENTS if e.binds(content) and not e.is_met(ids))
