"""Every field that a clause's wording may ask for; templates/README.md explains each.

`[]` is one of a list. A template may ask for more (`documents.FIELDS`): the clauses themselves,
the signatures, the annexes.
"""

from __future__ import annotations

from collections.abc import Iterator

from portal.agreements.clauses.articles import Article

_LINE = ["category", "detail", "purposes", "basis", "frequency", "method", "retention"]
_PARTNER = (
    *("name", "address", "licence", "npi", "liaison"),
    *("is_hipaa", "is_part2", "acts_for_district", "waive_team"),
    *("response_days", "first_contact_days", "insurance"),
    *("signers", "signers[].name", "signers[].title", "signers[].capacity"),
    *("services", "services[].name", "services[].tier", "services[].sites"),
    *("services[].days", "services[].telehealth"),
    *(
        f"{way}{field}"
        for way in ("from_district", "from_partner")
        for field in ("", *(f"[].{name}" for name in _LINE))
    ),
)
_WHOLE = """
document.number document.kind document.title document.version document.written_on
document.parent document.follows template.name template.fingerprint
starts_on ends_on review_on board_vote_on
district.name district.code district.address district.liaison
district.signers district.signers[].name district.signers[].title district.signers[].capacity
partners partner_names several
purpose schools schools[] metrics metrics[] statuses statuses[] costs consent_form smallest_count
never never[] special special[] extra_sensitive extra_sensitive[]
contacts.records contacts.security contacts.crisis contacts.deletion
clocks.breach_student_days clocks.breach_other_days clocks.breach_notice_hours
clocks.deletion_days clocks.destroy_days clocks.review_days clocks.training_months
clocks.respond_days clocks.notice_days
use.topic use.scope use.duration use.representative use.requested_by use.destroy_on
"""


def _text_fields() -> Iterator[str]:
    yield from _WHOLE.split()
    yield from (f"partners[].{field}" for field in _PARTNER)
    yield from (f"partner.{field}" for field in _PARTNER)
    yield from (f"at.{article}" for article in Article)


TEXT_FIELDS = frozenset(_text_fields())

ONE_PARTNER = "partner."
"""The only partner; an agreement with several has no such field."""
