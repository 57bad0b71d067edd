"""What is told once after a request went out: the code, the tablet's button, the paper to print."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from portal.consents.requests.drafts import CHANNEL_LABELS, Channel
from portal.consents.requests.service import Sent
from portal.ui import parts
from portal.ui.parts import esc

SENT = "consent-sent"


@dataclass(frozen=True)
class Told:
    """What this run of the page tells, and no later one. token: of the tablet only."""

    number: str
    signer: str
    channel: Channel
    email: str
    code: str
    token: str
    paper_id: UUID | None
    failed: str


def remember(sent: Sent, failed: str = "") -> None:
    """Tell this when the page has run again. A second click is told nothing new.

    failed: why the e-mail did not go, and what to do instead; empty when it went.
    """
    request, channel = sent.request, Channel(sent.request.channel)
    st.session_state[SENT] = Told(
        request.number,
        request.signer_name,
        channel,
        sent.email,
        sent.code,
        sent.token if channel is Channel.TABLET else "",
        request.paper_id,
        failed,
    )


def tell() -> None:
    """The box with what is told once; the token and the code leave the page's memory with it."""
    told: Told | None = st.session_state.pop(SENT, None)
    if told is None:
        return
    with st.container(border=True, key="consent-sent"):
        parts.heading(f"Request {told.number} to {told.signer}", CHANNEL_LABELS[told.channel])
        if told.failed:
            parts.notice(f"The request is saved, but no e-mail went out. {told.failed}", "bad")
        elif told.channel is Channel.EMAIL and told.email:
            parts.say(f"The link is sent to {told.email}. It works once, for 14 days.")
        if told.paper_id:
            paper = "letter" if told.channel is Channel.LETTER else "form"
            parts.document(f"Print {paper} {told.number}", told.paper_id)
        if told.code:
            parts.notice(
                f"Tell the family this code by phone or in person, never in the same message as "
                f"the link: {told.code}. It is shown only now.",
                "warn",
            )
        if told.token:
            _hand_over(told)


def _hand_over(told: Told) -> None:
    """A plain form, so that this device leaves the portal and belongs to the family."""
    parts.say(
        f"Make sure that this is {told.signer}: you know them, or you saw an ID. Then hand over "
        "the tablet. You are signed out on it."
    )
    st.html(
        f'<form method="post" action="/consent/{esc(told.token)}/hand-over">'
        '<button class="p-go">I know who this is: hand over the tablet</button></form>'
    )
