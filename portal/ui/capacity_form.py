"""An agency tells schools whether it has room, and whether it wants a link by mail."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from portal.referrals.capacity import CapacityLine
from portal.referrals.rules import LONGEST_WAIT
from portal.ui import parts, when
from portal.vocabulary import CAPACITY_LABELS, Capacity

WHOLE = "All that you offer"


@dataclass(frozen=True)
class Room:
    """What was told just now of a service, or of the agency as a whole."""

    service_id: uuid.UUID | None
    capacity: Capacity | None
    weeks: int | None


def room(
    services: Sequence[tuple[uuid.UUID, str]],
    told: Sequence[CapacityLine],
    now: datetime,
    tz: str,
) -> Room | None:
    """Fields for one service at a time; what was sent just now."""
    names: dict[uuid.UUID | None, str] = {None: WHOLE, **dict(services)}
    last = {line.service_id: line for line in told}
    parts.rows(
        [
            (names[key], f"told {when.day_of(line.told_at, now, tz)}", _word(line))
            for key, line in last.items()
            if key in names
        ],
        "You have not told yet whether you have room. Schools see it when they refer.",
    )
    service: uuid.UUID | None = st.selectbox(
        "Which service?", list(names), format_func=lambda key: names[key], key="room-service"
    )
    capacity: Capacity | None = st.segmented_control(
        "Is there room?",
        list(CAPACITY_LABELS),
        format_func=lambda capacity: CAPACITY_LABELS[capacity],
        key="room-capacity",
        wrap=True,
    )
    weeks = None
    if capacity is Capacity.WAITING_LIST:
        weeks = st.number_input(
            "About how many weeks? (optional)",
            min_value=1,
            max_value=LONGEST_WAIT,
            value=None,
            step=1,
            width=260,
            key="room-weeks",
            on_change="ignore",
        )
    if not st.button("Save room", key="room-save"):
        return None
    return Room(service, capacity, weeks)


def mail(wanted: bool) -> bool | None:
    """The switch of the mails; what it was just turned to, or None."""
    turned = st.toggle("Mail us a link to each new referral", value=wanted, key="room-mail")
    parts.muted(
        "By the link a referral is answered without a password. It goes to your agency's address "
        "and names no student."
    )
    return None if turned == wanted else turned


def _word(line: CapacityLine) -> str:
    word = CAPACITY_LABELS[line.capacity]
    return f"{word}, {when.counted(line.weeks, 'week')}" if line.weeks else word
