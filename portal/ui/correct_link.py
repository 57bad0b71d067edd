"""From a record on another page to the page that corrects it; never with it in the address."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import streamlit as st

from portal.access.actor import Actor
from portal.access.contents import Item
from portal.policy.corrections import ADMINISTRATORS
from portal.policy.tasks import Task
from portal.ui import when
from portal.ui.labels import unlike
from portal.visits.queries import VisitLine
from portal.vocabulary import CATEGORY_LABELS, Category, Field

CHOSEN = "correct-record"
"""In the session: the record that the page Correct a record shows."""

AMENDING = "amend-record"
"""In the session: the record that somebody of the family asks to amend."""


def offer(me: Actor, items: Sequence[Item], now: datetime, *, key: str) -> str:
    """The open records of one student in a small list: "correct" or "amend" when one is chosen.

    Nothing is drawn for whoever has not the task. The page that asked goes on by itself.
    """
    if not me.may(Task.CORRECT_RECORD):
        return ""
    told = [item for item in items if item.category is not Category.IDENTITY]
    labels = unlike((item.record_id, _item_label(item, now, me.tz)) for item in told)
    with st.popover("Correct a record", icon=":material/edit:"):
        chosen = _choose(labels, "Which record?", key, amending=True)
        if me.role in ADMINISTRATORS and st.button("Removed records", key=f"{key}-removed"):
            st.session_state.pop(CHOSEN, None)
            return "correct"
        if st.button("All requests to amend", key=f"{key}-all"):
            st.session_state.pop(AMENDING, None)
            return "amend"
    return chosen


def offer_visits(lines: Iterable[VisitLine], now: datetime, tz: str) -> str:
    """The same for visits that I logged; "correct" when one is chosen."""
    labels = unlike((line.visit_id, _visit_label(line, now, tz)) for line in lines)
    if not labels:
        return ""
    with st.popover("Correct a visit", icon=":material/edit:"):
        return _choose(labels, "Which visit?", "correct-logged", amending=False)


def _choose(labels: Mapping[uuid.UUID, str], ask: str, key: str, *, amending: bool) -> str:
    chosen: uuid.UUID | None = st.selectbox(
        ask,
        list(labels),
        index=None,
        format_func=lambda record: labels.get(record, ""),
        placeholder="Type a day or a word",
        key=f"{key}-which",
    )
    correct = st.button("Correct or see its history", key=f"{key}-go", disabled=chosen is None)
    amend = amending and st.button(
        "The family asks to amend it", key=f"{key}-amend", disabled=chosen is None
    )
    if correct:
        st.session_state[CHOSEN] = chosen
        return "correct"
    if amend:
        st.session_state[AMENDING] = chosen
        return "amend"
    return ""


def _item_label(item: Item, now: datetime, tz: str) -> str:
    what = item.parts.get(Field.WHAT, CATEGORY_LABELS[item.category])
    return f"{when.moment(item.when, now, tz)} · {what}"


def _visit_label(line: VisitLine, now: datetime, tz: str) -> str:
    told = f"{line.student} · {line.purpose} · {when.length(line.minutes)}"
    return f"{when.moment(line.began, now, tz)} · {told}"
