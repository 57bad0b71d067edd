"""Look after people: add, invite, change, sign out everywhere, end or reopen an account."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.accounts import people, queries
from portal.policy.tasks import Task
from portal.ui import more_links, parts, people_acts, people_form
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.MANAGE_PEOPLE)
now = clock.now()
with unit_of_work() as session:
    everybody = queries.people(session, me, now)
    places = queries.organizations(session, me, now)
    schools = queries.schools(session, me)
    shared = queries.of_several(session, me, now)

parts.title("People", people_form.ABOUT[me.role])
parts.status_line()
more_links.show(me, more_links.PEOPLE)
problems = st.container()
if link := people_form.link_shown_once():
    name, address = link
    parts.notice(
        f"Give this link to {name} yourself. It is shown only now, works once, "
        f"and for {people.LINK_HOURS} hours.",
        "warn",
    )
    st.code(address, language=None, wrap_lines=True)

left, right = st.columns(2, gap="large")
with left:
    parts.heading("One person")
    person = people_form.pick_person(everybody)
    act = people_acts.buttons(person)
    standing = people_acts.standing(me, person, schools)
with right:
    parts.heading("Add somebody")
    draft = people_form.person_fields(me, places, schools)
    adding = st.button("Add person", type="primary")
found = people_form.search(everybody, now)
shown = found[: people_form.SHOWN_AT_ONCE]
parts.table(
    f"{len(shown)} of {len(found)} people",
    people_form.COLUMNS,
    [people_form.line(line, Days(now, me.tz)) for line in shown],
    "Nobody like that. Try a part of the name, or clear the search.",
)
people_form.whom_to_ask(me, shared)

with problems, telling_problems():
    if person and act:
        act(me, person, now)
        st.rerun()
    if person and standing:
        people_acts.change(me, person, standing, now)
        st.rerun()
    if adding:
        people_acts.add(me, draft, now)
        st.rerun()
