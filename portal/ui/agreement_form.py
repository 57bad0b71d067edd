"""The form of an agreement: what its paper will print and its schedule will open.

A draft may be saved with gaps. Fields wait in the browser until a button is clicked,
except the kinds of record: each chosen one gets a line of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import streamlit as st

from portal.agreements.drafts import AgreementDraft, Contact, Line, Signer, Terms
from portal.agreements.queries import AgreementView
from portal.agreements.rules import LIMITS
from portal.ui import parts
from portal.vocabulary import (
    CATEGORY_LABELS,
    CHANNEL_LABELS,
    FREQUENCY_LABELS,
    RETENTION_LABELS,
    SHAREABLE,
    SPECIAL,
    Category,
    Direction,
)

WAITS: dict[str, Any] = {"on_change": "ignore"}
WAYS = {
    Direction.A_TO_B: "{district} may share with {partner}",
    Direction.B_TO_A: "{partner} may share with {district}",
}


def fields(view: AgreementView, schools: Sequence[str]) -> AgreementDraft:
    """Draw every field with what is saved, and tell what they say now."""
    draft, terms = view.draft, view.draft.terms
    parts.heading("1. What for, and when")
    purpose = _text(view, "Purpose", terms.purpose, area=True)
    starts_on, ends_on, review_on = _dates(view, draft)
    covered = st.multiselect(
        "Schools",
        list(dict.fromkeys([*schools, *terms.schools])),
        default=terms.schools,
        key=_key(view, "schools"),
        **WAITS,
    )
    services = _text(view, "Services, one a line", "\n".join(terms.services), area=True)
    parts.heading(
        "2. Records", "A record opens only when it is listed here and ticked on a consent."
    )
    lines = [line for way in WAYS for line in _schedule(view, way)]
    special_known = _special(view, lines)
    waive_team = st.checkbox(
        "Any user of the partner may open what a consent opens, not only the case team",
        value=draft.waive_team,
        key=_key(view, "waive"),
        wrap=True,
        **WAITS,
    )
    terms = replace(
        terms,
        purpose=purpose,
        review_on=review_on,
        schools=tuple(covered),
        services=tuple(line.strip() for line in services.splitlines() if line.strip()),
        special_known=special_known,
    )
    terms = _clocks(view, _people(view, terms))
    return AgreementDraft(draft.agency_id, starts_on, ends_on, waive_team, tuple(lines), terms)


def _key(view: AgreementView, name: str) -> str:
    return f"agreement-{view.number}-{name}"


def _text(view: AgreementView, label: str, value: str, *, area: bool = False) -> str:
    draw = st.text_area if area else st.text_input
    return draw(label, value=value, key=_key(view, label), max_chars=2000, **WAITS) or ""


def _dates(
    view: AgreementView, draft: AgreementDraft
) -> tuple[date | None, date | None, date | None]:
    labels = ("First day", "Last day", "Review by")
    values = (draft.starts_on, draft.ends_on, draft.terms.review_on)
    with st.container(key="agreement-dates"):
        columns = st.columns(3)
        told: list[date | None] = []
        for column, label, value in zip(columns, labels, values, strict=True):
            with column:
                day = st.date_input(
                    label, value=value, format="MM/DD/YYYY", key=_key(view, label), **WAITS
                )
                told.append(day)
    first, last, review = told
    return first, last, review


# The schedule


def _schedule(view: AgreementView, way: Direction) -> list[Line]:
    """Which kinds of record go this way; a line for each."""
    saved = {line.category: line for line in view.draft.lines if line.direction is way}
    label = WAYS[way].format(district=view.district, partner=view.partner)
    chosen = st.multiselect(
        label,
        list(SHAREABLE),
        default=list(saved),
        format_func=CATEGORY_LABELS.__getitem__,
        key=_key(view, way),
        placeholder="Choose kinds of record",
    )
    ordered = [category for category in SHAREABLE if category in chosen]
    return [_line(view, saved.get(category, Line(way, category))) for category in ordered]


def _line(view: AgreementView, line: Line) -> Line:
    name = CATEGORY_LABELS[line.category]
    key = _key(view, f"{line.direction}-{line.category}")
    with st.container(key=f"{key}-line"):
        often, how, kept = st.columns(3, vertical_alignment="bottom")
        with often:
            frequency = st.selectbox(
                f"{name}: how often",
                list(FREQUENCY_LABELS),
                list(FREQUENCY_LABELS).index(line.frequency),
                format_func=FREQUENCY_LABELS.__getitem__,
                key=f"{key}-often",
                **WAITS,
            )
        with how:
            method = st.selectbox(
                f"{name}: how",
                list(CHANNEL_LABELS),
                list(CHANNEL_LABELS).index(line.method),
                format_func=CHANNEL_LABELS.__getitem__,
                key=f"{key}-how",
                **WAITS,
            )
        with kept:
            retention = st.selectbox(
                f"{name}: kept until",
                list(RETENTION_LABELS),
                list(RETENTION_LABELS).index(line.retention),
                format_func=RETENTION_LABELS.__getitem__,
                key=f"{key}-kept",
                **WAITS,
            )
    return replace(line, frequency=frequency, method=method, retention=retention)


def _special(view: AgreementView, lines: Sequence[Line]) -> bool:
    """Asked only when a sensitive kind of record is listed."""
    listed: set[Category] = {line.category for line in lines} & SPECIAL
    if not listed:
        return False
    names = ", ".join(CATEGORY_LABELS[category].lower() for category in sorted(listed))
    return st.checkbox(
        f"We mean to list {names}: each consent needs separate initials for it",
        value=view.draft.terms.special_known,
        key=_key(view, "special"),
        wrap=True,
        **WAITS,
    )


# People and clocks


def _people(view: AgreementView, terms: Terms) -> Terms:
    parts.heading("3. People")
    left, right = st.columns(2)
    with left:
        district_signer = _signer(view, "Signer for the district", terms.district_signer)
        district_liaison = _contact(view, "Liaison of the district", terms.district_liaison)
        records_contact = _contact(view, "Contact for records", terms.records_contact)
    with right:
        partner_signer = _signer(view, "Signer for the partner", terms.partner_signer)
        partner_liaison = _contact(view, "Liaison of the partner", terms.partner_liaison)
        is_hipaa = _box(view, "The partner is a health care provider (HIPAA)", terms.is_hipaa)
        is_part2 = _box(
            view, "The partner runs a substance use program (42 CFR Part 2)", terms.is_part2
        )
    return replace(
        terms,
        district_signer=district_signer,
        district_liaison=district_liaison,
        records_contact=records_contact,
        partner_signer=partner_signer,
        partner_liaison=partner_liaison,
        is_hipaa=is_hipaa,
        is_part2=is_part2,
    )


def _signer(view: AgreementView, label: str, signer: Signer) -> Signer:
    name = _text(view, label, signer.name)
    return Signer(name, _text(view, f"{label}: title", signer.title))


def _contact(view: AgreementView, label: str, contact: Contact) -> Contact:
    name = _text(view, label, contact.name)
    email = _text(view, f"{label}: e-mail", contact.email)
    return Contact(name, email, _text(view, f"{label}: phone (optional)", contact.phone))


def _box(view: AgreementView, label: str, value: bool) -> bool:
    return st.checkbox(label, value=value, key=_key(view, label), wrap=True, **WAITS)


def _clocks(view: AgreementView, terms: Terms) -> Terms:
    """Days and hours, insurance, costs: usual ones are filled in, so out of sight."""
    with st.expander("Time limits, insurance and costs"):
        numbers: dict[str, Any] = {
            name: int(
                st.number_input(
                    label,
                    least,
                    most,
                    value=min(max(getattr(terms, name), least), most),
                    key=_key(view, name),
                    **WAITS,
                )
            )
            for name, (label, least, most) in LIMITS.items()
        }
        insurance = _text(view, "Insurance", terms.insurance)
        costs = _text(view, "Costs", terms.costs)
    return replace(terms, insurance=insurance, costs=costs, **numbers)


def buttons(view: AgreementView) -> Literal["save", "issue"] | None:
    """Save the draft with its gaps, or issue it without any."""
    with st.container(horizontal=True):
        save = st.button("Save draft", key=_key(view, "save"))
        issue = st.button("Issue for signature", type="primary", key=_key(view, "issue"))
    return "save" if save else "issue" if issue else None
