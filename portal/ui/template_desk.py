"""A district's Word templates: bring one, map its blanks, see what it lacks, try it, publish it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.agreements import own_templates
from portal.agreements.clauses.library import Library
from portal.agreements.documents import REQUIRED_FIELDS, fields
from portal.agreements.own_templates import Examined, Judged
from portal.config import settings
from portal.errors import NotReady, Problem
from portal.store.agreements import WordTemplate
from portal.ui import parts
from portal.ui.days import Days
from portal.ui.page import telling_problems
from portal.ui.parts import Tag
from portal.vocabulary import AGREEMENT_KIND_LABELS, AgreementKind
from portal.word.blanks import LEAVE, Blank
from portal.word.desk import BadTemplate
from portal.word.problems import TemplateProblem

OPEN = "template-open"
KNOWN = "templates-known"
"""What was found in files by their fingerprint, so that a click does not read them again."""
FEW = 40
"""Blanks on one screen."""


def draw(me: Actor, rows: Sequence[WordTemplate], library: Library, days: Days) -> None:
    """The list, the upload, and the one that is open."""
    opened = next((row for row in rows if row.id == st.session_state.get(OPEN)), None)
    if opened is not None:
        _opened(me, opened, library, days)
        return
    _bring(me, days)
    parts.heading("Templates")
    for row in rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            below = f"Version {row.version} · brought {days.of(row.brought_at)}"
            parts.row(row.name, below, _tag(row))
            st.button(
                "Open",
                key=f"template-{row.id}",
                on_click=st.session_state.update,
                args=({OPEN: row.id},),
            )
    if not rows:
        parts.rows([], "None yet. Agreements are printed with the portal's standard template.")


def _tag(row: WordTemplate) -> Tag:
    if row.retired_at is not None:
        return Tag("Retired")
    return Tag("Published", "ok") if row.published_at else Tag("Being prepared", "warn")


# Bring one


def _bring(me: Actor, days: Days) -> None:
    parts.heading(
        "Bring a Word template",
        "A .docx file with your own words. Where the portal is to fill something in there is a "
        "tag such as {{ district.name }}, or a blank, which you map in the next step.",
    )
    with st.form("bring-template"):
        name = st.text_input("Name", max_chars=80, placeholder="Our district's agreement")
        file = st.file_uploader("Word file", type=["docx"])
        clicked = st.form_submit_button("Check and keep", type="primary")
    if not clicked:
        return
    with telling_problems():
        content = _content(file)
        try:
            examined = own_templates.examine(content)
        except BadTemplate as refused:
            _refused(me, content, refused, days)
            return
        with unit_of_work() as session:
            row = own_templates.bring(session, me, name or "", examined, days.now)
        st.session_state[OPEN] = row.id
        parts.flash("The file is kept. See below what is left to do.")
        st.rerun()


def _content(file: object) -> bytes:
    most = settings().upload_megabytes
    content: bytes = file.getvalue() if file is not None else b""  # type: ignore[attr-defined]
    if not content:
        raise NotReady([Problem("No file is chosen.", "Choose a .docx file.", "Word file")])
    if len(content) > most * 1024 * 1024:
        told = f"The file is larger than {most} megabytes."
        raise NotReady([Problem(told, "Take large pictures out, and save it again.", "Word file")])
    return content


def _refused(me: Actor, content: bytes, refused: BadTemplate, days: Days) -> None:
    """What stands against it; and where that is safe, a copy with a mark at each place."""
    parts.problem_summary(refused)
    marked = own_templates.marked_copy(content, refused.found)
    if marked is None:
        return
    with unit_of_work() as session:
        kept = own_templates.keep_marked(session, me, marked, days.now)
    parts.document("The file with each problem marked beside its words (Word)", kept.id)


# The one that is open


def _opened(me: Actor, row: WordTemplate, library: Library, days: Days) -> None:
    st.button("Back to all templates", on_click=_close)
    parts.heading(f"{row.name}, version {row.version}")
    parts.strip(
        [
            ("Status", [_tag(row)]),
            ("Brought", [days.of(row.brought_at)]),
            ("Fingerprint", [row.sha256[:12]]),
        ]
    )
    parts.document("As you brought it (Word)", row.original_id)
    if row.content_id != row.original_id:
        parts.document("With its tags (Word)", row.content_id)
    if row.published_at is not None:
        _published(me, row, days)
        return
    kinds: list[AgreementKind] = [*AgreementKind]
    kind = st.selectbox(
        "It is to serve as",
        kinds,
        format_func=AGREEMENT_KIND_LABELS.__getitem__,
        key=f"template-kind-{row.id}",
    )
    with unit_of_work() as session:
        content = own_templates.file_of(session, me, row.id, days.now)
    examined, judged = _known(row.sha256, content, library, kind)
    _blanks(me, row, content, examined, library, days)
    _lacks(me, row, content, judged, days)
    left = [blank for blank in examined.blanks if blank.kind not in own_templates.TO_LEAVE]
    if judged.usable and left:
        parts.notice(
            f"{len(left)} blanks stay as they are: somebody fills them in by hand.", "warn"
        )
    _end(me, row, content, judged, library, kind, days)


def _close() -> None:
    st.session_state.pop(OPEN, None)


def _known(
    sha256: str, content: bytes, library: Library, kind: AgreementKind
) -> tuple[Examined, Judged]:
    known = st.session_state.setdefault(KNOWN, {})
    key = (sha256, str(kind), len(library.clauses))
    if key not in known:
        known.clear()
        known[key] = (
            own_templates.examine(content),
            own_templates.judge(content, library, kind),
        )
    found: tuple[Examined, Judged] = known[key]
    return found


def _published(me: Actor, row: WordTemplate, days: Days) -> None:
    parts.say("New agreements can be printed with it. A published version never changes.")
    if row.retired_at is None and st.button("Retire it", key=f"template-retire-{row.id}"):
        with telling_problems():
            with unit_of_work() as session:
                own_templates.retire(session, me, row.id, days.now)
            parts.flash("It is offered no more. What was printed with it stays.")
            st.rerun()


# Its blanks


def _blanks(
    me: Actor,
    row: WordTemplate,
    content: bytes,
    examined: Examined,
    library: Library,
    days: Days,
) -> None:
    blanks = [blank for blank in examined.blanks if blank.kind not in own_templates.TO_LEAVE]
    if not blanks:
        return
    parts.heading(
        f"{len(blanks)} blanks",
        "Choose for each what the portal prints there. Lines to sign on and boxes to tick stay.",
    )
    choices = sorted(path for path in fields(library) if "[]" not in path)
    with st.form(f"blanks-{row.id}-{row.sha256[:12]}"):
        chosen = {blank.id: _blank(blank, choices) for blank in blanks[:FEW]}
        label = "Put the chosen fields in" if len(blanks) <= FEW else "Put these in, and go on"
        clicked = st.form_submit_button(label, type="primary")
    if len(blanks) > FEW:
        parts.muted(f"{len(blanks) - FEW} more follow.")
    taken = {key: path for key, path in chosen.items() if path}
    if clicked:
        with telling_problems():
            if not taken:
                told = Problem("No field is chosen.", "Choose at least one, or go on below.")
                raise NotReady([told])
            made = own_templates.mapped(content, taken)
            _change(me, row, made, f"{len(taken)} blanks are tags now.", days)


def _blank(blank: Blank, choices: Sequence[str]) -> str:
    guess = blank.guess if blank.guess in choices else None
    label = f"{parts.plain(blank.text)} ({parts.plain(blank.blank)})"
    index = choices.index(guess) + 1 if guess is not None else 0
    options = ["", *choices]
    chosen = st.selectbox(
        label,
        options,
        index=index,
        format_func=lambda path: path or "Leave it as it is",
        key=f"blank-{blank.id}",
    )
    return chosen if chosen and chosen != LEAVE else ""


def _change(me: Actor, row: WordTemplate, made: Examined, told: str, days: Days) -> None:
    with unit_of_work() as session:
        own_templates.change(session, me, row.id, made, days.now)
    parts.flash(told)
    st.rerun()


# What stands against it


def _lacks(me: Actor, row: WordTemplate, content: bytes, judged: Judged, days: Days) -> None:
    if judged.problems:
        parts.heading("Tags to put right")
        _problems(judged.problems)
        if st.button("Make a copy with marks", key=f"template-mark-{row.id}"):
            with telling_problems():
                marked = own_templates.marked_copy(content, judged.problems) or content
                with unit_of_work() as session:
                    kept = own_templates.keep_marked(session, me, marked, days.now)
                parts.document("Each problem marked beside its words (Word)", kept.id)
    if judged.lacks:
        _lacking(me, row, content, judged, days)


def _lacking(me: Actor, row: WordTemplate, content: bytes, judged: Judged, days: Days) -> None:
    """In a sentence or two, with the way out; everything word by word in a fold."""
    parts.heading("What it lacks")
    parts.listed(lacks_in_short(judged.lacks))
    if st.button("Add what is missing as an annex", key=f"template-annex-{row.id}", type="primary"):
        with telling_problems():
            made = own_templates.completed(content)
            _change(me, row, made, "The annex is at the end of the file.", days)
    with st.expander("Each of them, for whoever edits the Word file"):
        parts.listed(f"{problem.what} {problem.do_next}" for problem in judged.lacks)


def lacks_in_short(lacks: Sequence[Problem]) -> list[str]:
    """What a template lacks, told by what it is for and not field by field."""
    clauses = [problem for problem in lacks if problem.field.startswith("clause.")]
    reasons = dict.fromkeys(
        REQUIRED_FIELDS[problem.field] for problem in lacks if problem.field in REQUIRED_FIELDS
    )
    told = [f"It does not print {reason}." for reason in reasons]
    if clauses:
        told.append(f"It does not print {len(clauses)} clauses that an agreement must have.")
    others = [p for p in lacks if p not in clauses and p.field not in REQUIRED_FIELDS]
    return told + [f"{problem.what} {problem.do_next}" for problem in others]


def _problems(problems: Sequence[TemplateProblem]) -> None:
    parts.table(
        "Problems of the template",
        ["Where", "Text around", "What is wrong", "What to do"],
        [
            [problem.place or "The file", problem.text, problem.cause, problem.fix]
            for problem in problems
        ],
        "None.",
    )


def _end(
    me: Actor,
    row: WordTemplate,
    content: bytes,
    judged: Judged,
    library: Library,
    kind: AgreementKind,
    days: Days,
) -> None:
    """Try it, publish it, or put it away."""
    if judged.usable:
        parts.notice("Nothing stands against it. Try it, read the result, then publish it.", "ok")
    with st.container(horizontal=True):
        tries = st.button(
            "Print a made-up agreement with it",
            key=f"template-try-{row.id}",
            disabled=bool(judged.problems),
        )
        publish = st.button(
            "Publish it",
            type="primary",
            key=f"template-publish-{row.id}",
            disabled=not judged.usable,
        )
        retire = st.button("Put it away", key=f"template-away-{row.id}")
    with telling_problems():
        if tries:
            _try(me, content, library, kind, days)
        if publish:
            with unit_of_work() as session:
                own_templates.publish(session, me, row.id, judged, days.now)
            parts.flash("Published. New agreements are printed with it.")
            st.rerun()
        if retire:
            with unit_of_work() as session:
                own_templates.retire(session, me, row.id, days.now)
            _close()
            st.rerun()


def _try(me: Actor, content: bytes, library: Library, kind: AgreementKind, days: Days) -> None:
    made = own_templates.trial(content, library, kind)
    with unit_of_work() as session:
        kept: uuid.UUID = own_templates.keep_marked(session, me, made, days.now).id
    parts.document("A made-up agreement, printed with this template (Word)", kept)
