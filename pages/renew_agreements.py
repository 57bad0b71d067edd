"""Renew the agreements of a year: what ends and what waits, one pass over those that are chosen."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements import queries, renewing
from portal.agreements.renewing import queries as passes
from portal.agreements.renewing.rules import endings, stuck
from portal.agreements.settling import settlements
from portal.policy.tasks import Task
from portal.ui import parts, renewal_list, renewal_run
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.RENEW_AGREEMENTS)
days = Days(clock.now(), me.tz)
with unit_of_work(reading()) as session:
    run = passes.latest(session, me)

parts.title("Renewals", "What ends within 120 days, what is still owed, and what stands still.")
parts.status_line()
if st.button("Back to all agreements"):
    go_to("make_agreement.py")
if run is not None and run.finished_at is None:
    renewal_run.going_on(run.id)
    st.stop()

with unit_of_work(reading()) as session:
    views = queries.ours(session, me, days.now)
    moved = passes.last_moved(session, [view.id for view in views])
ending, due = endings(views, days.today), settlements(views)
still = stuck(views, moved, days.now)
renewal_list.facts(ending, due, still, days.today)
if run is not None:
    renewal_run.results(run, days)
problems = st.container()
chosen = renewal_list.choose(ending, days)
if chosen is not None:
    with problems, telling_problems():
        with unit_of_work() as session:
            renewing.begin(session, me, chosen, days.now, renewal_list.form_key())
        renewal_list.begun()
        st.rerun()
renewal_list.settlements(due, days)
renewal_list.standing_still(still, days)
