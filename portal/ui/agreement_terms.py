"""Dates and time limits: from when until when, how fast, who pays, what is measured, its look."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import streamlit as st

from portal.agreements.content import Content
from portal.agreements.looking import Room
from portal.agreements.rules import LIMITS, PARTNER_LIMITS, field_of
from portal.ui import parts
from portal.ui.agreement_fields import Form
from portal.ui.agreement_partner import choose, name_of

SHIPPED = "The portal's standard document"


def draw(form: Form, room: Room, content: Content) -> Content:
    """What the fields of this step say."""
    content = _dates(form, content)
    content = _partner(form, room, content)
    with form.at("Costs"):
        costs = form.text("Costs", content.costs)
    with form.at("Measures"):
        metrics = form.lines("Measures that both sides look at, one a line", content.metrics)
    content = _clocks(form, replace(content, costs=costs, metrics=metrics))
    _template(form, room)
    public = form.tick("Anybody may download the document from the public register", content.public)
    parts.muted(
        "The register lists every signed agreement: with whom, what for and until when. "
        "Names of students are in none."
    )
    return replace(content, public=public)


def _dates(form: Form, content: Content) -> Content:
    first, last = st.columns(2)
    with first:
        with form.at("First day"):
            starts_on = form.day("First day", content.starts_on)
        with form.at("Review by"):
            review_on = form.day("Review by", content.review_on)
    with last:
        with form.at("Last day"):
            ends_on = form.day("Last day", content.ends_on)
        with form.at("Board vote"):
            board_vote_on = form.day("Vote of the board (optional)", content.board_vote_on)
    return replace(
        content,
        starts_on=starts_on,
        ends_on=ends_on,
        review_on=review_on,
        board_vote_on=board_vote_on,
    )


def _partner(form: Form, room: Room, content: Content) -> Content:
    place = choose(form, room, content)
    parts.subheading(name_of(room, content, place))
    terms = content.partners[place]
    said: dict[str, Any] = {}
    for column, (name, limits) in zip(st.columns(2), PARTNER_LIMITS.items(), strict=True):
        label, least, most = limits
        with column, form.at(field_of(content, place + 1, label)):
            said[name] = form.number(label, getattr(terms, name), least, most)
    field = field_of(content, place + 1, "Insurance")
    with form.at(field):
        insurance = form.text("Insurance, at least", terms.insurance, f"insurance-{place}")
    return content.with_partner(place, replace(terms, insurance=insurance, **said))


def _clocks(form: Form, content: Content) -> Content:
    """Usual ones are filled in, so they are out of sight."""
    with st.expander("Time limits", key=form.key("clocks")):
        said: dict[str, Any] = {}
        columns = st.columns(2)
        for n, (name, (label, least, most)) in enumerate(LIMITS.items()):
            with columns[n % 2], form.at(label):
                value = getattr(content.clocks, name)
                said[name] = form.number(f"{label} (at most {most})", value, least, most)
    return replace(content, clocks=replace(content.clocks, **said))


def _template(form: Form, room: Room) -> None:
    """The district's own document, or the portal's."""
    if not room.templates:
        return
    labels: dict[uuid.UUID | None, str] = {None: SHIPPED, **dict(room.templates)}
    with form.at("Template"):
        form.template_id = form.choose("Word template", labels, form.template_id)
