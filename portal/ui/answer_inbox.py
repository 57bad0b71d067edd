"""The agency's inbox: its lists, and one referral with all that can be done about it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from portal.access.actor import Actor
from portal.policy.decision import Decision
from portal.referrals.giving.queries import GivenLine
from portal.referrals.giving.rules import GIVES_SERVICE
from portal.referrals.inbox.queries import TAB_LABELS, Step, Tab
from portal.referrals.queries import Slip
from portal.referrals.rules import AWAITING_ANSWER, AnswerDraft
from portal.ui import answer_form, given_form, parts, when
from portal.ui.given_form import Logged
from portal.ui.parts import Tag
from portal.ui.visit_words import slip_below, slip_head, waiting
from portal.vocabulary import (
    CONTACT_WAY_LABELS,
    REFERRAL_EVENT_LABELS,
    REFERRAL_STATUS_LABELS,
    ReferralStatus,
    Urgency,
)

NOTHING = {
    Tab.ALL: "No referrals. They appear here when a school refers a student to you.",
    Tab.URGENT: "Nothing urgent waits for an answer.",
    Tab.OVERDUE: "Nothing is overdue.",
    Tab.CONSENT_ENDED: "No consent behind a referral to you has ended.",
}


@dataclass(frozen=True)
class Beside:
    """What stands beside the slips of a list: which are late, whose consent has ended, and so on.

    seen: would the school see a contact of the one whose form is open?
    """

    late: frozenset[uuid.UUID] = frozenset()
    ended: frozenset[uuid.UUID] = frozenset()
    given: Mapping[uuid.UUID, Sequence[GivenLine]] = field(default_factory=dict)
    steps: Mapping[uuid.UUID, Sequence[Step]] = field(default_factory=dict)
    seen: Decision | None = None


@dataclass(frozen=True)
class Renewal:
    """The school is to be asked for a consent."""


Act = AnswerDraft | Logged | Renewal


def tab(counts: Mapping[Tab, int]) -> Tab:
    """Which list is shown; each tells how many are in it."""
    chosen: Tab | None = st.segmented_control(
        "List",
        list(Tab),
        default=Tab.ALL,
        format_func=lambda one: f"{TAB_LABELS[one]} ({counts[one]})",
        key="answer-tab",
        label_visibility="collapsed",
        wrap=True,
    )
    return chosen or Tab.ALL


def card(slip: Slip, beside: Beside, me: Actor, now: datetime) -> Act | None:
    """One referral; what was done about it just now."""
    if slip.mine_to_answer and slip.status in AWAITING_ANSWER and not slip.withdrawn:
        answer_form.tick(slip)
    parts.row(
        slip_head(slip), slip_below(slip, now, me.tz), tag(slip, slip.referral_id in beside.late)
    )
    act = _acts(slip, beside, me, now)
    _history(slip, beside, me, now)
    return act


def _acts(slip: Slip, beside: Beside, me: Actor, now: datetime) -> Act | None:
    today = now.astimezone(ZoneInfo(me.tz)).date()
    renewal = None
    if slip.withdrawn:
        answer_form.on_hold(slip, now, me.tz)
        return _renewal(slip)
    if not slip.mine_to_answer:
        parts.muted("The student's case team and your administrator answer this one.")
        return None
    _how_to_reach(slip)
    if slip.referral_id in beside.ended:
        parts.notice("No consent opens the name of this student to you any more.", "warn")
        renewal = _renewal(slip)
    answered = answer_form.answer(slip, today)
    logged = None
    if slip.status in GIVES_SERVICE:
        lines = beside.given.get(slip.referral_id, ())
        logged = given_form.contacts(slip, lines, beside.seen, today)
    return renewal or (answered if answered and answered.answer else None) or logged


def _how_to_reach(slip: Slip) -> None:
    """What the family asked for about being reached; nothing where it asked for nothing."""
    if slip.do_not_contact:
        parts.notice("Do not contact the family. Speak with the school's contact only.", "warn")
        return
    ways = [CONTACT_WAY_LABELS[way].lower() for way in slip.contact_ways]
    told = [f"Reach the family: {', '.join(ways)}." if ways else "", slip.contact_note]
    if any(told):
        parts.muted(" ".join(part for part in told if part))


def _renewal(slip: Slip) -> Renewal | None:
    clicked = st.button("Ask the school to renew the consent", key=f"answer-renew-{slip.number}")
    return Renewal() if clicked else None


def tag(slip: Slip, late: bool) -> Tag:
    """How it stands, and whether it presses."""
    if slip.withdrawn or slip.status not in AWAITING_ANSWER:
        shown = waiting(slip.status, slip.days, withdrawn=slip.withdrawn)
        weeks = slip.waitlist_weeks
        if slip.status is ReferralStatus.WAITLISTED and weeks:
            return Tag(f"{shown.word}, {when.counted(weeks, 'week')}", shown.kind)
        return shown
    if slip.status is ReferralStatus.ON_HOLD:
        return Tag(REFERRAL_STATUS_LABELS[slip.status], "info")
    word = "sent today" if slip.days == 0 else f"waiting {when.days(slip.days)}"
    urgent = slip.urgency is Urgency.URGENT
    pressing = [name for name, is_so in (("Urgent", urgent), ("Overdue", late)) if is_so]
    if pressing:
        return Tag(f"{', '.join(pressing)}: {word}", "bad" if late else "warn")
    return Tag(word.capitalize(), "warn" if slip.days else "info")


def _history(slip: Slip, beside: Beside, me: Actor, now: datetime) -> None:
    steps = beside.steps.get(slip.referral_id, ())
    if not steps:
        return
    with st.expander("How it went", key=f"answer-history-{slip.number}"):
        parts.rows([_step(step, me, now) for step in steps], "")


def _step(step: Step, me: Actor, now: datetime) -> tuple[str, str, str]:
    head = REFERRAL_EVENT_LABELS[step.kind]
    if step.to is not None and step.kind.value != step.to.value:
        head += f": {REFERRAL_STATUS_LABELS[step.to].lower()}"
    by = "by the link in a mail" if step.by_link else step.by
    return (
        head,
        " · ".join(part for part in (by, step.note) if part),
        when.moment(step.at, now, me.tz),
    )
