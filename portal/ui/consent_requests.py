"""What families are asked: where each request stands, sent again, withdrawn, answered on paper."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import streamlit as st

from portal.consents.drafts import PaperConsent
from portal.consents.folder.queries import ToBringIn
from portal.consents.requests.drafts import (
    BY_LINK,
    CHANNEL_LABELS,
    Channel,
    Outcome,
    PartnerAnswer,
)
from portal.consents.requests.queries import RequestLine
from portal.consents.words import PLAIN
from portal.ui import parts, when
from portal.ui.consent_signature import SCANS
from portal.ui.days import Days
from portal.ui.parts import Tag
from portal.vocabulary import FORM_KIND_LABELS, PURPOSE_LABELS, SPECIAL, Category, FormKind, Purpose

OPEN = "request-open"
"""The request whose acts are open."""

WAITS: dict[str, Any] = {"on_change": "ignore"}


class Act(StrEnum):
    """What staff do with an open request."""

    SEND = "send"
    BRING = "bring"
    REFUSED = "refused"
    WITHDRAW = "withdraw"


ACT_LABELS = {
    Act.SEND: "Send it, or send it again",
    Act.BRING: "Bring in the signed paper",
    Act.REFUSED: "The family said no",
    Act.WITHDRAW: "Withdraw the request",
}
ACT_SAYS = {
    Act.SEND: "A new link or a new form goes out. Earlier links of this request stop working.",
    Act.BRING: "Tick what is ticked on the paper, and add its scan. A second person compares them.",
    Act.REFUSED: "The link stops working, and nobody asks again by mistake.",
    Act.WITHDRAW: "The link stops working at once. The family is asked no longer.",
}
BUTTONS = {
    Act.SEND: "Send now",
    Act.BRING: "Save the signed paper",
    Act.REFUSED: "Write down the no",
    Act.WITHDRAW: "Withdraw now",
}


@dataclass(frozen=True)
class Doing:
    """An act that was clicked, with what it needs."""

    act: Act
    line: RequestLine
    channel: Channel = Channel.LETTER
    reason: str = ""
    answers: Mapping[uuid.UUID, PartnerAnswer] = field(default_factory=dict)
    paper: PaperConsent = field(default_factory=PaperConsent)


def heading(lines: Sequence[RequestLine]) -> None:
    """Above the requests, where there are any."""
    if lines:
        parts.heading("What the family was asked")


def row(line: RequestLine, days: Days) -> None:
    """Whom we asked about which partners, how, and where it stands."""
    told = [line.number, f"asked {when.day(line.made_on, days.today)}"]
    told.append(CHANNEL_LABELS[line.channel].lower())
    if line.form is not FormKind.STANDARD:
        told.append(FORM_KIND_LABELS[line.form])
    if len(line.students) > 1:
        told.append("for " + ", ".join(line.students))
    if line.outcome is None and line.channel is not Channel.DRAFT:
        told.append(f"runs out {when.day(line.ends_on, days.today)}")
    if line.reason:
        told.append(f"reason: {line.reason}")
    parts.row(f"{line.signer} about {', '.join(line.partners)}", " · ".join(told), tag(line))
    if line.paper_id:
        letter = line.channel is Channel.LETTER
        text = "Letter {} with the link" if letter else "Form {}, to print and sign by hand"
        parts.document(text.format(line.number), line.paper_id)


def tag(line: RequestLine) -> Tag:
    """Where it stands, in a word."""
    if line.outcome is not None:
        words = {
            Outcome.SIGNED: Tag("Signed", "ok"),
            Outcome.REFUSED: Tag("Refused", "bad"),
            Outcome.WITHDRAWN: Tag("Withdrawn"),
        }
        return words[line.outcome]
    if line.channel is Channel.DRAFT:
        return Tag("Draft")
    if line.run_out:
        return Tag("Run out", "bad")
    if line.locked:
        return Tag("Link locked", "bad")
    return Tag("Opened", "info") if line.opened else Tag("Out for signature", "info")


def opener(line: RequestLine) -> None:
    """The button that opens this request's acts."""
    if line.outcome is None:
        st.button("Follow up", key=f"request-{line.number}", on_click=begin, args=(line.id,))


def begin(request_id: uuid.UUID) -> None:
    """Open the acts of this request."""
    st.session_state[OPEN] = request_id


