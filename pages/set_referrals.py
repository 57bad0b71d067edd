"""Set the district's numbers of the safety stop, and when a referral is overdue."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.referrals import settings
from portal.ui import parts, referral_fields, referral_settings_form
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.SET_REFERRALS)
now = clock.now()
with unit_of_work() as session:
    kept = settings.settings_of(session, me.organization_id)

parts.title("Referral settings", "What your district's staff read before they refer.")
parts.status_line()
if st.button("Back to people"):
    go_to("manage_people.py")
problems = st.container()
parts.heading("As it is read now")
parts.notice(referral_fields.safety_line(kept.numbers), "warn")
draft = referral_settings_form.fields(kept)
if draft is not None:
    with problems, telling_problems():
        with unit_of_work() as session:
            settings.keep(session, me, draft, now)
        parts.flash("Settings saved.")
        st.rerun()
