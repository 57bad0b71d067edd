"""The data catalog on the screen: a group or what was searched for, each table to unfold."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.retaining import catalog
from portal.retaining.catalog import Entry
from portal.retaining.service import Catalog, Question
from portal.ui import parts, when

MOST = 20
OWN = "Questions of our district's own"


def filters() -> tuple[str, str]:
    """The group that was chosen, and what was typed: then every group is searched."""
    left, right = st.columns(2, gap="large")
    group = left.selectbox("About", [*catalog.groups(), OWN], key="catalog-group")
    typed = right.text_input("Search in all of it", key="catalog-typed", max_chars=80)
    return group, typed.strip()


def show(held: Catalog, group: str, typed: str) -> None:
    """The tables of the group, or those that hold what was typed."""
    if typed:
        found = [entry for entry in held.entries if entry.says(typed)]
        parts.heading("Found", when.counted(len(found), "kind of data", "kinds of data"))
    else:
        found = [entry for entry in held.entries if entry.group == group]
        parts.heading(group)
    if typed and not found:
        parts.muted("Nothing holds these words. Try another one, such as “birth” or “address”.")
    for entry in found[:MOST] if typed else found:
        _entry(entry)
    if typed and len(found) > MOST:
        parts.muted(f"And {len(found) - MOST} more: search for more words.")


def _entry(entry: Entry) -> None:
    with st.expander(parts.plain(f"{entry.what} · {len(entry.elements)} columns")):
        parts.rows(
            [
                ("Why", entry.why, ""),
                ("Mandate", entry.mandate, ""),
                ("How often, and from whom", f"{entry.how_often}. {entry.source}.", ""),
                ("Who sees it", "; ".join(entry.seen_by), ""),
                ("Kept", f"{entry.kept.period}. {entry.kept.authority}.", ""),
            ],
            "",
        )
        parts.table(
            f"Columns of {entry.table}",
            ["Column", "What it tells"],
            [[element.name, element.what] for element in entry.elements],
            "",
        )


def questions(asked: Sequence[Question], group: str, typed: str) -> None:
    """What the district asks by itself, as it asks it now."""
    words = typed.casefold().split()
    found = [one for one in asked if all(word in _text(one) for word in words)]
    if (not typed and group != OWN) or (typed and not found):
        return
    if typed:
        parts.heading(OWN)
    parts.rows([_question(one) for one in found], "The district asks no questions of its own.")


def _text(one: Question) -> str:
    return f"{one.label} {one.help} {one.category}".casefold()


def _question(one: Question) -> tuple[str, str, str]:
    told = [one.help, f"Seen by: {'; '.join(one.seen_by)}", f"Kept: {one.kept.period}"]
    return one.label, ". ".join(text for text in told if text), one.category
