"""What a word must say before it is kept, and which words may come and go. Pure rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from portal.access.lists import fold
from portal.access.words import Words
from portal.errors import Problem
from portal.vocabulary import CLOSED_LISTS, WORD_LIST_LABELS, WordList
from portal.word_lists import (
    ASCA_LABELS,
    COUNTED_LISTS,
    SBCH_LABELS,
    SOCIAL_WORK_LABELS,
    Word,
)

LONGEST_LABEL = 60
LONGEST_DEFINITION = 400
LONGEST_CODE = 40
OWN = "own_"

CROSSWALKS: Mapping[str, tuple[str, Collection[str]]] = {
    "asca": ("Use of time (ASCA)", ASCA_LABELS),
    "social_work": ("School social work", SOCIAL_WORK_LABELS),
    "sbch": ("Medicaid (School Based Child Health)", SBCH_LABELS),
}
"""The fields of a word that place it in a crosswalk, each with its label and its codes."""


def problems(name: WordList, word: Word, words: Words) -> Iterator[Problem]:
    """All that keeps a word from being kept. word.code is empty for a new one."""
    if not word.code and name in CLOSED_LISTS:
        yield Problem(
            f"The list “{WORD_LIST_LABELS[name]}” cannot get another word: reports count by it.",
            "Change what one of its words is called.",
            "Word",
        )
    yield from _label(name, word, words)
    yield from _texts(word)
    yield from _places(name, word, words)


def _label(name: WordList, word: Word, words: Words) -> Iterator[Problem]:
    if not word.label.strip():
        yield Problem("The word has no English label.", "Write what people choose.", "English")
        return
    same = fold(word.label)
    others = (other for other in words.all(name) if other.code != word.code)
    if any(fold(other.label) == same for other in others):
        yield Problem(
            f"Another word of this list is called “{word.label.strip()}”.",
            "Choose another label, or bring the other word back if it is retired.",
            "English",
        )


def _texts(word: Word) -> Iterator[Problem]:
    for language, text in {"English": word.label, **word.labels}.items():
        if len(text) > LONGEST_LABEL:
            yield Problem(
                f"A label of {len(text):,} characters does not fit.",
                f"Shorten it to {LONGEST_LABEL}; explain the word in its definition.",
                language,
            )
    if len(word.definition) > LONGEST_DEFINITION:
        yield Problem(
            f"The definition has {len(word.definition):,} characters.",
            f"Shorten it to {LONGEST_DEFINITION}.",
            "Definition",
        )
    if any(not _printable(text) for text in (word.label, word.definition, *word.labels.values())):
        yield Problem(
            "There is an invisible character that cannot be kept.",
            "Type the text, or paste it as plain text.",
            "Word",
        )


def _printable(text: str) -> bool:
    return all(character.isprintable() for character in text)


def _places(name: WordList, word: Word, words: Words) -> Iterator[Problem]:
    implies = name is WordList.VISIT_PURPOSE and word.implies
    if implies and not words.has(WordList.VISIT_SERVICE, word.implies):
        yield Problem(
            "The service that this purpose implies is not offered.",
            "Choose a service from the list, or none.",
            "Implies the service",
        )
    for field, (label, codes) in CROSSWALKS.items():
        told = getattr(word, field)
        if told and (told not in codes or name not in COUNTED_LISTS):
            yield Problem(
                f"“{told}” is not a place in that crosswalk.", "Choose from the list.", label
            )


def retiring_problems(name: WordList, code: str, words: Words) -> Iterator[Problem]:
    """Why a word cannot be taken out of what is offered."""
    if name in CLOSED_LISTS:
        yield Problem(
            f"No word of the list “{WORD_LIST_LABELS[name]}” can be retired: reports count by it.",
            "Change what it is called, or its place.",
            "Word",
        )
    elif words.codes(name) == (code,):
        yield Problem(
            "It is the last word that this list offers.", "Add another word first.", "Word"
        )


def code_for(label: str, taken: Collection[str]) -> str:
    """A district's own code, such as own_lunch_group; the next free one if it is taken."""
    room = LONGEST_CODE - len(OWN) - len("_999")
    plain = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:room].strip("_") or "word"
    names = [f"{OWN}{plain}", *(f"{OWN}{plain}_{number}" for number in range(2, 1000))]
    return next(name for name in names if name not in taken)
