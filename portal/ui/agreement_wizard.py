"""Write the draft of an agreement, step by step, beside the document that it makes.

A step can be left for any other; whatever is left is saved. Each run draws the open step's
fields, saves what they say, and only then goes on: so a click on “Next” loses no field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from portal import clock
from portal.access.actor import Actor
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements import drafting, issuing, looking, reviewing
from portal.agreements.content import Content
from portal.agreements.looking import Room
from portal.agreements.queries import AgreementView
from portal.agreements.rules import STEP_TITLES, Step
from portal.errors import PortalError
from portal.ui import (
    agreement_clauses,
    agreement_draft,
    agreement_finish,
    agreement_parties,
    agreement_people,
    agreement_records,
    agreement_services,
    agreement_sheet,
    agreement_terms,
    agreement_views,
    parts,
    when,
)
from portal.ui.agreement_draft import STEPS, Desk, Go
from portal.ui.agreement_fields import Form, place_of
from portal.ui.days import Days
from portal.ui.focus import focus_field, focus_problems, focus_step
from portal.ui.page import who_is_here

FIELDS: Mapping[Step, Callable[[Form, Room, Content], Content]] = {
    Step.PARTIES: agreement_parties.draw,
    Step.SERVICES: agreement_services.draw,
    Step.RECORDS: agreement_records.draw,
    Step.CLAUSES: agreement_clauses.draw,
    Step.PEOPLE: agreement_people.draw,
    Step.TERMS: agreement_terms.draw,
}
SHORT = {
    Step.PARTIES: "Parties",
    Step.SERVICES: "Services",
    Step.RECORDS: "Records",
    Step.CLAUSES: "Clauses",
    Step.PEOPLE: "People",
    Step.TERMS: "Dates",
    Step.REVIEW: "Issue",
}
STEP_IN_ADDRESS = "step"


def draw(view: AgreementView, me: Actor, days: Days) -> None:
    """The open step, the bar of all steps, and the document."""
    with unit_of_work(reading()) as session:
        room = looking.room(session, me, view.id, days.now)
    desk = agreement_draft.of(view, st.query_params.get(STEP_IN_ADDRESS, ""))
    st.query_params[STEP_IN_ADDRESS] = desk.at.step
    _work(view, desk, room, me.tz)


@st.fragment
def _work(view: AgreementView, desk: Desk, room: Room, tz: str) -> None:
    """Everything that a field changes: run alone when one is left."""
    bar = st.container(key="agreement-bar")
    left, right = st.columns([3, 2], gap="large")
    with left:
        place = STEPS.index(desk.at.step)
        parts.step_heading(f"{place + 1}. {STEP_TITLES[desk.at.step]}")
        problems = st.container()
        form = Form(desk, template_id=desk.template_id)
        content, wish = _step(form, view, room)
        _buttons(form)
        saved = st.container()
    failed = _keep(form, content, room, problems)
    with saved:
        parts.muted(_saved_words(desk, tz))
    with bar:
        _bar(form)
    if wish and not failed:
        _do(view, wish, problems)
    elif not failed and (form.go or form.again):
        _go_on(form)
    with problems:
        _sent_here(desk)
    with right:
        agreement_sheet.draw(desk, room)


def _step(
    form: Form, view: AgreementView, room: Room
) -> tuple[Content, agreement_finish.Wish | None]:
    desk = form.desk
    if desk.at.step is Step.REVIEW:
        found = desk.problems()
        wish = agreement_finish.draw(form, room, desk.content, view.district, found)
        return desk.content, wish
    return FIELDS[desk.at.step](form, room, desk.content), None


def _keep(
    form: Form, content: Content, room: Room, problems: st.delta_generator.DeltaGenerator
) -> bool:
    """Save what the fields say. True when it could not be saved; what was typed stays."""
    desk = form.desk
    try:
        desk.keep(content, form.template_id, room.library)
    except PortalError as error:
        with problems:
            parts.problem_summary(error)
            focus_problems()
            if error.what == drafting.STALE.what:
                st.button("Open the newer draft", on_click=agreement_draft.forget)
        return True
    return False


def _saved_words(desk: Desk, tz: str) -> str:
    if desk.pending:
        return "Not saved. What you typed is still here."
    at = f" at {when.time_of(desk.saved_at, tz)}" if desk.saved_at else ""
    return f"Saved{at}. You can leave this page and come back."


def _buttons(form: Form) -> None:
    """Back, Next and Save."""
    place = STEPS.index(form.desk.at.step)
    with st.container(horizontal=True, key="agreement-buttons"):
        back = place > 0 and form.button("Back", f"back-{form.desk.moves}")
        more = place < len(STEPS) - 1
        ahead = more and form.button(
            f"Next: {SHORT[STEPS[place + 1]]}",
            f"next-{form.desk.moves}",
            type="primary",
            shortcut="alt+n",
        )
        if more:
            form.button("Save", "save")
    if back or ahead:
        form.go = Go(STEPS[place + (1 if ahead else -1)])


def _bar(form: Form) -> None:
    """Every step with a mark: complete, or how much is missing."""
    desk = form.desk
    found = desk.problems()

    def named(step: Step) -> str:
        count = len(found.get(step, ()))
        mark = f": {count} missing" if count else " ✓"
        return f"{STEPS.index(step) + 1} {SHORT[step]}{'' if step is Step.REVIEW else mark}"

    chosen = st.segmented_control(
        "Steps",
        list(STEPS),
        default=desk.at.step,
        required=True,
        format_func=named,
        key=form.key(f"bar-{desk.moves}"),
        wrap=True,
    )
    if form.go is None and chosen is not desk.at.step:
        form.go = Go(chosen)


def _go_on(form: Form) -> None:
    """The saved draft at another step, or the same one with other rows."""
    if form.go:
        form.desk.go(form.go)
    if form.again:
        form.desk.refill()
    st.rerun()


def _sent_here(desk: Desk) -> None:
    """Why one was sent here, and the cursor in that field."""
    problem = desk.at.problem
    if problem is None:
        focus_step(f"{desk.moves}")
    else:
        parts.notice(f"{problem.what} {problem.do_next}", "warn")
        focus_field(place_of(problem.field), f"{desk.moves}")


def _do(
    view: AgreementView, wish: agreement_finish.Wish, problems: st.delta_generator.DeltaGenerator
) -> None:
    """Issue it, send it, or throw it away."""
    now, me = clock.now(), who_is_here()
    if me is None:
        st.rerun()
    try:
        with unit_of_work() as session:
            if wish.act == "issue":
                issuing.issue(session, me, view.id, now)
                told = f"Issued. {view.number} now waits for its signatures."
            elif wish.act == "send":
                reviewing.send(session, me, view.id, wish.text, now)
                told = f"Sent for review to {view.partner}."
            else:
                drafting.discard(session, me, view.id, wish.text, now)
                told = f"Draft {view.number} is discarded."
    except PortalError as error:
        with problems:
            parts.problem_summary(error)
            focus_problems()
        return
    if wish.act == "discard":
        agreement_views.close()
    agreement_draft.forget()
    parts.flash(told)
    st.rerun()
