"""What a data point must say, and which answers fit it. Pure rules.

An answer is kept as text: a number or scale in digits, a date as YYYY-MM-DD, a choice as its code.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.access.lists import fold
from portal.errors import Problem
from portal.policy.data_points import NO_ANSWERS
from portal.vocabulary import CATEGORY_LABELS, AnswerKind, AskedWhere, Category, Level

ENGLISH = "en"
LONGEST_LABEL = 120
LONGEST_HELP = 400
LONGEST_TEXT = 2_000
LONGEST_CHOICE = 60
MOST_CHOICES = 30
WIDEST_SCALE = 10
LONGEST_CODE = 40
YEARS_BACK, YEARS_AHEAD = 30, 10
FARTHEST = 1_000_000_000
"""A bound or an answer of more than nine digits is a slip of the keyboard."""


@dataclass(frozen=True)
class Choice:
    """One answer to choose. labels: by language, English among them; code: empty while new."""

    labels: Mapping[str, str]
    code: str = ""

    def told_in(self, language: str) -> str:
        """Its label in this language, or in English."""
        return self.labels.get(language) or self.labels.get(ENGLISH, self.code)


@dataclass(frozen=True)
class Asking:
    """A question as it is asked: one version of a data point.

    labels: the question by language, English among them. low, high: of a scale or a number,
    included; None where a number has no bound.
    """

    kind: AnswerKind
    labels: Mapping[str, str]
    help: str = ""
    choices: tuple[Choice, ...] = ()
    low: int | None = None
    high: int | None = None
    required: bool = False

    def told_in(self, language: str) -> str:
        """The question in this language, or in English."""
        return self.labels.get(language) or self.labels.get(ENGLISH, "")

    def answer_in(self, value: str, language: str = ENGLISH) -> str:
        """An answer as people read it; what this question does not know is told as it was kept."""
        if self.kind is AnswerKind.CHOICE:
            found = (choice for choice in self.choices if choice.code == value)
            return next((choice.told_in(language) for choice in found), value)
        if self.kind is AnswerKind.DATE and (day := day_of(value)):
            return f"{day:%B} {day.day}, {day.year}"
        if self.kind is AnswerKind.SCALE and self.high is not None:
            return f"{value} of {self.high}"
        return value


@dataclass(frozen=True)
class DataPointDraft:
    """A data point as somebody defines it. levels: who may see its answers; empty: all levels.

    with_family: may stand in what is handed to the family. shared: may go to partners, by a
    consent and an agreement that open this kind of record.
    """

    asking: Asking
    asked: AskedWhere
    category: Category | None
    levels: frozenset[Level] = frozenset()
    with_family: bool = True
    shared: bool = False


@dataclass(frozen=True)
class Point:
    """A data point with the version that is asked now."""

    id: uuid.UUID
    code: str
    version_id: uuid.UUID
    version: int
    audience_id: uuid.UUID
    draft: DataPointDraft
    retired: bool = False
    answered: bool = False

    @property
    def asking(self) -> Asking:
        """The question."""
        return self.draft.asking

    @property
    def label(self) -> str:
        """The question in English."""
        return self.draft.asking.told_in(ENGLISH)


# Defining


def draft_problems(
    draft: DataPointDraft, others: Collection[Point], before: Point | None
) -> Iterator[Problem]:
    """All that keeps a data point from being kept. before: as it is now; None for a new one."""
    yield from _question(draft.asking, others)
    yield from _choices(draft.asking)
    yield from _bounds(draft.asking)
    if draft.category is None or draft.category in NO_ANSWERS:
        yield Problem(
            "The kind of record is missing, or none that an answer may be.",
            "Choose what kind of record its answers are; the gate opens them as such.",
            "Kind of record",
        )
    if before is not None and before.answered:
        yield from _fixed(draft, before)


def _fixed(draft: DataPointDraft, before: Point) -> Iterator[Problem]:
    """What answers already given rest on."""
    if draft.category is not before.draft.category and before.draft.category is not None:
        yield Problem(
            "It has answers already, and families were told what kind of record they are.",
            f"Leave it “{CATEGORY_LABELS[before.draft.category]}”, or retire it and ask anew.",
            "Kind of record",
        )
    if draft.asked is not before.draft.asked:
        yield Problem(
            "It has answers already, so where it is asked stays.",
            "Retire it and define another one.",
            "Where it is asked",
        )


def _question(asking: Asking, others: Collection[Point]) -> Iterator[Problem]:
    label = asking.told_in(ENGLISH)
    if not label.strip():
        yield Problem("The question has no English words.", "Write what is asked.", "English")
    elif fold(label) in {fold(other.label) for other in others if not other.retired}:
        yield Problem(
            f"“{label.strip()}” is asked already.",
            "Word it otherwise, or change that one.",
            "English",
        )
    for language, text in asking.labels.items():
        yield from _too_long(text, LONGEST_LABEL, "English" if language == ENGLISH else language)
    yield from _too_long(asking.help, LONGEST_HELP, "Explanation")
    texts = [*asking.labels.values(), asking.help]
    texts += [text for choice in asking.choices for text in choice.labels.values()]
    if any("\0" in text for text in texts):
        yield INVISIBLE


INVISIBLE = Problem(
    "There is an invisible character that cannot be kept.",
    "Type the text, or paste it as plain text.",
    "Question",
)


def _too_long(text: str, most: int, field: str) -> Iterator[Problem]:
    if len(text) > most:
        yield Problem(f"There are {len(text):,} characters.", f"Shorten it to {most:,}.", field)


def _choices(asking: Asking) -> Iterator[Problem]:
    if asking.kind is not AnswerKind.CHOICE:
        return
    labels = [choice.told_in(ENGLISH).strip() for choice in asking.choices]
    if len([label for label in labels if label]) < 2:
        yield Problem("There is nothing to choose.", "Give two answers or more.", "Answers")
    if len(labels) > MOST_CHOICES:
        yield Problem(
            f"There are {len(labels)} answers.", f"Give at most {MOST_CHOICES}.", "Answers"
        )
    folded = [fold(label) for label in labels]
    if alike := sorted({label for label in labels if folded.count(fold(label)) > 1}):
        yield Problem(
            f"“{alike[0]}” is there twice.",
            "Give each answer once, each in other words.",
            "Answers",
        )
    if any(len(text) > LONGEST_CHOICE for each in asking.choices for text in each.labels.values()):
        yield Problem("An answer is too long.", f"Shorten it to {LONGEST_CHOICE}.", "Answers")


def _bounds(asking: Asking) -> Iterator[Problem]:
    low, high = asking.low, asking.high
    scale = asking.kind is AnswerKind.SCALE
    if not scale and asking.kind is not AnswerKind.NUMBER:
        return
    if scale and (low is None or high is None):
        yield Problem("The scale has no ends.", "Give its lowest and its highest step.", "Highest")
    if low is None or high is None:
        return
    if low > high or (scale and low == high):
        yield Problem(
            f"The lowest is {low} and the highest {high}.", "Give them the other way.", "Highest"
        )
    elif scale and high - low > WIDEST_SCALE:
        yield Problem(
            f"A scale of {high - low + 1} steps is too fine to tap.",
            f"Give at most {WIDEST_SCALE + 1} steps, or ask for a number.",
            "Highest",
        )
    if max(abs(low), abs(high)) >= FARTHEST:
        yield Problem("The bound is too far.", "Give at most nine digits.", "Highest")


def code_for(label: str, taken: Collection[str]) -> str:
    """A code made of the English words; the next free one if it is taken."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:LONGEST_CODE].strip("_")
    names = [plain or "question", *(f"{plain or 'question'}_{n}" for n in range(2, 1000))]
    return next(name for name in names if name not in taken)


