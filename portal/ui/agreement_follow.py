"""Amend or renew an agreement: either begins a new draft, which then is open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import streamlit as st
from sqlalchemy.orm import Session
from streamlit.delta_generator import DeltaGenerator

from portal.access.actor import Actor
from portal.agreements import drafting, proposals, queries
from portal.agreements.content import Content
from portal.agreements.drafting import Origin
from portal.agreements.ending import GOING_ON
from portal.agreements.queries import AgreementView
from portal.agreements.status import Act
from portal.store.agreements import AgreementPaper
from portal.ui import parts
from portal.ui.agreement_do import do_and_open
from portal.ui.days import Days
from portal.vocabulary import AgreementStatus, Following

ENDED_BY_US = frozenset({AgreementStatus.TERMINATED, AgreementStatus.ENDED})


def acts(
    view: AgreementView,
    begun: Collection[Following],
    followed: int,
    me: Actor,
    days: Days,
    problems: DeltaGenerator,
) -> None:
    """The two buttons, where they can be. begun: what is on its way already, to be opened.

    followed: by how many others, whatever became of them; a second click begins no second one.
    """
    amends = Act.AMEND in view.acts and Following.AMENDS not in begun
    renews = Act.RENEW in view.acts and Following.RENEWS not in begun
    if not (amends or renews):
        return
    parts.heading(
        "Change it",
        "What both sides signed never changes. An amendment replaces it as soon as all have "
        "signed; what it adds opens only to families who consent after that.",
    )
    act = None
    with st.container(horizontal=True):
        if amends and st.button("Amend", key=f"agreement-{view.number}-amend"):
            act = (_amended(view, days), Following.AMENDS)
        if renews and st.button("Renew", key=f"agreement-{view.number}-renew"):
            act = (_renewed(view, days), Following.RENEWS)
    if act is not None:
        _begin(view, *act, f"{view.id}|{act[1]}|{followed}", me, days, problems)


def _amended(view: AgreementView, days: Days) -> Content:
    over = {p.id for p in view.partners if p.status not in GOING_ON}
    return proposals.amendment(proposals.without(view.content, over), days.today)


def _renewed(view: AgreementView, days: Days) -> Content:
    over = {p.id for p in view.partners if p.status in ENDED_BY_US}
    content = proposals.without(view.content, over)
    return proposals.renewal(content, *proposals.next_span(view.content, days.today))


def _begin(
    view: AgreementView,
    content: Content,
    how: Following,
    key: str,
    me: Actor,
    days: Days,
    problems: DeltaGenerator,
) -> None:
    origin = Origin(view.parent_id, view.id, how)

    def begin(session: Session) -> AgreementPaper:
        clauses = queries.library(session, view.district_id).fitted(content)
        fitted = replace(content, clauses=clauses)
        return drafting.begin(session, me, fitted, days.now, key, origin)

    word = "amendment" if how is Following.AMENDS else "renewal"
    do_and_open(problems, begin, f"A draft of the {word} of {view.number} is begun.")
