"""What a text of a form may contain, and how many years of school it asks for.

A text is one plain paragraph: a page, a Word file and a PDF all print it as it stands, so
nothing in it may be taken for markup by any of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from portal.errors import Problem
from portal.languages.catalog import PLACE

LONGEST = 600
LONGEST_TITLE = 80
PLACES = frozenset({"student", "partner", "until", "office"})
"""What a text may leave open: first name, partner's name, last day, where to take it back."""

JOINERS = "\u200c\u200d"
"""Zero-width, and needed in the writing of several languages."""

MARKUP = (
    (re.compile(r"<[^>]*>|[<>]|&#?\w+;"), "a mark of HTML"),
    (re.compile(r"\{[{%#_]|[}%#_]\}"), "a mark of a template"),
)
MARKDOWN = re.compile(r"[*`#~\\|]|__|(?<!\w)_\w|\[[^\]]*\]\(|^\s*(?:[-+]|\d+\.)\s")


def wording_problems(text: str, field: str, longest: int = LONGEST) -> Iterator[Problem]:
    """Why this text cannot be printed as it stands."""
    if not text.strip():
        yield Problem("This text is empty.", "Write it, or take it out of the form.", field)
    if len(text) > longest:
        yield Problem(
            f"This text has {len(text)} characters; at most {longest} are read.",
            "Say it in fewer words.",
            field,
        )
    yield from invisible_problems(text, field)
    yield from markup_problems(text, field)
    yield from _places(text, field)


def invisible_problems(text: str, field: str) -> Iterator[Problem]:
    """Characters that print nothing, and can turn around what is printed."""
    if any(_invisible(character) for character in text):
        yield Problem(
            "This text holds an invisible character: a line break, a control or a direction mark.",
            "Type it anew, as one paragraph.",
            field,
        )


def markup_problems(text: str, field: str, *, markdown: bool = True) -> Iterator[Problem]:
    """Marks that a page or a document takes for its own. markdown: False for an address."""
    marks = (*MARKUP, (MARKDOWN, "a mark of Markdown")) if markdown else MARKUP
    for pattern, name in marks:
        if pattern.search(text):
            yield Problem(f"This text holds {name}.", "Write plain words only.", field)


def _invisible(character: str) -> bool:
    kind = unicodedata.category(character)
    return (kind[0] == "C" and character not in JOINERS) or kind in ("Zl", "Zp")


def _places(text: str, field: str) -> Iterator[Problem]:
    allowed = ", ".join(f"%({place})s" for place in sorted(PLACES))
    for place in sorted(places(text) - PLACES):
        yield Problem(
            f"Nothing is known to fill in for %({place})s.", f"Use only {allowed}.", field
        )
    if "%" in PLACE.sub("", text):
        yield Problem("A percent sign stands alone.", "Write “percent” in words.", field)


def places(text: str) -> set[str]:
    """The names of the places that a text leaves open."""
    return set(PLACE.findall(text))


def grade(text: str) -> float:
    """Flesch-Kincaid: the years of school that an English text asks for."""
    sentences = len(re.findall(r"[.!?]+", text)) or 1
    found = re.findall(r"[a-z']+", text.casefold())
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", w)))) for w in found)
    return 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59 if found else 0
