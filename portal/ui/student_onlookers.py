"""Who can see this page now, and why: counted by reason, with the names in a fold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from portal.access.onlookers import Onlooker
from portal.policy.onlookers import Why
from portal.ui import parts, when
from portal.ui.parts import Cell
from portal.vocabulary import CATEGORY_LABELS, Category

WHY_LABELS = {
    Why.CASELOAD: "Have the student on their caseload",
    Why.CLASS: "Have the student in class",
    Why.BUILDING: "Lead the student's school",
    Why.PROGRAM: "Look after special education or Section 504 in the district",
    Why.DISTRICT: "Lead the district",
    Why.GRANT: "Have a written grant of access",
    Why.EMERGENCY: "Opened it in an emergency that they declared",
    Why.CONSENT: "Of a partner, by the family's consent and an agreement",
    Why.LAW: "Of an agency, by a law or a court order",
}


def fact(people: Sequence[Onlooker]) -> tuple[str, Sequence[Cell]]:
    """For the strip: how many people."""
    return "Who can see this page", [when.counted(len(people), "person", "people")]


def show(people: Sequence[Onlooker]) -> None:
    """How many for which reason, and who they are."""
    parts.heading("Who can see this page")
    groups = [(why, list(of)) for why, of in groupby(people, key=lambda one: one.why)]
    parts.rows(
        [(WHY_LABELS[why], _papers(of), str(len(of))) for why, of in groups], "Nobody but you."
    )
    with st.expander("Their names"):
        parts.listed(_told(one) for one in people)


def _papers(people: Sequence[Onlooker]) -> str:
    numbers = sorted({number for one in people for number in one.papers})
    return f"Under {', '.join(numbers)}" if numbers else ""


def _told(one: Onlooker) -> str:
    who = ", ".join(part for part in (one.name, one.title) if part)
    kinds = [CATEGORY_LABELS[kind] for kind in one.kinds if kind is not Category.IDENTITY]
    told = ", ".join(kinds) if one.outside else ""
    return " · ".join(part for part in (who, one.organization if one.outside else "", told) if part)
