"""A Word file taken apart: its parts, and how they refer to each other.

Nothing is believed: not the name, not the sizes in the directory, not the order. What is too
large, doubled, encrypted or no XML is refused before anything is built from it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from portal.word.problems import TemplateProblem, Unusable, of_file

MIB = 2**20
MOST_BYTES = 20 * MIB
"""Of the file as it is uploaded."""

MOST_UNPACKED = 80 * MIB
MOST_XML = 24 * MIB
"""Of all parts together that are XML: 10,000 paragraphs are about 5 MiB."""

MOST_ENTRIES = 2000

TYPES = "[Content_Types].xml"
NS_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
NS_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAIN = f"{WORD}document.main+xml"

SAVE_AS = "Open it in Word and save it as “Word Document (.docx)”."
SAVED_AGAIN = "Open it in Word, save it under another name, and bring that copy."

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Relation:
    """One part refers to another, or to something outside the file."""

    id: str
    kind: str
    target: str
    external: bool

    @property
    def name(self) -> str:
        """The last word of its kind, such as `hyperlink`."""
        return self.kind.rpartition("/")[2]


@dataclass(frozen=True)
class Package:
    """parts: by name, in the order of the file. trees: those that are XML, parsed."""

    parts: Mapping[str, bytes]
    trees: Mapping[str, Any]
    types: Mapping[str, str]
    relations: Mapping[str, tuple[Relation, ...]] = field(default_factory=dict)

    @property
    def main(self) -> str:
        """The part with the text."""
        [relation] = [r for r in self.relations.get("", ()) if r.name == "officeDocument"]
        return relation.target


def open_package(content: bytes) -> Package:
    """The parts of a Word file. Raises Unusable."""
    parts = _unpacked(content)
    types = _types(parts)
    trees: dict[str, Any] = {}
    faults: list[TemplateProblem] = []
    for name, data in parts.items():
        if _is_xml(name, types[name]):
            try:
                trees[name] = parse(data, name)
            except Unusable as bad:
                faults += bad.problems
    if faults:
        raise Unusable(faults)
    relations = {_source(name): _relations(name, trees[name]) for name in trees if _is_rels(name)}
    package = Package(parts, trees, types, relations)
    _has_a_text(package)
    return package


def _unpacked(content: bytes) -> dict[str, bytes]:
    if problem := _no_zip(content):
        raise Unusable([problem])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, IndexError) as error:
        raise Unusable([DAMAGED]) from error
    except (NotImplementedError, RuntimeError, KeyError) as error:
        raise Unusable([PACKED_OTHERWISE]) from error


def _no_zip(content: bytes) -> TemplateProblem | None:
    if not content:
        return of_file("The file is empty.", "Choose the template again.")
    if len(content) > MOST_BYTES:
        return TOO_LARGE
    if content.startswith(OLE2):
        if ENCRYPTED in content:
            return of_file("The file is protected by a password.", "Take the password off.")
        return of_file("This is a file of Word 97–2003 (.doc).", SAVE_AS)
    if not content.startswith(b"PK"):
        return of_file("This is not a Word file (.docx), whatever its name says.", SAVE_AS)
    return None


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED:
        raise Unusable([BOMB])
    if len(set(names)) < len(names) or not all(map(_plain_name, names)):
        raise Unusable([DAMAGED])
    if any(
        entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries
    ):
        raise Unusable([PACKED_OTHERWISE])
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Unusable([of_file("The file is protected by a password.", "Take the password off.")])
    parts: dict[str, bytes] = {}
    room = {True: MOST_XML, False: MOST_UNPACKED}
    for entry in entries:
        is_xml = entry.filename.endswith((".xml", ".rels"))
        data = _counted(archive, entry, min(room.values()) if is_xml else room[False])
        room[is_xml] -= len(data)
        parts[entry.filename] = data
    return parts


def _counted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The part; no more of it is unpacked than there is room for, whatever the directory says."""
    with archive.open(entry) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise Unusable([BOMB])
    return data


def _plain_name(name: str) -> bool:
    return not (name.startswith("/") or "\\" in name or ".." in name.split("/") or "\x00" in name)


DECLARED = re.compile(r"\s*<\?xml[^>]*\?>")
ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
READABLE = {"utf-8", "utf8", "us-ascii", "ascii", "utf-16"}


