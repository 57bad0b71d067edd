"""Which clauses an agreement may, should and must contain, and what is wrong with its choice.

    whole = SHIPPED.with_district(own_clauses)     # ours, and a district's own
    content = replace(content, clauses=whole.usual(content))
    whole.problems(content)                        # none: its clauses stand in no one's way

Every version of a clause is kept: an agreement names the version it was made with, and reads
the same years later. Pure rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from portal.agreements.clauses import wording
from portal.agreements.clauses.articles import ARTICLE_TITLES, Article
from portal.agreements.clauses.fields import ONE_PARTNER, TEXT_FIELDS
from portal.agreements.clauses.texts import CLAUSES
from portal.agreements.clauses.types import Clause, Need
from portal.agreements.content import ChosenClause, Content
from portal.errors import NotReady, Problem
from portal.vocabulary import AGREEMENT_KIND_LABELS, AgreementKind

CODE = re.compile(r"[a-z][a-z0-9_]{0,32}")
"""A clause's id: with `clause_` before it a bookmark of Word, which has at most 40 characters."""

OWN = "own_"
"""Begins the id of every clause that a district writes itself; no shipped one begins so."""


@dataclass(frozen=True)
class Standing:
    """A clause as it stands in an agreement: the library's, and what the parties made of it."""

    clause: Clause
    choice: ChosenClause

    @property
    def text(self) -> tuple[str, ...]:
        """The words that bind, in the tag language."""
        return self.clause.text if self.choice.text is None else self.choice.text

    @property
    def is_changed(self) -> bool:
        """Do the parties say it in other words than the library, spaces and line ends aside?"""
        return _words(self.text) != _words(self.clause.text)


def _words(text: Iterable[str]) -> list[list[str]]:
    return [
        words for paragraph in text for line in paragraph.split("\n") if (words := line.split())
    ]


