"""A district's own clauses: write one, word it anew, retire it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.agreements import own_clauses
from portal.agreements.clauses.articles import ARTICLE_TITLES, NUMBERED, Article
from portal.agreements.own_clauses import OwnClause
from portal.store.agreements import DistrictClause
from portal.ui import parts
from portal.ui.days import Days
from portal.ui.page import telling_problems
from portal.ui.parts import Tag

OPEN = "own-clause-open"


def draw(me: Actor, rows: Sequence[DistrictClause], days: Days) -> None:
    """The list, and the form of a new one or of the one that is open."""
    newest = {row.code: row for row in rows}
    for row in newest.values():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            below = f"{ARTICLE_TITLES[Article(row.article)]} · version {row.version}"
            tag = Tag("Retired") if row.retired_at else Tag("Offered", "ok")
            parts.row(row.title, below, tag)
            st.button(
                "Word it anew",
                key=f"own-{row.code}",
                on_click=st.session_state.update,
                args=({OPEN: row.code},),
            )
            if row.retired_at is None and st.button("Retire", key=f"own-retire-{row.code}"):
                with telling_problems():
                    with unit_of_work() as session:
                        own_clauses.retire(session, me, row.code, days.now)
                    parts.flash("It is offered no more. Agreements that have it keep it.")
                    st.rerun()
    if not newest:
        parts.rows([], "None yet. The portal's own clauses are offered in every agreement.")
    _form(me, newest.get(st.session_state.get(OPEN, "")), days)


def _form(me: Actor, row: DistrictClause | None, days: Days) -> None:
    parts.heading(
        f"Next version of “{row.title}”" if row else "A new clause",
        "It stands beside the portal's clauses, below the heading that you choose.",
    )
    told = _fields(row)
    if told is None:
        return
    with telling_problems():
        with unit_of_work() as session:
            kept = own_clauses.write(session, me, told, days.now)
            named = f"“{kept.title}”, version {kept.version}"
        st.session_state.pop(OPEN, None)
        parts.flash(f"{named}, is kept and offered to new agreements.")
        st.rerun()


def _fields(row: DistrictClause | None) -> OwnClause | None:
    """What was filled in, once the button is clicked."""
    key = f"own-form-{row.code}-{row.version}" if row else "own-form-new"
    with st.form(key):
        article = st.selectbox(
            "Under the heading",
            list(NUMBERED),
            index=NUMBERED.index(Article(row.article)) if row else 0,
            format_func=ARTICLE_TITLES.__getitem__,
        )
        title = st.text_input("Title", row.title if row else "", max_chars=200)
        text = st.text_area(
            "The words that bind; a blank line between paragraphs",
            "\n\n".join(row.text) if row else "",
            max_chars=8000,
            help="Fields such as {{ partner_names }} are filled in; templates/README.md has them.",
        )
        plain = st.text_area(
            "In plain words, for a family", row.plain if row else "", max_chars=1000
        )
        citation = st.text_input("Law (optional)", row.citation if row else "", max_chars=200)
        clicked = st.form_submit_button("Keep the clause", type="primary")
    if not clicked:
        return None
    paragraphs = tuple(part.strip() for part in (text or "").split("\n\n"))
    return OwnClause(
        article, title or "", paragraphs, plain or "", citation or "", row.code if row else ""
    )
