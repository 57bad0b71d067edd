"""Look at unusual use and at what was opened in an emergency, and settle it."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.monitoring import emergencies, queries, settings
from portal.monitoring.watching import queries as usage
from portal.monitoring.watching import service as watching
from portal.policy.tasks import Task
from portal.ui import parts, use_desk
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.WATCH_USE)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    declared = queries.of_district(session, me, days.now)
    stopped = usage.stopped(session, me)
    waiting = usage.findings(session, me, settled=False)
    settled = usage.findings(session, me, settled=True)
    numbers = usage.by_kind(session, me, use_desk.year_before(days.today))
    limits = settings.limits_of(session, me.organization_id)

parts.title(
    "Use of the portal",
    "What is unusual is not yet improper: somebody looks at it. Nobody settles their own.",
)
parts.status_line()
parts.proper_use()
problems = st.container()
lifted = use_desk.stopped(stopped, me, days)
reviewed = use_desk.emergencies(declared, me, days)
outcome = use_desk.findings(waiting, me, days)
use_desk.before(settled, numbers, days)
below, kept = st.container(), None
with problems, telling_problems():
    kept = use_desk.limits(limits, below)
    with unit_of_work() as session:
        if lifted:
            watching.let_go_on(session, me, lifted, days.now)
        if reviewed:
            emergencies.review(session, me, reviewed.id, reviewed.verdict, days.now)
        if outcome:
            watching.settle(session, me, outcome.id, outcome.outcome, outcome.note, days.now)
        if kept:
            settings.keep(session, me, kept, days.now)
    if lifted or reviewed or outcome or kept:
        parts.flash("Saved.")
        st.rerun()
