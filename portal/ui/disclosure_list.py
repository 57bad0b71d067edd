"""The list of who has seen a record, made for the family with one click on the student's page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.languages.catalog import ENGLISH, available
from portal.policy.accounting import Law
from portal.policy.exports import FIELD_PURPOSE, OF_DISCLOSURES
from portal.stewardship.accounting.rows import Holder
from portal.stewardship.accounting.service import make_list
from portal.stewardship.accounting.words import LAW_LABELS
from portal.ui import parts
from portal.ui.labels import unlike
from portal.vocabulary import EXPORT_PURPOSE_LABELS, ExportPurpose

SCHOOL = "the school"
FOR_THE_SCHOOL = "school"
MADE = "disclosure-list"
"""In the session: the list made last, with the student it is about."""


def offer(me: Actor, student_id: uuid.UUID, holders: Sequence[Holder], now: datetime) -> None:
    """For whom, in which language and for which law; the button makes it and shows the link."""
    if not holders:
        parts.muted(
            "Nobody of the family may get this list now. "
            "The page Families says who holds the rights."
        )
    holder = _choose_holder(student_id, holders)
    language = _choose_language(holder)
    law: Law = st.selectbox("Which law", list(LAW_LABELS), format_func=lambda law: LAW_LABELS[law])
    why = None if holder else _choose_purpose(student_id)
    name, key = (holder.name, holder.id) if holder else (SCHOOL, None)
    if st.button("Make the list for the family" if holder else "Make the list for the school"):
        with unit_of_work() as session:
            kept = make_list(session, me, student_id, law, language, now, key, why)
        st.session_state[MADE] = (student_id, kept.id, name)
    about, document_id, made_for = st.session_state.get(MADE, (None, None, ""))
    if about == student_id:
        parts.document(f"Open the list for {made_for} (PDF)", document_id)


def _choose_holder(student_id: uuid.UUID, holders: Sequence[Holder]) -> Holder | None:
    """Somebody of the family, the first of them unless another is chosen; None: the school."""
    labels = unlike((str(holder.id), holder.name) for holder in holders)
    labels[FOR_THE_SCHOOL] = f"{SCHOOL}, with nothing left out"
    chosen = st.selectbox(
        "For whom", list(labels), format_func=lambda key: labels[key], key=f"list-{student_id}"
    )
    return next((holder for holder in holders if str(holder.id) == chosen), None)


def _choose_purpose(student_id: uuid.UUID) -> ExportPurpose | None:
    chosen: ExportPurpose | None = st.selectbox(
        FIELD_PURPOSE,
        OF_DISCLOSURES,
        index=None,
        format_func=EXPORT_PURPOSE_LABELS.__getitem__,
        key=f"list-why-{student_id}",
    )
    return chosen


def _choose_language(holder: Holder | None) -> str:
    languages = available()
    own = holder.language if holder and holder.language in languages else ENGLISH
    chosen: str = st.selectbox(
        "Language of the list",
        list(languages),
        index=list(languages).index(own),
        format_func=lambda code: languages[code],
        key=f"list-language-{holder.id if holder else FOR_THE_SCHOOL}",
    )
    return chosen
