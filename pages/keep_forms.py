"""Keep the district's consent form: write its next version, publish it, recall one."""

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.consents.forms import publishing, queries, sample, service
from portal.languages.catalog import available
from portal.policy.tasks import Task
from portal.ui import form_editor, form_versions, parts
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.page import page_for, telling_problems

me = page_for(Task.KEEP_FORMS)
days = Days(clock.now(), me.tz)
parts.title("Consent form", "What families read and sign. What is published never changes.")
parts.status_line()
if st.button("Back to consents"):
    go_to("record_consent.py")
kind = form_versions.choose_kind()
with unit_of_work() as session:
    shown = service.to_show(session, me, kind, days.now)
    versions = [line for line in queries.versions(session, me) if line[0].kind is kind]
    counts = queries.going_on(session, me, [row.id for row, _recall in versions], days.now)
    draft = queries.draft_of(session, me.organization_id, kind)
form_versions.table(versions, counts, days)
problems = st.container()
changed = None
publish = begin = False
if draft is None or shown is None:
    parts.muted("To change what families read, write the next version and publish it.")
    begin = st.button("Write the next version", type="primary")
else:
    parts.heading(f"Draft of version {draft.version}")
    against = publishing.problems(shown.definition)
    form_versions.stands_against(against, publishing.advice(shown.definition))
    publish = st.button("Publish this version", type="primary", disabled=bool(against))
    with telling_problems():
        changed = form_editor.edited(shown.definition)
recalling = form_versions.recall(versions, counts)

with problems, telling_problems():
    if begin:
        with unit_of_work() as session:
            service.begin_next(session, me, kind, days.now)
        form_editor.begin_anew()
        st.rerun()
    if changed is not None:
        form_editor.same_kind(changed, kind)
        with unit_of_work() as session:
            service.write(session, me, changed, days.now)
        form_editor.begin_anew()
        parts.flash("The draft is saved.")
        st.rerun()
    if publish and draft is not None:
        with unit_of_work() as session:
            service.publish(session, me, draft.id, days.now)
        parts.flash(f"Version {draft.version} is published. Families sign it from now on.")
        st.rerun()
    if recalling:
        with unit_of_work() as session:
            service.recall(session, me, recalling.version_id, recalling.element, days.now)
        parts.flash("The version is recalled. Nothing opens under it now.")
        st.rerun()

if shown is None:
    st.stop()
parts.heading("How it looks", "Filled in about nobody: every name is made up.")
language = form_versions.choose_language(shown.definition, available())
if st.button("Make a sample to print"):
    with telling_problems():
        with unit_of_work() as session:
            made = sample.keep(session, me, shown.row.id, language, days.now)
        parts.document("Sample of the form (PDF)", made.id)
if st.toggle("Show what a family reads, page by page"):
    form_versions.as_read(sample.pages(shown.definition, language, days.today))
