"""Keep a colleague and a student apart, and leave a student out of lists and searches."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.transitions import locks, queries
from portal.ui import lock_form, parts
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.KEEP_LOCKS)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    students = queries.to_move(session, me, days.now)
    colleagues = queries.colleagues(session, me, days.now)
    standing = queries.locks(session, me, days.now)
    hidden = queries.hidden(session, me, days.now)

parts.title("Locks", "Who must not open whom, and who is left out of lists. Both begin at once.")
parts.status_line()
problems = st.container()
left, right = st.columns(2, gap="large")
with left:
    parts.heading(
        "Conflict of interest",
        "This colleague opens nothing of this student and finds them in no list.",
    )
    lifted = lock_form.standing_locks(standing, days)
    with st.expander("New lock"):
        lock = lock_form.new_lock(students, colleagues, days.today)
with right:
    parts.heading(
        "Left out of lists",
        "Only whoever works with the student finds them, or who types the whole SASID.",
    )
    shown = lock_form.standing_hidden(hidden, days)
    with st.expander("Leave a student out"):
        hiding = lock_form.new_hiding(students, days.today)

with problems, telling_problems():
    with unit_of_work() as session:
        if lock:
            locks.lock(session, me, lock, days.now)
        if hiding:
            locks.hide(session, me, hiding, days.now)
        if lifted:
            locks.lift(session, me, lifted, days.now)
        if shown:
            locks.show(session, me, shown, days.now)
    if lock or hiding or lifted or shown:
        lock_form.begin_anew()
        parts.flash("Saved. It holds from now on.")
        st.rerun()