@dataclass(frozen=True)
class Library:
    """Clauses in the order in which an article prints them; several versions of one may be here."""

    clauses: tuple[Clause, ...]

    # What there is

    @cached_property
    def current(self) -> dict[str, Clause]:
        """The newest version of each, by id, in the order of the paper."""
        newest: dict[str, Clause] = {}
        for clause in sorted(self.clauses, key=lambda c: c.version):
            newest[clause.id] = clause
        places = list(Article)
        first = {clause.id: n for n, clause in reversed(list(enumerate(self.clauses)))}
        ordered = sorted(newest.values(), key=lambda c: (places.index(c.article), first[c.id]))
        return {clause.id: clause for clause in ordered}

    @cached_property
    def _versions(self) -> dict[tuple[str, int], Clause]:
        return {(clause.id, clause.version): clause for clause in self.clauses}

    def named(self, choice: ChosenClause) -> Clause | None:
        """The clause in the version that was chosen."""
        return self._versions.get((choice.id, choice.version))

    def of(self, kind: AgreementKind) -> tuple[Clause, ...]:
        """What is offered to an agreement of this kind, in the order of the paper."""
        offered = (clause for clause in self.current.values() if not clause.retired)
        return tuple(clause for clause in offered if kind in clause.kinds)

    def with_district(self, clauses: Iterable[Clause]) -> Library:
        """This library and a district's own clauses. Raises NotReady with all problems of them."""
        own = tuple(replace(clause, own=True) for clause in clauses)
        if problems := [problem for clause in own for problem in own_problems(clause)]:
            raise NotReady(problems)
        return Library((*self.clauses, *own))

    # What an agreement has

    def standing(self, content: Content) -> tuple[Standing, ...]:
        """The clauses of an agreement in the order of the paper; unknown ones are passed over."""
        order = {id_: n for n, id_ in enumerate(self.current)}
        known = ((self.named(choice), choice) for choice in content.clauses)
        found = [Standing(clause, choice) for clause, choice in known if clause is not None]
        places = list(Article)
        return tuple(
            sorted(found, key=lambda s: (places.index(s.clause.article), order[s.clause.id]))
        )

    def usual(self, content: Content) -> tuple[ChosenClause, ...]:
        """What a new agreement with these facts begins with."""
        return tuple(ChosenClause(clause.id, clause.version) for clause in self._usual(content))

    def _usual(self, content: Content) -> Iterator[Clause]:
        groups = set[str]()
        for clause in self.of(content.kind):
            if clause.need is Need.OPTIONAL or not clause.when.holds(content):
                continue
            if clause.alternatives not in groups:
                yield clause
            groups |= {clause.alternatives} - {""}

    def fitted(self, content: Content) -> tuple[ChosenClause, ...]:
        """The same choice after the facts have changed, in the order of the paper.

        What the facts now require comes in, what they no longer allow goes out, the rest stays
        as it was chosen and worded.
        """
        kept = [
            standing.choice
            for standing in self.standing(content)
            if content.kind in standing.clause.kinds and standing.clause.when.holds(content)
        ]
        fits = replace(content, clauses=tuple(kept))
        missing = (ChosenClause(clause.id, clause.version) for clause in self.missing(fits))
        fits = replace(content, clauses=(*kept, *missing))
        return tuple(standing.choice for standing in self.standing(fits))

    def required(self, content: Content) -> tuple[Clause, ...]:
        """What may not be left out here, alternatives included."""
        return tuple(
            clause
            for clause in self.of(content.kind)
            if clause.is_required_in(content.kind) and clause.when.holds(content)
        )

    def missing(self, content: Content) -> tuple[Clause, ...]:
        """Required and left out; of alternatives the usual one, when none was chosen."""
        chosen = {choice.id for choice in content.clauses}
        answered = {
            clause.alternatives for id_ in chosen if (clause := self.current.get(id_)) is not None
        } - {""}
        lacking = []
        for clause in self.required(content):
            if clause.id not in chosen and clause.alternatives not in answered:
                lacking.append(clause)
                answered |= {clause.alternatives} - {""}
        return tuple(lacking)

    def changed(self, content: Content) -> tuple[Standing, ...]:
        """Clauses that the parties word otherwise than the library does."""
        return tuple(standing for standing in self.standing(content) if standing.is_changed)

    def outdated(self, content: Content) -> tuple[tuple[Standing, Clause], ...]:
        """Clauses of which the library has a newer version, and that version."""
        return tuple(
            (standing, newest)
            for standing in self.standing(content)
            if (newest := self.current[standing.clause.id]).version > standing.clause.version
        )

    # What is wrong with it

    def problems(self, content: Content) -> list[Problem]:
        """Everything that keeps the clauses of this agreement from being issued."""
        return [
            *(_missing(clause, self) for clause in self.missing(content)),
            *self._unknown(content),
            *self._doubled(content),
            *(problem for s in self.standing(content) for problem in _unfit(s, content)),
            *(problem for s in self.changed(content) for problem in _reworded(s, content)),
            *self._pointing_nowhere(content),
        ]

    def _unknown(self, content: Content) -> Iterator[Problem]:
        for choice in content.clauses:
            if self.named(choice) is None:
                yield _problem(
                    choice.id,
                    f"The library has no clause “{choice.id}” in version {choice.version}.",
                    "Take it out, or choose another.",
                )

    def _doubled(self, content: Content) -> Iterator[Problem]:
        times = Counter(choice.id for choice in content.clauses)
        for id_, number in times.items():
            if number > 1:
                yield _problem(id_, f"The clause “{id_}” stands {number} times.", "Keep one.")
        groups: dict[str, list[Clause]] = {}
        for standing in self.standing(content):
            if standing.clause.alternatives and times[standing.clause.id] == 1:
                groups.setdefault(standing.clause.alternatives, []).append(standing.clause)
        for group, clauses in groups.items():
            if len(clauses) > 1:
                titles = " and ".join(f"“{clause.title}”" for clause in clauses)
                yield _problem(
                    clauses[-1].id, f"{titles} exclude each other ({group}).", "Keep one of them."
                )

    def _pointing_nowhere(self, content: Content) -> Iterator[Problem]:
        """A sentence that sends the reader to an article which this agreement does not have."""
        there = {f"at.{standing.clause.article}" for standing in self.standing(content)}
        for standing in self.standing(content):
            used, _faults = wording.fields(standing.text)
            for field in sorted(used - there):
                if field.startswith("at.") and field in TEXT_FIELDS:
                    title = ARTICLE_TITLES[Article(field.removeprefix("at."))]
                    yield _problem(
                        standing.clause.id,
                        f"“{standing.clause.title}” points to the article “{title}”, which has "
                        "no clause here.",
                        "Put a clause of that article back, or change the wording.",
                    )


