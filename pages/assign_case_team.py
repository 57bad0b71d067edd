"""Decide who of our staff works with the student of a consent."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.directory.case_teams import queries, service
from portal.policy.tasks import Task
from portal.ui import case_team_form, more_links, parts
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.ASSIGN_CASE_TEAM)
now = clock.now()
with unit_of_work() as session:
    consents = queries.consents_in_force(session, me, now)
    staff = queries.staff(session, me, now)

parts.title("Case teams", "Who of your staff may open what a consent shares with you.")
parts.status_line()
more_links.show(me, more_links.AGENCY)
case_team_form.table(consents, Days(now, me.tz))
if not consents:
    st.stop()
problems = st.container()
consent = case_team_form.choose_consent(consents)
person = case_team_form.choose_person(staff)
act = case_team_form.buttons(consent, person)
if act and consent and person:
    with problems, telling_problems():
        with unit_of_work() as session:
            verb = service.assign if act == "assign" else service.end
            verb(session, me, consent.id, person.id, now)
        parts.flash(case_team_form.done(act, consent, person))
        st.rerun()
