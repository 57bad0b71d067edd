"""What a Word file may not bring along: whatever runs, fetches, hides or is not yet decided.

Pure reading. Each refusal names the part, the paragraph and the words, so that a person finds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.word.package import (
    NS_W,
    OLE2,
    Package,
    Relation,
    W,
    open_package,
    relations_of,
)
from portal.word.problems import TemplateProblem, Unusable, around, of_file

BANNED_RELATIONS = {
    "vbaProject": "macros",
    "wordVbaData": "macros",
    "oleObject": "an embedded object",
    "package": "an embedded file",
    "control": "an ActiveX control",
    "aFChunk": "another document to be merged in",
    "subDocument": "another document to be merged in",
    "attachedTemplate": "a template to be loaded",
    "frame": "a page to be loaded into a frame",
    "mailMergeSource": "a source of data for a mail merge",
    "mailMergeHeaderSource": "a source of data for a mail merge",
    "recipientData": "the recipients of a mail merge",
    "extensibility": "buttons that run something",
    "userCustomization": "buttons that run something",
    "webextension": "an add-in",
    "webextensiontaskpanes": "an add-in",
    "attachedToolbars": "buttons that run something",
    "keyMapCustomizations": "keys that run something",
    "transform": "a program that converts it",
}

BANNED_TYPES = ("vbaProject", "vbaData", "activeX", "oleObject", "macroEnabled", "webextension")

BANNED_ELEMENTS = {
    "object": "An embedded object stands here.",
    "control": "An ActiveX control stands here.",
    "altChunk": "Another document is to be merged in here.",
    "subDoc": "Another document is to be merged in here.",
    "frameset": "The file is made of frames, which load other pages.",
    "saveThroughXslt": "The file names a program that converts it.",
    "attachedTemplate": "The file names a template to be loaded.",
}
TAKE_OUT = "Delete it in Word, or copy the text alone into a new document."

_TRACKED = """
ins del moveFrom moveTo rPrChange pPrChange sectPrChange tblPrChange tcPrChange trPrChange
tblGridChange tblPrExChange numberingChange cellIns cellDel cellMerge moveFromRangeStart
moveToRangeStart customXmlInsRangeStart customXmlDelRangeStart customXmlMoveFromRangeStart
customXmlMoveToRangeStart delText delInstrText
"""
TRACKED = frozenset(_TRACKED.split())
COMMENTS = frozenset({"commentReference", "commentRangeStart"})
HIDERS = frozenset({"vanish", "rStyle", "pStyle"})

_FIELDS = """
= ADDRESSBLOCK ADVANCE AUTHOR BIBLIOGRAPHY CITATION COMMENTS CREATEDATE DATE DOCPROPERTY EDITTIME EQ
FILENAME FILESIZE FORMCHECKBOX FORMDROPDOWN FORMTEXT GREETINGLINE HYPERLINK IF INDEX KEYWORDS
LASTSAVEDBY LISTNUM MERGEFIELD MERGEREC MERGESEQ NEXT NEXTIF NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE
PAGEREF PRINTDATE REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SKIPIF STYLEREF SUBJECT SYMBOL TA TC
TIME TITLE TOA TOC XE
"""
FIELDS = frozenset(_FIELDS.split())
"""Field codes that read nothing but the document itself. Whatever else Word knows is refused."""

LINKS = re.compile(r"(https?|mailto):", re.IGNORECASE)
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|\\\\|//", re.IGNORECASE)

MOST_PARAGRAPHS = 100_000


@dataclass(frozen=True)
class Screened:
    """package: None when the file is none that may be worked with, not even to mark it."""

    package: Package | None
    problems: tuple[TemplateProblem, ...]


def screen(content: bytes) -> Screened:
    """The file taken apart, and all that it may not bring along."""
    try:
        package = open_package(content)
    except Unusable as bad:
        return Screened(None, bad.problems)
    dangerous = [*_relation_problems(package), *_part_problems(package)]
    hidden = _hiding_styles(package)
    inside = [problem for name in package.trees for problem in _story(package, name, hidden)]
    if not any(problem.cause == COMMENT for problem in inside):
        inside += _loose_comments(package)
    return Screened(None if dangerous else package, (*dangerous, *inside))


def _loose_comments(package: Package) -> list[TemplateProblem]:
    """Comments that no place in the text points to, and which Word keeps all the same."""
    comments = [tree.find(f"{W}comment") for tree in package.trees.values()]
    loose = any(comment is not None for comment in comments)
    return [of_file("The file holds comments.", TAKE_COMMENT)] if loose else []


def _relation_problems(package: Package) -> Iterator[TemplateProblem]:
    for source, relation in relations_of(package):
        if what := BANNED_RELATIONS.get(relation.name):
            yield of_file(f"The file holds {what}.", TAKE_OUT, source)
        elif relation.external and relation.name != "hyperlink":
            cause = f"Something is fetched from outside the file ({relation.name})."
            yield of_file(cause, "Put it into the document itself, or delete it.", source)
        elif relation.external and (problem := _link_problem(source, relation)):
            yield problem


def _link_problem(source: str, relation: Relation) -> TemplateProblem | None:
    target = relation.target
    if re.search(r"(\{|%7b)(\{|%7b|%|#)", target, re.IGNORECASE):
        cause = "The address of a link contains a tag, which nobody fills."
        return of_file(cause, "Write the tag into the text instead.", source)
    if LINKS.match(target) or target.startswith("#"):
        return None
    cause = f"A link leads to “{target[:60]}”, which is no page and no e-mail address."
    return of_file(cause, "Take the link off (right click, Remove Hyperlink).", source)


def _part_problems(package: Package) -> Iterator[TemplateProblem]:
    for name, data in package.parts.items():
        kind = package.types[name]
        if data.startswith((OLE2, b"PK\x03\x04", b"MZ")) or any(k in kind for k in BANNED_TYPES):
            yield of_file("The file holds macros or an embedded file.", TAKE_OUT, name)


def _hiding_styles(package: Package) -> frozenset[str]:
    """The styles whose text is not shown, and those that are based on them."""
    trees = package.trees.values()
    if all(next(tree.iter(f"{W}vanish"), None) is None for tree in trees):
        return frozenset()
    styles = [s for tree in trees for s in tree.iter(f"{W}style")]
    hiding: set[str] = set()
    for _ in range(10):  # a chain of styles longer than that is not found in the wild
        for style in styles:
            base = style.find(f"{W}basedOn")
            vanish = style.find(f"{W}rPr/{W}vanish")
            inherits = base is not None and base.get(f"{W}val") in hiding and vanish is None
            if inherits or (vanish is not None and _is_on(vanish)):
                hiding.add(style.get(f"{W}styleId", ""))
    return frozenset(hiding)


def _is_on(element: Any) -> bool:
    return element.get(f"{W}val", "true") not in ("0", "false", "off")


def _story(package: Package, name: str, hidden: frozenset[str]) -> Iterator[TemplateProblem]:
    """The problems of one part, each kind once in a paragraph."""
    root = package.trees[name]
    if not any(NS_W in space for space in root.nsmap.values()):
        return
    told = set()
    for problem in _Walk(name, root, hidden).problems():
        key = (problem.paragraph, problem.cause)
        if key not in told:
            told.add(key)
            yield problem


@dataclass
class _Field:
    instruction: str = ""
    opened: bool = True


class _Walk:
    """Through a part from its first element to its last."""

    def __init__(self, name: str, root: Any, hidden: frozenset[str]) -> None:
        self.name, self.root, self.hidden = name, root, hidden
        paragraphs = enumerate(root.iter(f"{W}p"), start=1)
        self.numbers = {paragraph: number for number, paragraph in paragraphs}
        self.fields: list[_Field] = []

    def problems(self) -> Iterator[TemplateProblem]:
        for element in self.root.iter("*"):
            if not element.tag.startswith(W):
                yield from self._foreign(element)
                continue
            word = element.tag[len(W) :]
            if word in TRACKED:
                yield self._at(element, TRACKED_CHANGE, ACCEPT)
            elif word in COMMENTS:
                yield self._at(element, COMMENT, TAKE_COMMENT)
            elif word == "mailMerge":
                yield self._at(element, MAIL_MERGE, END_MERGE)
            elif word in BANNED_ELEMENTS:
                yield self._at(element, BANNED_ELEMENTS[word], TAKE_OUT)
            elif word in HIDERS and self._hides(element, word):
                yield self._at(element, HIDDEN, UNHIDE)
            elif word in ("fldChar", "instrText", "fldSimple"):
                yield from self._field(element, word)
        for code in self.fields:
            if problem := self._code(self.root, code.instruction):
                yield problem
        if len(self.numbers) > MOST_PARAGRAPHS:
            yield of_file("The file has too many paragraphs.", "Divide it.", self.name)

    def _hides(self, element: Any, word: str) -> bool:
        """Does it keep words from being shown that somebody would sign?"""
        if word != "vanish" and element.get(f"{W}val") not in self.hidden:
            return False
        holder = element.getparent().getparent() if word != "pStyle" else _paragraph_of(element)
        if holder is None or holder.tag not in (f"{W}r", f"{W}p") or not _words(holder).strip():
            return False
        return word != "vanish" or _is_on(element)

    def _foreign(self, element: Any) -> Iterator[TemplateProblem]:
        """OLE and VML, which name objects and addresses in attributes of their own."""
        if element.tag.endswith("}OLEObject"):
            yield self._at(element, BANNED_ELEMENTS["object"], TAKE_OUT)
        if element.tag.endswith(("}conflictIns", "}conflictDel")):
            yield self._at(element, TRACKED_CHANGE, ACCEPT)
        if "urn:schemas-microsoft-com" not in element.tag:
            return
        for key, value in element.attrib.items():
            name = key.rpartition("}")[2]
            followed = name == "href" and LINKS.match(value)
            if name in ("src", "href") and ADDRESS.match(value) and not followed:
                yield self._at(element, "A drawing fetches something from elsewhere.", TAKE_OUT)

    def _field(self, element: Any, word: str) -> Iterator[TemplateProblem]:
        if word == "fldSimple":
            found = self._code(element, element.get(f"{W}instr", ""))
            yield from [found] if found else []
        elif word == "instrText":
            if self.fields:
                self.fields[-1].instruction += element.text or ""
            elif problem := self._code(element, element.text or ""):
                yield problem
        elif element.get(f"{W}fldCharType") == "begin":
            if self.fields and self.fields[-1].opened:
                self.fields[-1].instruction += NESTED
            self.fields.append(_Field())
        elif self.fields and element.get(f"{W}fldCharType") == "separate":
            self.fields[-1].opened = False
        elif self.fields and (problem := self._code(element, self.fields.pop().instruction)):
            yield problem

    def _code(self, element: Any, instruction: str) -> TemplateProblem | None:
        """A field code is one that reads only the document, and says so in plain letters."""
        text = instruction.strip()
        if not text:
            return None
        word = re.match(r"=|[A-Za-z]+", text)
        if word is None or word[0].upper() not in FIELDS:
            kind = f" ({word[0].upper()})" if word else ""
            cause = f"A field of Word fetches or runs something{kind}."
            return self._at(
                element, cause, "Click the field and press Ctrl+Shift+F9, or delete it."
            )
        if re.search(r"\{[{%#]", text):
            return self._at(element, "A tag stands inside a field of Word.", TAG_IN_FIELD)
        if word[0].upper() == "HYPERLINK" and not _harmless_link(text):
            cause = "A link leads to a file or a program."
            return self._at(element, cause, "Take the link off (right click, Remove Hyperlink).")
        return None

    def _at(self, element: Any, cause: str, fix: str) -> TemplateProblem:
        paragraph = element if element.tag == f"{W}p" else _paragraph_of(element)
        text = "" if paragraph is None else _words(paragraph)
        number = self.numbers.get(paragraph)
        own = _words(element)
        start = max(text.find(own), 0)
        return TemplateProblem(self.name, number, around(text, start, start + len(own)), cause, fix)


def _paragraph_of(element: Any) -> Any:
    return next(element.iterancestors(f"{W}p"), None)


def _words(element: Any) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t", f"{W}delText"))


def _harmless_link(text: str) -> bool:
    quoted = re.findall(r'"([^"]*)"', text) or text.split()[1:2]
    target = quoted[0] if quoted else ""
    return bool(re.search(r"\\l\b", text) or LINKS.match(target)) and not (
        ADDRESS.match(target) and not LINKS.match(target)
    )


NESTED = "\x00"
"""In place of a field within a code: `{ { QUOTE 68 68 69 } … }` spells DDE in numbers."""

MAIL_MERGE = "The file is connected to a list of addresses for a mail merge."
END_MERGE = "In Word choose Mailings, Start Mail Merge, Normal Word Document."
HIDDEN = "Words are hidden here, which nobody would see who signs."
UNHIDE = "Press Ctrl+A, Ctrl+D, take the tick off Hidden, or delete the words."
TRACKED_CHANGE = "A change is tracked here, and neither accepted nor rejected."
ACCEPT = "In Word choose Review, Accept All Changes, and stop tracking."
COMMENT = "A comment stands here."
TAKE_COMMENT = "In Word choose Review, Delete All Comments in Document."
TAG_IN_FIELD = "Press Alt+F9 to see the field codes, and write the tag into the text instead."
