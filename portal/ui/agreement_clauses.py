"""Clauses: the library article by article; what stands, what may, and in whose words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from portal.agreements.clauses.articles import ARTICLE_TITLES, Article
from portal.agreements.clauses.library import Standing
from portal.agreements.clauses.types import Clause, Need
from portal.agreements.content import ChosenClause, Content
from portal.agreements.looking import Room
from portal.agreements.rules import Step
from portal.ui import changed_words, parts, when
from portal.ui.agreement_draft import Desk, Go
from portal.ui.agreement_fields import Form, place_of
from portal.ui.parts import Tag, esc

PARAGRAPHS = re.compile(r"\n\s*\n")
LONGEST_CLAUSE = 10_000
PREFIX = "clauses."
"""How a problem names the field of a clause."""


@dataclass(frozen=True)
class Shelf:
    """The clauses of this kind of agreement, and those that stand in it, by id."""

    form: Form
    room: Room
    content: Content
    standing: Mapping[str, Standing]

    def of(self, article: Article) -> list[Clause]:
        """What may stand under this heading, in the order of the paper."""
        return [clause for clause in self._all() if clause.article is article]

    def _all(self) -> list[Clause]:
        """What is offered, and what stands here although it was retired: it can be taken out."""
        library, kind = self.room.library, self.content.kind
        offered = {clause.id for clause in library.of(kind)} | self.standing.keys()
        return [c for c in library.current.values() if c.id in offered and kind in c.kinds]

    def is_required(self, clause: Clause) -> bool:
        """May it not be left out here?"""
        return clause.is_required_in(self.content.kind) and clause.when.holds(self.content)

    def articles(self) -> list[Article]:
        """The headings under which something may stand."""
        met = {clause.article for clause in self._all()}
        return [article for article in Article if article in met]


def draw(form: Form, room: Room, content: Content) -> Content:
    """What the fields of this step say."""
    standing = {one.clause.id: one for one in room.library.standing(content)}
    shelf = Shelf(form, room, content, standing)
    content = _newer(shelf)
    article = _article(shelf)
    if article is None:
        _overview(shelf)
        return content
    clauses = {choice.id: choice for choice in content.clauses}
    for clause in _singles(shelf, article):
        clauses = _clause(shelf, clause, clauses)
    for group in _groups(shelf, article):
        clauses = _alternatives(shelf, group, clauses)
    _elsewhere(shelf, article)
    return replace(content, clauses=tuple(clauses.values()))


# What is shown


def article_of(desk: Desk, room: Room) -> Article | None:
    """The heading to which one was sent: that of a clause or of a problem with one."""
    problem = desk.at.problem.field if desk.at.problem else ""
    id_ = desk.at.clause or desk.at.near or problem.removeprefix(PREFIX)
    clause = room.library.current.get(id_)
    return clause.article if clause else None


def _article(shelf: Shelf) -> Article | None:
    """Which heading to look at; None for all of them at a glance."""
    desk = shelf.form.desk
    options: list[Article | None] = [None, *shelf.articles()]
    sent = article_of(desk, shelf.room)
    return st.selectbox(
        "Which article?",
        options,
        options.index(sent) if sent in options else 0,
        format_func=lambda one: ARTICLE_TITLES[one] if one else "All at a glance",
        key=shelf.form.key(f"article-{desk.moves}"),
    )


def _overview(shelf: Shelf) -> None:
    changed = [one for one in shelf.standing.values() if one.is_changed]
    parts.say(
        f"{when.counted(len(shelf.standing), 'clause')} stand in this agreement, as the library "
        "proposes them for what you said so far. Most agreements need no change here."
    )
    if changed:
        parts.subheading("In other words than the library")
        parts.listed(one.clause.title for one in changed)
    parts.table(
        "The clauses of this agreement",
        ["Clause", "Article", "Asked for by"],
        [
            [one.clause.title, ARTICLE_TITLES[one.clause.article], _law(shelf, one.clause)]
            for one in shelf.standing.values()
        ],
        "No clause stands yet.",
    )


def _law(shelf: Shelf, clause: Clause) -> str:
    if not shelf.is_required(clause):
        return "Usual" if clause.need is not Need.OPTIONAL else "Added"
    told = [clause.required_by, clause.citation]
    return ", ".join(text for text in told if text) or "Every agreement of this kind"


def _elsewhere(shelf: Shelf, article: Article) -> None:
    """What could stand here if the facts were others."""
    closed = [c for c in shelf.of(article) if not c.when.holds(shelf.content)]
    if closed:
        parts.subheading("Not needed here")
        parts.listed(f"{clause.title}: stands only {clause.when.words}." for clause in closed)


# One clause


def _open(shelf: Shelf, article: Article) -> list[Clause]:
    return [clause for clause in shelf.of(article) if clause.when.holds(shelf.content)]


def _singles(shelf: Shelf, article: Article) -> Iterator[Clause]:
    return (clause for clause in _open(shelf, article) if not clause.alternatives)


def _groups(shelf: Shelf, article: Article) -> list[list[Clause]]:
    named: dict[str, list[Clause]] = {}
    for clause in _open(shelf, article):
        if clause.alternatives:
            named.setdefault(clause.alternatives, []).append(clause)
    return list(named.values())


Chosen = dict[str, ChosenClause]


def _clause(shelf: Shelf, clause: Clause, chosen: Chosen) -> Chosen:
    """One clause with its tick, unless the law locks it."""
    with st.container(border=True, key=place_of(f"{PREFIX}{clause.id}")):
        _head(shelf, clause)
        if not shelf.is_required(clause):
            stands = shelf.form.tick(
                "Stands in this agreement", clause.id in chosen, f"stands-{clause.id}"
            )
            if not stands:
                return {id_: choice for id_, choice in chosen.items() if id_ != clause.id}
            chosen = {clause.id: ChosenClause(clause.id, clause.version)} | chosen
        return _worded(shelf, clause, chosen)


def _head(shelf: Shelf, clause: Clause) -> None:
    """Its title, why it is here, what it means and what binds."""
    standing = shelf.standing.get(clause.id)
    tags = []
    if shelf.is_required(clause):
        tags.append(Tag("Required", "info"))
    if clause.own:
        tags.append(Tag("The district's own", "plain"))
    if standing and standing.is_changed:
        tags.append(Tag("Changed", "warn"))
    marks = " ".join(tag.markup for tag in tags)
    law = f"Asked for by {_law(shelf, clause)}." if shelf.is_required(clause) else clause.citation
    text = standing.text if standing else clause.text
    words = "".join(f"<p>{esc(paragraph)}</p>" for paragraph in text)
    st.html(
        f"<h3>{esc(clause.title)} {marks}</h3><p>{esc(clause.plain)}</p>"
        + (f'<p class="p-muted">{esc(law)}</p>' if law else "")
        + f'<details class="p-fold"><summary>The words that bind</summary>{words}</details>'
    )


def _alternatives(shelf: Shelf, group: Sequence[Clause], chosen: Chosen) -> Chosen:
    """Clauses of which one stands."""
    desk, name = shelf.form.desk, group[0].alternatives
    stands = next((clause for clause in group if clause.id in chosen), None)
    options: list[Clause | None] = [*group]
    if not any(shelf.is_required(clause) for clause in group):
        options.append(None)
    with st.container(border=True, key=place_of(f"{PREFIX}{group[0].id}")):
        taken = st.radio(
            name,
            options,
            options.index(stands) if stands in options else 0,
            format_func=lambda clause: clause.title if clause else "Nothing is said on it",
            captions=[clause.plain if clause else "" for clause in options],
            key=f"{desk.token}-group-{name}",
        )
        ids = {clause.id for clause in group}
        others = {id_: choice for id_, choice in chosen.items() if id_ not in ids}
        if taken is None:
            return others
        kept = chosen.get(taken.id) or ChosenClause(taken.id, taken.version)
        _head(shelf, taken)
        return _worded(shelf, taken, {**others, taken.id: kept})


# In whose words


def _worded(shelf: Shelf, clause: Clause, chosen: Chosen) -> Chosen:
    """The clause as it is worded here; the editor, when it was opened."""
    form, choice = shelf.form, chosen[clause.id]
    standing = shelf.standing.get(clause.id)
    if form.desk.at.clause == clause.id:
        return {**chosen, clause.id: _editor(shelf, clause, choice)}
    if standing and standing.is_changed:
        changed_words.draw("\n".join(standing.clause.text), "\n".join(standing.text))
        if choice.reviewed_by:
            parts.muted(f"Read by {choice.reviewed_by}.")
        with st.container(horizontal=True):
            edit = form.button("Edit the wording", f"edit-{clause.id}")
            back = form.button("Take the library's wording", f"back-{clause.id}")
        if back:
            form.again = True
            choice = ChosenClause(clause.id, clause.version)
    else:
        edit = form.button("Edit the wording", f"edit-{clause.id}", type="tertiary")
    if edit:
        form.go = Go(Step.CLAUSES, clause=clause.id)
    return {**chosen, clause.id: choice}


def _editor(shelf: Shelf, clause: Clause, choice: ChosenClause) -> ChosenClause:
    """The wording to be changed; it counts once it is saved."""
    form = shelf.form
    now = clause.text if choice.text is None else choice.text
    told = form.area(
        f"Wording of “{clause.title}”",
        "\n\n".join(now),
        f"words-{clause.id}",
        most=LONGEST_CLAUSE,
        height=240,
        on_change="ignore",
    )
    parts.muted(
        "An empty line begins a paragraph. Names in double braces are filled in from this form."
    )
    reviewed = choice.reviewed_by
    if shelf.is_required(clause):
        reviewed = form.text(
            "Which counsel read the changed wording?",
            choice.reviewed_by,
            f"counsel-{clause.id}",
            on_change="ignore",
        )
    with st.container(horizontal=True):
        save = form.button("Save the wording", f"save-{clause.id}", type="primary")
        leave = form.button("Leave it as it was", f"leave-{clause.id}")
    if save or leave:
        form.go = Go(Step.CLAUSES, near=clause.id)
    if not save:
        return choice
    text = tuple(part.strip() for part in PARAGRAPHS.split(told) if part.strip())
    if text == tuple(part.strip() for part in clause.text):
        return ChosenClause(clause.id, clause.version)
    return ChosenClause(clause.id, clause.version, text, reviewed.strip())


def _newer(shelf: Shelf) -> Content:
    """Clauses of which the library has a newer version: said, and taken with a click.

    What the parties worded themselves stays so, and is read by counsel anew.
    """
    outdated = shelf.room.library.outdated(shelf.content)
    if not outdated:
        return shelf.content
    titles = ", ".join(newest.title for _standing, newest in outdated)
    parts.notice(f"The library has a newer wording of: {titles}.", "warn")
    if not shelf.form.button("Take the newer wordings", "newer"):
        return shelf.content
    shelf.form.again = True
    taken = {newest.id: newest.version for _standing, newest in outdated}
    clauses = tuple(
        replace(choice, version=taken[choice.id], reviewed_by="") if choice.id in taken else choice
        for choice in shelf.content.clauses
    )
    return replace(shelf.content, clauses=clauses)
