"""A family's way through a request: which pages, what was answered on each, what comes next.

Pure. What is kept of an answer is JSON under the page's key; only what was asked counts, so a
form that was tampered with widens nothing. A page with nothing to decide is passed over: one
purpose needs no tick, and the last day stands unless it is changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.consents.forms.questions import CASE, SUBJECT, Ask, Question
from portal.consents.requests.drafts import PartnerAnswer
from portal.errors import Problem
from portal.languages.catalog import day
from portal.languages.marks import N_
from portal.policy.spans import is_likely_day
from portal.vocabulary import Category, Purpose

RECORDS, SPECIAL, WHY, UNTIL = "records", "special", "why", "until"
KIND_OF = {
    Ask.SCHOOL_MAY_GIVE: RECORDS,
    Ask.PARTNER_MAY_GIVE: RECORDS,
    Ask.SPECIAL: SPECIAL,
    Ask.WHY: WHY,
    Ask.HOW_LONG: UNTIL,
}
"""What is asked together: both directions are one page of boxes to tick."""

DIRECTION = {Ask.SCHOOL_MAY_GIVE: "out", Ask.PARTNER_MAY_GIVE: "back"}
LONGEST_INITIALS = 12


@dataclass(frozen=True)
class Step:
    """One page about one partner. number: which of the partners, from 1."""

    kind: str
    number: int
    questions: tuple[Question, ...]

    @property
    def key(self) -> str:
        """What the address calls it."""
        return f"{self.kind}-{self.number}"

    @property
    def needed(self) -> bool:
        """Is there something to decide that has no answer of its own?"""
        if self.kind == WHY:  # the one reason, or the case that the form names
            return len(self.purposes) > 1
        return self.kind != UNTIL

    @property
    def purposes(self) -> list[str]:
        """The purposes that this page offers."""
        codes = (choice.code for question in self.questions for choice in question.choices)
        return [code for code in codes if code != CASE]


def steps(questions: Sequence[Question]) -> tuple[Step, ...]:
    """The pages in the form's order, partner by partner."""
    found: dict[tuple[str, int], list[Question]] = {}
    for question in questions:
        kind = KIND_OF.get(question.ask)
        if kind is not None:
            number = int(question.key.rpartition("-")[2])
            found.setdefault((kind, number), []).append(question)
    pages = [Step(kind, number, tuple(asked)) for (kind, number), asked in found.items()]
    return tuple(sorted(pages, key=lambda page: page.number))


def next_key(pages: Sequence[Step], answers: Mapping[str, Any], after: str = "") -> str:
    """The page to go to: the next one not yet answered, or `check`.

    after: the page just answered; what comes before it was left on purpose.
    """
    keys = [page.key for page in pages if page.needed]
    if after in answers and all(key in answers for key in keys):
        return "check"
    begun = keys.index(after) + 1 if after in keys else 0
    return next((key for key in [*keys[begun:], *keys[:begun]] if key not in answers), "check")


def before(pages: Sequence[Step], key: str) -> str:
    """The page before this one; empty before the first."""
    keys = [page.key for page in pages if page.needed]
    if key == "check":
        return keys[-1] if keys else ""
    place = keys.index(key) if key in keys else 0
    return keys[place - 1] if place else ("" if key in keys else "check")


# What was filled in on one page


Form = Mapping[str, Sequence[str]]


def filled_in(page: Step, form: Form) -> dict[str, Any]:
    """What a browser sent for this page, as it is kept: only what was asked."""
    if page.kind == RECORDS:
        return {
            DIRECTION[question.ask]: _known(question, form.get(DIRECTION[question.ask], ()))
            for question in page.questions
        }
    if page.kind == SPECIAL:
        codes = [choice.code for question in page.questions for choice in question.choices]
        return {code: _initials(form.get(code, ())) for code in codes}
    if page.kind == WHY:
        return {"why": [c for c in _known(page.questions[0], form.get("why", ())) if c != CASE]}
    return {"until": _first(form.get("until", ())).strip()[:40]}


def _known(question: Question, sent: Collection[str]) -> list[str]:
    return [choice.code for choice in question.choices if choice.code in set(sent)]


def _initials(sent: Sequence[str]) -> str:
    return " ".join(_first(sent).split())[:LONGEST_INITIALS]


def _first(sent: Sequence[str]) -> str:
    return sent[0] if sent else ""


