"""Who could have looked: what is asked, and the answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import streamlit as st

from portal.access.actor import Actor
from portal.access.onlookers import Onlooker, Period
from portal.access.unit_of_work import unit_of_work
from portal.monitoring.looking_back import queries as looking_back
from portal.monitoring.looking_back.queries import MOST_NAMED, Choice, Reach, Told
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.parts import Cell, Tag
from portal.ui.student_onlookers import WHY_LABELS
from portal.vocabulary import CATEGORY_LABELS, Category

ABOUT = ("A student: who could open the record", "A person: whom they could open")
NOON = time(12)


def about_a_student() -> bool:
    """Which way round it is asked."""
    return bool(st.radio("Ask about", ABOUT, key="back-about", horizontal=True) == ABOUT[0])


def choose(me: Actor, days: Days, *, student: bool, key: str = "back") -> uuid.UUID | None:
    """Find a student or a person by what is typed, then choose."""
    label = (
        "Student: the beginning of a name, or the whole number"
        if student
        else "Person: a part of the name"
    )
    which = "student" if student else "person"
    typed = st.text_input(label, key=f"{key}-{which}-typed", max_chars=80)
    with unit_of_work() as session:
        found = (
            looking_back.find_students(session, me, typed, days.now)
            if student
            else looking_back.find_people(session, me, typed)
        )
    if not found:
        if typed.strip():
            parts.muted("Nobody is found. Type another part of the name.")
        return None
    return _choice(found, which, key)


def _choice(found: Sequence[Choice], which: str, key: str) -> uuid.UUID | None:
    labels = unlike((one.id, one.label) for one in found)
    first = 0 if len(found) == 1 else None
    chosen: uuid.UUID | None = st.selectbox(
        "Which student" if which == "student" else "Which person",
        list(labels),
        index=first,
        format_func=lambda one: labels.get(one, ""),
        key=f"{key}-{which}-{'-'.join(str(one.id)[:4] for one in found)}",
        placeholder="Choose from those found",
    )
    return chosen if chosen in labels else None


def period(days: Days, *, student: bool) -> Period | None:
    """The day that is asked about, as a whole or at a time of it; None while it is not one."""
    left, right = st.columns(2, wrap=True)
    day: date | None = left.date_input(
        "Day", days.today, max_value=days.today, key="back-day", format="MM/DD/YYYY"
    )
    whole = "The whole day"
    choices = [whole, "At one time of it"] if student else ["At one time of it"]
    how = right.selectbox("When on that day", choices, key=f"back-how-{student}")
    clock = None
    if how != whole:
        now = days.now.astimezone(ZoneInfo(days.tz)).time().replace(second=0, microsecond=0)
        at: time | None = st.time_input(
            "Time", now if not student else NOON, key="back-time", step=300
        )
        clock = NOON if at is None else at
    return None if day is None else looking_back.period_of(day, clock, days.tz)


def honest(since: datetime | None, asked: Period, days: Days) -> None:
    """What the answer rests on, and from when on it can be relied on."""
    told = (
        "Told by what is dated: level, role and building of each person, caseloads, classes, "
        "enrollments, programs, grants, locks, consents and agreements. What has no date, as a "
        "draft or a restriction, is taken as it is today."
    )
    if since is not None and asked.start < since:
        parts.notice(
            f"Levels, roles and buildings are written down since {days.of(since)}. Before, each "
            f"person is taken to have been what they were on that day. {told}",
            "warn",
        )
        return
    parts.muted(told)


def answer(told: Told, asked: Period, days: Days) -> None:
    """Everybody who could, why, and how often they did."""
    did = sum(1 for one in told.could if told.looked.get(one.id))
    parts.strip(
        [
            ("Could open it", [when.counted(len(told.could), "person", "people")]),
            ("Did", [when.counted(did, "person", "people")]),
        ]
    )
    parts.table(
        "Who could open something of this record",
        ["Person", "Why", "What", "From", "Opened it"],
        [_line(one, told.looked.get(one.id, 0), asked, days) for one in told.could],
        "Nobody could.",
    )
    if told.beside:
        parts.heading("Opened it, and is not told above")
        parts.muted("What let them in has no date, or its end was written down later.")
        parts.rows(
            [(one.name or "Nobody signed in", one.organization, str(one.times))
             for one in told.beside],
            "",
        )  # fmt: skip


def _line(one: Onlooker, times: int, asked: Period, days: Days) -> list[Cell]:
    papers = f" ({', '.join(one.papers)})" if one.papers else ""
    kinds = [CATEGORY_LABELS[kind] for kind in one.kinds if kind is not Category.IDENTITY]
    return [
        ", ".join(part for part in (one.name, one.organization if one.outside else "") if part),
        f"{WHY_LABELS[one.why]}{papers}",
        ", ".join(kinds) or CATEGORY_LABELS[Category.IDENTITY],
        when.time_of(one.since, days.tz) if asked.start < one.since else "The start",
        Tag(when.counted(times, "time"), "info") if times else "No",
    ]


def answer_of_person(told: Reach) -> None:
    """How many, and who, as far as the reader may name them."""
    parts.strip([("Could open", [when.counted(told.count, "student")])])
    if not told.count:
        return
    if not told.names:
        parts.muted("Your own level names none of them.")
        return
    more = told.count - len(told.names)
    with st.expander(f"Who they are ({len(told.names):,})"):
        parts.listed(told.names)
        if more:
            parts.muted(f"And {more:,} more, the first {MOST_NAMED} are looked up by name.")
