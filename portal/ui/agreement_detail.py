"""An agreement that is no draft any more: how it stands, what it allows, what can be done with it.

    agreement_detail.draw(view, me, days)     # on the page where one agreement is open

Whoever may see it reads it; only its district's own people find something to do here.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements import queries
from portal.agreements.content import Line
from portal.agreements.queries import AgreementView, Said
from portal.agreements.renewing import queries as renewing
from portal.policy.tasks import Task
from portal.ui import (
    agreement_ends,
    agreement_follow,
    agreement_pdf,
    agreement_places,
    parts,
    when,
)
from portal.ui.agreement_views import OPEN, allows, span, tag
from portal.ui.days import Days
from portal.vocabulary import AGREEMENT_EVENT_LABELS, AGREEMENT_KIND_LABELS, Following


@dataclass(frozen=True)
class Around:
    """What stands beside an agreement. related: in words, and the agreement, which I may see.

    followed: by how many, those thrown away included; begun: what is on its way already.
    """

    related: tuple[tuple[str, AgreementView], ...]
    before: Mapping[uuid.UUID, tuple[Line, ...]]
    followed: int
    begun: frozenset[Following]
    said: Sequence[Said]


def draw(view: AgreementView, me: Actor, days: Days) -> None:
    """The whole of it, under the page's title."""
    around = _around(view, me, days)
    mine = view.we_wrote_it and bool(me.may(Task.MAKE_AGREEMENT))
    problems = st.container()
    facts(view, days)
    agreement_ends.after(view, me, days, problems)
    _related(around)
    _papers(view, me)
    agreement_places.table(view, days)
    if mine:
        agreement_places.acts(view, me, days, problems)
    for partner in view.partners:
        terms = view.content.partner(partner.id)
        before = around.before.get(partner.id)
        allows(view.content, view.district, partner.name, terms.lines if terms else (), before)
    if mine:
        agreement_follow.acts(view, around.begun, around.followed, me, days, problems)
        agreement_ends.acts(view, me, days, problems)
    _history(around.said, days)


def facts(view: AgreementView, days: Days) -> None:
    """Where it stands, since when until when, between whom, and who has it now."""
    told: list[tuple[str, Sequence[parts.Cell]]] = [
        ("Status", [tag(view)]),
        ("In force", [span(view, days)]),
        ("Kind", [AGREEMENT_KIND_LABELS[view.kind]]),
        ("Between", [f"{view.district} and {view.partner}"]),
    ]
    if view.desk:
        told.append(("Now with", [view.desk]))
    parts.strip(told)
    if view.ended_because:
        parts.notice(f"Ended: {view.ended_because}", "bad")


def _around(view: AgreementView, me: Actor, days: Days) -> Around:
    with unit_of_work(reading()) as session:
        asked: list[tuple[str, uuid.UUID]] = []
        if view.parent_id:
            asked.append(("Stands under", view.parent_id))
        if view.follows_id:
            amends = view.follows_how is Following.AMENDS
            asked.append(("Amends" if amends else "Renews", view.follows_id))
        followers = renewing.followers(session, view.id)
        live = [later for later in followers if later.discarded_at is None]
        for later in live:
            amends = later.follows_how is Following.AMENDS
            asked.append(("Amended by" if amends else "Renewed by", later.id))
        seen = [(word, queries.view(session, me, key, days.now)) for word, key in asked]
        related = tuple((word, found) for word, found in seen if found is not None)
        said = queries.history(session, view.id)
        before = queries.lines_before(session, view.id)
    begun = frozenset(later.follows_how for later in live if later.follows_how)
    return Around(related, before, len(followers), begun, said)


def _related(around: Around) -> None:
    for word, other in around.related:
        key = f"agreement-beside-{other.number}-{word}"
        with st.container(horizontal=True, vertical_alignment="center", key=key):
            parts.row(f"{word} {other.number}", other.partner, tag(other))
            st.button(
                f"Open {other.number}",
                key=f"{key}-open",
                on_click=st.session_state.update,
                args=({OPEN: other.id},),
            )


def _papers(view: AgreementView, me: Actor) -> None:
    parts.heading("Papers")
    if view.document_id:
        parts.document(f"Agreement {view.number} (Word)", view.document_id)
    agreement_pdf.draw(view, me)
    if view.certificate_id:
        parts.document(f"Who signed {view.number}, and when (certificate)", view.certificate_id)
    for place in view.places:
        if place.scan_id:
            parts.document(f"As {place.name} signed it by hand (scan)", place.scan_id)
    for partner in view.partners:
        if partner.settled and partner.settled.document_id:
            told = f"What {partner.name} returned or destroyed (certificate)"
            parts.document(told, partner.settled.document_id)


def _history(said: Sequence[Said], days: Days) -> None:
    parts.heading("What happened")
    rows = []
    for one in said:
        who = ", ".join(part for part in (one.who, one.organization) if part)
        below = " · ".join(part for part in (one.clause, one.text, who) if part)
        version = f" (version {one.version})" if one.version else ""
        told = f"{AGREEMENT_EVENT_LABELS[one.kind]}{version}"
        rows.append((told, below, when.moment(one.at, days.now, days.tz)))
    parts.rows(rows, "Nothing yet.")
