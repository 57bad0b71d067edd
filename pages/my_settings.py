"""Choose which mail I get, and make the address of my calendar."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.notifications import service
from portal.policy.tasks import Task
from portal.ui import more_links, parts, settings_form
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.SET_NOTICES)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    wishes = service.wishes(session, me)

parts.title("My settings")
parts.status_line()
more_links.show(me, more_links.MINE)
parts.plain_page("My account: sign-ins, password, second factor", "/account")
problems = st.container()
chosen = settings_form.mails(wishes)
act = settings_form.calendar(wishes, days)
with problems, telling_problems():
    if chosen:
        digest, urgent = chosen
        with unit_of_work() as session:
            service.save(session, me, digest=digest, urgent=urgent, at=days.now)
        parts.flash("Saved.")
        st.rerun()
    if act == "make":
        with unit_of_work() as session:
            secret = service.new_feed(session, me, days.now)
        settings_form.remember(secret)
        st.rerun()
    if act == "stop":
        with unit_of_work() as session:
            service.stop_feed(session, me, days.now)
        parts.flash("The calendar is off. Its address is nobody's any more.")
        st.rerun()
