"""Bring in a consent from a partner's record system: a file, who signs, and a draft request."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.consents.fhir.bringing import Choice, bring_in
from portal.consents.folder.queries import SignerLine
from portal.consents.rules import start_of_school_year
from portal.ui import parts
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.page import telling_problems

FORM = "fhir-form"
"""The random key of the form on the screen: its saving counts once."""


def panel(me: Actor, student_id: uuid.UUID, signers: Sequence[SignerLine], days: Days) -> None:
    """The fields, folded; on success the draft stands among what the family was asked."""
    with st.expander("Bring in a consent from a partner's record system (FHIR)"):
        parts.muted(
            "The file becomes a draft request to the family, and by itself opens nothing. Check "
            "that it is about this student: the portal matches no names."
        )
        problems = st.container()
        key = f"{st.session_state.setdefault(FORM, uuid.uuid4().hex)}-{student_id}"
        file = st.file_uploader("The file (JSON)", type=["json"], key=f"fhir-file-{key}")
        choice = _choice(student_id, signers, days, key)
        if not st.button("Bring it in", key=f"fhir-do-{key}"):
            return
        with problems, telling_problems():
            if file is None or choice is None:
                parts.notice("Choose the file, and who signs.", "bad")
                return
            with unit_of_work() as session:
                request = bring_in(session, me, file.getvalue(), choice, days.now, key)
            st.session_state.pop(FORM)
            parts.flash(f"Draft {request.number} is saved. Send it below under Follow up.")
            st.rerun()


def _choice(
    student_id: uuid.UUID, signers: Sequence[SignerLine], days: Days, key: str
) -> Choice | None:
    labels = unlike((s, f"{s.signer.name}, {s.signer.capacity.lower()}") for s in signers)
    left, right = st.columns(2)
    with left:
        signer: SignerLine | None = st.selectbox(
            "Who is to sign it",
            list(labels),
            index=None,
            format_func=labels.__getitem__,
            placeholder="Choose a parent, a guardian or the student",
            key=f"fhir-signer-{key}",
        )
    with right:
        records_from = st.date_input(
            "Records from, where the file does not say",
            value=start_of_school_year(days.today),
            format="MM/DD/YYYY",
            key=f"fhir-from-{key}",
        )
    if signer is None:
        return None
    return Choice(student_id, signer.signer.kind, signer.signer.id, records_from)
