"""Services: what each partner gives, in which tier, where and when."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from portal.agreements.content import Content, Service
from portal.agreements.looking import Room
from portal.agreements.rules import field_of
from portal.ui import parts
from portal.ui.agreement_fields import Form
from portal.ui.agreement_partner import choose
from portal.vocabulary import SERVICE_TIER_LABELS, AgreementKind


def draw(form: Form, room: Room, content: Content) -> Content:
    """What the fields of this step say."""
    if content.kind is not AgreementKind.MOU:
        parts.muted("Only a memorandum must name services; here they may be left out.")
    place = choose(form, room, content)
    terms = content.partners[place]
    schools = {name: name for name in dict.fromkeys([*content.schools, *room.schools])}

    def row(label: str, service: Service) -> Service:
        return _service(form, schools, label, service)

    with form.at(field_of(content, place + 1, "Services")):
        value = terms.services or (Service(),)
        services = form.rows(
            f"Service, {place + 1}" if place else "Service", value, row, Service(), "Add a service"
        )
    if services == (Service(),):
        services = ()
    return content.with_partner(place, replace(terms, services=services))


def _service(form: Form, schools: dict[str, str], label: str, service: Service) -> Service:
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        name = form.text(f"{label}: what", service.name, placeholder="Individual counseling")
    with right:
        tier = form.choose(f"{label}: tier", SERVICE_TIER_LABELS, service.tier)
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        known = {**schools, **{site: site for site in service.sites}}
        sites = form.several(
            f"{label}: where (optional)",
            known,
            service.sites,
            accept_new_options=True,
            placeholder="A school, or type a place",
        )
    with right:
        days = form.text(f"{label}: when", service.days, placeholder="Tuesdays and Thursdays")
    telehealth = form.tick("Also by telehealth", service.telehealth, f"{label}-telehealth")
    return Service(name, tier, sites, days, telehealth)
