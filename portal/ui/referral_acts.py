"""What can be done with a referral, as it stands: each form gives one act, or none."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.words import Words
from portal.referrals import rules, service
from portal.referrals.following import service as following
from portal.referrals.following.queries import Detail
from portal.referrals.rules import AttemptDraft, Side
from portal.ui import outcome_form, parts, referral_detail, referral_new, when
from portal.vocabulary import (
    CLOSE_REASON_LABELS,
    CONTACT_WAY_LABELS,
    CloseReason,
    ContactWay,
    ReferralStatus,
)

Does = Callable[[Session, Actor, uuid.UUID, datetime], Any]
WAIT: dict[str, Any] = {"on_change": "ignore"}


@dataclass(frozen=True)
class Act:
    """What was asked for. said: once it is done. stay: the referral stays open on the screen.

    does: None for a reminder, which writes and mails by itself. goes: the agency is to be asked
    again, by mail. then: what the screen does after it.
    """

    said: str
    does: Does | None
    stay: bool = False
    goes: bool = False
    then: Callable[[], None] | None = None


def show(detail: Detail, words: Words, now: datetime, tz: str) -> Act | None:
    """Everything about one referral; what was asked for, if anything."""
    status = detail.line.status
    parts.heading("How it stands")
    referral_detail.facts(detail, now, tz)
    referral_detail.restrictions(detail)
    asked = None
    if status is ReferralStatus.DRAFT:
        asked = _draft(detail)
    elif status in rules.OVER:
        asked = _over(detail)
    else:
        asked = _open(detail, words, now, tz)
    if status is not ReferralStatus.DRAFT:
        referral_detail.what_was_sent(detail, now, tz)
        referral_detail.history(detail, now, tz)
    return asked


def _draft(detail: Detail) -> Act | None:
    parts.muted("Only you see it. It is checked again when it goes.")
    with st.container(horizontal=True):
        if st.button("No emergency: send it now", type="primary", key=_key(detail, "send")):
            return Act("Sent", service.send_draft, goes=True)
        if st.button("Throw it away", key=_key(detail, "discard")):
            return Act("Thrown away", _noted(following.enter_in_error, ""))
    return None


def _over(detail: Detail) -> Act | None:
    if not detail.can_reopen:
        parts.muted("It cannot be opened again. Send a new referral instead.")
        return None
    note = _note(detail, "Why open it again?")
    if st.button("Open it again", key=_key(detail, "reopen")):
        return Act("Opened again", _noted(following.reopen, note), goes=True)
    return None


def _open(detail: Detail, words: Words, now: datetime, tz: str) -> Act | None:
    """Outcome first; what is rarer is folded."""
    asked = _waits(detail, now, tz) or _review(detail)
    asked = _outcome(detail, words, now, tz) or asked
    asked = _attempt(detail, now, tz) or asked
    return _rarer(detail) or asked


def _outcome(detail: Detail, words: Words, now: datetime, tz: str) -> Act | None:
    draft = outcome_form.outcome_fields(detail.line, words, when.local_day(now, tz))
    with st.container(horizontal=True):
        if st.button("Save outcome", type="primary", key=_key(detail, "save")):
            return Act("Outcome saved", partial(_outcome_saved, draft=draft))
        if detail.can_remind and st.button("Remind the provider", key=_key(detail, "remind")):
            return Act("Reminder sent", None, stay=True)
    return None


def _outcome_saved(session: Session, me: Actor, key: uuid.UUID, at: datetime, **draft: Any) -> Any:
    return following.record_outcome(session, me, key, draft["draft"], at)


def _waits(detail: Detail, now: datetime, tz: str) -> Act | None:
    """On hold: why, and to go on."""
    if detail.line.status is not ReferralStatus.ON_HOLD:
        return None
    if detail.line.withdrawn:
        referral_detail.on_hold(detail.line, now, tz)
    if st.button("Send it again", key=_key(detail, "resume")):
        return Act("Sent again", following.resume, goes=True)
    return None


def _review(detail: Detail) -> Act | None:
    """A decline is not the end: leave it at that, send it back, or refer elsewhere."""
    if detail.line.status is not ReferralStatus.DECLINED:
        return None
    parts.subheading("Review the decline", "Nothing more happens until somebody does.")
    note = _note(detail, "To the provider, if you send it back")
    line = detail.line
    with st.container(horizontal=True):
        if st.button("Leave it at that", key=_key(detail, "accept")):
            return Act("Decline reviewed", following.accept_decline)
        if st.button("Send it back", key=_key(detail, "back")):
            return Act("Sent back", _noted(following.send_back, note), goes=True)
        if st.button("Refer elsewhere", key=_key(detail, "elsewhere")):
            again = partial(referral_new.begin, line.student_id, detail.need)
            return Act("Decline reviewed", following.accept_decline, then=again)
    return None


def _attempt(detail: Detail, now: datetime, tz: str) -> Act | None:
    count = when.counted(len(detail.attempts), "attempt")
    with st.expander(f"Tried to reach the family: {count}"):
        referral_detail.attempts(detail.attempts, when.local_day(now, tz))
        parts.muted(
            f"After {rules.ENOUGH_ATTEMPTS} attempts without an answer a referral may be closed "
            "as unable to contact."
        )
        way: ContactWay | None = st.pills(
            "How did you try?",
            list(ContactWay),
            format_func=lambda one: CONTACT_WAY_LABELS[one],
            key=_key(detail, "way"),
            wrap=True,
            **WAIT,
        )
        reached = st.segmented_control(
            "Did you reach them?", ["Reached", "Not reached"], key=_key(detail, "reached"), **WAIT
        )
        day = st.date_input(
            "Day",
            value=when.local_day(now, tz),
            format="MM/DD/YYYY",
            key=_key(detail, "on"),
            **WAIT,
        )
        if not st.button("Save attempt", key=_key(detail, "attempt")):
            return None
    draft = AttemptDraft(day, way, None if reached is None else reached == "Reached")
    return Act("Attempt saved", partial(_attempt_saved, draft=draft, key=_once(detail)), stay=True)


def _attempt_saved(
    session: Session,
    me: Actor,
    referral_id: uuid.UUID,
    at: datetime,
    *,
    draft: AttemptDraft,
    key: str,
) -> Any:
    return following.add_attempt(session, me, referral_id, draft, at, key)


def _rarer(detail: Detail) -> Act | None:
    """Hold, withdraw, close, entered in error: those that the table allows the school now."""
    allowed = {to for to, sides in rules.MOVES[detail.line.status].items() if Side.SCHOOL in sides}
    with st.expander("Hold, withdraw or close"):
        note = _note(detail, "Note (needed to hold, and for an error)", name="rarer-note")
        reason: CloseReason | None = st.segmented_control(
            "How did it end? (to close)",
            list(CloseReason),
            format_func=lambda one: CLOSE_REASON_LABELS[one],
            key=_key(detail, "close-reason"),
            wrap=True,
            **WAIT,
        )
        with st.container(horizontal=True):
            if ReferralStatus.ON_HOLD in allowed and st.button(
                "Put on hold", key=_key(detail, "hold")
            ):
                return Act("Put on hold", _noted(following.hold, note))
            if ReferralStatus.WITHDRAWN in allowed and st.button(
                "Withdraw this referral", key=_key(detail, "withdraw")
            ):
                return Act("Withdrawn", partial(_withdrawn, note=note))
            if st.button("Close it", key=_key(detail, "close")):
                return Act("Closed", partial(_closed, reason=reason, note=note))
            if st.button("Entered in error", key=_key(detail, "error")):
                return Act("Entered in error", _noted(following.enter_in_error, note))
    return None


def _withdrawn(session: Session, me: Actor, key: uuid.UUID, at: datetime, *, note: str) -> Any:
    return following.withdraw(session, me, key, at, note)


def _closed(
    session: Session,
    me: Actor,
    key: uuid.UUID,
    at: datetime,
    *,
    reason: CloseReason | None,
    note: str,
) -> Any:
    return following.close(session, me, key, reason, note, at)


def _noted(verb: Callable[[Session, Actor, uuid.UUID, str, datetime], Any], note: str) -> Does:
    return lambda session, me, key, at: verb(session, me, key, note, at)


def _note(detail: Detail, label: str, name: str = "note") -> str:
    return st.text_input(label, key=_key(detail, name), **WAIT) or ""


def _once(detail: Detail) -> str:
    """A second click on the same button finds the first one's attempt."""
    return f"{detail.line.referral_id}-{len(detail.attempts)}"


def _key(detail: Detail, name: str) -> str:
    return f"referral-{name}-{detail.line.number}"
