"""How an agreement is negotiated on a page: versions, what differs, what was said, the answer.

    agreement_review.draw(view, me, days)

For the district and for a partner alike; each finds what it may do.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.agreements import negotiation, queries, reviewing
from portal.agreements.compare import ClauseChange
from portal.agreements.negotiation import Compared, Text, Texts, VersionLine
from portal.agreements.queries import AgreementView, Said
from portal.agreements.reviewing import LONGEST_COMMENT, Answer
from portal.agreements.status import Act
from portal.policy.tasks import Task
from portal.ui import agreement_changes, agreement_parts, parts, when
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.listing import AT_ONCE, lines_before
from portal.ui.page import telling_problems
from portal.vocabulary import AGREEMENT_EVENT_LABELS, AgreementEventKind

WHOLE = "The whole agreement"
COUNTED = "agreement-review-turn"
"""Counts what was sent off, so that a form is empty afterwards."""


def draw(view: AgreementView, me: Actor, days: Days) -> None:
    """Everything about a review; a click does its work and draws the page again."""
    with unit_of_work() as session:
        told = negotiation.texts(session, me, view, days.now)
        lines = negotiation.versions(session, view)
        history = queries.history(session, view.id)
        titles = negotiation.clause_titles(session, view)
    _who_has_it(view)
    _answer(view, me, days, titles)
    _send_again(view, me, days)
    _versions(lines, days)
    _comparison(view, me, days, told)
    _comments(view, me, days, titles, history)


def _may_write(view: AgreementView, me: Actor) -> bool:
    return view.we_wrote_it and Act.EDIT in view.acts and bool(me.may(Task.MAKE_AGREEMENT))


def _may_answer(view: AgreementView, me: Actor) -> bool:
    asked = Act.ANSWER in view.acts and not view.we_wrote_it and view.is_asked
    return asked and bool(me.may(Task.SIGN_AGREEMENT))


def _key(view: AgreementView, name: str) -> str:
    return f"agreement-{view.number}-{name}-{st.session_state.get(COUNTED, 0)}"


def _done(said: str) -> None:
    """Say it, empty the forms, draw the page again."""
    st.session_state[COUNTED] = st.session_state.get(COUNTED, 0) + 1
    parts.flash(said)
    st.rerun()


def _who_has_it(view: AgreementView) -> None:
    if view.awaited and Act.ANSWER in view.acts:
        waits = ", ".join(p.name for p in view.partners if p.id in view.awaited)
        parts.notice(f"It waits for the answer of {waits}.")
    elif Act.ANSWER in view.acts:
        parts.notice(f"Every partner has answered. {view.district} has it now.")


# The partner's answer


def _answer(view: AgreementView, me: Actor, days: Days, titles: dict[str, str]) -> None:
    if not _may_answer(view, me):
        return
    parts.heading(
        "Your answer", "Read the version, see what changed, then approve it or send it back."
    )
    problems = st.container()
    if st.button("Approve this version", type="primary", key=_key(view, "approve")):
        with problems, telling_problems():
            with unit_of_work() as session:
                reviewing.approve(session, me, view.id, days.now)
            _done(f"You approved agreement {view.number}. The district can issue it for signature.")
    with st.expander("Send it back with comments or a Word file"):
        answer = _answer_fields(view, titles)
        clicked = st.button("Send it back", key=_key(view, "send-back"))
    if clicked:
        with problems, telling_problems():
            with unit_of_work() as session:
                reviewing.send_back(session, me, view.id, answer, days.now)
            _done(f"Agreement {view.number} is with {view.district} again.")


def _answer_fields(view: AgreementView, titles: dict[str, str]) -> Answer:
    labels = unlike(titles.items())
    general = st.text_area(
        "What should change", max_chars=LONGEST_COMMENT, key=_key(view, "back"), on_change="ignore"
    )
    chosen = st.multiselect(
        "Clauses you want to say something about",
        list(labels),
        format_func=labels.__getitem__,
        placeholder="Type a word of the clause's title",
        key=_key(view, "back-clauses"),
    )
    comments = {"": general or ""}
    for clause in chosen:
        comments[clause] = (
            st.text_area(
                f"About {parts.plain(labels[clause])}",
                max_chars=LONGEST_COMMENT,
                key=_key(view, f"back-{clause}"),
                on_change="ignore",
            )
            or ""
        )
    file = st.file_uploader(
        "The Word file with your changes (optional)", type=["docx"], key=_key(view, "back-file")
    )
    parts.muted(
        "Change the wording of clauses in the file that you received; tracked changes and Word's "
        "comments are read. A change of the schedules or of a date say in words above."
    )
    return Answer(comments, file.getvalue() if file else b"")


# The district sends it


def _send_again(view: AgreementView, me: Actor, days: Days) -> None:
    if not _may_write(view, me) or (not view.awaited and not view.answered):
        return
    with st.expander("Send the draft as it is now"):
        problems = st.container()
        message = st.text_area(
            f"Message to {parts.plain(view.partner)} (optional)",
            max_chars=LONGEST_COMMENT,
            key=_key(view, "message"),
            on_change="ignore",
        )
        clicked = st.button("Send it again", type="primary", key=_key(view, "send"))
    if clicked:
        with problems, telling_problems():
            with unit_of_work() as session:
                version = reviewing.send(session, me, view.id, message or "", days.now)
            _done(f"Version {version.number} is with {view.partner}.")


# Versions


def _versions(lines: Sequence[VersionLine], days: Days) -> None:
    parts.heading("Versions")
    agreement_parts.document_rows(
        [
            (
                f"{line.label} (Word)",
                line.document_id,
                f"{line.who}, {when.moment(line.made_at, days.now, days.tz)}",
            )
            for line in lines
        ],
        "Nothing was sent yet.",
    )


# What differs


def _comparison(view: AgreementView, me: Actor, days: Days, told: Texts) -> None:
    usual = negotiation.usual(view, told)
    if usual is None:
        return
    parts.heading("What changed", "Every field filled in, as the paper prints it.")
    labels = unlike((key, text.label) for key, text in told.items())
    keys = list(labels)
    columns = st.columns(2)
    old, new = (
        column.selectbox(
            label,
            keys,
            index=keys.index(start),
            format_func=labels.__getitem__,
            key=f"agreement-{view.number}-{label}-{start}",
        )
        for column, label, start in zip(columns, ("Before", "Now"), usual, strict=True)
    )
    with unit_of_work() as session:
        found = negotiation.compared(session, view, told[old], told[new])
    _shown(view, me, days, (told[old], told[new]), found)


def _shown(
    view: AgreementView, me: Actor, days: Days, sides: tuple[Text, Text], found: Compared
) -> None:
    changes = found.changes
    if changes.is_empty and not found.outside:
        parts.rows([], "Both say the same.")
        return
    parts.muted(
        f"{when.counted(len(changes.clauses), 'clause differs', 'clauses differ')}, "
        f"{when.counted(len(changes.facts), 'fact differs', 'facts differ')}."
    )
    if changes.facts:
        agreement_changes.facts(changes.facts)
    agreement_changes.outside(found.outside)
    start = lines_before(len(changes.clauses), f"agreement-{view.number}-clauses")
    for change in changes.clauses[start : start + AT_ONCE]:
        agreement_changes.clause(change, "Before", "Now")
        if sides[1].came_back and _may_write(view, me):
            _take_over(view, me, days, sides[1], change)


def _take_over(
    view: AgreementView, me: Actor, days: Days, text: Text, change: ClauseChange
) -> None:
    """Their wording into our draft, or ours kept with a reason."""
    if negotiation.taken_over(view, text, change.id):
        parts.muted("Our draft says this clause as they do.")
        return
    problems = st.container()
    key = partial(_key, view)
    label = "Take it out of our draft" if not change.new else "Take over their wording"
    if st.button(label, key=key(f"take-{change.id}")) and text.version is not None:
        with problems, telling_problems():
            _taken(view, me, days, text.version.id, change)
    with st.expander(f"Keep ours of “{parts.plain(change.title)}” and say why"):
        why = st.text_area(
            "Why", max_chars=LONGEST_COMMENT, key=key(f"why-{change.id}"), on_change="ignore"
        )
        if st.button("Keep ours", key=key(f"keep-{change.id}")):
            with problems, telling_problems():
                _commented(view, me, days, change.id, why or "")


def _taken(
    view: AgreementView, me: Actor, days: Days, version_id: uuid.UUID, change: ClauseChange
) -> None:
    with unit_of_work() as session:
        reviewing.take_over(session, me, view.id, version_id, change.id, view.revision, days.now)
    _done(f"Our draft has their wording of “{change.title}”." if change.new else "Taken out.")


# What was said


def _comments(
    view: AgreementView, me: Actor, days: Days, titles: dict[str, str], history: Sequence[Said]
) -> None:
    parts.heading("History and comments", "The newest first.")
    if Act.ANSWER in view.acts:
        _comment(view, me, days, titles)
    parts.timeline(_by_month(history, titles, days), "Nothing was said yet.")


def _by_month(
    history: Sequence[Said], titles: dict[str, str], days: Days
) -> list[tuple[str, list[parts.Moment]]]:
    months: dict[str, list[parts.Moment]] = {}
    for said in history:
        month = when.month(said.at, days.tz)
        months.setdefault(month, []).append(_moment(said, titles, days))
    return list(months.items())


def _moment(said: Said, titles: dict[str, str], days: Days) -> parts.Moment:
    label = AGREEMENT_EVENT_LABELS[said.kind]
    about = f" on “{titles.get(said.clause, said.clause)}”" if said.clause else ""
    version = f", version {said.version}" if said.version else ""
    who = ", ".join(part for part in (said.who, said.organization) if part)
    told = (
        f"{who} · {when.moment(said.at, days.now, days.tz)}"
        if who
        else when.moment(said.at, days.now, days.tz)
    )
    letter = "C" if said.kind is AgreementEventKind.COMMENTED else label[:1]
    return parts.Moment(letter, f"{label}{about}{version}", told, said.text)


def _comment(view: AgreementView, me: Actor, days: Days, titles: dict[str, str]) -> None:
    labels = {"": WHOLE, **unlike(titles.items())}
    with st.expander("Comment on a clause"):
        problems = st.container()
        clause = st.selectbox(
            "About", list(labels), format_func=labels.__getitem__, key=_key(view, "about")
        )
        text = st.text_area(
            "Comment", max_chars=LONGEST_COMMENT, key=_key(view, "comment"), on_change="ignore"
        )
        clicked = st.button("Save comment", key=_key(view, "comment-save"))
    if clicked:
        with problems, telling_problems():
            _commented(view, me, days, clause or "", text or "")


def _commented(view: AgreementView, me: Actor, days: Days, clause: str, text: str) -> None:
    with unit_of_work() as session:
        reviewing.comment(session, me, view.id, clause, text, days.now)
    _done("Your comment is saved. Both sides can read it.")
