"""The letter with a one-time link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from portal.languages.marks import N_
from portal.pdf.papers.base import Labels, Paper


@dataclass(frozen=True)
class LanguageLine:
    """Where help is found, in one language; language: its code, for a reading voice."""

    language: str
    text: str


@dataclass(frozen=True)
class LetterLabels(Labels):
    """A letter needs few."""

    qr: str = N_("QR code that opens {url}")
    phone: str = N_("Phone")


@dataclass(frozen=True, kw_only=True)
class Letter(Paper):
    """A letter with the link to a form. No name of a student: it may be opened by another."""

    template: ClassVar[str] = "letter"

    address: str
    phone: str
    to: str
    to_address: str
    date: str
    greeting: str
    paragraphs: Sequence[str]
    link_heading: str
    link_steps: Sequence[str]
    url: str
    qr: str
    genuine_heading: str
    genuine: Sequence[str]
    languages_heading: str
    languages: Sequence[LanguageLine]
    closing: str
    signed_by: str
    signed_title: str
    labels: LetterLabels = field(default_factory=LetterLabels)