def coded(choices: Collection[Choice], earlier: Collection[Choice]) -> tuple[Choice, ...]:
    """The choices with their codes: the earlier one's for the same words, else one of its own."""
    known = {fold(choice.told_in(ENGLISH)): choice.code for choice in earlier}
    taken, found = set(known.values()), []
    for choice in choices:
        label = choice.told_in(ENGLISH).strip()
        code = known.get(fold(label)) or code_for(label, taken)
        taken.add(code)
        found.append(Choice({k: text.strip() for k, text in choice.labels.items() if text}, code))
    return tuple(found)


# Answering


@dataclass(frozen=True)
class Known:
    """What bears on the date of an answer."""

    today: date
    born: date | None = None


def clean(answers: Mapping[uuid.UUID, str | None]) -> dict[uuid.UUID, str]:
    """The answers that were given: what is empty, or only spaces, was left out."""
    return {key: text.strip() for key, text in answers.items() if text and text.strip()}


def answer_problems(
    points: Collection[Point],
    answers: Mapping[uuid.UUID, str],
    known: Known,
    answered: Collection[uuid.UUID] = (),
) -> Iterator[Problem]:
    """All that does not fit. answers: cleaned; answered: points that have an answer already."""
    for point in points:
        value = answers.get(point.id)
        if value is None:
            if point.asking.required and point.id not in answered:
                yield Problem(f"“{point.label}” has no answer.", "Answer it.", point.label)
        elif problem := _answer(point.asking, value, known):
            yield Problem(problem[0], problem[1], point.label)
    if set(answers) - {point.id for point in points}:
        yield Problem(
            "A question that is not asked any more was answered.",
            "Open the page again: somebody changed the questions.",
            "Questions",
        )


