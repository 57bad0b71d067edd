"""An agreement as it stands: a row of the list, its facts, its schedule, its signatures."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import streamlit as st

from portal.agreements.drafts import PaperSignature, TypedSignature
from portal.agreements.queries import AgreementView, Partner
from portal.agreements.rules import Act, Side, effects
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.parts import Cell, Tag
from portal.vocabulary import AGREEMENT_STATUS_LABELS, CATEGORY_LABELS, AgreementStatus

OPEN = "agreement-open"
"""The agreement that is open on the page."""

KINDS = {
    AgreementStatus.DRAFT: "plain",
    AgreementStatus.OUT_FOR_SIGNATURE: "warn",
    AgreementStatus.SIGNED: "info",
    AgreementStatus.IN_FORCE: "ok",
    AgreementStatus.ENDED: "plain",
    AgreementStatus.TERMINATED: "bad",
}
SCANS = ["pdf", "png", "jpg", "jpeg"]


def tag(view: AgreementView) -> Tag:
    """Where it stands, as a word with a color."""
    return Tag(AGREEMENT_STATUS_LABELS[view.status], KINDS[view.status])


def row(view: AgreementView, days: Days) -> None:
    """One line of the list."""
    other = view.partner if view.we_wrote_it else view.district
    parts.row(other, f"{view.number} · {_span(view, days)}", tag(view))


def _span(view: AgreementView, days: Days) -> str:
    first = when.day(view.draft.starts_on, days.today) if view.draft.starts_on else "…"
    last = when.day(view.draft.ends_on, days.today) if view.draft.ends_on else "no end date"
    return f"{first} to {last}"


def opener(view: AgreementView) -> None:
    """The button that opens this agreement."""
    st.button(
        "Open",
        key=f"agreement-open-{view.number}",
        on_click=st.session_state.update,
        args=({OPEN: view.id},),
    )


def close() -> None:
    """Back to the list."""
    st.session_state.pop(OPEN, None)


def opened(views: Sequence[AgreementView]) -> AgreementView | None:
    """The open agreement; only one on the list can be open, whatever the browser sends."""
    return next((view for view in views if view.id == st.session_state.get(OPEN)), None)


def choose_partner(partners: Sequence[Partner]) -> uuid.UUID | None:
    """The agency of a new agreement, once the button is clicked."""
    labels = unlike((partner.id, partner.name) for partner in partners)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen: uuid.UUID | None = st.selectbox(
            "New agreement with",
            list(labels),
            index=None,
            format_func=labels.__getitem__,
            placeholder="Type the agency's name",
            key="agreement-partner",
        )
        clicked = st.button("Begin", type="primary", key="agreement-begin", disabled=chosen is None)
    return chosen if clicked else None


def facts(view: AgreementView, days: Days) -> None:
    """Where it stands, who signed, and the papers."""
    parts.strip(
        [
            ("Status", [tag(view)]),
            ("In force", [_span(view, days)]),
            (view.district, [_signed(view.a_signed_at is not None, view.a_signer)]),
            (view.partner, [_signed(view.b_signed_at is not None, view.b_signer)]),
        ]
    )
    if view.ended_because:
        parts.notice(f"Ended: {view.ended_because}", "bad")
    if view.document_id:
        parts.document(f"Agreement {view.number} (Word)", view.document_id)
    for side, scan in ((view.district, view.a_scan), (view.partner, view.b_scan)):
        if scan:
            parts.document(f"As {side} signed it by hand (scan)", scan)


def _signed(signed: bool, signer: str) -> Cell:
    return f"Signed by {signer}" if signed else Tag("Not signed yet", "warn")


def schedule(view: AgreementView) -> None:
    """What it allows and forbids, both ways."""
    listed = frozenset((line.direction, str(line.category)) for line in view.draft.lines)
    parts.table(
        "What this agreement allows and forbids",
        ["Records", f"{view.partner} may see", f"{view.district} may see"],
        [
            [CATEGORY_LABELS[effect.category], _word(effect.to_partner), _word(effect.to_district)]
            for effect in effects(listed)
        ],
        "Nothing is listed.",
    )


def _word(effect: str) -> Cell:
    if effect.startswith("With consent"):
        return Tag(effect, "ok")
    return Tag(effect, "bad") if effect == "Never" else effect


def signed_by_hand(view: AgreementView, today: date) -> tuple[Side, PaperSignature] | None:
    """What was signed on paper, once the button is clicked."""
    missing = _unsigned(view)
    if Act.SIGN not in view.acts or not missing:
        return None
    terms = view.draft.terms
    with st.expander("Record a signature by hand"):
        side = st.selectbox(
            "Who signed",
            list(missing),
            format_func=missing.__getitem__,
            key=f"agreement-{view.number}-side",
        )
        named = terms.district_signer if side is Side.DISTRICT else terms.partner_signer
        key = f"agreement-{view.number}-{side}"
        name = st.text_input("Signer", named.name, key=f"{key}-name", max_chars=200)
        title = st.text_input("Title", named.title, key=f"{key}-title", max_chars=200)
        signed_on = st.date_input("Signed on", value=today, format="MM/DD/YYYY", key=f"{key}-date")
        scan = st.file_uploader("Scan of the signed agreement", type=SCANS, key=f"{key}-scan")
        clicked = st.button("Save signature", type="primary", key=f"{key}-save")
    if not clicked:
        return None
    return side, PaperSignature(
        name or "", title or "", signed_on, scan.getvalue() if scan else b""
    )


def _unsigned(view: AgreementView) -> dict[Side, str]:
    sides = {Side.DISTRICT: view.a_signed_at, Side.PARTNER: view.b_signed_at}
    names = {Side.DISTRICT: view.district, Side.PARTNER: view.partner}
    return {side: names[side] for side, at in sides.items() if at is None}


def ending(view: AgreementView) -> str | None:
    """Why it ends now, once the button is clicked."""
    if Act.END not in view.acts:
        return None
    draft = view.status is AgreementStatus.DRAFT
    with st.expander("Discard this draft" if draft else "End this agreement"):
        if not draft:
            parts.muted("From that moment nothing more opens under it. It cannot be undone.")
        reason = st.text_input(
            "Reason", key=f"agreement-{view.number}-reason", max_chars=500, on_change="ignore"
        )
        label = "Discard draft" if draft else "End agreement now"
        clicked = st.button(label, key=f"agreement-{view.number}-end")
    return (reason or "") if clicked else None


def typed_signature(view: AgreementView) -> TypedSignature | None:
    """The signer's typed name, once the button is clicked."""
    signer = view.our_signer
    parts.muted(f"The paper names {signer.name}, {signer.title}, as the signer for your side.")
    name = st.text_input(
        "Type your full name",
        key=f"agreement-{view.number}-typed",
        max_chars=200,
        on_change="ignore",
    )
    attests = st.checkbox(
        "I have read this agreement, I may sign it, and my typed name is my signature",
        key=f"agreement-{view.number}-attests",
        wrap=True,
        on_change="ignore",
    )
    clicked = st.button("Sign agreement", type="primary", key=f"agreement-{view.number}-sign")
    return TypedSignature(name or "", attests) if clicked else None
