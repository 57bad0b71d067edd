"""Two papers made on a student's page: a print for a reason, and the summary for the family."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import streamlit as st
from babel import Locale
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.languages.catalog import ENGLISH, available
from portal.policy.exports import OF_A_PRINT
from portal.policy.tasks import Task
from portal.stewardship.accounting.rows import Holder
from portal.supports import printing, summary
from portal.supports.queries import Supports
from portal.supports.summary import SummaryDraft
from portal.ui import parts
from portal.ui.labels import unlike
from portal.ui.student_acts import WAITS, Act, Deed, Doing, Page, buttons, doing, opener
from portal.vocabulary import EXPORT_PURPOSE_LABELS, ExportPurpose

MADE = "student-paper"
"""In the session: the paper made last, of which student, and what its link says."""


def openers(me: Actor, student_id: uuid.UUID) -> None:
    """The two buttons, for whoever may print."""
    if me.may(Task.PRINT_RECORD):
        opener("Print", Act.PRINT, student_id)
        opener("Family summary", Act.SUMMARY, student_id)


def panel(page: Page, family: Sequence[Holder]) -> Deed | None:
    """The form that is open, and the link to what was made last."""
    deed = None
    if form := doing(page.student_id, Act.PRINT):
        deed = _print_form(page, form)
    elif form := doing(page.student_id, Act.SUMMARY):
        deed = _summary_form(page, form, family)
    about, document_id, text = st.session_state.get(MADE, (None, None, ""))
    if about == page.student_id and deed is None:
        parts.document(text, document_id)
    return deed


def _print_form(page: Page, form: Doing) -> Deed | None:
    parts.heading("Print this page", "The paper is yours alone to open; that you made it is noted.")
    why: ExportPurpose | None = st.selectbox(
        "What for",
        OF_A_PRINT,
        index=None,
        format_func=EXPORT_PURPOSE_LABELS.__getitem__,
        key=form.of("why"),
        **WAITS,
    )
    whole = st.checkbox("With the older history that is folded", key=form.of("whole"), **WAITS)
    if not buttons(form, "Make the print"):
        return None

    def deed(session: Session, me: Actor, at: datetime) -> str:
        kept = printing.print_record(session, me, page.student_id, why, at, whole=bool(whole))
        st.session_state[MADE] = (page.student_id, kept.id, "Open the print (PDF)")
        return "The print is ready."

    return deed


def _summary_form(page: Page, form: Doing, family: Sequence[Holder]) -> Deed | None:
    parts.heading(
        "Summary for the family",
        "Plain words, no notes. Print it and hand it over; it is not mailed.",
    )
    if not family:
        parts.muted(
            "Nobody of the family may see the record today. "
            "The page Families says who holds the rights."
        )
        return None
    names = unlike((str(holder.id), holder.name) for holder in family)
    chosen = st.selectbox(
        "For whom", list(names), format_func=names.__getitem__, key=form.of("for")
    )
    holder = next((one for one in family if str(one.id) == chosen), family[0])
    languages = available()
    own = _language(holder.language, page.language)
    language = st.selectbox(
        "Language of the summary",
        list(languages),
        index=list(languages).index(own),
        format_func=languages.__getitem__,
        key=form.of(f"language{holder.id}"),
        **WAITS,
    )
    lines = _lines(page.supports)
    left_out = st.multiselect(
        "Leave out (optional)",
        list(lines),
        format_func=lines.__getitem__,
        key=form.of("out"),
        **WAITS,
    )
    steps = st.text_area(
        "Next steps in your own words (optional)",
        key=form.of("steps"),
        help="In the family's language, one on each line.",
        max_chars=summary.LONGEST_STEP,
        **WAITS,
    )
    if not buttons(form, "Make the summary"):
        return None
    draft = SummaryDraft((holder.kind, holder.id), language, frozenset(left_out), steps or "")

    def deed(session: Session, me: Actor, at: datetime) -> str:
        kept = summary.make(session, me, page.student_id, draft, at)
        told = f"Open the summary for {holder.name} (PDF)"
        st.session_state[MADE] = (page.student_id, kept.id, told)
        return "The summary is ready to be handed over."

    return deed


def _language(*told: str) -> str:
    """The first of these that we have, as a code or by its English name; else English."""
    for one in told:
        for code in available():
            if one.casefold() in (code, (Locale.parse(code).english_name or "").casefold()):
                return code
    return ENGLISH


def _lines(supports: Supports) -> dict[uuid.UUID, str]:
    """What could stand on the paper, so that it can be left out."""
    told = [(line.kept.record_id, line.text) for line in supports.strengths]
    told += [
        (line.kept.record_id, f"{line.service}, {line.provider}") for line in supports.services
    ]
    told += [(line.kept.record_id, line.need) for line in supports.needs]
    told += [(one.referral_id, f"{one.need_label}, {one.provider}") for one in supports.waiting]
    return unlike(told)
