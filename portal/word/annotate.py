"""A copy of a template in which each problem is written beside its words, for whoever mends it.

A note is highlighted and begins with a mark of its own, so that a file with a note forgotten in
it is refused. What has no paragraph is listed on top of the text.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from lxml import etree

from portal.word.leaving import as_bytes
from portal.word.package import Package, W
from portal.word.problems import TemplateProblem, Unusable, of_file
from portal.word.reading import NOTE, NOTE_ENDS, XML_SPACE
from portal.word.screen import screen


def annotated(content: bytes, problems: Iterable[TemplateProblem]) -> bytes:
    """The copy. Raises Unusable for a file that cannot be opened, or must not be given back."""
    screened = screen(content)
    if screened.package is None:
        raise Unusable([of_file(NOT_MARKED, MEND_FIRST), *screened.problems])
    package = screened.package
    on_top = [problem for problem in problems if not _beside(package, problem)]
    body = package.trees[package.main].find(f"{W}body")
    if body is not None:
        for problem in reversed(on_top):
            note = etree.Element(f"{W}p")
            _write(note, f"{problem.place} {problem.text}".strip(), problem)
            body.insert(0, note)
    return _saved(package)


def _beside(package: Package, problem: TemplateProblem) -> bool:
    """Writes the note at the end of its paragraph, if there is one."""
    root = package.trees.get(problem.part)
    if root is None or not problem.paragraph:
        return False
    paragraphs = list(root.iter(f"{W}p"))
    if problem.paragraph > len(paragraphs):
        return False
    _write(paragraphs[problem.paragraph - 1], "", problem)
    return True


def _write(paragraph: Any, place: str, problem: TemplateProblem) -> None:
    run = etree.SubElement(paragraph, f"{W}r")
    looks = etree.SubElement(run, f"{W}rPr")
    etree.SubElement(looks, f"{W}b")
    etree.SubElement(looks, f"{W}color", {f"{W}val": "9C0006"})
    etree.SubElement(looks, f"{W}highlight", {f"{W}val": "yellow"})
    words = etree.SubElement(run, f"{W}t", {XML_SPACE: "preserve"})
    said = f"{place}: " if place else ""
    words.text = f" {NOTE}: {said}{problem.cause} {problem.fix}{NOTE_ENDS} "


def _saved(package: Package) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in package.parts.items():
            written = name in package.trees and any(
                NOTE in (t.text or "") for t in package.trees[name].iter(f"{W}t")
            )
            archive.writestr(name, as_bytes(package.trees[name]) if written else data)
    return saved.getvalue()


NOT_MARKED = "The file cannot be opened safely, so nothing is marked in it."
MEND_FIRST = "Mend first what is said about the file itself."
