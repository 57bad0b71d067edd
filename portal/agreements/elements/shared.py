"""What is shared, and on what conditions."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.types import AGREEMENTS, EVERY_KIND, SHARING
from portal.agreements.elements.element import GOOD, Element


def _of_a_line(way: str) -> tuple[str, ...]:
    names = ("category", "detail", "purposes", "basis", "frequency", "method", "retention")
    return tuple(f"partners[].{way}[].{name}" for name in names)


SHARED = (
    Element(
        "consent-first",
        Article.CONSENT_FIRST,
        "No record without a consent or a named exception; which form",
        "34 CFR 99.30",
        clauses=("consent_opens_nothing", "consent_narrows", "consent_taken_back"),
        fields=("consent_form",),
        kinds=SHARING,
    ),
    Element(
        "two-instruments",
        Article.CONSENT_FIRST,
        "Each direction has its own permission",
        "34 CFR 99.30; 45 CFR 164.508",
        clauses=("consent_two_ways",),
        kinds=SHARING,
    ),
    Element(
        "basis",
        Article.CONSENT_FIRST,
        "Nothing but on the basis beside each line; opens nothing in the portal",
        "34 CFR 99.30, 99.31",
        clauses=("basis_named",),
        kinds=EVERY_KIND - SHARING,
    ),
    Element(
        "schedule-district",
        Article.SCHEDULE_DISTRICT,
        "District to partner: kind, how much, purposes, basis, how often, how, until when",
        "34 CFR 99.30(b)",
        one_of=("schedule_reads", "schedule_outside"),
        fields=_of_a_line("from_district"),
    ),
    Element(
        "identity",
        Article.SCHEDULE_DISTRICT,
        "Name, school and grade go along",
        GOOD,
        clauses=("schedule_identity",),
        kinds=SHARING,
    ),
    Element(
        "other-bases",
        Article.SCHEDULE_DISTRICT,
        "Lines that the portal does not open are named as such",
        GOOD,
        clauses=("schedule_other_bases",),
        kinds=SHARING,
        when=conditions.OUTSIDE_THE_GATE,
    ),
    Element(
        "schedule-partner",
        Article.SCHEDULE_PARTNER,
        "Partner to district: the same; never notes",
        "45 CFR 164.508(c)(1)(i)",
        one_of=("schedule_partner", "schedule_partner_outside"),
        fields=_of_a_line("from_partner"),
    ),
    Element(
        "never",
        Article.NEVER_SHARED,
        "Therapy and counseling notes, immigration status, data of third persons",
        "45 CFR 164.508(a)(2); 42 CFR 2.31(b); 34 CFR 99.12(a)",
        clauses=("never_shared",),
        fields=("never[]",),
    ),
    Element(
        "never-combined",
        Article.NEVER_SHARED,
        "Consents that may not be combined",
        "45 CFR 164.508(b)(3); 42 CFR 2.31(b), (d)",
        clauses=("never_combined",),
        kinds=SHARING,
    ),
    Element(
        "sensitive",
        Article.SENSITIVE,
        "Initials of its own for each sensitive kind; which ones are listed",
        "Conn. Gen. Stat. §§ 19a-581, 52-146c to 52-146x; 42 CFR 2.31",
        clauses=("sensitive_initials", "sensitive_listed", "sensitive_substance_use"),
        fields=("special[]",),
        kinds=SHARING,
    ),
    Element(
        "sensitive-hiv",
        Article.SENSITIVE,
        "HIV: notice in the statute's words, within ten days of word of mouth; noted each time",
        "Conn. Gen. Stat. §§ 19a-583, 19a-585",
        clauses=("sensitive_hiv",),
        when=conditions.HIV,
    ),
    Element(
        "sensitive-psychiatric",
        Article.SENSITIVE,
        "Mental health: to whom, for what use, refusal",
        "Conn. Gen. Stat. §§ 52-146e, 52-146p, 52-146q, 52-146s",
        clauses=("sensitive_psychiatric",),
        when=conditions.PSYCHIATRIC,
    ),
    Element(
        "sensitive-own-care",
        Article.SENSITIVE,
        "Own care: the student signs",
        "Conn. Gen. Stat. §§ 19a-14c, 17a-688; 42 CFR 2.14",
        clauses=("sensitive_own_care",),
        when=conditions.OWN_CARE,
    ),
    Element(
        "sensitive-extra",
        Article.SENSITIVE,
        "Further kinds that the parties hold as sensitive",
        GOOD,
        clauses=("sensitive_extra",),
        fields=("extra_sensitive[]",),
        kinds=AGREEMENTS,
        when=conditions.EXTRA_SENSITIVE,
    ),
    Element(
        "redisclosure",
        Article.REDISCLOSURE,
        "Only for the purpose, no passing on",
        "34 CFR 99.33(a)",
        clauses=("redisclosure_limit",),
    ),
    Element(
        "notices",
        Article.REDISCLOSURE,
        "The notices that go along",
        "34 CFR 99.33(d); 42 CFR 2.32; Conn. Gen. Stat. § 19a-585",
        clauses=("redisclosure_notices",),
        kinds=SHARING,
    ),
)
