"""A template judged before it is used: by itself, or against the fields of a form.

Runs in a worker process: `portal.word.desk` is what the rest of the portal calls.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from portal.word.alike import misspelled
from portal.word.comparing import unmarked
from portal.word.compiled import Compiled, assembled, examined
from portal.word.filling import fill
from portal.word.language import Use
from portal.word.leaving import Told
from portal.word.package import Package, W
from portal.word.problems import TemplateProblem, Unusable, of_file
from portal.word.structure import Part, bookmarks

SINGLE = re.compile(r"(?<![{_])\{\s*[^\W\d_][\w .,'/-]{0,60}\s*\}(?![}_])|«[^»]{1,80}»")
SAMPLE_AT = datetime(2026, 1, 1, tzinfo=UTC)
BY_VALUES = "The values do not fit"


def check(
    content: bytes, declared: Collection[str] | None, clauses: Collection[str]
) -> tuple[list[str], list[TemplateProblem]]:
    """The fields that a template asks for, and everything that stands against it."""
    package, parts, problems = judged(content)
    uses = [pair for part in parts for pair in part.uses]
    fields = sorted({use.path for use, _ in uses})
    if package is None:
        return fields, problems
    marked = bookmarks(package.trees[package.main])
    for clause in sorted(unmarked(marked, clauses)):
        problems.append(of_file(f"The clause “{clause}” is missing.", MARK_CLAUSE))
    if declared is not None:
        problems += _unknown(uses, declared)
    if not problems:
        problems += _trial(assembled(package, parts))
    return fields, problems


def ready(content: bytes) -> Compiled:
    """The template, to be filled; refused for whatever `check` says of it by itself."""
    package, parts, problems = judged(content)
    if problems or package is None:
        raise Unusable(problems)
    return assembled(package, parts)


def judged(content: bytes) -> tuple[Package | None, list[Part], list[TemplateProblem]]:
    """The file, its parts, and all that is wrong with it by itself."""
    package, parts, problems = examined(content)
    if package is None:
        return None, parts, problems
    uses = [pair for part in parts for pair in part.uses]
    problems += _two_kinds(uses)
    problems += [found for part in parts for found in _other_blanks(part)]
    if not uses and not problems:
        problems.append(of_file(NO_FIELD, MAP))
    return package, parts, problems


def _two_kinds(uses: Iterable[tuple[Use, TemplateProblem]]) -> Iterator[TemplateProblem]:
    """One name for a text and for a list or a group: no value can be both."""
    listed = list(uses)
    paths = {use.path for use, _ in listed}
    above = {path[: at.start()] for path in paths for at in re.finditer(r"\.|\[\]", path)}
    told = set()
    for use, place in listed:
        printed = use.path in above and use.role in ("print", "number")
        both = {f"{use.path}[]", f"{use.path}."}
        mixed = all(any(path.startswith(start) for path in paths) for start in both)
        if (printed or mixed) and use.path not in told:
            told.add(use.path)
            cause = f"“{use.path}” is printed here, and elsewhere it is a list or a group."
            yield _at(place, cause, "Give one of the two another name, or name a field of it.")


def _at(place: TemplateProblem, cause: str, fix: str) -> TemplateProblem:
    return TemplateProblem(place.part, place.paragraph, place.text, cause, fix)


def _other_blanks(part: Part) -> Iterator[TemplateProblem]:
    """Blanks that other programs fill, and which would stand in a signed paper as they are."""
    for paragraph in part.paragraphs:
        text = paragraph.text
        for tag in paragraph.tags:  # what stands in a tag is no blank
            text = text[: tag.start] + " " * (tag.end - tag.start) + text[tag.end :]
        for found in SINGLE.finditer(text):
            yield paragraph.problem(OTHER_BLANK, MAP, found.start(), found.end())
    for code in part.root.iter(f"{W}instrText"):
        if (code.text or "").strip().upper().startswith("MERGEFIELD"):
            place = next(
                (p for p in part.paragraphs if p.element in set(code.iterancestors())), None
            )
            if place:
                yield place.problem(OTHER_BLANK, MAP)


def _unknown(
    uses: Iterable[tuple[Use, TemplateProblem]], declared: Collection[str]
) -> Iterator[TemplateProblem]:
    known = {*declared, *(path.rpartition(".")[0] for path in declared)}
    told = set()
    for use, place in uses:
        if use.path in known or use.path in told:
            continue
        told.add(use.path)
        names = misspelled(use.path, declared)
        fix = f"Did you mean {' or '.join(names)}?" if names else "See templates/README.md."
        yield _at(place, f"The form has no field “{use.path}”.", fix)


def _trial(template: Compiled) -> list[TemplateProblem]:
    """Filled with made-up values, once with everything and once with as little as can be."""
    for full in (True, False):
        try:
            sample(template, full=full)
        except Unusable as bad:
            real = [p for p in bad.problems if not p.cause.startswith(BY_VALUES)]
            if real:
                return real
    return []


def sample(template: Compiled, *, full: bool = True) -> bytes:
    """The template with made-up values. Raises Unusable."""
    told = Told("Sample", "", SAMPLE_AT)
    return fill(template, samples([use for use, _ in template.uses], full=full), told)


def samples(uses: Iterable[Use], *, full: bool) -> dict[str, Any]:
    """A value for each field. full: lists have two items, and every condition holds."""
    tree: dict[str, Any] = {}
    roles: dict[str, set[str]] = {}
    for use in uses:
        roles.setdefault(use.path, set()).add(use.role)
        at = tree
        for step in use.path.replace("[]", ".[]").split("."):
            at = at.setdefault(step, {})
    made: dict[str, Any] = _sample(tree, "", roles, full)
    return made


def _sample(tree: Mapping[str, Any], path: str, roles: Mapping[str, set[str]], full: bool) -> Any:
    if "[]" in tree:
        item = _sample(tree["[]"], f"{path}[]", roles, full)
        return [item, item] if full else []
    if tree:
        return {
            name: _sample(within, f"{path}.{name}" if path else name, roles, full)
            for name, within in tree.items()
        }
    asked = roles.get(path, set())
    if "list" in asked:
        return ["Sample", "Sample"] if full else []
    if "number" in asked:
        return 99 if full else 0
    if asked == {"test"} and not full:
        return ""
    return f"Sample {path.rpartition('.')[2].replace('[]', '').replace('_', ' ')}"


NO_FIELD = "The template asks for no field, so that every document would be the same."
OTHER_BLANK = "A blank stands here that another program fills, not the portal."
MAP = "Write {{ field }} in its place, or choose a field for each blank when you upload it."
MARK_CLAUSE = "Select its heading, and set the bookmark with Insert, Bookmark."
