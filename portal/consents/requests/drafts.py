"""What staff ask a family, and what the family answers, as plain values."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from portal.vocabulary import Category, Detail, FormKind, Instrument, Purpose, SignerKind


class Channel(StrEnum):
    """How a request reaches whoever signs. A draft has not been sent."""

    DRAFT = "draft"
    EMAIL = "email"
    LETTER = "letter"
    TABLET = "tablet"
    PAPER = "paper"


CHANNEL_LABELS = {
    Channel.EMAIL: "Send a link by e-mail",
    Channel.LETTER: "Print a letter with a link",
    Channel.TABLET: "Sign on a tablet here",
    Channel.PAPER: "Print the form to sign by hand",
    Channel.DRAFT: "Keep it as a draft",
}

BY_LINK = frozenset({Channel.EMAIL, Channel.LETTER, Channel.TABLET})


class Outcome(StrEnum):
    """How a request ended."""

    SIGNED = "signed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class RequestDraft:
    """One question to one signer about one or more students and partners.

    out: kinds that the school may give; back: kinds that the partner may give. Days are local
    and included; ends_on None: the form's usual last day. with_code: a code told apart is
    asked for besides the birth date. case: which proceeding, on a form for use in court.
    replaces: consents that these are to take over from, by student, partner and direction.
    """

    signer_kind: SignerKind | None = None
    signer_id: uuid.UUID | None = None
    student_ids: tuple[uuid.UUID, ...] = ()
    partner_ids: tuple[uuid.UUID, ...] = ()
    out: frozenset[Category] = frozenset()
    back: frozenset[Category] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    detail: Detail = Detail.FULL
    records_from: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    channel: Channel = Channel.DRAFT
    kind: FormKind = FormKind.STANDARD
    case: str = ""
    language: str = "en"
    interpreter: str = ""
    with_code: bool = False
    replaces: Mapping[tuple[uuid.UUID, uuid.UUID, Instrument], uuid.UUID] = field(
        default_factory=dict
    )

    def proposal(self, student_id: uuid.UUID, partner_id: uuid.UUID) -> dict[str, Any]:
        """What is kept of it for one student and one partner, as JSON."""
        return {
            "out": sorted(self.out),
            "back": sorted(self.back),
            "purposes": sorted(self.purposes),
            "case": self.case.strip(),
            "detail": str(self.detail),
            "records_from": _iso(self.records_from),
            "starts_on": _iso(self.starts_on),
            "ends_on": _iso(self.ends_on),
            "replaces": {
                str(instrument): str(consent)
                for (student, partner, instrument), consent in self.replaces.items()
                if (student, partner) == (student_id, partner_id)
            },
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True)
class Asked:
    """A kept proposal, read back."""

    out: frozenset[Category]
    back: frozenset[Category]
    purposes: frozenset[Purpose]
    detail: Detail
    records_from: date
    starts_on: date
    ends_on: date | None
    replaces: Mapping[Instrument, uuid.UUID]
    case: str = ""


def asked(kept: Mapping[str, Any]) -> Asked:
    """The proposal in this JSON, as `RequestDraft.proposal` wrote it."""
    return Asked(
        out=frozenset(Category(code) for code in kept["out"]),
        back=frozenset(Category(code) for code in kept["back"]),
        purposes=frozenset(Purpose(code) for code in kept["purposes"]),
        detail=Detail(kept["detail"]),
        records_from=date.fromisoformat(kept["records_from"]),
        starts_on=date.fromisoformat(kept["starts_on"]),
        ends_on=date.fromisoformat(kept["ends_on"]) if kept["ends_on"] else None,
        replaces={
            Instrument(code): uuid.UUID(consent) for code, consent in kept["replaces"].items()
        },
        case=kept.get("case", ""),
    )


@dataclass(frozen=True)
class PartnerAnswer:
    """What a family answered about one partner; unticked is no.

    out_initials, back_initials: what was written beside each sensitive kind, by direction.
    ends_on: the day that was chosen; None for the one proposed. subject: the one tick of a
    single-purpose form.
    """

    out: frozenset[Category] = frozenset()
    back: frozenset[Category] = frozenset()
    out_initials: Mapping[Category, str] = field(default_factory=dict)
    back_initials: Mapping[Category, str] = field(default_factory=dict)
    purposes: frozenset[Purpose] = frozenset()
    ends_on: date | None = None
    subject: bool = False

    def within(self, proposal: Asked) -> PartnerAnswer:
        """Only what was asked: a form that was tampered with widens nothing."""
        return replace(
            self,
            out=(self.out | self.out_initials.keys()) & proposal.out,
            back=(self.back | self.back_initials.keys()) & proposal.back,
            purposes=self.purposes & proposal.purposes,
        )
