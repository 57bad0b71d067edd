"""What was agreed on screen, as a paper: the evidence that is kept with its hash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.config import ROOT
from portal.consents.drafts import ConsentDraft, TypedConsent
from portal.consents.words import DETAIL, FORM, PLAIN, SIGNING, statements
from portal.store.people import Student
from portal.vocabulary import PURPOSE_LABELS, SPECIAL, Category, Purpose
from portal.word.render import render as render_word
from portal.word.values import Values

TEMPLATE = ROOT / "templates" / "consent" / "standard.docx"

_FIELDS = """
form number student.name student.born student.school district.name agency.name
records records[] special special[].kind special[].initials detail records_from records_until
purposes purposes[] starts_on ends_on statements statements[]
signer.name signer.capacity signer.typed signer.signed_at signer.statement recorded_by
"""

FIELDS = frozenset(_FIELDS.split())
"""Every placeholder, explained in templates/README.md."""

CLAUSES = ("title", "records", "purpose", "term", "statements", "signature")


@dataclass(frozen=True)
class Agreed:
    """A typed consent with the names that belong to it. tz: the district's."""

    number: str
    draft: ConsentDraft
    student: Student
    school: str
    district: str
    agency: str
    signer: str
    capacity: str
    recorded_by: str
    tz: str


def render(agreed: Agreed, signed_at: datetime) -> bytes:
    """The paper as a Word file."""
    return render_word(
        _template(TEMPLATE),
        values(agreed, signed_at),
        FIELDS,
        CLAUSES,
        title=f"Consent for release {agreed.number}",
        author=agreed.district,
        at=signed_at,
    )


@cache
def _template(path: Path) -> bytes:
    return path.read_bytes()


def values(agreed: Agreed, signed_at: datetime) -> Values:
    """What each placeholder prints."""
    draft, student = agreed.draft, agreed.student
    return {
        "form": FORM,
        "number": agreed.number,
        "student": {
            "name": f"{student.given_name} {student.family_name}",
            "born": day(student.born),
            "school": agreed.school,
        },
        "district": {"name": agreed.district},
        "agency": {"name": agreed.agency},
        "records": _labels(draft.categories),
        "special": _initialed(draft),
        "detail": DETAIL[draft.detail],
        "records_from": day(draft.records_from),
        "records_until": day(draft.records_until or draft.ends_on),
        "purposes": [PURPOSE_LABELS[p] for p in Purpose if p in draft.purposes],
        "starts_on": day(draft.starts_on),
        "ends_on": day(draft.ends_on),
        "statements": statements(student.given_name, agreed.agency, day(draft.ends_on)),
        "signer": _signer(agreed, signed_at),
        "recorded_by": agreed.recorded_by,
    }


def _labels(categories: Iterable[Category]) -> list[str]:
    wanted = set(categories)
    return [label for category, label in PLAIN.items() if category in wanted]


def _initialed(draft: ConsentDraft) -> list[dict[str, str]]:
    return [
        {"kind": PLAIN[category], "initials": draft.initials[category]}
        for category in sorted(draft.special & SPECIAL)
    ]


def _signer(agreed: Agreed, signed_at: datetime) -> dict[str, str]:
    local = signed_at.astimezone(ZoneInfo(agreed.tz))
    signature = agreed.draft.signature
    return {
        "name": agreed.signer,
        "capacity": agreed.capacity,
        "typed": signature.name if isinstance(signature, TypedConsent) else "",
        "signed_at": f"{day(local.date())}, {local:%I:%M %p}",
        "statement": SIGNING,
    }


def day(day: date | None) -> str:
    """A day in words; empty when it is not known."""
    return f"{day:%B} {day.day}, {day.year}" if day else ""
