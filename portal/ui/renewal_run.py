"""A pass of renewals on the screen: it goes on in small steps while the page stays free.

The fragment runs by itself and does a few agreements each time, each in a transaction of its
own. Closed, it goes on where it was as soon as somebody opens the page again.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import streamlit as st

from portal import clock
from portal.access.actor import Actor
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements import renewing
from portal.agreements.renewing import queries
from portal.agreements.renewing.queries import ItemView, RunView
from portal.errors import PortalError
from portal.ui import parts, when
from portal.ui.agreement_views import address_of
from portal.ui.days import Days
from portal.ui.listing import AT_ONCE, lines_before
from portal.ui.page import who_is_here
from portal.ui.parts import Cell, Link, Tag

AT_A_TIME = 2
EVERY = 1.0
"""Seconds."""
SHOWN_FOR = timedelta(days=30)


@st.fragment(run_every=EVERY)
def going_on(run_id: uuid.UUID) -> None:
    """Do the next few, and tell how far it is. Who is here is asked anew each time."""
    me = who_is_here()
    if me is None:
        parts.say("You are signed out. The renewals go on when you or a colleague comes back.")
        return
    more = True
    try:
        for _ in range(AT_A_TIME):
            more = more and _one(me, run_id)
        with unit_of_work(reading()) as session:
            run = queries.latest(session, me)
    except PortalError as error:
        parts.problem_summary(error)
        return
    if run is None or not more:
        st.rerun()
    progress(run)


def _one(me: Actor, run_id: uuid.UUID) -> bool:
    """The next agreement; is there more to do? It is printed while nobody else has to wait."""
    at = clock.now()
    with unit_of_work() as session:
        done = renewing.step(session, me, run_id, at)
    if done.to_print is None:
        return done.more
    with unit_of_work(reading()) as session:
        given = renewing.printed(session, me, done.to_print, at)
    with unit_of_work() as session:
        return renewing.step(session, me, run_id, at, given).more


def progress(run: RunView) -> None:
    """The bar, and how many went out, stayed drafts, or were not made."""
    told = f"{run.done} of {when.counted(run.total, 'agreement')} done"
    st.progress(run.done / max(run.total, 1), text=told)
    parts.say(f"{_counted(run)} You can leave this page; the pass goes on when it is opened again.")


def _counted(run: RunView) -> str:
    told = f"Out for signature: {run.issued}. Left as drafts: {run.drafts}."
    return told + (f" Not renewed: {run.failed}." if run.failed else "")


def results(run: RunView, days: Days) -> None:
    """What came of the last pass, and its papers as one file; for a month."""
    if run.finished_at is None or days.now - run.finished_at > SHOWN_FOR:
        return
    parts.heading(
        "What came of it",
        f"Begun by {run.begun_by}, {when.moment(run.begun_at, days.now, days.tz)}. {_counted(run)}",
    )
    if run.bundle_id is not None:
        parts.document("All papers of this pass (zip)", run.bundle_id)
    skip = lines_before(run.total, "renewal-page-results")
    with unit_of_work(reading()) as session:
        items = queries.items(session, run.id, AT_ONCE, skip)
    _table(items, days)


def _table(items: list[ItemView], days: Days) -> None:
    parts.table(
        "Each agreement of the pass",
        ["Partner", "Renews", "New span", "Result", "Renewal"],
        [
            [
                item.partner,
                item.number,
                f"{when.day(item.first_day, days.today)} to {when.day(item.last_day, days.today)}",
                _result(item),
                _link(item),
            ]
            for item in items
        ],
        "Nothing was chosen.",
    )
    for item in items:
        if item.problems:
            parts.say(f"{item.partner}, {item.result or item.number}:")
            parts.listed(item.problems)


def _result(item: ItemView) -> Tag:
    if not item.done:
        return Tag("Waits", "plain")
    if item.issued:
        return Tag("Out for signature", "ok")
    return Tag("Left as a draft", "warn") if item.result else Tag("Not renewed", "bad")


def _link(item: ItemView) -> Cell:
    if item.result_id is None:
        return "—"
    return Link(item.result, address_of(item.result_id))
