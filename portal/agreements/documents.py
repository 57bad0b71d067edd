"""The agreement on paper: what each field of templates/mou/standard.docx prints.

The schedule is printed from the very rows that the gate reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.agreements.drafts import Signer, Terms
from portal.config import ROOT
from portal.policy.spans import last_day
from portal.store.papers import Agreement, AgreementLine
from portal.store.places import Organization
from portal.vocabulary import (
    CATEGORY_LABELS,
    CHANNEL_LABELS,
    FREQUENCY_LABELS,
    NEVER,
    RETENTION_LABELS,
    SPECIAL,
    Category,
    Channel,
    Direction,
    Frequency,
    Retention,
)
from portal.word.render import render as render_word
from portal.word.values import Values

TEMPLATE = ROOT / "templates" / "mou" / "standard.docx"
TEMPLATE_NAME = "Standard agreement, version 1"
CONSENT_FORM = "the portal's Consent for Release, version 1"
SMALLEST_COUNT = 6
"""Published numbers of students below this are not shown (CSDE's rule)."""

_FIELDS = """
document.number document.written_on template.name template.fingerprint
starts_on ends_on review_on
district.name district.code district.address district.liaison
district.signer.name district.signer.title
partner.name partner.address partner.liaison partner.signer.name partner.signer.title
partner.is_hipaa partner.is_part2
purpose schools schools[] services services[] insurance costs records_contact consent_form
from_district from_district[].category from_district[].frequency
from_district[].method from_district[].retention
from_partner from_partner[].category from_partner[].frequency
from_partner[].method from_partner[].retention
never never[] special special[] waive_team
response_days review_days destroy_days notice_days smallest_count
breach.student_days breach.other_days breach.notice_hours
"""

FIELDS = frozenset(_FIELDS.split())
"""Every placeholder, explained in templates/README.md."""

_CT_CLAUSES = """
ct_property ct_deletion ct_use ct_correction ct_security
ct_breach ct_retention ct_ferpa ct_law ct_severability
"""

CT_CLAUSES = tuple(_CT_CLAUSES.split())
"""The ten that Conn. Gen. Stat. 10-234bb(a) asks for, in its order."""

_ARTICLES = """
cover parties purpose definitions laws services district_duties partner_duties referrals families
consent_first schedule_district schedule_partner never_shared sensitive redisclosure connecticut
security review breach rights emergency outcomes retention term money general signatures
"""

CLAUSES = (*_ARTICLES.split(), *CT_CLAUSES)
"""The cover, the 27 articles and the ten clauses: without all of them none is issued."""


@dataclass(frozen=True)
class Parties:
    """An agreement with its rows and its two sides, ready to be printed."""

    agreement: Agreement
    lines: tuple[AgreementLine, ...]
    terms: Terms
    district: Organization
    partner: Organization


def render(parties: Parties, at: datetime) -> bytes:
    """The agreement as a Word file. Raises NotReady or BadFile (`word.render`)."""
    number = parties.agreement.number
    return render_word(
        _template(TEMPLATE),
        values(parties, at),
        FIELDS,
        CLAUSES,
        title=f"Memorandum of understanding {number}",
        author=parties.district.name,
        at=at,
    )


@cache
def _template(path: Path) -> bytes:
    return path.read_bytes()


def values(parties: Parties, at: datetime) -> Values:
    """What each placeholder prints."""
    terms, district, partner = parties.terms, parties.district, parties.partner
    return {
        "document": {
            "number": parties.agreement.number,
            "written_on": _day(at.astimezone(ZoneInfo(district.tz)).date()),
        },
        "template": {"name": TEMPLATE_NAME, "fingerprint": _fingerprint()},
        **_dates(parties),
        "district": {
            "name": district.name,
            "code": district.code or "",
            "address": district.address,
            "liaison": terms.district_liaison.line,
            "signer": _signer(terms.district_signer),
        },
        "partner": {
            "name": partner.name,
            "address": partner.address,
            "liaison": terms.partner_liaison.line,
            "signer": _signer(terms.partner_signer),
            "is_hipaa": terms.is_hipaa,
            "is_part2": terms.is_part2,
        },
        **_schedules(parties.lines),
        "waive_team": parties.agreement.waive_team,
        **_terms(terms),
    }


def _fingerprint() -> str:
    return hashlib.sha256(_template(TEMPLATE)).hexdigest()[:12]


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _dates(parties: Parties) -> dict[str, str]:
    agreement, tz = parties.agreement, parties.district.tz
    end, review = agreement.ends_at, parties.terms.review_on
    return {
        "starts_on": _day(agreement.starts_at.astimezone(ZoneInfo(tz)).date()),
        "ends_on": _day(last_day(end, tz)) if end else "",
        "review_on": _day(review) if review else "",
    }


def _signer(signer: Signer) -> dict[str, str]:
    return {"name": signer.name, "title": signer.title}


def _schedules(lines: Iterable[AgreementLine]) -> dict[str, object]:
    listed = tuple(lines)
    return {
        "from_district": _schedule(listed, Direction.A_TO_B),
        "from_partner": _schedule(listed, Direction.B_TO_A),
        "special": _labels({line.category for line in listed} & SPECIAL),
        "never": _labels(NEVER),
    }


def _schedule(lines: Iterable[AgreementLine], direction: Direction) -> list[dict[str, str]]:
    return [
        {
            "category": CATEGORY_LABELS[Category(line.category)],
            "frequency": FREQUENCY_LABELS[Frequency(line.frequency)],
            "method": CHANNEL_LABELS[Channel(line.method)],
            "retention": RETENTION_LABELS[Retention(line.retention)],
        }
        for line in lines
        if line.direction is direction
    ]


def _labels(categories: Iterable[str]) -> list[str]:
    wanted = set(categories)
    return [label for category, label in CATEGORY_LABELS.items() if category in wanted]


def _terms(terms: Terms) -> dict[str, object]:
    return {
        "purpose": terms.purpose,
        "schools": list(terms.schools),
        "services": list(terms.services),
        "insurance": terms.insurance,
        "costs": terms.costs,
        "records_contact": terms.records_contact.line,
        "consent_form": CONSENT_FORM,
        "response_days": str(terms.response_days),
        "review_days": str(terms.review_days),
        "destroy_days": str(terms.destroy_days),
        "notice_days": str(terms.notice_days),
        "smallest_count": str(SMALLEST_COUNT),
        "breach": {
            "student_days": str(terms.breach_student_days),
            "other_days": str(terms.breach_other_days),
            "notice_hours": str(terms.breach_notice_hours),
        },
    }
