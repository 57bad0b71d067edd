"""What one version of a consent form is: its order, its texts, and what it can offer.

To and from JSON, strictly: what is unknown is refused and named. Whether a definition may
be published is not decided here but in `elements.problems`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from portal.errors import BadFile, Problem
from portal.vocabulary import Category, FormKind, Purpose, Statement

SCHEMA: Literal[1] = 1
LONGEST_TERM = 12
"""Months; no consent lasts longer, whatever the district writes."""


class Section(StrEnum):
    """The parts of a form; a district chooses their order, the law which must be there."""

    STUDENT = "student"
    SIGNER = "signer"
    SCHOOL_MAY_GIVE = "school_may_give"
    PARTNER_MAY_GIVE = "partner_may_give"
    WHO = "who"
    WHY = "why"
    SPECIAL = "special"
    HOW_LONG = "how_long"
    CHOICES = "choices"
    TAKING_BACK = "taking_back"
    AFTER = "after"
    RIGHTS = "rights"
    MINOR = "minor"
    SIGNATURE = "signature"
    LANGUAGE = "language"
    STAFF = "staff"
    NOTICES = "notices"


SECTION_OF = {
    Statement.VOLUNTARY: Section.CHOICES,
    Statement.REVOKE: Section.TAKING_BACK,
    Statement.NO_CONDITION: Section.CHOICES,
    Statement.MAY_BE_REDISCLOSED: Section.AFTER,
    Statement.REDISCLOSURE_LIMIT: Section.AFTER,
    Statement.BECOMES_SCHOOL_RECORD: Section.AFTER,
    Statement.COPY: Section.RIGHTS,
    Statement.HOLDER_CHANGES: Section.RIGHTS,
    Statement.PART2_REDISCLOSURE: Section.AFTER,
    Statement.PART2_REFUSAL: Section.CHOICES,
    Statement.CT_REFUSAL: Section.CHOICES,
    Statement.HIV_NOTICE: Section.AFTER,
}
"""In which part of the form each sentence is printed."""


class Part(BaseModel):
    """Base: nothing unknown, nothing changed after it was made."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, ser_json_bytes="base64", val_json_bytes="base64"
    )


class Translation(Part):
    """A district's own translation of its own text, with who made which state of it."""

    text: str
    translator: str
    version: str


class Text(Part):
    """The English text of record, and its translations by code of language.

    Shipped English needs none here: the catalogs of `portal.languages` have it.
    """

    en: str
    translations: dict[str, Translation] = Field(default_factory=dict)


class TermEnd(StrEnum):
    """Where the usual last day lies."""

    SCHOOL_YEAR = "school_year"
    MONTHS = "months"


class Term(Part):
    """How long a consent usually lasts. months: only for an end after so many months."""

    ends: TermEnd
    months: int | None = None


class Office(Part):
    """Where a family takes a consent back."""

    office: str
    address: str
    email: str
    phone: str


class Definition(Part):
    """One version of a form. categories_out: school to partner; categories_in: back.

    subject: what a single-purpose form is about, in its own words; None on the standard one.
    logo: a PNG or JPEG, or empty. most_months: the longest term that staff may propose.
    """

    schema_version: Literal[1] = Field(default=SCHEMA, alias="schema")
    kind: FormKind
    title: Text
    sections: tuple[Section, ...]
    help: dict[Section, Text]
    subject: Text | None = None
    categories_out: tuple[Category, ...]
    categories_in: tuple[Category, ...]
    purposes: tuple[Purpose, ...]
    term: Term
    most_months: int
    statements: dict[Statement, Text]
    signing: Text
    office: Office
    logo: bytes = b""
    languages: tuple[str, ...]

    @property
    def offered(self) -> frozenset[Category]:
        """The kinds of record that it can open, in either direction."""
        return frozenset(self.categories_out) | frozenset(self.categories_in)

    def prints(self, part: Section | Statement) -> bool:
        """Is this part, or this sentence within its part, on the form?"""
        if isinstance(part, Section):
            return part in self.sections
        return part in self.statements and SECTION_OF[part] in self.sections

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Every text with the field that it stands in."""
        yield "title", self.title
        yield "signing", self.signing
        if self.subject is not None:
            yield "subject", self.subject
        for section, text in self.help.items():
            yield f"help.{section}", text
        for statement, text in self.statements.items():
            yield f"statements.{statement}", text


def to_json(definition: Definition) -> str:
    """Always the same text for the same form, so that its hash names it."""
    told = definition.model_dump(mode="json", by_alias=True)
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str | bytes) -> Definition:
    """The form that this text describes. Raises BadFile, which names every wrong field."""
    try:
        return Definition.model_validate_json(text)
    except ValidationError as error:
        raise BadFile([_problem(found) for found in error.errors(include_url=False)]) from None


def digest(definition: Definition) -> str:
    """SHA-256 of the form as it is: a signature names it."""
    return hashlib.sha256(to_json(definition).encode()).hexdigest()


def _problem(found: Any) -> Problem:
    field = ".".join(str(step) for step in found["loc"]) or "form"
    match found["type"]:
        case "extra_forbidden":
            return Problem(f"A form has no field “{field}”.", "Take it out.", field)
        case "missing":
            return Problem(f"The field “{field}” is missing.", "Add it.", field)
    return Problem(
        f"The field “{field}” cannot be read: {found['msg']}.",
        "Correct it, and bring the whole form again.",
        field,
    )
