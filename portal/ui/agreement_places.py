"""Where an agreement is signed: by whom, in which order, when and how; and what helps it along."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from portal.access.actor import Actor
from portal.agreements import drafting, signing
from portal.agreements.content import PaperSignature
from portal.agreements.queries import AgreementView, PlaceView
from portal.agreements.status import Act
from portal.ui import agreement_mail, parts, when
from portal.ui.agreement_do import do
from portal.ui.days import Days
from portal.ui.page import telling_problems
from portal.ui.parts import Cell, Tag

SCANS = ["pdf", "png", "jpg", "jpeg"]


def table(view: AgreementView, days: Days) -> None:
    """Every place, in order."""
    parts.table(
        "Signatures, in their order",
        ["Signer", "For", "By what right", "Signed", "Reminded"],
        [list(_line(view, place, days)) for place in view.places],
        "Nobody signs this yet: it is not issued.",
    )


def _line(view: AgreementView, place: PlaceView, days: Days) -> Iterator[Cell]:
    yield f"{place.place}. {place.name}, {place.title}"
    yield place.organization
    yield place.capacity or "—"
    yield _signed(view, place, days)
    yield when.day_of(place.reminded_at, days.now, days.tz) if place.reminded_at else "—"


def _signed(view: AgreementView, place: PlaceView, days: Days) -> Cell:
    if place.signed_at:
        how = "by hand" if place.by_hand else "in the portal"
        return f"{when.moment(place.signed_at, days.now, days.tz)}, {how}, as {place.signed_as}"
    if place.refused_at:
        return Tag(f"Refused: {place.refused_reason}", "bad")
    if view.turn is not None and place.turn:
        return Tag("Their turn", "warn")
    return "Not yet"


def acts(view: AgreementView, me: Actor, days: Days, problems: DeltaGenerator) -> None:
    """Remind whoever's turn it is, record what they signed by hand, take it back."""
    if Act.SIGN in view.acts and view.turn is not None:
        if Act.REMIND in view.acts:
            _remind(view, view.turn, me, days, problems)
        _by_hand(view, view.turn, me, days, problems)
    if Act.DISCARD in view.acts:
        _take_back(view, me, days, problems)


def _remind(
    view: AgreementView, place: PlaceView, me: Actor, days: Days, problems: DeltaGenerator
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        clicked = st.button("Send a reminder", key=f"agreement-{view.number}-remind")
        parts.muted(f"By e-mail to {place.name}, whose turn it is.")
    if clicked:
        with problems, telling_problems():
            letter = agreement_mail.remind(me, view.id, days.now)
            parts.flash(f"A reminder went to {letter.to}.")
            st.rerun()


def _by_hand(
    view: AgreementView, place: PlaceView, me: Actor, days: Days, problems: DeltaGenerator
) -> None:
    key = f"agreement-{view.number}-hand-{place.place}"
    with st.expander(f"Record what {parts.plain(place.name)} signed by hand"):
        parts.muted(f"It is the turn of {place.name}, {place.title}, {place.organization}.")
        name = st.text_input("Signer", place.name, key=f"{key}-name", max_chars=200)
        title = st.text_input("Title", place.title, key=f"{key}-title", max_chars=200)
        signed_on = st.date_input(
            "Signed on", value=days.today, format="MM/DD/YYYY", key=f"{key}-date"
        )
        scan = st.file_uploader("Scan of the signed agreement", type=SCANS, key=f"{key}-scan")
        clicked = st.button("Save signature", type="primary", key=f"{key}-save")
    if not clicked:
        return
    content = scan.getvalue() if scan else b""
    signature = PaperSignature(name or "", title or "", signed_on, content)
    do(
        problems,
        lambda session: signing.sign(session, me, view.id, place.place, signature, days.now),
        f"The signature of {name} is saved.",
    )


def _take_back(view: AgreementView, me: Actor, days: Days, problems: DeltaGenerator) -> None:
    key = f"agreement-{view.number}-back"
    with st.expander("Take this agreement back"):
        parts.muted("Nobody can sign it any more, and it never comes into force.")
        reason = st.text_input("Reason", key=f"{key}-reason", max_chars=500, on_change="ignore")
        clicked = st.button("Take back", key=f"{key}-do")
    if clicked:
        do(
            problems,
            lambda session: drafting.discard(session, me, view.id, reason or "", days.now),
            f"Agreement {view.number} is taken back.",
        )
