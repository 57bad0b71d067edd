"""What the page Correct a record does when a button is clicked, each in one transaction."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from portal.access.actor import Actor
from portal.access.corrections import ChangedMeanwhile
from portal.access.unit_of_work import unit_of_work
from portal.access.words import Words
from portal.corrections import queries
from portal.corrections import service as correcting
from portal.corrections.queries import Correctable
from portal.policy.corrections import ADMINISTRATORS
from portal.ui import correct_form, correct_link, correct_parts, parts
from portal.ui.page import telling_problems
from portal.visits import revising
from portal.visits.revising import Revisable

SEEN = "correct-seen"
"""In the session: the record and the version of it that were on the screen last."""


def undo_line(me: Actor, now: datetime) -> None:
    """Offer Undo of the last removal, and do it."""
    record_id = correct_parts.just_removed(now)
    if record_id is None:
        return
    with telling_problems():
        with unit_of_work() as session:
            correcting.restore(session, me, record_id, "", now)
        correct_parts.forget_removed()
        st.session_state[correct_link.CHOSEN] = record_id
        parts.flash("It is back")
        st.rerun()


def nothing_chosen(me: Actor, now: datetime) -> None:
    """How to get here; and for an administrator what was removed, to restore it."""
    parts.title("Correct a record")
    parts.muted("Open a student, and choose the record under Correct a record.")
    if me.role not in ADMINISTRATORS:
        return
    with unit_of_work() as session:
        gone = queries.removed(session, me, now)
    problems = st.container()
    wanted = correct_parts.to_restore(gone, now, me.tz)
    if wanted is not None:
        with problems, telling_problems():
            with unit_of_work() as session:
                correcting.restore(session, me, *wanted, now)
            parts.flash("It is restored")
            st.rerun()


def edit(me: Actor, visit: Revisable, words: Words, now: datetime) -> None:
    """The form of a visit; when somebody was quicker, their change beside mine."""
    problems = st.container()
    sent = correct_form.visit(visit, words, now, me.tz)
    if sent is None:
        return
    with problems, telling_problems():
        try:
            with unit_of_work() as session:
                revising.revise(
                    session, me, visit.visit_id, sent.version, sent.values, sent.reason, now
                )
        except ChangedMeanwhile:
            correct_form.clashed(sent.values, visit, words, now, me.tz)
            st.rerun()
        correct_form.done()
        parts.flash("Saved. What it said before is kept.")
        st.rerun()


def approve_or_remove(me: Actor, found: Correctable, now: datetime) -> None:
    """The two buttons about the record as a whole, of what was on the screen."""
    record_id, version = found.item.record_id, _seen(found)
    problems = st.container()
    if correct_parts.approve(found):
        with problems, telling_problems():
            with unit_of_work() as session:
                correcting.approve(session, me, record_id, version, now)
            parts.flash("Approved")
            st.rerun()
    reason = correct_parts.remove(found)
    if reason is not None:
        with problems, telling_problems():
            with unit_of_work() as session:
                correcting.remove(session, me, record_id, version, reason, now)
            st.session_state.pop(correct_link.CHOSEN)
            correct_form.done()
            correct_parts.remember_removed(record_id, now)
            st.rerun()


def _seen(found: Correctable) -> int:
    """The version that this person looked at when they clicked, not what it is by now."""
    record_id, version = st.session_state.get(SEEN, (None, 0))
    st.session_state[SEEN] = (found.item.record_id, found.version)
    return version if record_id == found.item.record_id else found.version
