"""What a partner does to a Word file before it comes back."""

from __future__ import annotations

import copy
import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.text.paragraph import Paragraph
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BREACH = "The Partner tells the District."
AUDIT = "Audit."
HEALTH_LAW = "Duties under health law."


def edited(file: bytes, *edits: Callable[[Any], None]) -> bytes:
    """The file after these edits of its document."""
    document = docx.Document(io.BytesIO(file))
    for edit in edits:
        edit(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def paragraph(document: Any, beginning: str) -> Paragraph:
    """The first paragraph that begins so."""
    return next(p for p in document.paragraphs if p.text.startswith(beginning))


def words(beginning: str, old: str, new: str) -> Callable[[Any], None]:
    """Exchange words, typed over within one run."""

    def edit(document: Any) -> None:
        for run in paragraph(document, beginning).runs:
            run.text = run.text.replace(old, new)

    return edit


def tracked(beginning: str, old: str, new: str) -> Callable[[Any], None]:
    """The same with changes tracked: the old words deleted, the new ones inserted."""

    def edit(document: Any) -> None:
        run = next(r for r in paragraph(document, beginning).runs if old in r.text)
        before, _, after = run.text.partition(old)
        pieces = [_run(run, before), _marked(run, "del", "delText", old)]
        for piece in (*pieces, _marked(run, "ins", "t", new), _run(run, after)):
            run._r.addprevious(piece)
        run._r.getparent().remove(run._r)

    return edit


def _run(run: Any, text: str, name: str = "t") -> Any:
    made = copy.deepcopy(run._r)
    for child in made.findall(f"{W}t"):
        made.remove(child)
    told = etree.SubElement(made, f"{W}{name}")
    told.text = text
    told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def _marked(run: Any, kind: str, name: str, text: str) -> Any:
    mark = etree.Element(f"{W}{kind}", {f"{W}id": "9000", f"{W}author": "Alma River"})
    mark.append(_run(run, text, name))
    return mark


def split(beginning: str) -> Callable[[Any], None]:
    """Every word in a run of its own, as Word does while somebody types."""

    def edit(document: Any) -> None:
        for run in paragraph(document, beginning).runs:
            for word in run.text.split(" "):
                run._r.addprevious(_run(run, f"{word} "))
            run._r.getparent().remove(run._r)

    return edit


def removed(beginning: str) -> Callable[[Any], None]:
    """A paragraph is deleted."""

    def edit(document: Any) -> None:
        element = paragraph(document, beginning)._p
        element.getparent().remove(element)

    return edit


def added_after(beginning: str, text: str) -> Callable[[Any], None]:
    """A new paragraph is typed behind one, in its style."""

    def edit(document: Any) -> None:
        old = paragraph(document, beginning)
        made = copy.deepcopy(old._p)
        old._p.addnext(made)
        new = Paragraph(made, old._parent)
        for run in new.runs[1:]:
            made.remove(run._r)
        new.runs[0].text = text

    return edit


def moved(beginning: str, behind: str) -> Callable[[Any], None]:
    """A paragraph is cut and pasted elsewhere, and the bookmark in it."""

    def edit(document: Any) -> None:
        one, other = paragraph(document, beginning)._p, paragraph(document, behind)._p
        other.addnext(one)

    return edit


def no_bookmarks(document: Any) -> None:
    """Another program loses them all."""
    for name in ("bookmarkStart", "bookmarkEnd"):
        for mark in list(document.element.body.iter(f"{W}{name}")):
            mark.getparent().remove(mark)


def noise(document: Any) -> None:
    """A phone's quotation marks, dashes and spaces that do not break."""
    marks = str.maketrans({"'": "\u2019", "-": "\u2011", "\u201c": '"'})
    for told in document.element.body.iter(f"{W}t"):
        told.text = (told.text or "").translate(marks).replace(" of ", "\u00a0of ")


def struck(beginning: str) -> Callable[[Any], None]:
    """Struck through by hand."""

    def edit(document: Any) -> None:
        for run in paragraph(document, beginning).runs:
            run.font.strike = True

    return edit


def hidden(beginning: str) -> Callable[[Any], None]:
    """Made invisible."""

    def edit(document: Any) -> None:
        for run in paragraph(document, beginning).runs:
            run.font.hidden = True

    return edit


def cell(old: str, new: str) -> Callable[[Any], None]:
    """A cell of a table says something else."""

    def edit(document: Any) -> None:
        for told in document.element.body.iter(f"{W}t"):
            if told.text == old:
                told.text = new

    return edit


def commented(beginning: str, text: str) -> Callable[[Any], None]:
    """A comment of Word on a paragraph."""

    def edit(document: Any) -> None:
        runs = paragraph(document, beginning).runs
        document.add_comment(runs, text=text, author="A. River", initials="AR")

    return edit


def through_libreoffice(file: bytes, folder: Path) -> bytes:
    """Opened and saved by another program."""
    (folder / "in").mkdir()
    (folder / "in" / "agreement.docx").write_bytes(file)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder / 'profile'}",
            "--headless",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(folder),
            str(folder / "in" / "agreement.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "agreement.docx").read_bytes()


def with_part(file: bytes, name: str, content: bytes) -> bytes:
    """The file with a part exchanged or added, whatever it then is."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(file)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return made.getvalue()


def part(file: bytes, name: str) -> bytes:
    """One part of the file."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return archive.read(name)
