"""What a consent says, as somebody filled it in for the person who signs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.vocabulary import Category, Detail, Purpose, SignerKind


@dataclass(frozen=True)
class TypedConsent:
    """Signed on screen: the name, and the tick that it stands for a signature."""

    name: str = ""
    attests: bool = False


@dataclass(frozen=True)
class PaperConsent:
    """Signed by hand: the date on the paper, and its scan."""

    signed_on: date | None = None
    scan: bytes = b""


@dataclass(frozen=True)
class ConsentDraft:
    """A consent to be: my district gives records of a student to an agency.

    Days are local and included. initials: what the signer wrote beside each kind of
    record that needs it. records_until None: up to the end of the consent.
    signer_id: a guardian's or the student's, by signer_kind. checked: the person who
    records it has made sure who signs, or has compared the paper with this form.
    """

    student_id: uuid.UUID
    agency_id: uuid.UUID | None = None
    categories: frozenset[Category] = frozenset()
    initials: Mapping[Category, str] = field(default_factory=dict)
    purposes: frozenset[Purpose] = frozenset()
    records_from: date | None = None
    records_until: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    detail: Detail = Detail.FULL
    language: str = "en"
    signer_kind: SignerKind | None = None
    signer_id: uuid.UUID | None = None
    signature: TypedConsent | PaperConsent = field(default_factory=TypedConsent)
    checked: bool = False

    @property
    def special(self) -> frozenset[Category]:
        """The ticked kinds of record that have their own initials."""
        return frozenset(c for c in self.categories if self.initials.get(c, "").strip())
