"""Count screenings without names."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.ui import parts, tally_form
from portal.ui.page import page_for, telling_problems
from portal.ui.when import local_day
from portal.visits import queries, tally

me = page_for(Task.COUNT_SCREENINGS)
now = clock.now()
today = local_day(now, me.tz)
with unit_of_work() as session:
    schools = queries.schools(session, me)
    mine = queries.my_tallies(session, me, tally_form.since(today))

parts.title(
    "Count screenings",
    "How many, with which tool. No student is asked for, kept, or can be found from it.",
)
parts.status_line()
left, right = st.columns([1, 1], gap="large")
with left:
    problems = st.container()
    draft = tally_form.fields(schools, today)
    clicked = st.button("Save count", type="primary", key=tally_form.key_of("save"))
with right:
    tally_form.totals(mine, today)
    taken_back = tally_form.latest(mine, now, today)

if clicked:
    with problems, telling_problems():
        with unit_of_work() as session:
            tally.count(session, me, draft, now, tally_form.form_key())
        tally_form.begin_anew()
        parts.flash("Saved: the count stands in your own totals.")
        st.rerun()

if taken_back is not None:
    with problems, telling_problems():
        with unit_of_work() as session:
            tally.undo(session, me, taken_back, now)
        parts.flash("Taken back. It counts no more.")
        st.rerun()
