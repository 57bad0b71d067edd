"""A periodic review on the screen: how far it is, its lines with their buttons, the signature."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.accounts import people
from portal.policy.reviewing import STATEMENTS
from portal.reviewing import service, words
from portal.reviewing.service import Desk, Line
from portal.store.oversight import Review
from portal.ui import listing, parts, request_mail, when
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.navigation import pages_of
from portal.ui.page import telling_problems
from portal.ui.parts import Tag
from portal.vocabulary import (
    REVIEW_DECISION_LABELS,
    ReviewDecision,
    ReviewKind,
    ReviewSubject,
)
from portal.written_requests import reviewed
from portal.written_requests.deciding import Mail

ASKED = "review-asked"
"""The line whose note is being written, and what is to be decided about it."""

WAITING, DECIDED = "To decide", "Decided"
GRANTED = (ReviewSubject.GRANT, ReviewSubject.SERVICE_ACCOUNT)
ENDED = Tag("Ended")
TAGS = {
    ReviewDecision.KEEP: Tag("Keep", "ok"),
    ReviewDecision.CHANGE: Tag("Change", "warn"),
    ReviewDecision.REMOVE: Tag("Remove", "bad"),
}


def show(me: Actor, desk: Desk, days: Days) -> None:
    """How far the review is, and its lines: those that wait, or those that are decided."""
    _strip(desk, days)
    if desk.overdue:
        parts.notice(
            f"This review was due on {when.day(desk.review.due_on, days.today)}. The "
            "superintendent is told of it. Nothing is closed by itself.",
            "warn",
        )
    parts.heading("Lines")
    chosen = st.segmented_control(
        "Show", [WAITING, DECIDED], default=WAITING, required=True, key="review-show"
    )
    below = set(_late_grants(desk))
    lines = [
        line for line in desk.lines if line.is_open is (chosen == WAITING) and line.id not in below
    ]
    lines.sort(key=lambda line: not line.mine)
    skipped = listing.lines_before(len(lines), "review-page")
    shown = lines[skipped : skipped + listing.AT_ONCE]
    if not lines:
        parts.muted("Every line is decided." if chosen == WAITING else "Nothing is decided yet.")
    first = next((line.id for line in shown if line.mine and line.is_open), None)
    for line in shown:
        _line(me, desk, line, days, key=line.id == first)
    _keep_all(me, [line for line in shown if line.is_open and line.mine and line.used_lately], days)


def _strip(desk: Desk, days: Days) -> None:
    review, total = desk.review, len(desk.lines)
    if review.signed_at is not None:
        standing = [Tag(f"Signed off by {desk.signed_by}", "ok")]
    elif desk.overdue:
        standing = [Tag("Overdue", "bad")]
    else:
        standing = [Tag("Open", "info")]
    parts.strip(
        [
            ("Quarter", [review.period]),
            ("Decided", [f"{total - desk.to_decide:,} of {total:,}"]),
            ("Due", [when.day(review.due_on, days.today)]),
            ("State", standing),
        ]
    )


def _line(me: Actor, desk: Desk, line: Line, days: Days, *, key: bool) -> None:
    with st.container(border=True, key=f"review-line-{line.id}"):
        parts.row(words.about(line), words.stood(line.facts, days.tz), _tag(line))
        if line.note:
            parts.muted(f"{line.note} ({line.decided_by})")
        if desk.review.signed_at is not None or line.over:
            return
        if not line.mine:
            parts.muted(_whose(me, line))
            return
        asked = st.session_state.get(ASKED)
        if asked and asked[0] == line.id:
            _note(me, line, asked[1], days)
        else:
            _buttons(me, line, days, key=key)


def _tag(line: Line) -> Tag:
    if line.decision is not None:
        return TAGS[line.decision]
    if line.over:
        return ENDED
    if "what" in line.facts:
        return Tag("Look at it", "info")
    return Tag("Used lately", "plain") if line.used_lately else Tag("Not used for 90 days", "warn")


def _whose(me: Actor, line: Line) -> str:
    if line.who is not None and line.who.id == me.id:
        return "This is about yourself: another administrator or the superintendent decides it."
    return "The district's administrator decides this."


def _buttons(me: Actor, line: Line, days: Days, *, key: bool) -> None:
    with st.container(horizontal=True):
        keep = st.button("Keep", key=f"review-keep-{line.id}", shortcut="alt+k" if key else None)
        for decision in _others(line):
            label = f"{REVIEW_DECISION_LABELS[decision]} …"
            if st.button(label, key=f"review-{decision}-{line.id}", type="tertiary"):
                st.session_state[ASKED] = (line.id, decision)
                st.rerun()
    if keep:
        with telling_problems():
            with unit_of_work() as session:
                service.keep(session, me, [line.id], days.now)
            parts.flash(f"Kept: {words.about(line)}.")
            st.rerun()


def _others(line: Line) -> list[ReviewDecision]:
    removable = service.is_removable(line.subject, line.facts)
    return [ReviewDecision.CHANGE, *([ReviewDecision.REMOVE] if removable else [])]


def _mended_on(me: Actor, line: Line) -> str:
    """The page that mends it, where that is one of mine."""
    page = "manage_people.py" if line.subject is ReviewSubject.PERSON else ""
    page = words.MEND.get(line.facts.get("what", ""), ("", page))[1]
    return page if any(one.file == page for one in pages_of(me.role)) else ""


def _note(me: Actor, line: Line, decision: ReviewDecision, days: Days) -> None:
    asks = "What is to change" if decision is ReviewDecision.CHANGE else "Why it is removed"
    note = st.text_input(asks, key=f"review-note-{line.id}", max_chars=500)
    with st.container(horizontal=True):
        label = f"{REVIEW_DECISION_LABELS[decision]}: {parts.plain(words.about(line))}"
        sure = st.button(label, type="primary", key=f"review-sure-{line.id}")
        if st.button("Not now", key=f"review-not-{line.id}"):
            st.session_state.pop(ASKED, None)
            st.rerun()
    if decision is ReviewDecision.REMOVE:
        parts.muted("It ends at once. A person is signed out everywhere; their work stays.")
    if sure:
        with telling_problems():
            told = decide(me, line, decision, note, days)
            st.session_state.pop(ASKED, None)
            posted = f" Its letter is kept. {request_mail.post_end(me, told, days)}" if told else ""
            parts.flash(f"{REVIEW_DECISION_LABELS[decision]}: {words.about(line)}.{posted}")
            if decision is ReviewDecision.CHANGE and (page := _mended_on(me, line)):
                go_to(page)
            st.rerun()


def decide(me: Actor, line: Line, decision: ReviewDecision, note: str, days: Days) -> Mail | None:
    """Write it down. To remove a person their account ends in the same transaction, and what a
    written request gave by its letter: the mail that tells of it, once this is saved.
    """
    with unit_of_work() as session:
        if decision is ReviewDecision.CHANGE:
            service.change(session, me, line.id, note, days.now)
            return None
        told = None
        if line.who is not None and service.is_of_an_account(line.subject, line.facts):
            people.deactivate(session, me, line.who.id, days.now)
        elif line.subject is ReviewSubject.GRANT:
            told = reviewed.end_grant(session, me, line.subject_id, note, days.now)
        service.remove(session, me, line.id, note, days.now)
    return told


def _keep_all(me: Actor, lines: Sequence[Line], days: Days) -> None:
    if len(lines) < 2:
        return
    parts.muted(
        "Of this page, those who opened a record within the last 90 days can be kept together, "
        "once you have looked at each."
    )
    if st.button(f"I have looked at them: keep these {len(lines)}", key="review-keep-all"):
        with telling_problems():
            with unit_of_work() as session:
                kept = service.keep(session, me, [line.id for line in lines], days.now)
            parts.flash(f"Kept: {kept}.")
            st.rerun()


def to_withdraw(me: Actor, desk: Desk, days: Days) -> None:
    """After 30 days past the due day: the grants that nobody decided, to be withdrawn."""
    late = _late_grants(desk)
    if not late:
        return
    parts.heading(
        "Grants to withdraw",
        "Nobody decided these within 30 days after the review was due. They still open what they "
        "open: remove each, or keep it.",
    )
    for line in late.values():
        _line(me, desk, line, days, key=False)


def _late_grants(desk: Desk) -> dict[uuid.UUID, Line]:
    waiting = (line for line in desk.lines if line.is_open and line.subject in GRANTED)
    return {line.id: line for line in waiting} if desk.to_withdraw else {}


def sign(me: Actor, desk: Desk, days: Days) -> None:
    """The signature at the end, or the kept record once it is signed."""
    review = desk.review
    if review.document_id is not None:
        parts.document(f"The record of this review, {review.period} (PDF)", review.document_id)
        return
    if not desk.may_sign:
        return
    parts.heading("Sign off")
    if desk.to_decide:
        waits = when.counted(desk.to_decide, "line waits", "lines wait")
        parts.muted(f"{waits} for a decision. Then the review is signed here.")
        return
    parts.say(STATEMENTS[review.kind])
    typed = st.text_input("Type your name", key=f"review-name-{review.id}", max_chars=200)
    if st.button("Sign off the review", type="primary", key="review-sign"):
        with telling_problems():
            with unit_of_work() as session:
                service.sign_off(session, me, review.id, typed, days.now)
            parts.flash(f"The review of {review.period} is signed off and kept.")
            st.rerun()


def earlier(reviews: Sequence[Review], days: Days) -> None:
    """The records of reviews that were signed off."""
    if not reviews:
        return
    parts.heading("Signed off before")
    for review in reviews:
        if review.document_id and review.signed_at:
            day = days.of(review.signed_at)
            parts.document(f"{review.period}, signed off {day} (PDF)", review.document_id)


def today(waiting: Sequence[tuple[ReviewKind, service.Waiting]], days: Days) -> None:
    """On Today: a review that waits, with the way to it."""
    for kind, one in waiting:
        title, file = PAGE_OF[kind]
        due = when.day(one.review.due_on, days.today)
        told = _waits(one)
        late = f"It was due on {due}." if one.overdue else f"It is due on {due}."
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", key=f"today-review-{kind}"
        ):
            st.html(
                f'<div class="p-due"><strong>{title} {parts.esc(one.review.period)}</strong> '
                f"{Tag('Overdue', 'bad').markup if one.overdue else ''}"
                f'<span class="p-muted">{parts.esc(told)} {parts.esc(late)}</span></div>',
                width="stretch",
            )
            if st.button("Open", key=f"today-review-open-{kind}-{one.review.period}"):
                go_to(file)


def _waits(one: service.Waiting) -> str:
    if one.to_decide:
        return f"{when.counted(one.to_decide, 'line waits', 'lines wait')} for your decision."
    if one.others:
        return f"{when.counted(one.others, 'line waits', 'lines wait')} for somebody else."
    return "Every line is decided; it waits for the signature."


PAGE_OF = {
    ReviewKind.ACCESS: ("Review of access", "review_access.py"),
    ReviewKind.DATA: ("Review of the data", "review_data.py"),
}
