"""Look after people: add, invite, sign out everywhere, end or reopen an account."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.accounts import people, queries
from portal.policy.tasks import Task
from portal.ui import parts, people_form
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.MANAGE_PEOPLE)
now = clock.now()
with unit_of_work() as session:
    everybody = queries.people(session, me, now)
    places = queries.organizations(session, me, now)
    schools = queries.schools(session, me)

parts.title("People", "Staff of your district, and the people of partner agencies.")
parts.status_line()
with st.container(horizontal=True):
    if st.button("Word lists"):
        go_to("keep_word_lists.py")
    if st.button("Data points"):
        go_to("keep_data_points.py")
    if st.button("Referral settings"):
        go_to("set_referrals.py")
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
    active, ended = person and person.active, person and not person.active
    inviting = active and st.button("Make a welcome link")
    leaving = active and st.button("Sign out everywhere")
    ending = active and st.button("End this account")
    reopening = ended and st.button("Open this account again")
with right:
    parts.heading("Add somebody")
    draft = people_form.person_fields(places, schools)
    adding = st.button("Add person", type="primary")
search = st.text_input("Search by name", key="people-search", max_chars=100).casefold()
found = [line for line in everybody if search in line.name.casefold()]
shown = found[: people_form.SHOWN_AT_ONCE]
parts.table(
    f"{len(shown)} of {len(found)} people",
    ["Name", "Role", "Organization", "Signs in as", "Account"],
    [people_form.line(line) for line in shown],
    "Nobody by that name. Try a part of the name, or clear the search.",
)

with problems, telling_problems():
    if person and inviting:
        with unit_of_work() as session:
            token = people.invite(session, me, person.id, now)
        people_form.remember_link(person.name, token)
        st.rerun()
    if person and leaving:
        with unit_of_work() as session:
            people.sign_out_everywhere(session, me, person.id, now)
        parts.flash(f"{person.name} is signed out everywhere.")
        st.rerun()
    if person and ending:
        with unit_of_work() as session:
            people.deactivate(session, me, person.id, now)
        parts.flash(f"The account of {person.name} has ended.")
        st.rerun()
    if person and reopening:
        with unit_of_work() as session:
            people.reopen(session, me, person.id, now)
        parts.flash(f"The account of {person.name} is open again.")
        st.rerun()
    if adding:
        with unit_of_work() as session:
            user = people.add_person(session, me, draft, now)
            token = people.invite(session, me, user.id, now)
        parts.flash(f"{user.name} is added.")
        people_form.remember_link(user.name, token)
        people_form.begin_anew()
        st.rerun()
