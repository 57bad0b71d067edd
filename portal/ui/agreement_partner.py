"""Which of several partners the fields of a step are about."""

from __future__ import annotations

import streamlit as st

from portal.agreements.content import Content
from portal.agreements.looking import Room
from portal.ui import parts
from portal.ui.agreement_draft import Go
from portal.ui.agreement_fields import Form


def name_of(room: Room, content: Content, place: int) -> str:
    """The name of the partner at this place, from 0."""
    key = content.partners[place].agency_id
    agency = room.agencies.get(key) if key else None
    return agency.name if agency else f"Partner {place + 1}"


def choose(form: Form, room: Room, content: Content) -> int:
    """The place of the partner whose fields are drawn, from 0; one alone is not asked for.

    Another choice is gone to once the fields on the screen are saved.
    """
    desk = form.desk
    now = min(desk.at.partner, len(content.partners) - 1)
    if len(content.partners) == 1:
        return 0
    places = list(range(len(content.partners)))
    chosen = st.segmented_control(
        "Partner",
        places,
        default=now,
        required=True,
        format_func=lambda place: parts.plain(f"{place + 1} {name_of(room, content, place)}"),
        key=form.key(f"partner-{desk.moves}"),
        wrap=True,
    )
    if chosen != now:
        form.go = Go(desk.at.step, chosen)
    return now
