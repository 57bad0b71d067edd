"""What each field of an agreement's paper prints.

`values` gives the tree that templates/README.md describes: text, true or false, lists and
dictionaries. Only the lines of the Content are in the schedules, in the order of the vocabulary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from portal.access import data_points
from portal.access.data_points import Named
from portal.agreements.clauses import wording
from portal.agreements.clauses.articles import ARTICLE_TITLES, NUMBERED, Article
from portal.agreements.clauses.library import Library, Standing
from portal.agreements.content import Content, Line, PartnerTerms, Service, Signer
from portal.config import ROOT
from portal.vocabulary import (
    AGREEMENT_KIND_LABELS,
    CATEGORY_LABELS,
    CHANNEL_LABELS,
    FREQUENCY_LABELS,
    LINE_BASIS_LABELS,
    NEVER,
    PURPOSE_LABELS,
    REFERRAL_STATUS_LABELS,
    RETENTION_LABELS,
    SERVICE_TIER_LABELS,
    SPECIAL,
    Category,
    Detail,
    Direction,
    LineBasis,
    ReferralStatus,
)
from portal.word.values import Values, clean

TEMPLATE = ROOT / "templates" / "mou" / "standard.docx"
TEMPLATE_NAME = "Standard agreement, version 2"
SMALLEST_COUNT = 6
"""Published numbers of students below this are not shown (CSDE's rule)."""

DETAILS = {Detail.FULL: "In full", Detail.SUMMARY: "Only what and when"}
ANY_PURPOSE = "Any that the consent names"
AS_AGREED = "As this agreement says"
FIRST_MARK = 1001
"""Numbers of the clauses' bookmarks begin here, above those that a template has of its own."""


@dataclass(frozen=True)
class Party:
    """A side, as the paper names it. code: of a district; may be empty, and so may the address."""

    name: str
    code: str = ""
    address: str = ""


@dataclass(frozen=True)
class Template:
    """A Word file to fill, and its name with its version."""

    name: str
    content: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """The first 12 digits of its SHA-256."""
        return hashlib.sha256(self.content).hexdigest()[:12]


@cache
def shipped() -> Template:
    """The standard template of this version of the portal."""
    return Template(TEMPLATE_NAME, TEMPLATE.read_bytes())


@dataclass(frozen=True)
class Printed:
    """An agreement ready to be printed.

    partners: in the order of `content.partners`. consent_form: name and version of the form.
    parent: the agreement under which it stands, such as `M-7K3QF2 of June 1, 2026`; follows: the
    one whose place it takes; both may be empty. template: None for the shipped one. named: the
    district's own data points that go along with a kind of record.
    """

    number: str
    version: int
    content: Content
    district: Party
    partners: tuple[Party, ...]
    written_on: date
    consent_form: str
    parent: str = ""
    follows: str = ""
    template: Template | None = None
    named: Named = field(default_factory=dict)
    numbered: bool = True
    """Has the template the articles of the standard one? If not, clauses are named by title."""

    @property
    def title(self) -> str:
        """Kind and number, as the file's title has it."""
        return f"{AGREEMENT_KIND_LABELS[self.content.kind]} {self.number}"


def values(printed: Printed, library: Library) -> dict[str, Any]:
    """Everything that a template may ask for, clean of control and direction characters.

    `partner` is there only when there is one. Raises jinja2's TemplateError for a clause whose
    wording has problems (`Library.problems` tells them before).
    """
    facts = facts_of(printed, library)
    articles = _articles(printed.content, library, facts)
    standing = library.standing(printed.content)
    said = {clause["id"]: clause for clauses in articles.values() for clause in clauses}
    return {
        **facts,
        "articles": articles,
        "clause": {id_: _joined(said.get(id_)) for id_ in library.current},
        "changed": [
            _change(s, said[s.clause.id]) for s in standing if s.is_changed or s.clause.own
        ],
        "laws": [_law(s, said[s.clause.id]) for s in standing if s.clause.citation],
        "further": [],  # those that a district's template does not print by itself
        "schedules": list(_schedules(printed, facts["at"])),
        "signatures": list(_signatures(printed)),
    }


def facts_of(printed: Printed, library: Library) -> dict[str, Any]:
    """The fields that a clause's wording may ask for."""
    content = printed.content
    partners = [
        _partner(terms, party, printed.named)
        for terms, party in zip(content.partners, printed.partners, strict=True)
    ]
    one = {"partner": partners[0]} if len(partners) == 1 else {}
    facts: dict[str, Any] = clean(
        {
            **_paper(printed),
            **_dates(content),
            "district": {
                "name": printed.district.name,
                "code": printed.district.code,
                "address": printed.district.address,
                "liaison": content.district_liaison.line,
                "signers": [_signer(signer) for signer in content.district_signers],
            },
            "partners": partners,
            **one,
            "partner_names": listed([party.name for party in printed.partners]),
            "several": len(partners) > 1,
            **_lists(content),
            **_terms(content),
            "at": _numbers(content, library) if printed.numbered else _named(),
        }
    )
    return facts


def listed(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def told(day: date | None) -> str:
    """Such as June 30, 2027; nothing for no day."""
    return f"{day:%B} {day.day}, {day.year}" if day else ""


def _paper(printed: Printed) -> dict[str, Any]:
    template = printed.template or shipped()
    return {
        "document": {
            "number": printed.number,
            "kind": AGREEMENT_KIND_LABELS[printed.content.kind],
            "title": printed.title,
            "version": str(printed.version),
            "written_on": told(printed.written_on),
            "parent": printed.parent,
            "follows": printed.follows,
        },
        "template": {"name": template.name, "fingerprint": template.fingerprint},
        "consent_form": printed.consent_form,
    }


def _dates(content: Content) -> dict[str, str]:
    return {
        "starts_on": told(content.starts_on),
        "ends_on": told(content.ends_on),
        "review_on": told(content.review_on),
        "board_vote_on": told(content.board_vote_on),
    }


def _lists(content: Content) -> dict[str, list[str]]:
    categories = {line.category for terms in content.partners for line in terms.lines}
    statuses = (
        status for status in ReferralStatus if status is not ReferralStatus.ENTERED_IN_ERROR
    )
    return {
        "schools": list(content.schools),
        "metrics": list(content.metrics),
        "never": _labels(NEVER),
        "special": _labels(categories & SPECIAL),
        "extra_sensitive": list(content.extra_sensitive),
        "statuses": [REFERRAL_STATUS_LABELS[status] for status in statuses],
    }


def _labels(categories: Iterable[Category]) -> list[str]:
    wanted = set(categories)
    return [label for category, label in CATEGORY_LABELS.items() if category in wanted]


def _terms(content: Content) -> dict[str, Any]:
    clocks, use = content.clocks, content.special
    return {
        "purpose": content.purpose,
        "costs": content.costs,
        "smallest_count": str(SMALLEST_COUNT),
        "contacts": {
            "records": content.records_contact.line,
            "security": content.security_contact.line,
            "crisis": content.crisis_contact.line,
            "deletion": content.deletion_contact.line,
        },
        "clocks": {name: str(number) for name, number in vars(clocks).items()},
        "use": {
            "topic": use.topic,
            "scope": use.scope,
            "duration": use.duration,
            "representative": use.representative,
            "requested_by": use.requested_by,
            "destroy_on": told(use.destroy_on),
        },
    }


# A partner and its schedules


def _partner(terms: PartnerTerms, party: Party, named: Named) -> dict[str, Any]:
    return {
        "name": party.name,
        "address": party.address,
        "licence": terms.licence,
        "npi": terms.npi,
        "liaison": terms.liaison.line,
        "is_hipaa": terms.is_hipaa,
        "is_part2": terms.is_part2,
        "acts_for_district": terms.acts_for_district,
        "waive_team": terms.waive_team,
        "response_days": str(terms.response_days),
        "first_contact_days": str(terms.first_contact_days),
        "insurance": terms.insurance,
        "signers": [_signer(signer) for signer in terms.signers],
        "services": [_service(service) for service in terms.services],
        "from_district": _schedule(terms.lines, Direction.A_TO_B, named),
        "from_partner": _schedule(terms.lines, Direction.B_TO_A, {}),
    }


def _signer(signer: Signer) -> dict[str, str]:
    return {"name": signer.name, "title": signer.title, "capacity": signer.capacity}


def _service(service: Service) -> dict[str, Any]:
    return {
        "name": service.name,
        "tier": SERVICE_TIER_LABELS[service.tier],
        "sites": listed(service.sites),
        "days": service.days,
        "telehealth": service.telehealth,
    }


def _schedule(lines: Iterable[Line], way: Direction, named: Named) -> list[dict[str, str]]:
    categories, bases = list(Category), list(LineBasis)
    ours = [line for line in lines if line.direction is way]
    ours.sort(key=lambda line: (categories.index(line.category), bases.index(line.basis)))
    return [_row(line, named) for line in ours]


def _row(line: Line, named: Named) -> dict[str, str]:
    own = data_points.told(named, line.category)
    kind = CATEGORY_LABELS[line.category]
    return {
        "category": f"{kind}, with: {own}" if own else kind,
        "detail": DETAILS[line.detail],
        "purposes": _purposes(line),
        "basis": LINE_BASIS_LABELS[line.basis],
        "frequency": FREQUENCY_LABELS[line.frequency],
        "method": CHANNEL_LABELS[line.method],
        "retention": RETENTION_LABELS[line.retention],
    }


def _purposes(line: Line) -> str:
    if not line.purposes:
        return ANY_PURPOSE if line.basis is LineBasis.CONSENT else AS_AGREED
    return "; ".join(label for purpose, label in PURPOSE_LABELS.items() if purpose in line.purposes)


def _schedules(printed: Printed, at: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The list of schedules: from whom, to whom, how many kinds of record, where."""
    for letter, article, way in (
        ("A", Article.SCHEDULE_DISTRICT, Direction.A_TO_B),
        ("B", Article.SCHEDULE_PARTNER, Direction.B_TO_A),
    ):
        parties = zip(printed.content.partners, printed.partners, strict=True)
        for place, (terms, party) in enumerate(parties, 1):
            sides = [clean(printed.district.name), clean(party.name)]
            giver, receiver = sides if way is Direction.A_TO_B else reversed(sides)
            number = sum(line.direction is way for line in terms.lines)
            yield {
                "label": f"{letter}-{place}",
                "giver": giver,
                "receiver": receiver,
                "lines": str(number) if number else "None",
                "where": at[article],
            }


# The clauses


def _named() -> dict[str, str]:
    """Where a template has no such articles, a reference names what it is about."""
    return {article: f"what is said on “{ARTICLE_TITLES[article]}”" for article in Article}


def _numbers(content: Content, library: Library) -> dict[str, str]:
    """How the text points to each article: `Article 17`, or by its title where it is not here."""
    here = {standing.clause.article for standing in library.standing(content)}
    shown = [article for article in NUMBERED if article in here]
    return {
        article: f"Article {shown.index(article) + 1}"
        if article in shown
        else f"the article “{ARTICLE_TITLES[article]}”"
        for article in Article
    }


def _articles(content: Content, library: Library, facts: Values) -> dict[str, list[dict[str, Any]]]:
    articles: dict[str, list[dict[str, Any]]] = {article: [] for article in Article}
    for mark, standing in enumerate(library.standing(content), FIRST_MARK):
        clauses = articles[standing.clause.article]
        clauses.append(_clause(standing, mark, len(clauses) + 1, facts))
    return articles


def _clause(standing: Standing, mark: int, place: int, facts: Values) -> dict[str, Any]:
    clause = standing.clause
    at = facts["at"][clause.article]
    number = at.removeprefix("Article ")
    return {
        "id": clause.id,
        "mark": str(mark),
        "where": "Cover" if clause.article is Article.COVER else _where(number, place),
        "title": clean(clause.title),
        "changed": standing.is_changed,
        "own": clause.own,
        "paragraphs": [
            {
                "lead": f"{clean(clause.title)}." if n == 0 else "",
                "text": paragraph.text,
                "is_first": n == 0,
                "is_item": paragraph.is_item,
            }
            for n, paragraph in enumerate(wording.printed(standing.text, facts))
        ],
    }


def _where(number: str, place: int) -> str:
    return f"{number}.{place}" if number.isdigit() else ""


def _joined(clause: Mapping[str, Any] | None) -> str:
    return "\n".join(paragraph["text"] for paragraph in clause["paragraphs"]) if clause else ""


def _change(standing: Standing, clause: Mapping[str, Any]) -> dict[str, str]:
    own = "A clause of the district's own" if standing.clause.own else ""
    return {
        "where": clause["where"],
        "title": clause["title"],
        "what": own
        or f"Wording changed from the standard clause, version {standing.clause.version}",
        "reviewed_by": clean(standing.choice.reviewed_by),
    }


def _law(standing: Standing, clause: Mapping[str, Any]) -> dict[str, str]:
    return {
        "where": clause["where"],
        "title": clause["title"],
        "citation": standing.clause.citation,
        "required_by": standing.clause.required_by or "Good practice",
    }


# The signatures


def _signatures(printed: Printed) -> Iterator[dict[str, str]]:
    """Every signer of every side, in the order in which they sign."""
    content = printed.content
    sides: list[tuple[Party, tuple[Signer, ...]]] = [
        (printed.district, content.district_signers),
        *zip(printed.partners, (terms.signers for terms in content.partners), strict=True),
    ]
    for place in content.order or (*range(1, len(sides)), 0):
        party, signers = sides[place]
        vote = told(content.board_vote_on) if place == 0 else ""
        for signer in signers:
            yield clean(
                {
                    "organization": party.name,
                    **_signer(signer),
                    "vote": f"Vote of the board of education: {vote}" if vote else "",
                }
            )
