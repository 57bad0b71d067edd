"""Case teams: consents by number, staff by name, and never a student."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from portal.directory.case_teams.queries import ConsentLine, StaffLine
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.labels import unlike

Act = Literal["assign", "end"]
NONE = "No consent in force names your organization. It appears here when a school records one."


def table(consents: Sequence[ConsentLine], days: Days) -> None:
    """Each consent in force and who is on its team."""
    parts.table(
        "Consents in force",
        ["Consent", "From", "Opens", "Since", "To", "Case team"],
        [
            [
                line.number,
                line.discloser,
                when.counted(line.categories, "kind of record", "kinds of record"),
                days.of(line.starts_at),
                days.last(line.ends_at) if line.ends_at else "no end date",
                ", ".join(member.name for member in line.team) or parts.Tag("Nobody", "warn"),
            ]
            for line in consents
        ],
        NONE,
    )
    parts.muted(
        "Students are known here by the number of their consent. Whoever is on the team sees "
        "the name, and may open the record."
    )


def choose_consent(consents: Sequence[ConsentLine]) -> ConsentLine | None:
    """The consent whose student's team is to change."""
    numbers = {line.number: line for line in consents}
    chosen = st.selectbox(
        "Consent", list(numbers), index=None, key="team-consent", placeholder="Choose a number"
    )
    return numbers.get(chosen or "")


def choose_person(staff: Sequence[StaffLine]) -> StaffLine | None:
    """The colleague to put on the team or to take off it."""
    labels = unlike(
        (line, f"{line.name}, {line.title}" if line.title else line.name) for line in staff
    )
    by_label = {label: line for line, label in labels.items()}
    chosen = st.selectbox(
        "Person", list(by_label), index=None, key="team-person", placeholder="Choose a colleague"
    )
    return by_label.get(chosen or "")


def buttons(consent: ConsentLine | None, person: StaffLine | None) -> Act | None:
    """Add or take off, whichever there is to do for this person and consent."""
    if consent is None or person is None:
        parts.muted("Choose a consent and a colleague.")
        return None
    if person in consent.team:
        return "end" if st.button("Take off the team", key="team-end") else None
    return "assign" if st.button("Add to the team", type="primary", key="team-assign") else None


def done(act: Act, consent: ConsentLine, person: StaffLine) -> str:
    """What the status line says afterwards."""
    if act == "assign":
        return f"{person.name} is on the case team of consent {consent.number}."
    return f"{person.name} is no longer on the case team of consent {consent.number}."