def close() -> None:
    """The act is done, or not wanted."""
    st.session_state.pop(OPEN, None)


def is_open(line: RequestLine) -> bool:
    """Are this request's acts open?"""
    return line.outcome is None and bool(st.session_state.get(OPEN) == line.id)


def panel(line: RequestLine, asked: Sequence[ToBringIn]) -> Doing | None:
    """Choose an act, read what it does, fill in what it needs, and do it."""
    acts = [act for act in Act if act is not Act.BRING or line.channel is not Channel.DRAFT]
    act = st.radio(
        f"What is to be done with {line.number}?",
        acts,
        format_func=ACT_LABELS.__getitem__,
        key=f"request-act-{line.number}",
    )
    parts.notice(ACT_SAYS[act])
    doing = _filled(act, line, asked)
    with st.container(horizontal=True):
        sure = st.button(BUTTONS[act], type="primary", key=f"request-do-{line.number}")
        st.button("Leave it as it is", key=f"request-keep-{line.number}", on_click=close)
    return doing if sure else None


def _filled(act: Act, line: RequestLine, asked: Sequence[ToBringIn]) -> Doing:
    match act:
        case Act.SEND:
            return Doing(act, line, channel=_channel(line))
        case Act.REFUSED:
            reason = st.text_input(
                "Why, if they said it (optional)",
                key=f"request-reason-{line.number}",
                max_chars=500,
                **WAITS,
            )
            return Doing(act, line, reason=reason or "")
        case Act.BRING:
            answers = {one.partner_id: _answer(line, one) for one in asked}
            return Doing(act, line, answers=answers, paper=_paper(line))
        case Act.WITHDRAW:
            return Doing(act, line)


def _channel(line: RequestLine) -> Channel:
    ways: list[Channel] = [way for way in CHANNEL_LABELS if way is not Channel.DRAFT]
    now = line.channel if line.channel in BY_LINK else Channel.EMAIL
    return st.radio(
        "How",
        ways,
        index=ways.index(now),
        format_func=lambda way: CHANNEL_LABELS[way],
        key=f"request-how-{line.number}",
        **WAITS,
    )


def _answer(line: RequestLine, one: ToBringIn) -> PartnerAnswer:
    """What the paper says about one partner; only what was asked can be ticked."""
    key = f"request-{line.number}-{one.partner_id}"
    parts.heading(f"On the paper, about {one.partner}")
    subject = bool(one.subject) and st.checkbox(
        parts.plain(one.subject), key=f"{key}-subject", wrap=True, **WAITS
    )
    left, right = st.columns(2)
    with left:
        out, out_initials = _ticked("The school may give", one.asked.out, f"{key}-out")
    with right:
        back, back_initials = _ticked("The partner may give", one.asked.back, f"{key}-back")
    purposes = [
        purpose
        for purpose in Purpose
        if purpose in one.asked.purposes
        and st.checkbox(
            f"Why: {PURPOSE_LABELS[purpose]}", key=f"{key}-{purpose}", wrap=True, **WAITS
        )
    ]
    return PartnerAnswer(
        out, back, out_initials, back_initials, frozenset(purposes), subject=subject
    )


def _ticked(
    heading: str, asked: frozenset[Category], key: str
) -> tuple[frozenset[Category], dict[Category, str]]:
    if not asked:
        return frozenset(), {}
    parts.muted(heading)
    ticked, initials = set(), {}
    for kind in (kind for kind in PLAIN if kind in asked):
        if kind not in SPECIAL:
            if st.checkbox(PLAIN[kind], key=f"{key}-{kind}", wrap=True, **WAITS):
                ticked.add(kind)
        elif mark := st.text_input(
            f"{PLAIN[kind]}: initials", key=f"{key}-{kind}", max_chars=6, **WAITS
        ):
            initials[kind] = mark
    return frozenset(ticked), initials


def _paper(line: RequestLine) -> PaperConsent:
    signed_on = st.date_input(
        "Date on the paper",
        value=None,
        format="MM/DD/YYYY",
        key=f"request-day-{line.number}",
        **WAITS,
    )
    scan = st.file_uploader(
        "Scan of the signed paper", type=SCANS, key=f"request-scan-{line.number}"
    )
    return PaperConsent(signed_on, scan.getvalue() if scan else b"")
