"""Make and end the tokens by which programs run commands, and see when each was last used."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.accounts import service_accounts
from portal.policy.tasks import Task
from portal.ui import parts, service_account_form
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.KEEP_SERVICE_ACCOUNTS)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    lines = service_accounts.listed(session, me, days.now)

parts.title(
    "Service accounts",
    "What runs at the command line, by cron for one, does so by a token and never by a password.",
)
parts.status_line()
if st.button("People"):
    go_to("manage_people.py")
problems = st.container()
service_account_form.token_shown_once()
left, right = st.columns(2, gap="large")
with left:
    parts.heading("In use")
    ending = service_account_form.standing(lines, days)
with right:
    parts.heading("New service account")
    draft = service_account_form.new()

with problems, telling_problems():
    if draft:
        with unit_of_work() as session:
            token = service_accounts.make(session, me, draft, days.now)
        service_account_form.remember(token)
        parts.flash(f"{draft.name.strip()} is made.")
        st.rerun()
    if ending:
        with unit_of_work() as session:
            service_accounts.end(session, me, ending, days.now)
        parts.flash("It has ended. Its token opens nothing any more.")
        st.rerun()
