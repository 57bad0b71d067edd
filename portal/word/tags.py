"""Reading a template: which fields it asks for, where, and whether it asks for anything else.

A template may say {{ path.to.field }}, {% if field %} and {% for x in list %}, the
last two as {%tr %} or {%p %} in a row or a paragraph of their own. Nothing else: no
filter, call, index or sum. docxtpl looks for tags in the text, headers, footers and
footnotes; a tag anywhere else would be printed as it stands, and is a problem.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from portal.errors import BadFile, Problem
from portal.word.sandbox import Sandbox, StrictTemplate

RENDERED_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")


@dataclass(frozen=True)
class Use:
    """A field that a tag names, and on which line; path None: a tag that is not allowed."""

    path: str | None
    line: int


def placeholders(template: StrictTemplate) -> set[str]:
    """Every path the template uses, like `lines[].category`; BadFile when it uses more than paths.

    template: with its document already loaded (`init_docx`).
    """
    used, problems = set[str](), list[Problem]()
    for part, xml in _sources(template):
        found, faults = _read(part, xml)
        used |= found
        problems += faults
    if problems:
        raise BadFile(problems)
    return used


def _sources(template: StrictTemplate) -> Iterator[tuple[str, str]]:
    """Each part that docxtpl renders, as docxtpl gives it to jinja, one paragraph a line."""
    yield "text", _lines(template, template.get_xml())
    for kind, uri in (("header", template.HEADER_URI), ("footer", template.FOOTER_URI)):
        for _key, part in template.get_headers_footers(uri):
            yield kind, _lines(template, template.get_part_xml(part))
    for part in template.docx.part.package.iter_parts():
        if str(part.partname).endswith("/footnotes.xml"):
            yield "footnotes", _lines(template, part.blob.decode())


def _lines(template: StrictTemplate, xml: str) -> str:
    patched = template.patch_xml(xml.replace("\n", " "))
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", patched)


def _read(part: str, xml: str) -> tuple[set[str], list[Problem]]:
    try:
        tree = Sandbox().parse(xml)
    except TemplateSyntaxError as error:
        return set(), [_fault(part, xml, error.lineno, str(error))]
    uses = [use for node in tree.body for use in _uses(node, {})]
    faults = [
        _fault(part, xml, use.line, "A tag may only name a field, a list or a condition.")
        for use in uses
        if use.path is None
    ]
    return {use.path for use in uses if use.path}, faults


def _fault(part: str, xml: str, line: int, what: str) -> Problem:
    text = " ".join(re.sub(r"<[^>]+>", "", xml.splitlines()[line - 1]).split())[:80]
    return Problem(
        f"{what} Look at “{text}”.",
        "Delete the whole tag and type it anew, as templates/README.md shows.",
        where=f"{part}, paragraph {line - 1}:",
    )


def _uses(node: nodes.Node, scope: Mapping[str, str]) -> Iterator[Use]:
    """scope: the names that loops around this node have given to what they list."""
    match node:
        case nodes.TemplateData():
            return
        case nodes.Output() | nodes.If() | nodes.Not():
            for child in node.iter_child_nodes():
                yield from _uses(child, scope)
        case nodes.Name() | nodes.Getattr():
            path = _path(node, scope)
            if path is None or not path.startswith("loop."):
                yield Use(path, node.lineno)
        case nodes.For(target=nodes.Name(name=name), recursive=False, test=None, else_=[]):
            listed = _path(node.iter, scope)
            yield Use(listed, node.lineno)
            for child in node.body:
                yield from _uses(child, {**scope, name: f"{listed}[]"})
        case _:
            yield Use(None, node.lineno)


def _path(node: nodes.Node, scope: Mapping[str, str]) -> str | None:
    match node:
        case nodes.Name(name=name):
            return scope.get(name, name)
        case nodes.Getattr(attr=attr):
            before = _path(node.node, scope)
            return None if before is None or attr.startswith("_") else f"{before}.{attr}"
    return None


def stray_tags(docx: bytes, *, everywhere: bool) -> list[Problem]:
    """Parts of a file in which a tag stands: everywhere, or only where docxtpl does not look."""
    problems = []
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        for name in parts.namelist():
            if not everywhere and RENDERED_PARTS.fullmatch(name):
                continue
            text = re.sub(r"<[^>]*>", "", parts.read(name).decode("utf-8", "ignore"))
            if name.endswith((".xml", ".rels")) and re.search(r"\{[{%#]", text):
                problems.append(Problem("A tag stands here.", "Take it out.", where=f"{name}:"))
    return problems
