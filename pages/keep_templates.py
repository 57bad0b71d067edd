"""Bring the district's own Word template and clauses, so that agreements are printed with them."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.agreements import queries
from portal.policy.tasks import Task
from portal.ui import own_clause_desk, parts, template_desk
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for

me = page_for(Task.KEEP_TEMPLATES)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    templates = queries.own_templates(session, me)
    clauses = queries.own_clauses(session, me.organization_id)
    library = queries.library(session, me.organization_id)

parts.title(
    "Templates and clauses",
    "Agreements are printed with the portal's own template and clauses unless you bring yours.",
)
parts.status_line()
if st.button("Back to agreements"):
    go_to("make_agreement.py")
of_templates, of_clauses = st.tabs(["Word templates", "Our own clauses"])
with of_templates:
    template_desk.draw(me, templates, library, days)
with of_clauses:
    own_clause_desk.draw(me, clauses, days)
