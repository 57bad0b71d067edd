"""Set the district's single sign-on: enter it, try it, switch it on or off."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.accounts import sign_in_settings
from portal.policy.tasks import Task
from portal.ui import parts, sign_in_form
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.SET_SIGN_IN)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    standing = sign_in_settings.standing(session, me)

parts.title(
    "Single sign-on",
    "Staff of your district sign in with their Google, Microsoft or Clever account.",
)
parts.status_line()
if st.button("People"):
    go_to("manage_people.py")
problems = st.container()
sign_in_form.state(standing, days)
opening = ending = False
if standing:
    sign_in_form.redirect_uri(standing)
    sign_in_form.try_it(standing)
    with st.container(horizontal=True):
        if standing.live_since is None:
            opening = st.button("Switch it on", type="primary")
        ending = st.button("Switch it off" if standing.live_since else "Remove it")
parts.heading("What the provider gave you")
draft = sign_in_form.fields(standing)
saving = st.button("Save", type="secondary" if standing else "primary")
parts.muted(
    "Nobody gets an account by it. Somebody is found by their verified e-mail address the first "
    "time, and known by the provider's own mark from then on."
)

with problems, telling_problems():
    with unit_of_work() as session:
        if saving:
            sign_in_settings.save(session, me, draft, days.now)
        if opening:
            sign_in_settings.go_live(session, me, days.now)
        if ending:
            sign_in_settings.end(session, me, days.now)
    if saving or opening or ending:
        sign_in_form.forget_secret()
        parts.flash("Saved." if saving else "It is on." if opening else "It is off.")
        st.rerun()