def page_problems(
    page: Step, kept: Mapping[str, Any], starts_on: date, today: date, language: str
) -> list[Problem]:
    """Why one cannot go on from here. Nothing ticked is an answer; a day that is none is not."""
    if page.kind == WHY and page.purposes and not kept["why"]:
        return [Problem(N_("Nothing is ticked."), N_("Tick at least one reason, or say no."), WHY)]
    if page.kind != UNTIL:
        return []
    return list(_last_day(page.questions[0], kept["until"], starts_on, today, language))


def _last_day(
    question: Question, typed: str, starts_on: date, today: date, language: str
) -> Iterator[Problem]:
    last = read_day(typed, language)
    if last is None:
        yield Problem(N_("This is not a date."), N_("Choose the last day."), UNTIL)
    elif last < starts_on:
        yield Problem(N_("The end is before the start."), N_("Choose a later day."), UNTIL)
    elif last < today:
        yield Problem(N_("This day has passed."), N_("Choose a later day."), UNTIL)
    elif not is_likely_day(last) or (question.latest is not None and last > question.latest):
        yield Problem(N_("This is too far away."), N_("Choose an earlier day."), UNTIL)


DAY_FIRST = frozenset({"es", "pt"})


def read_day(typed: str, language: str) -> date | None:
    """A day as a browser's own field sends it, or as people of this language write it."""
    parts = typed.replace("/", "-").replace(".", "-").split("-")
    if len(parts) != 3 or not all(part.strip().isdecimal() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if len(parts[0].strip()) == 4:
        year, month, number = numbers
    elif language in DAY_FIRST:
        number, month, year = numbers
    else:
        month, number, year = numbers
    try:
        return date(year, month, number)
    except (ValueError, OverflowError):
        return None


# All that was answered


def answer_of(pages: Sequence[Step], number: int, answers: Mapping[str, Any]) -> PartnerAnswer:
    """What was answered about one partner; what was not answered is a no."""
    of = {page.kind: page for page in pages if page.number == number}
    kept = {kind: answers.get(page.key) or {} for kind, page in of.items()}
    initials = kept.get(SPECIAL, {})
    return PartnerAnswer(
        out=_kinds(of.get(RECORDS), kept.get(RECORDS, {}), "out"),
        back=_kinds(of.get(RECORDS), kept.get(RECORDS, {}), "back"),
        out_initials=_initialed(of.get(SPECIAL), initials, "out-"),
        back_initials=_initialed(of.get(SPECIAL), initials, "in-"),
        purposes=frozenset(Purpose(code) for code in why(of.get(WHY), kept.get(WHY, {}))),
        ends_on=_kept_day(kept.get(UNTIL, {})),
        subject=SUBJECT in kept.get(RECORDS, {}).get(DIRECTION[Ask.PARTNER_MAY_GIVE], ()),
    )


def _kinds(page: Step | None, kept: Mapping[str, Any], direction: str) -> frozenset[Category]:
    return frozenset(
        Category(choice.code)
        for question in (page.questions if page else ())
        if DIRECTION[question.ask] == direction
        for choice in question.choices
        if choice.code in kept.get(direction, ()) and choice.code != SUBJECT
    )


def _initialed(page: Step | None, kept: Mapping[str, Any], prefix: str) -> dict[Category, str]:
    return {
        Category(choice.code.removeprefix(prefix)): kept[choice.code]
        for question in (page.questions if page else ())
        for choice in question.choices
        if choice.code.startswith(prefix) and kept.get(choice.code)
    }


def why(page: Step | None, kept: Mapping[str, Any]) -> list[str]:
    """The purposes agreed to; the only one that is asked for needs no tick of its own."""
    if page is None:
        return []
    if not page.needed:
        return page.purposes
    return [code for code in page.purposes if code in kept.get("why", ())]


def _kept_day(kept: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(kept["until"]) if kept.get("until") else None


def as_kept(page: Step, filled: dict[str, Any], language: str) -> dict[str, Any]:
    """An answer without problems, as it is kept: a day always in the same form."""
    day_read = read_day(filled["until"], language) if page.kind == UNTIL else None
    return {**filled, "until": day_read.isoformat()} if day_read else filled


def last_day_in_words(page: Step, kept: Mapping[str, Any], language: str) -> str:
    """The last day that stands."""
    chosen = _kept_day(kept) or page.questions[0].suggested
    return day(chosen, language) if chosen else ""
