"""What is due for me, each with its buttons: follow-ups, an unsaved visit, hand-overs, moves."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import streamlit as st

from portal.access.actor import Actor
from portal.access.left_behind import LeftLine
from portal.access.unit_of_work import unit_of_work
from portal.policy.undo import UNDO_WITHIN
from portal.transitions.queries import HandoverLine, LateService, MoveLine
from portal.ui import parts, when
from portal.ui.go import go_to
from portal.ui.page import telling_problems
from portal.ui.parts import Tag, esc
from portal.ui.pick_student import CHOSEN
from portal.visits import follow_ups
from portal.visits.queries import FollowUpLine, Unsaved
from portal.vocabulary import MOVE_REASON_LABELS

DONE = "today-done"
MOST = 12
NOT_NEEDED = "Not needed any more"
LATER = {"Tomorrow": 1, "In a week": 7, "In a month": 30}


@dataclass(frozen=True)
class Done:
    """What was just settled. id: of the follow-up, while it can be taken up again."""

    text: str
    at: datetime
    id: uuid.UUID | None = None


def status_line(me: Actor, now: datetime) -> None:
    """What was just done, in a fixed place; a follow-up can be taken up again for ten minutes."""
    done: Done | None = st.session_state.get(DONE)
    fresh = done is not None and now < done.at + UNDO_WITHIN
    with st.container(horizontal=True, vertical_alignment="center", key="today-done-line"):
        text = done.text if done and fresh else ""
        st.html(f'<div class="p-status" role="status">{esc(text)}</div>', width="content")
        if done is None or done.id is None or not fresh:
            return
        clicked = st.button("Undo", type="tertiary", icon=":material/undo:", key="today-undo")
    if clicked:
        with telling_problems():
            with unit_of_work() as session:
                follow_ups.take_up_again(session, me, done.id, now)
            st.session_state[DONE] = Done("It is still to do.", now)
            st.rerun()


def follow_ups_due(me: Actor, lines: Sequence[FollowUpLine], now: datetime) -> None:
    """The follow-ups of today and before: done, later, not needed; the name opens the page."""
    parts.heading("Follow-ups due")
    if not lines:
        st.html(
            '<p class="p-empty">No follow-ups due. They appear when you ask for one with a '
            "visit.</p>"
        )
    today = when.local_day(now, me.tz)
    for line in lines[:MOST]:
        _follow_up(me, line, today, now)
    if len(lines) > MOST:
        parts.muted(f"And {len(lines) - MOST} more; they move up as you go.")


def _follow_up(me: Actor, line: FollowUpLine, today: date, now: datetime) -> None:
    late = (today - line.due_on).days
    tag = Tag(f"Overdue {when.days(late)}", "bad") if late else Tag("Today", "warn")
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"today-due-{line.id}"
    ):
        st.html(
            f'<div class="p-due"><strong>{esc(line.student)}</strong> {tag.markup}'
            f'<span class="p-muted">{esc(line.about or "Come back to this student")}</span></div>',
            width="stretch",
        )
        done = st.button("Done", key=f"done-{line.id}")
        later = st.menu_button("Later", [*LATER, NOT_NEEDED], key=f"later-{line.id}")
        if st.button("Open", key=f"open-{line.id}", type="tertiary"):
            open_student(line.student_id)
    if done or later:
        with telling_problems():
            settled = settle(me, line, None if done else later, today, now)
            st.session_state[DONE] = settled
            st.rerun()


def settle(me: Actor, line: FollowUpLine, later: str | None, today: date, now: datetime) -> Done:
    """The follow-up is done; or, with `later`, put off or not needed. What to say of it."""
    with unit_of_work() as session:
        if later is None:
            follow_ups.done(session, me, line.id, now)
        elif later == NOT_NEEDED:
            follow_ups.drop(session, me, line.id, now)
        else:
            to = today + timedelta(days=LATER[later])
            follow_ups.move(session, me, line.id, to, now)
    return _told(line, later, today, now)


def _told(line: FollowUpLine, later: str | None, today: date, now: datetime) -> Done:
    if later is None:
        return Done(f"Done: {line.student}.", now, line.id)
    if later == NOT_NEEDED:
        return Done(f"Taken off the list: {line.student}.", now, line.id)
    to = when.day(today + timedelta(days=LATER[later]), today)
    return Done(f"Later, on {to}: {line.student}.", now)


def unsaved(draft: Unsaved | None, drafts: int, now: datetime, tz: str) -> None:
    """What I began and did not finish: a visit, referrals."""
    if draft is not None:
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key="today-unsaved"
        ):
            begun = when.moment(draft.saved_at, now, tz)
            st.html(f"<p>You have an unsaved visit from {esc(begun)}.</p>", width="stretch")
            if st.button("Go on"):
                go_to("log_visit.py")
    if drafts:
        many = when.counted(drafts, "referral is a draft", "referrals are drafts")
        link = parts.Link("Finish it" if drafts == 1 else "Finish them", "/follow_referrals")
        st.html(f"<p>{esc(many)}. {link.markup}</p>")


def handed(lines: Sequence[HandoverLine], now: datetime, tz: str) -> None:
    """What colleagues told me of students that are mine now."""
    if not lines:
        return
    parts.heading("Handed over to you", "Read what is told of them on their page.")
    for line in lines[:MOST]:
        day = when.day_of(line.at, now, tz) if line.at else ""
        _opens(line.student, f"By {line.giver}, {day}", f"handed-{line.student_id}",
               line.student_id)  # fmt: skip


def late_services(lines: Sequence[LateService], today: date) -> None:
    """Services in place that were to end by now: end them, or change the estimated end."""
    if not lines:
        return
    parts.heading("Services past their estimated end", "End it, or change the day, on their page.")
    for number, line in enumerate(lines):
        below = f"{line.service}, {line.provider}: was to end {when.day(line.estimated_end, today)}"
        _opens(line.student, below, f"late-{number}", line.student_id)


def _opens(head: str, below: str, key: str, student_id: uuid.UUID) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"today-{key}"
    ):
        st.html(
            f'<div class="p-due"><strong>{esc(head)}</strong>'
            f'<span class="p-muted">{esc(below)}</span></div>',
            width="stretch",
        )
        if st.button("Open", key=f"open-{key}"):
            open_student(student_id)


def moved(lines: Sequence[MoveLine], now: datetime, tz: str) -> None:
    """Changes of school that bear on me."""
    if not lines:
        return
    parts.heading("Changed school")
    parts.rows([_moved(line, now, tz) for line in lines], "")


def _moved(line: MoveLine, now: datetime, tz: str) -> tuple[str, str, Tag]:
    reason = MOVE_REASON_LABELS[line.reason].lower() if line.reason else ""
    below = f"To {line.school} on {when.day_of(line.from_at, now, tz)}, {reason}".rstrip(", ")
    return line.student, below, Tag("Left") if line.mine_no_more else Tag("Here", "info")


def left(lines: Sequence[LeftLine], now: datetime, tz: str) -> None:
    """Colleagues whose account ended and whose students have nobody now."""
    if not lines:
        return
    parts.heading("Students without anybody", "A colleague left; give them to somebody else.")
    parts.rows([_left(line, now, tz) for line in lines[:MOST]], "")
    if st.button("Assign caseloads", key="today-left"):
        go_to("assign_caseload.py")


def _left(line: LeftLine, now: datetime, tz: str) -> tuple[str, str, Tag]:
    many = "1 student" if line.students == 1 else f"{line.students} students"
    return line.name, f"Account ended {when.day_of(line.left_at, now, tz)}", Tag(many, "warn")


def open_student(student_id: uuid.UUID) -> None:
    """Go to this student's page; the address says nothing about whom."""
    st.session_state[CHOSEN] = student_id
    go_to("see_student.py")
