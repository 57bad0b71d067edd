"""End a school year: services end on its last day, and open referrals are looked through."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.transitions import queries, year_end
from portal.transitions.rules import Reviewed
from portal.ui import parts, when, year_form
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.CLOSE_YEAR)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    years = queries.years(session, me)

parts.title("End of the year", "What ends with the last school day, and what goes on.")
parts.status_line()
problems = st.container()
year = year_form.choose(years, days)
draft = year_form.days_form(year, days.today)
closing = False
reviewed: Reviewed = {}
if year is not None:
    year_form.state(year, days)
    if year.closed_at is None:
        with unit_of_work() as session:
            counts = queries.services_counted(session, me, year, days.now)
            lines = queries.open_referrals(session, me, days.now)
            more = queries.how_many_more(session, me, len(lines), days.now)
        year_form.ending(counts)
        reviewed = year_form.review(lines, more, days)
        closing = year_form.close_button(year, days)

with problems, telling_problems():
    if draft:
        with unit_of_work() as session:
            year_end.keep_year(session, me, draft, days.now)
        year_form.choose_anew()
        parts.flash(f"The days of {draft.name} are saved.")
        st.rerun()
    if year is not None and closing:
        with unit_of_work() as session:
            done = year_end.close(session, me, year.id, reviewed, days.now)
        services = when.counted(done.services, "service", "services")
        referrals = when.counted(done.referrals, "referral", "referrals")
        parts.flash(f"{year.name} is closed: {services} ended, {referrals} closed.")
        st.rerun()
