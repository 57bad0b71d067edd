"""What of a template goes along into a document: the text and how it looks, and nothing else.

Properties, the names of earlier authors, hidden data and the hooks by which Word would overwrite
a printed value from such data are left behind.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from portal.word.package import TYPES, Package, W

LEFT_BEHIND = frozenset(
    {
        "customXml",
        "comments",
        "commentsExtended",
        "commentsIds",
        "commentsExtensible",
        "people",
        "core-properties",
        "extended-properties",
        "custom-properties",
        "thumbnail",
    }
)
"""Kinds of reference that a document does without."""

HOOKS = ("dataBinding", "docVars", "attachedSchema", "mailMerge", "attachedTemplate")
CORE = "docProps/core.xml"
CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
METADATA = f"{RELS}/metadata/core-properties"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of each part inside the file, so that the same input gives the same bytes."""


@dataclass(frozen=True)
class Told:
    """What the document says about itself. language: such as `es`; None leaves the template's."""

    title: str
    author: str
    at: datetime
    language: str | None = None


def base_of(package: Package, filled: frozenset[str], language: str | None) -> bytes:
    """The file with every part that is the same in each document; `finish` adds the others."""
    kept = _reached(package)
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, TYPES, _types(package, kept))
        _add(archive, "_rels/.rels", _root_rels(package))
        for name in kept:
            if name not in filled:
                _add(archive, name, _part(package, name, language))
            rels = _rels_name(name)
            if rels in package.parts:
                _add(archive, rels, _rels(package, name))
    return saved.getvalue()


def finish(base: bytes, filled: Mapping[str, bytes], told: Told) -> bytes:
    """The document."""
    saved = io.BytesIO(base)
    saved.seek(0, io.SEEK_END)
    with zipfile.ZipFile(saved, "a", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, data in filled.items():
            _add(archive, name, data)
        _add(archive, CORE, _core(told))
    return saved.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def unhook(root: Any) -> bool:
    """Takes out of a part what would change it later; says whether there was anything."""
    hooks = list(root.iter("{*}dataBinding", *(f"{W}{word}" for word in HOOKS)))
    for hook in hooks:
        hook.getparent().remove(hook)
    return bool(hooks)


def _part(package: Package, name: str, language: str | None) -> bytes:
    root = package.trees.get(name)
    if root is None:
        return package.parts[name]
    changed = unhook(root)
    if language and root.tag == f"{W}styles":
        for spoken in root.iter(f"{W}lang"):
            spoken.set(f"{W}val", language)
        changed = True
    return as_bytes(root) if changed else package.parts[name]


def as_bytes(root: Any) -> bytes:
    """The part as Word writes it."""
    return HEAD.encode() + etree.tostring(root, encoding="UTF-8")


def _reached(package: Package) -> list[str]:
    """The parts that the text refers to, directly or not."""
    found, waiting = dict.fromkeys([package.main]), [package.main]
    while waiting:
        for relation in package.relations.get(waiting.pop(), ()):
            inside = not relation.external and relation.target in package.parts
            if inside and relation.name not in LEFT_BEHIND and relation.target not in found:
                found[relation.target] = None
                waiting.append(relation.target)
    return list(found)


def _rels_name(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels".lstrip("/")


def _rels(package: Package, name: str) -> bytes:
    root = package.trees[_rels_name(name)]
    for element in list(root):
        if str(element.get("Type")).rpartition("/")[2] in LEFT_BEHIND:
            root.remove(element)
    return as_bytes(root)


def _root_rels(package: Package) -> bytes:
    main = quoteattr("/" + package.main)
    return (
        f'{HEAD}<Relationships xmlns="{RELS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}" Target={main}/>'
        f'<Relationship Id="rId2" Type="{METADATA}" Target="/{CORE}"/></Relationships>'
    ).encode()


def _types(package: Package, kept: list[str]) -> bytes:
    told = {"/" + name: package.types[name] for name in kept} | {"/" + CORE: CORE_TYPE}
    lines = "".join(
        f"<Override PartName={quoteattr(name)} ContentType={quoteattr(kind)}/>"
        for name, kind in told.items()
    )
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{lines}</Types>'
    ).encode()


def _core(told: Told) -> bytes:
    when = f"{told.at.replace(tzinfo=None, microsecond=0).isoformat()}Z"
    language = f"<dc:language>{escape(told.language)}</dc:language>" if told.language else ""
    return (
        f'{HEAD}<cp:coreProperties xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(told.title)}</dc:title><dc:creator>{escape(told.author)}</dc:creator>"
        f"<cp:lastModifiedBy>{escape(told.author)}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{when}</dcterms:modified>{language}'
        "</cp:coreProperties>"
    ).encode()
