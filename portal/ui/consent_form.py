"""The form of a consent: filled in by staff, read and signed by the family.

Every field's key carries the form's own key. A saved form gets a new one, so that the
next family never meets the last one's ticks, and a second click finds no button.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import streamlit as st

from portal.consents.drafts import ConsentDraft, PaperConsent, TypedConsent
from portal.consents.queries import PossibleSigner
from portal.consents.rules import end_of_school_year, start_of_school_year
from portal.consents.words import DETAIL, LANGUAGES, PLAIN, SIGNING, statements
from portal.ui import parts
from portal.ui.labels import unlike
from portal.vocabulary import PURPOSE_LABELS, SPECIAL, Category, Detail, Purpose, SignatureMethod

FORM = "consent-form"
OPEN = "consent-open"
METHODS = {SignatureMethod.TYPED: "Sign here on screen", SignatureMethod.PAPER: "Signed on paper"}
SCANS = ["pdf", "png", "jpg", "jpeg"]
WAITS: dict[str, Any] = {"on_change": "ignore"}


def form_key() -> str:
    """The random key of the form on the screen; its saving counts once."""
    key: str = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    return key


def begin_anew(student_id: uuid.UUID | None = None) -> None:
    """An empty form; for this student, opened, when one is named."""
    old = f"consent-{form_key()}-"
    for key in [key for key in st.session_state if str(key).startswith(old)]:
        del st.session_state[key]
    st.session_state[FORM] = uuid.uuid4().hex
    st.session_state[OPEN] = student_id


def is_open(student_id: uuid.UUID) -> bool:
    """Is the form open, and for this student?"""
    return bool(st.session_state.get(OPEN) == student_id)


def fields(
    student_id: uuid.UUID,
    first_name: str,
    agencies: Sequence[tuple[uuid.UUID, str]],
    signers: Sequence[PossibleSigner],
    today: date,
) -> ConsentDraft:
    """Draw the fields, and tell what they say."""
    draft = ConsentDraft(student_id=student_id)
    names = dict(agencies)
    labels = unlike(agencies)
    draft = replace(
        draft,
        agency_id=st.selectbox(
            "Agency that may receive the records",
            list(labels),
            index=None,
            format_func=labels.__getitem__,
            placeholder="Type the agency's name",
            key=_key("agency"),
        ),
    )
    agency = names.get(draft.agency_id, "the agency") if draft.agency_id else "the agency"
    parts.heading(f"May we share {first_name}'s records with {agency}?")
    draft = _dates(_how_much(_ticks(draft)), today)
    return _signature(draft, first_name, agency, signers)


def _key(name: str) -> str:
    return f"consent-{form_key()}-{name}"


def _ticks(draft: ConsentDraft) -> ConsentDraft:
    """A box for each kind of record, in a family's words."""
    usual = [category for category in PLAIN if category not in SPECIAL]
    half = (len(usual) + 1) // 2
    with st.container(key="consent-ticks"):
        left, right = st.columns(2)
        with left:
            ticked = [category for category in usual[:half] if _box(category)]
        with right:
            ticked += [category for category in usual[half:] if _box(category)]
    return _special(replace(draft, categories=frozenset(ticked)))


def _box(category: Category) -> bool:
    return st.checkbox(PLAIN[category], key=_key(category), wrap=True, **WAITS)


def _special(draft: ConsentDraft) -> ConsentDraft:
    """Sensitive kinds of record: the signer's initials are the tick."""
    parts.muted("These need the signer's initials beside them. Without initials they stay closed.")
    initials = {}
    for category in (category for category in PLAIN if category in SPECIAL):
        written = st.text_input(
            f"{PLAIN[category]}: initials", key=_key(category), max_chars=6, width=320, **WAITS
        )
        if written:
            initials[category] = written
    return replace(draft, categories=draft.categories | initials.keys(), initials=initials)


