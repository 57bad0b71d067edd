"""The use of the portal on Today: what waits for whoever looks after it, in numbers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.monitoring import queries
from portal.monitoring.queries import Waiting
from portal.policy.tasks import Task
from portal.ui import parts, when
from portal.ui.parts import Link


@dataclass(frozen=True)
class Use:
    """How much waits, and the page on which it is settled."""

    waiting: Waiting
    page: str


def gather(session: Session, me: Actor, now: datetime) -> Use:
    """About nobody by name; nothing for whoever looks after nothing."""
    page = "/watch_use" if me.may(Task.WATCH_USE) else "/watch_our_use"
    return Use(queries.waiting(session, me, now), page)


def show(found: Use) -> None:
    """Nothing where nothing waits."""
    waits = found.waiting
    told = [
        (waits.reviews, "opening in an emergency waits for a review",
         "openings in an emergency wait for a review"),
        (waits.findings, "finding of unusual use waits", "findings of unusual use wait"),
    ]  # fmt: skip
    said = ", ".join(when.counted(many, one, more) for many, one, more in told if many)
    if said:
        st.html(f"<p>{parts.esc(said)}. {Link('Look at it', found.page).markup}</p>")
