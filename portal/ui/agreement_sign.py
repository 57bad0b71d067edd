"""Sign an agreement by typing one's name, or say that one's side does not sign, and why."""

from __future__ import annotations

import streamlit as st

from portal.agreements.content import TypedSignature
from portal.agreements.queries import AgreementView, PlaceView
from portal.ui import agreement_parts, parts
from portal.ui.days import Days


def our_turn(view: AgreementView) -> PlaceView | None:
    """The place at which our side signs now; None when it is not our turn."""
    turn = view.turn
    return turn if turn is not None and turn.organization_id == view.ours else None


def to_read(view: AgreementView, days: Days) -> None:
    """What somebody reads before signing: the document, what it opens, who signs."""
    agreement_parts.facts(view, days)
    agreement_parts.documents(view)
    with st.expander("What it allows and forbids", expanded=our_turn(view) is not None):
        agreement_parts.effects_table(view)
    agreement_parts.places(view, days)


def typed(view: AgreementView, place: PlaceView) -> TypedSignature | None:
    """The signer's typed name, once the button is clicked."""
    named = ", ".join(part for part in (place.name, place.title) if part)
    capacity = f", {place.capacity}," if place.capacity else ""
    parts.muted(f"The paper names {named}{capacity} as the signer whose turn it is.")
    name = st.text_input(
        "Type your full name",
        key=f"agreement-{view.number}-typed",
        max_chars=200,
        on_change="ignore",
    )
    attests = st.checkbox(
        f"I have read agreement {view.number}, I may sign it for "
        f"{parts.plain(place.organization)}, and my typed name is my signature",
        key=f"agreement-{view.number}-attests",
        wrap=True,
        on_change="ignore",
    )
    clicked = st.button("Sign agreement", type="primary", key=f"agreement-{view.number}-sign")
    return TypedSignature(name or "", attests) if clicked else None


def refusing(view: AgreementView) -> str | None:
    """Why our side does not sign, once the button is clicked."""
    with st.expander("We do not sign it"):
        parts.muted("Then nobody can sign it any more. The district reads your reason.")
        reason = st.text_area(
            "Reason", key=f"agreement-{view.number}-refusal", max_chars=1000, on_change="ignore"
        )
        clicked = st.button("Refuse to sign", key=f"agreement-{view.number}-refuse")
    return (reason or "") if clicked else None
