"""See numbers without names: of personnel, the budget or curriculum, as far as they are open."""

import streamlit as st

from portal import clock
from portal.access import exported, exports
from portal.access.unit_of_work import unit_of_work
from portal.access.unnamed import open_views
from portal.policy.tasks import Task
from portal.ui import parts, unnamed_table, unnamed_take
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems
from portal.unnamed import service
from portal.vocabulary import UnnamedView

me = page_for(Task.SEE_UNNAMED)
now = clock.now()
with unit_of_work() as session:
    views = open_views(session, me, now)
    taken = exported.mine(session, me, now)
parts.title(
    "Numbers",
    "Without names: no student can be found from here, and fewer than six are not told.",
)
parts.status_line()
if not views:
    parts.muted(
        "No view is open to you. The offices of personnel, budget and curriculum have theirs by "
        "the district's policy; anybody else applies in writing to the Superintendent."
    )
    st.stop()
sheet, month = unnamed_table.choose(views, service.months(me, now))
unnamed_table.proper_use(sheet.view)
with telling_problems():
    with unit_of_work() as session:
        table = service.lines(session, me, sheet, month, now)
        staff = None
        if sheet.view is UnnamedView.PERSONNEL:
            staff = service.staff(session, me, month, now)
    unnamed_table.show(sheet, table)
    if staff is not None:
        unnamed_table.staff(staff)
    asked = unnamed_take.ask(sheet, month)
    if asked:
        out = unnamed_take.table_of(sheet, table)
        with unit_of_work() as session:
            exports.keep_export(session, me, asked.wanted, out, now, asked.key)
        unnamed_take.begin_again()
        parts.flash("The file is made. Open it below the table.")
        st.rerun()
    unnamed_take.still_open(taken, Days(now, me.tz))