def _how_much(draft: ConsentDraft) -> ConsentDraft:
    purposes = st.pills(
        "Why it may be shared",
        list(PURPOSE_LABELS),
        selection_mode="multi",
        default=[Purpose.COORDINATE],
        format_func=PURPOSE_LABELS.__getitem__,
        key=_key("purposes"),
        wrap=True,
        **WAITS,
    )
    detail = st.radio(
        "How much", list(Detail), format_func=DETAIL.__getitem__, key=_key("detail"), **WAITS
    )
    return replace(draft, purposes=frozenset(purposes or ()), detail=detail)


def _dates(draft: ConsentDraft, today: date) -> ConsentDraft:
    with st.container(key="consent-dates"):
        left, right = st.columns(2)
        with left:
            starts_on = _day("From", "from", today)
            records_from = _day("Records from", "records-from", start_of_school_year(today))
        with right:
            ends_on = _day("Through", "through", end_of_school_year(today), ignore=False)
            records_until = _day("Records until (empty: as long as we share)", "records-until")
    return replace(
        draft,
        starts_on=starts_on,
        ends_on=ends_on,
        records_from=records_from,
        records_until=records_until,
    )


def _day(label: str, name: str, value: date | None = None, *, ignore: bool = True) -> date | None:
    told: date | None = st.date_input(
        label,
        value=value,
        format="MM/DD/YYYY",
        key=_key(name),
        on_change="ignore" if ignore else "rerun",
    )
    return told


def _signature(
    draft: ConsentDraft, first_name: str, agency: str, signers: Sequence[PossibleSigner]
) -> ConsentDraft:
    labels = unlike((signer, f"{signer.name}, {signer.capacity.lower()}") for signer in signers)
    signer = st.selectbox(
        "Who signs",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="Choose a parent, a guardian or the student",
        key=_key("signer"),
    )
    if signer is not None:
        draft = replace(draft, signer_kind=signer.kind, signer_id=signer.id)
    method = st.segmented_control(
        "How it is signed",
        list(METHODS),
        default=SignatureMethod.TYPED,
        required=True,
        format_func=METHODS.__getitem__,
        key=_key("method"),
        wrap=True,
    )
    if method is SignatureMethod.PAPER:
        return _on_paper(draft)
    ends_on = (
        f"{draft.ends_on:%B} {draft.ends_on.day}, {draft.ends_on.year}" if draft.ends_on else "…"
    )
    return _on_screen(draft, statements(first_name, agency, ends_on), signer)


def _on_screen(
    draft: ConsentDraft, told: Sequence[str], signer: PossibleSigner | None
) -> ConsentDraft:
    """What the signer reads, types and ticks."""
    with st.container(border=True, key="consent-signature"):
        parts.heading("Please read")
        parts.listed(told)
        hint = f"Type: {signer.name}" if signer else ""
        name = st.text_input(
            "Type your full name", key=_key("name"), placeholder=hint, max_chars=200, **WAITS
        )
        attests = st.checkbox(SIGNING, key=_key("attests"), wrap=True, **WAITS)
    checked = _staff_box("I know this person or saw an ID, and they signed here themselves.")
    return replace(draft, signature=TypedConsent(name or "", attests), checked=checked)


def _on_paper(draft: ConsentDraft) -> ConsentDraft:
    with st.container(border=True, key="consent-paper"):
        signed_on = _day("Date on the paper", "signed-on")
        language = st.selectbox(
            "Language of the paper",
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key=_key("language"),
            **WAITS,
        )
        scan = st.file_uploader("Scan of the signed paper", type=SCANS, key=_key("scan"))
    checked = _staff_box("I compared the paper with what is ticked here: they say the same.")
    signature = PaperConsent(signed_on, scan.getvalue() if scan else b"")
    return replace(draft, language=language, signature=signature, checked=checked)


def _staff_box(sentence: str) -> bool:
    return st.checkbox(f"For staff: {sentence}", key=_key("checked"), wrap=True, **WAITS)


def buttons() -> Literal["save", "ask"] | None:
    """Save, or ask first what it would open."""
    with st.container(horizontal=True):
        save = st.button("Save consent", type="primary", key=_key("save"))
        ask = st.button("What would this open?", key=_key("ask"))
        st.button("Close the form", key=_key("close"), on_click=begin_anew)
    return "save" if save else "ask" if ask else None
