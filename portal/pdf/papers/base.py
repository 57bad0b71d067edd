"""What every paper has, its labels in any language, and a district's logo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import ClassVar, TypeVar

from portal.errors import BadFile, Problem
from portal.languages.marks import N_
from portal.pdf.render import Order

L = TypeVar("L", bound="Labels")


def labels(kind: type[L], translate: Callable[[str], str]) -> L:
    """The labels of a paper in another language; translate: gettext of its catalog."""
    return kind(**{each.name: translate(str(each.default)) for each in fields(kind)})


def english(kind: type[Labels]) -> tuple[str, ...]:
    """What a translator of this paper has to translate, beside the values."""
    return tuple(str(each.default) for each in fields(kind))


@dataclass(frozen=True)
class Labels:
    """On every paper. Words in braces stay as they are: the template fills them."""

    page: str = N_("Page {page} of {pages}")


@dataclass(frozen=True)
class Picture:
    """A logo, from `logo`. kind: png or jpg; alt: what it shows, for who cannot see it."""

    data: bytes
    kind: str
    alt: str


MOST_LOGO_BYTES = 256 * 1024

SHAPES = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}


def logo(data: bytes, alt: str) -> Picture:
    """A district's logo; BadFile when it is no picture that a paper can take."""
    if not alt.strip():
        raise BadFile([Problem("The logo has no words.", "Say in a few words what it shows.")])
    kind = next((kind for kind, start in SHAPES.items() if data.startswith(start)), None)
    if kind is None or len(data) > MOST_LOGO_BYTES:
        raise BadFile([Problem("This file cannot be the logo.", "Use a PNG or JPEG under 256 KB.")])
    return Picture(data, kind, alt)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What every paper has. foot: one line at the foot of each page, such as who made it when."""

    template: ClassVar[str]

    title: str
    number: str
    district: str
    logo: Picture | None = None
    foot: str


def order(paper: Paper, *, language: str, at: datetime) -> Order:
    """The paper as an order for `render.make` and `render.render_many`."""
    return Order(
        template=paper.template,
        values=asdict(paper),
        title=f"{paper.title} {paper.number}".strip(),
        author=paper.district,
        language=language,
        at=at,
    )
