"""Read the district's levels of access beside what the portal does by them."""

import streamlit as st

from portal import clock
from portal.access.levels import how_many
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.ui import level_table, parts
from portal.ui.go import go_to
from portal.ui.page import page_for

me = page_for(Task.SEE_LEVELS)
counts = None
if me.may(Task.MANAGE_PEOPLE):
    with unit_of_work() as session:
        counts = how_many(session, me, clock.now())
parts.title(
    "Levels of access",
    "The lines of the district's policy, in its order, beside what the portal does by each. "
    "The gate reads the same table.",
)
if st.button("Back to my settings"):
    go_to("my_settings.py")
level_table.mine(me)
level_table.show(counts)