def _answer(asking: Asking, value: str, known: Known) -> tuple[str, str] | None:
    match asking.kind:
        case AnswerKind.TEXT:
            return _text(value)
        case AnswerKind.NUMBER:
            return _number(asking, value)
        case AnswerKind.SCALE:
            return _step(asking, value)
        case AnswerKind.DATE:
            return _day(value, known)
        case AnswerKind.CHOICE:
            if value not in {choice.code for choice in asking.choices}:
                return "The answer is not among the choices.", "Choose one from the list."
    return None


def _text(value: str) -> tuple[str, str] | None:
    if len(value) > LONGEST_TEXT:
        return f"The answer has {len(value):,} characters.", f"Shorten it to {LONGEST_TEXT:,}."
    if "\0" in value:
        return INVISIBLE.what, INVISIBLE.do_next
    return None


def _number(asking: Asking, value: str) -> tuple[str, str] | None:
    number = number_of(value)
    if number is None:
        return f"“{value[:20]}” is not a number.", "Write it in digits."
    if asking.low is not None and number < asking.low:
        return f"{value} is less than {asking.low}.", f"Give {asking.low} or more."
    if asking.high is not None and number > asking.high:
        return f"{value} is more than {asking.high}.", f"Give {asking.high} or less."
    return None


def _step(asking: Asking, value: str) -> tuple[str, str] | None:
    number = number_of(value)
    low, high = asking.low or 0, asking.high or 0
    if number is None or number != int(number) or not low <= number <= high:
        return f"“{value[:20]}” is not a step of the scale.", f"Choose {low} to {high}."
    return None


def _day(value: str, known: Known) -> tuple[str, str] | None:
    day = day_of(value)
    if day is None:
        return f"“{value[:20]}” is not a date.", "Write it as month, day and year."
    first = known.born or date(known.today.year - YEARS_BACK, 1, 1)
    if day < first:
        why = "is before the student was born" if known.born else "is too long ago"
        return f"{day:%B} {day.day}, {day.year} {why}.", "Correct the date."
    if day.year > known.today.year + YEARS_AHEAD:
        return f"The year {day.year} is too far ahead.", "Correct the date."
    return None


def number_of(value: str) -> Decimal | None:
    """The number that was written, or None: no infinity, no exponent, no more than nine digits."""
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", value, re.ASCII):
        return None
    return Decimal(value)


def day_of(value: str) -> date | None:
    """The day of an answer as it is kept, or None."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
