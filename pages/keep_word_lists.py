"""Keep the district's drop-downs: what a word is called and means, its place, what is offered."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.access.words import words_of
from portal.directory.word_lists import service
from portal.policy.tasks import Task
from portal.ui import parts, word_list_desk
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.KEEP_WORD_LISTS)
now = clock.now()
parts.title(
    "Word lists", "What people choose from. A word is retired, never deleted: old records keep it."
)
parts.status_line()
if st.button("Back to people"):
    go_to("manage_people.py")
with unit_of_work() as session:
    words = words_of(session, me.organization_id)
name = word_list_desk.choose_list()
problems = st.container()
word_list_desk.table(name, words)
parts.heading("Change a word")
word = word_list_desk.choose_word(name, words)
moving = 0
retiring = returning = False
if word is not None:
    with st.container(horizontal=True):
        moving = int(st.button("Move down")) - int(st.button("Move up"))
        retiring = not word.retired and st.button("Retire")
        returning = word.retired and st.button("Offer it again")
filled = word_list_desk.form(name, word, words)

with problems, telling_problems():
    if word and moving:
        with unit_of_work() as session:
            service.move(session, me, name, word.code, moving, now)
        st.rerun()
    if word and retiring:
        with unit_of_work() as session:
            service.retire(session, me, name, word.code, now)
        parts.flash(f"“{word.label}” is offered no more. What has it keeps it.")
        st.rerun()
    if word and returning:
        with unit_of_work() as session:
            service.bring_back(session, me, name, word.code, now)
        parts.flash(f"“{word.label}” is offered again.")
        st.rerun()
    if filled is not None:
        with unit_of_work() as session:
            service.write(session, me, name, filled.word, filled.shown, now)
        word_list_desk.begin_anew()
        parts.flash(f"“{filled.word.label}” is kept.")
        st.rerun()
