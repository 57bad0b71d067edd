"""Look at unusual use by our own people, and settle it: of a partner's administrator."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.monitoring.watching import queries as usage
from portal.monitoring.watching import service as watching
from portal.policy.tasks import Task
from portal.ui import parts, use_desk
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.WATCH_OUR_USE)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    stopped = usage.stopped(session, me)
    waiting = usage.findings(session, me, settled=False)
    settled = usage.findings(session, me, settled=True)
    numbers = usage.by_kind(session, me, use_desk.year_before(days.today))

parts.title(
    "Use by our people",
    "What is unusual is not yet improper: somebody looks at it. Nobody settles their own. The "
    "district looks after what concerns its students, on a list of its own.",
)
parts.status_line()
parts.proper_use()
if st.button("Back to case teams"):
    go_to("assign_case_team.py")
problems = st.container()
use_desk.stopped(stopped, me, days)
outcome = use_desk.findings(waiting, me, days)
use_desk.before(settled, numbers, days)
with problems, telling_problems():
    if outcome:
        with unit_of_work() as session:
            watching.settle(session, me, outcome.id, outcome.outcome, outcome.note, days.now)
        parts.flash("Saved.")
        st.rerun()