def _problem(id_: str, what: str, do_next: str) -> Problem:
    return Problem(what, do_next, f"clauses.{id_}")


def _missing(clause: Clause, library: Library) -> Problem:
    law = f"{clause.required_by} ({clause.citation})" if clause.citation else clause.required_by
    asks = law if clause.required_by else "Every agreement of this kind"
    when = f" {clause.when.words}" if clause.when.words else ""
    if clause.alternatives:
        titles = " or ".join(
            f"“{other.title}”"
            for other in library.current.values()
            if other.alternatives == clause.alternatives
        )
        what = f"Nothing is said on “{clause.alternatives}”. {asks} needs one clause on it{when}."
        return _problem(clause.id, what, f"Choose {titles}.")
    what = f"The clause “{clause.title}” is missing. {asks} asks for it{when}."
    return _problem(clause.id, what, "Put the clause back.")


def _unfit(standing: Standing, content: Content) -> Iterator[Problem]:
    clause = standing.clause
    if content.kind not in clause.kinds:
        kind = AGREEMENT_KIND_LABELS[content.kind].lower()
        yield _problem(
            clause.id, f"The clause “{clause.title}” does not belong into a {kind}.", "Take it out."
        )
    elif not clause.when.holds(content):
        yield _problem(
            clause.id,
            f"The clause “{clause.title}” stands only {clause.when.words}.",
            "Take it out, or correct what the agreement says of the partners and schedules.",
        )


def _reworded(standing: Standing, content: Content) -> Iterator[Problem]:
    clause, choice = standing.clause, standing.choice
    for problem in text_problems(standing.text, several=len(content.partners) > 1):
        yield _problem(clause.id, f"“{clause.title}”: {problem.what}", problem.do_next)
    if clause.is_required_in(content.kind) and not choice.reviewed_by.strip():
        yield _problem(
            clause.id,
            f"The wording of “{clause.title}”, which may not be left out, was changed.",
            "Enter which counsel read the changed wording, or take the standard wording.",
        )


def text_problems(text: Iterable[str], *, several: bool = False) -> list[Problem]:
    """What is wrong with a wording: empty, broken tags, unknown fields.

    several: of an agreement with more than one partner, where `partner` names nobody.
    """
    paragraphs = tuple(text)
    used, problems = wording.fields(paragraphs)
    if not any(paragraph.strip() for paragraph in paragraphs):
        problems.append(Problem("The clause has no words.", "Write them."))
    for field in sorted(used - TEXT_FIELDS):
        what = f"There is no field “{field}”."
        problems.append(Problem(what, "See the list of fields in templates/README.md."))
    if several and any(field.startswith(ONE_PARTNER) for field in used):
        what = "“partner” names nobody when there are several partners."
        problems.append(Problem(what, "Write {% for partner in partners %} … {% endfor %}."))
    return problems


def own_problems(clause: Clause) -> list[Problem]:
    """What is wrong with a clause that a district wants to add; field: the clause's own."""
    problems = [
        Problem(problem.what, problem.do_next, "text") for problem in text_problems(clause.text)
    ]
    if not CODE.fullmatch(clause.id) or not clause.id.startswith(OWN):
        do_next = f"Begin with {OWN}, then small letters, digits and _; 33 characters at most."
        problems.append(Problem(f"“{clause.id}” cannot be its code.", do_next, "id"))
    if not clause.title.strip():
        problems.append(Problem("The clause has no title.", "Give it one.", "title"))
    if not clause.plain.strip():
        do_next = "Say in a sentence or two what it means for a family."
        problems.append(Problem("The clause is not explained in plain words.", do_next, "plain"))
    if not clause.kinds:
        do_next = "Choose at least one kind of agreement."
        problems.append(Problem("The clause may stand nowhere.", do_next, "kinds"))
    return problems


SHIPPED = Library(CLAUSES)
"""The clauses of this version of the portal."""
