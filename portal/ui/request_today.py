"""Written requests on Today: what waits for the Superintendent; mine that are decided or end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.policy.tasks import Task
from portal.ui import parts, request_words, when
from portal.ui.days import Days
from portal.ui.parts import Link, Tag
from portal.written_requests import queries
from portal.written_requests.queries import DecidedLine


@dataclass(frozen=True)
class Requested:
    """waiting: how many wait for me to decide. decided: mine, lately. ending: numbers of what was
    granted to me, and the last day of each."""

    waiting: int
    decided: Sequence[DecidedLine]
    ending: Sequence[tuple[str, date]]


def gather(session: Session, me: Actor, now: datetime) -> Requested:
    """About no student: numbers of requests, and days."""
    waiting = queries.how_many_wait(session, me)
    if not me.may(Task.ASK_FOR_ACCESS):
        return Requested(waiting, (), ())
    decided = queries.decided_lately(session, me, now)
    return Requested(waiting, decided, queries.ending_soon(session, me, now))


def show(found: Requested, days: Days) -> None:
    """Nothing where nothing is due."""
    today = days.today
    if found.waiting:
        many = when.counted(found.waiting, "request waits", "requests wait")
        link = Link("Decide", "/decide_requests").markup
        st.html(f"<p>{parts.esc(many)} for your decision. {link}</p>")
    if found.decided:
        parts.heading("Your request is decided", "The letter of the Superintendent says why.")
        parts.rows([(one.number, days.of(one.at), request_words.stands(one.status))
                    for one in found.decided], "")  # fmt: skip
        st.html(f"<p>{Link('Read the letter', '/ask_for_access').markup}</p>")
    if found.ending:
        parts.heading("Granted to you, and ending", "Ask anew if you still need it.")
        parts.rows([(number, f"Through {when.day(last, today)}", _left(last, today))
                    for number, last in found.ending], "")  # fmt: skip
        st.html(f"<p>{Link('Ask for it anew', '/ask_for_access').markup}</p>")


def _left(last: date, today: date) -> Tag:
    days = (last - today).days
    return Tag("Ends today" if days == 0 else f"{when.days(days)} left", "warn")
