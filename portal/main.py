"""The Streamlit script behind the entrance: who is here, which pages they have, run one."""

import streamlit as st

from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts.queries import is_demo
from portal.ui import frame, navigation, parts
from portal.ui.page import who_is_here

me = who_is_here()
with unit_of_work(reading()) as session:
    demo = is_demo(session)
frame.begin()
if me is None:
    parts.refusal("You are not signed in.", "Sign in again.")
    st.stop()
first = navigation.PAGES[0]
chosen = st.navigation(
    [
        st.Page(
            navigation.PAGES_FOLDER / page.file,
            title=page.title,
            icon=f":material/{page.icon}:",
            default=page is first,
            visibility="visible" if page.in_menu(me.role) else "hidden",
        )
        for page in navigation.pages_of(me.role)
    ]
)
frame.around(me, demo=demo)
chosen.run()
