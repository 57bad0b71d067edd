"""People and signers: who signs for each side and in which order, whom to write to and call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from portal.agreements.content import Content, Signer
from portal.agreements.looking import Room
from portal.agreements.rules import field_of
from portal.ui import parts
from portal.ui.agreement_fields import Form
from portal.ui.agreement_partner import choose, name_of

FURTHER = {
    "security_contact": "Contact for security",
    "crisis_contact": "Contact in a crisis",
    "deletion_contact": "Contact for deletion",
}


def draw(form: Form, room: Room, content: Content) -> Content:
    """What the fields of this step say."""
    parts.subheading("The district", _who_may(room.signers))
    content = replace(
        content,
        district_signers=form.signers(
            "Signers for the district", "the district", content.district_signers
        ),
        district_liaison=form.contact("Liaison of the district", content.district_liaison),
        records_contact=form.contact("Contact for records", content.records_contact),
    )
    content = _partner(form, room, content)
    with form.at("Order"):
        order = _order(form, room, content)
    with st.expander("Further contacts (optional)"):
        contacts: dict[str, Any] = {
            name: form.contact(label, getattr(content, name)) for name, label in FURTHER.items()
        }
    return replace(content, order=order, **contacts)


def _partner(form: Form, room: Room, content: Content) -> Content:
    place = choose(form, room, content)
    name = name_of(room, content, place)
    terms = content.partners[place]
    agency = room.agencies.get(terms.agency_id) if terms.agency_id else None
    parts.subheading(name, _who_may(agency.signers if agency else ()))
    signers = form.signers(field_of(content, place + 1, "Signers"), name, terms.signers)
    liaison = form.contact(field_of(content, place + 1, "Liaison"), terms.liaison)
    return content.with_partner(place, replace(terms, signers=signers, liaison=liaison))


def _who_may(signers: Sequence[Signer]) -> str:
    """Who can sign by typing their name; only they are found by their name when they sign in."""
    if not signers:
        return "Nobody of this side signs in here; they sign on paper, and you bring the scan."
    names = ", ".join(signer.name for signer in signers)
    return f"In the portal can sign: {names}. Others sign on paper, and you bring the scan."


def _order(form: Form, room: Room, content: Content) -> tuple[int, ...]:
    """Whose turn it is first; the usual order is kept as none."""
    sides = {
        0: "The district",
        **{n + 1: name_of(room, content, n) for n in range(len(content.partners))},
    }
    usual = (*range(1, len(sides)), 0)
    now = content.order if sorted(content.order) == sorted(usual) else usual
    if len(content.partners) == 1:
        words = {usual: f"{sides[1]}, then the district", (0, 1): f"The district, then {sides[1]}"}
        chosen = form.choose("Who signs first?", words, now, "order")
    else:
        chosen = form.several("Who signs first? Choose in turn", sides, now, "order")
    return () if chosen == usual else chosen
