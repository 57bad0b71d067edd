"""The page Referrals: its tabs, its lines, and the one that is open."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.access.words import Words
from portal.referrals.following import queries as following
from portal.referrals.following.queries import Tab
from portal.referrals.queries import ReferralLine
from portal.ui import parts, referral_acts, referral_mail
from portal.ui.page import telling_problems
from portal.ui.parts import Tag
from portal.ui.visit_words import referral_below, waiting
from portal.vocabulary import ReferralStatus, Urgency

OPEN = "referral-open"
"""The referral whose details are on the screen."""
CHOSEN = "referral-tab"
TABS = {
    Tab.OVERDUE: "Overdue",
    Tab.WAITING: "Waiting",
    Tab.ANSWERED: "Answered",
    Tab.ON_HOLD: "On hold",
    Tab.DRAFTS: "Kept for later",
    Tab.CLOSED: "Closed lately",
}
EMPTY = {
    Tab.OVERDUE: "Nothing is overdue. A referral appears here when nobody answers it in time.",
    Tab.WAITING: "Nothing waits. Referrals appear here when you refer a student.",
    Tab.ANSWERED: "No answer yet. Referrals appear here once a provider has answered.",
    Tab.ON_HOLD: "Nothing is on hold.",
    Tab.DRAFTS: "Nothing is kept for later. What you keep when you refer appears here.",
    Tab.CLOSED: "Nothing was closed in the last 90 days.",
}


def choose_tab(counts: dict[Tab, int]) -> Tab:
    """The tabs with their counts; what is overdue first, where there is any."""
    st.session_state.setdefault(CHOSEN, Tab.OVERDUE if counts[Tab.OVERDUE] else Tab.WAITING)
    chosen: Tab | None = st.pills(
        "Show",
        list(TABS),
        format_func=lambda tab: f"{TABS[tab]} {counts[tab]:,}",
        key=CHOSEN,
        required=True,
        wrap=True,
        label_visibility="collapsed",
    )
    return chosen or Tab.WAITING


def line(one: ReferralLine, tab: Tab, me: Actor, words: Words, now: datetime) -> None:
    """One referral; with all about it when it is open. What was asked for is done at once."""
    with st.container(border=True, key=f"referral-{one.number}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            parts.row(one.student, referral_below(one, now, me.tz), _tag(one, tab))
            is_open = st.session_state.get(OPEN) == one.referral_id
            st.button(
                "Fold" if is_open else _asks(one),
                key=f"referral-ask-{one.number}",
                on_click=_open,
                args=(None if is_open else one,),
            )
        if not is_open:
            return
        problems = st.container()
        with problems, telling_problems(), unit_of_work() as session:
            detail = following.detail(session, me, one.referral_id, now)
        if detail is None:
            return
        act = referral_acts.show(detail, words, now, me.tz)
        if act is not None:
            with problems, telling_problems():
                _do(act, one, me, now)


def _do(act: referral_acts.Act, one: ReferralLine, me: Actor, now: datetime) -> None:
    if act.does is None:
        referral_mail.remind(me, one.referral_id, now)
    else:
        with unit_of_work() as session:
            act.does(session, me, one.referral_id, now)
    said = f"{act.said}: {one.student}, {one.provider}."
    if act.goes:
        said = " ".join([said, referral_mail.invite(me, [one.referral_id], now)]).strip()
    parts.flash(said)
    if not act.stay:
        _open(None)
    if act.then is not None:
        act.then()
    st.rerun()


def _open(one: ReferralLine | None) -> None:
    st.session_state[OPEN] = one and one.referral_id


def _asks(one: ReferralLine) -> str:
    if one.status is ReferralStatus.DRAFT:
        return "Open"
    over = one.status in {ReferralStatus.CLOSED, ReferralStatus.WITHDRAWN}
    over = over or one.status is ReferralStatus.ENTERED_IN_ERROR
    return "Open" if over else "What happened?"


def _tag(one: ReferralLine, tab: Tab) -> Tag:
    if tab is Tab.OVERDUE:
        urgent = "Urgent, " if one.urgency is Urgency.URGENT else ""
        return Tag(f"{urgent}overdue: {one.days} days".capitalize(), "bad")
    if tab is Tab.DRAFTS:
        return Tag("Not sent", "plain")
    if tab is Tab.WAITING and one.urgency is Urgency.URGENT:
        return Tag(f"Urgent, {waiting(one.status, one.days).word.lower()}", "warn")
    return waiting(one.status, one.days, withdrawn=one.withdrawn)
