"""What a consent says, as somebody filled it in for the person who signs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.pdf.signature import Strokes
from portal.vocabulary import Category, Detail, FormKind, Instrument, Purpose, SignerKind


@dataclass(frozen=True)
class TypedConsent:
    """Signed on screen: the name, and the tick that it stands for a signature."""

    name: str = ""
    attests: bool = False


@dataclass(frozen=True)
class DrawnConsent:
    """Signed on screen by hand: the name in letters too, so that it can be read."""

    name: str = ""
    strokes: Strokes = ()
    attests: bool = False


@dataclass(frozen=True)
class PaperConsent:
    """Signed by hand: the date on the paper, and its scan."""

    signed_on: date | None = None
    scan: bytes = b""


@dataclass(frozen=True)
class ConsentDraft:
    """A consent to be: a district and an agency, one of which gives records to the other.

    instrument: FERPA when the district gives them, HIPAA when the agency does.
    ends_on_event: an event, in words, instead of a last day. cosigners: the others of a
    family in therapy, each as typed beside their own signature. authority: what makes the
    signer the student's representative. replaces_id: the consent that this one takes over from.
    Days are local and included. initials: what the signer wrote beside each kind of
    record that needs it. records_until None: up to the end of the consent.
    kind: of the form; a single-purpose one ticks no kind of record. case: the proceeding, on
    one for use in court. signer_id: a guardian's or the student's, by signer_kind. checked:
    the person who records it has made sure who signs, or has compared the paper with this form.
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
    ends_on_event: str = ""
    instrument: Instrument = Instrument.FERPA
    people: frozenset[uuid.UUID] = frozenset()
    cosigners: tuple[str, ...] = ()
    authority: str = ""
    replaces_id: uuid.UUID | None = None
    detail: Detail = Detail.FULL
    kind: FormKind = FormKind.STANDARD
    case: str = ""
    language: str = "en"
    signer_kind: SignerKind | None = None
    signer_id: uuid.UUID | None = None
    signature: TypedConsent | DrawnConsent | PaperConsent = field(default_factory=TypedConsent)
    checked: bool = False

    @property
    def on_screen(self) -> bool:
        """Was it signed electronically?"""
        return not isinstance(self.signature, PaperConsent)

    @property
    def special(self) -> frozenset[Category]:
        """The ticked kinds of record that have their own initials."""
        return frozenset(c for c in self.categories if self.initials.get(c, "").strip())