def parse(data: bytes, name: str = "") -> Any:
    """The root of a part, strictly: no document type, no entity, nothing from elsewhere.

    Raises Unusable.
    """
    try:
        text = _decoded(data)
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise Unusable([of_file(DOCTYPE, SAVED_AGAIN, name)])
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        head = DECLARED.match(text)
        return etree.fromstring(text[head.end() if head else 0 :].encode(), parser)
    except (etree.XMLSyntaxError, UnicodeError, ValueError) as error:
        raise Unusable([of_file(NO_XML, SAVED_AGAIN, name)]) from error


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    declared = ENCODING.match(data)
    if declared and declared[1].decode().lower() not in READABLE - {"utf-16"}:
        raise ValueError("an encoding that Word does not write")
    return data.decode("utf-8-sig")


def _is_xml(name: str, kind: str) -> bool:
    declared = kind.endswith(("/xml", "+xml")) and "svg" not in kind
    return declared or name.endswith((".xml", ".rels"))


def _types(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The content type of each part, as the file declares it; a name says nothing."""
    if TYPES not in parts:
        raise Unusable([of_file("This is not a Word file, but another kind of archive.", SAVE_AS)])
    root = parse(parts[TYPES], TYPES)
    defaults = {
        e.get("Extension", "").lower(): e.get("ContentType", "")
        for e in root.iter(f"{NS_TYPES}Default")
    }
    named = {
        e.get("PartName", "").lstrip("/").lower(): e.get("ContentType", "")
        for e in root.iter(f"{NS_TYPES}Override")
    }
    return {
        name: named.get(name.lower()) or defaults.get(name.rpartition(".")[2].lower(), "")
        for name in parts
    }


def _is_rels(name: str) -> bool:
    return name.endswith(".rels") and posixpath.basename(posixpath.dirname(name)) == "_rels"


def _source(rels: str) -> str:
    folder = posixpath.dirname(posixpath.dirname(rels))
    return posixpath.join(folder, posixpath.basename(rels).removesuffix(".rels"))


def _relations(rels: str, root: Any) -> tuple[Relation, ...]:
    folder = posixpath.dirname(_source(rels))
    return tuple(_relation(folder, e) for e in root.iter(f"{NS_RELS}Relationship"))


def _relation(folder: str, element: Any) -> Relation:
    target = element.get("Target", "")
    external = element.get("TargetMode", "").lower() == "external"
    if not external:
        path = unquote(target.partition("#")[0])
        target = posixpath.normpath(posixpath.join("/" + folder, path)).lstrip("/")
    return Relation(element.get("Id", ""), element.get("Type", ""), target, external)


def _has_a_text(package: Package) -> None:
    texts = [r for r in package.relations.get("", ()) if r.name == "officeDocument"]
    if len(texts) != 1 or texts[0].external or texts[0].target not in package.trees:
        raise Unusable([of_file("This is not a Word file: it has no text.", SAVE_AS)])
    kind = package.types[texts[0].target]
    if "macroEnabled" in kind:
        raise Unusable([of_file("The file is one with macros (.docm or .dotm).", SAVE_AS)])
    if kind != MAIN:
        raise Unusable([of_file("The file is no Word document.", SAVE_AS)])
    if not package.trees[texts[0].target].tag.startswith("{" + NS_W + "}"):
        raise Unusable([of_file("The file is in a rare kind of Word format.", SAVE_AS)])


def relations_of(package: Package) -> Iterator[tuple[str, Relation]]:
    """Each reference with the part that makes it."""
    for source, relations in package.relations.items():
        for relation in relations:
            yield source, relation


NS_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = "{" + NS_W + "}"

DOCTYPE = "The file declares a document type, which Word never does."
NO_XML = "A part of the file is damaged."
TOO_LARGE = of_file(
    f"The file is larger than {MOST_BYTES // MIB} MB.", "Compress the pictures in it."
)
DAMAGED = of_file("The file is damaged: it cannot be unpacked.", SAVED_AGAIN)
PACKED_OTHERWISE = of_file("The file is packed in a way that Word does not use.", SAVED_AGAIN)
BOMB = of_file(
    "The file unpacks to far more than a Word document needs.",
    "Make the pictures smaller, or copy the text into a new document.",
)
