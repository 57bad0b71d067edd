"""Reading a PDF back: its text, its structure tree and what it says of itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


@dataclass(frozen=True)
class Tag:
    """One element of the structure tree, with the tags it stands in."""

    kind: str
    alt: str
    title: str
    within: tuple[str, ...]


class Pdf:
    """A PDF as a reader sees it."""

    def __init__(self, data: bytes) -> None:
        self._reader = PdfReader(io.BytesIO(data))
        self.catalog = self._reader.trailer["/Root"].get_object()
        self.pages = [" ".join(page.extract_text().split()) for page in self._reader.pages]
        self.text = "\n".join(self.pages)
        self.xmp = self.catalog["/Metadata"].get_object().get_data().decode()
        self.tags = list(_tags(self.catalog["/StructTreeRoot"], ()))

    def kinds(self) -> list[str]:
        """The tags in reading order."""
        return [tag.kind for tag in self.tags]

    def headings(self) -> list[str]:
        """The titles of the headings, such as `H2 Student`."""
        return [f"{tag.kind} {tag.title}" for tag in self.tags if tag.kind in ("H1", "H2", "H3")]

    def alts(self) -> list[str]:
        """What each figure shows, in words."""
        return [tag.alt for tag in self.tags if tag.kind == "Figure"]


def _tags(node: Any, within: tuple[str, ...]) -> Iterator[Tag]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, ArrayObject):
        for child in node:
            yield from _tags(child, within)
    if not isinstance(node, DictionaryObject):
        return
    if "/S" in node:
        kind = str(node["/S"])[1:]
        yield Tag(kind, str(node.get("/Alt", "")), str(node.get("/T", "")), within)
        within = (*within, kind)
    if "/K" in node:
        yield from _tags(node["/K"], within)
