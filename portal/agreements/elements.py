"""What an agreement must or should have, element by element, and where it stands.

THE TABLE is printed as docs/reference/agreement-elements.md. An element is carried by clauses of
the library, or by fields that the paper prints, or both. `Library.problems` refuses an agreement
that lacks a required clause; this table says why each of them is required, and tests hold the
two together. No legal advice: a district's counsel confirms it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.conditions import ALWAYS, Condition
from portal.agreements.clauses.types import AGREEMENTS, EVERY_KIND, MOU_ONLY, SHARING
from portal.agreements.content import Content
from portal.vocabulary import AgreementKind


class Rank(StrEnum):
    """Is an agreement without it not issued, or only poorer?"""

    MUST = "must"
    GOOD = "good"


@dataclass(frozen=True)
class Element:
    """One thing that an agreement must, or should, say.

    clauses: carry it together. one_of: one of these does. fields: the paper prints them,
    such as `document.number`. kinds, when: where it applies.
    """

    id: str
    article: Article
    words: str
    citation: str = "a contract"
    rank: Rank = Rank.MUST
    clauses: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: frozenset[AgreementKind] = EVERY_KIND
    when: Condition = ALWAYS

    def binds(self, content: Content) -> bool:
        """Does it apply to this agreement?"""
        return content.kind in self.kinds and self.when.holds(content)

    def is_met(self, ids: Collection[str]) -> bool:
        """By an agreement with these clauses."""
        chosen = set(ids)
        return chosen >= set(self.clauses) and (not self.one_of or bool(chosen & {*self.one_of}))


CT = "Conn. Gen. Stat. § 10-234bb(a)"
STUDY = "34 CFR 99.31(a)(6)(iii)(C)"
AUDIT = "34 CFR 99.35(a)(3)"
GOOD = "good practice"
STUDIES_IN = SHARING | {AgreementKind.STUDIES}
AUDIT_IN = SHARING | {AgreementKind.AUDIT}
SERVICE_IN = SHARING | {AgreementKind.QSOA}


def _of_a_line(way: str) -> tuple[str, ...]:
    names = ("category", "detail", "purposes", "basis", "frequency", "method", "retention")
    return tuple(f"partners[].{way}[].{name}" for name in names)


BEGINNING = (
    Element(
        "cover",
        Article.COVER,
        "Title, parties, version, number, term and template with its fingerprint",
        clauses=("text_of_record",),
        fields=(
            *("document.kind", "document.number", "document.version", "document.written_on"),
            *("template.name", "template.fingerprint", "starts_on", "ends_on", "partner_names"),
        ),
    ),
    Element(
        "parties",
        Article.PARTIES,
        "Who contracts: name, address, code, license and provider number",
        clauses=("parties_who",),
        fields=(
            *("district.name", "district.code", "district.address", "partners[].name"),
            *("partners[].address", "partners[].licence", "partners[].npi"),
        ),
    ),
    Element(
        "several",
        Article.PARTIES,
        "Each partner agrees, and leaves, for itself",
        clauses=("parties_each", "term_one_leaves"),
        when=conditions.SEVERAL,
    ),
    Element(
        "authority",
        Article.PARTIES,
        "Who may sign, in which capacity",
        clauses=("parties_authority",),
        fields=("signatures[].name", "signatures[].title", "signatures[].capacity"),
    ),
    Element(
        "contacts",
        Article.PARTIES,
        "Contacts for records, security, a crisis and deletion",
        clauses=("parties_contacts",),
        fields=("contacts.records", "contacts.security", "contacts.crisis", "contacts.deletion"),
    ),
    Element(
        "purpose",
        Article.PURPOSE,
        "The shared aim",
        clauses=("purpose",),
        fields=("purpose",),
    ),
    Element(
        "schools",
        Article.PURPOSE,
        "The schools covered",
        clauses=("purpose_schools",),
        fields=("schools[]",),
        kinds=MOU_ONLY,
    ),
    Element(
        "definitions",
        Article.DEFINITIONS,
        "Student data, education record, health record, substance use record, consent",
        clauses=("definitions",),
        kinds=SHARING,
    ),
    Element(
        "holder",
        Article.DEFINITIONS,
        "Who holds the rights: either parent, or the student of eighteen or in college",
        "34 CFR 99.3, 99.5(a)(1)",
        clauses=("definitions_holder",),
        kinds=AGREEMENTS,
    ),
    Element(
        "contractor",
        Article.DEFINITIONS,
        "The rules for a contractor are kept for every partner",
        "Conn. Gen. Stat. § 10-234aa",
        clauses=("definitions_contractor",),
        kinds=AGREEMENTS,
    ),
    Element(
        "letter",
        Article.PURPOSE,
        "One use, who asked for it, and the agreement above it",
        GOOD,
        clauses=("purpose_letter", "parties_parent_letter", "use_destroy"),
        fields=("use.topic", "use.scope", "use.requested_by", "use.destroy_on", "document.parent"),
        kinds=frozenset({AgreementKind.DATA_USE}),
    ),
)

LAWS = (
    Element(
        "laws-ferpa",
        Article.LAWS,
        "FERPA covers the district's records",
        "20 USC 1232g; 34 CFR Part 99",
        clauses=("laws_ferpa",),
    ),
    Element(
        "laws-hipaa",
        Article.LAWS,
        "HIPAA covers a health care provider's records",
        "45 CFR 164.508",
        clauses=("laws_hipaa",),
        when=conditions.HIPAA,
    ),
    Element(
        "laws-part2",
        Article.LAWS,
        "Substance use records have rules of their own",
        "42 CFR 2.31, 2.32; Conn. Gen. Stat. § 17a-688",
        clauses=("laws_part2",),
        when=conditions.PART2,
    ),
    Element(
        "laws-privilege",
        Article.LAWS,
        "Connecticut's privileges",
        "Conn. Gen. Stat. §§ 52-146c to 52-146s",
        clauses=("laws_privilege",),
        kinds=SHARING,
    ),
    Element(
        "laws-change",
        Article.LAWS,
        "What is given to the school becomes an education record, open to either parent",
        "34 CFR 99.10; Conn. Gen. Stat. § 10-15b; 45 CFR 164.508(c)(2)(iii)",
        clauses=("laws_becomes_school_record",),
        kinds=SHARING,
    ),
    Element(
        "laws-own-care",
        Article.LAWS,
        "Care that a minor may seek alone needs the minor's consent",
        "Conn. Gen. Stat. §§ 19a-14c, 17a-688, 19a-592",
        clauses=("laws_own_care",),
        kinds=SHARING,
    ),
    Element(
        "school-official",
        Article.LAWS,
        "Function, direct control, use limits and criteria of the annual notice",
        "34 CFR 99.31(a)(1)(i)(B), 99.7(a)(3)(iii)",
        clauses=("laws_school_official",),
        when=conditions.SCHOOL_OFFICIAL,
    ),
    Element(
        "business-associate",
        Article.LAWS,
        "A business associate agreement first, where a provider acts for the district",
        "45 CFR 164.504(e)",
        clauses=("laws_business_associate",),
        when=conditions.HIPAA_FOR_DISTRICT,
    ),
    Element(
        "child-welfare",
        Article.LAWS,
        "Responsibility for care and protection; written certification of no passing on",
        "20 USC 1232g(b)(1)(L)",
        clauses=("laws_child_welfare",),
        kinds=SHARING,
        when=conditions.CHILD_WELFARE,
    ),
    Element(
        "qsoa",
        Article.LAWS,
        "The services to the program; bound by Part 2; resists in court",
        "42 CFR 2.11",
        clauses=("purpose_service", "laws_part2_service"),
        fields=("use.scope",),
        kinds=SERVICE_IN,
        when=conditions.PART2_SERVICE,
    ),
    Element(
        "study",
        Article.PURPOSE,
        "Purpose, scope and duration of the study, and its data",
        STUDY,
        clauses=("purpose_study",),
        fields=("use.topic", "use.scope", "use.duration"),
        kinds=STUDIES_IN,
        when=conditions.STUDY,
    ),
    Element(
        "study-use",
        Article.REDISCLOSURE,
        "Data only for the study; nobody identified by others",
        STUDY,
        clauses=("study_use", "study_no_identification"),
        kinds=STUDIES_IN,
        when=conditions.STUDY,
    ),
    Element(
        "study-destroy",
        Article.RETENTION,
        "Destroyed when no longer needed, and by when",
        STUDY,
        clauses=("study_destroy",),
        fields=("use.destroy_on",),
        kinds=STUDIES_IN,
        when=conditions.STUDY,
    ),
    Element(
        "audit",
        Article.PURPOSE,
        "Authorized representative, data, purpose and activity",
        AUDIT,
        clauses=("purpose_audit", "purpose_representative"),
        fields=("use.representative", "use.topic", "use.scope"),
        kinds=AUDIT_IN,
        when=conditions.AUDIT,
    ),
    Element(
        "audit-further",
        Article.REDISCLOSURE,
        "Policies against further disclosure",
        AUDIT,
        clauses=("audit_no_further",),
        kinds=AUDIT_IN,
        when=conditions.AUDIT,
    ),
    Element(
        "audit-destroy",
        Article.RETENTION,
        "Destroyed when no longer needed, and by when",
        AUDIT,
        clauses=("audit_destroy",),
        fields=("use.destroy_on",),
        kinds=AUDIT_IN,
        when=conditions.AUDIT,
    ),
)

WORKING = (
    Element(
        "services",
        Article.SERVICES,
        "Services by tier, with sites, days and telehealth",
        GOOD,
        clauses=("services_list",),
        fields=tuple(
            f"partners[].services[].{name}"
            for name in ("name", "tier", "sites", "days", "telehealth")
        ),
        kinds=MOU_ONLY,
    ),
    Element(
        "telehealth",
        Article.SERVICES,
        "How a service by telehealth is given",
        GOOD,
        clauses=("services_telehealth",),
        kinds=MOU_ONLY,
        when=conditions.TELEHEALTH,
    ),
    Element(
        "mobile-crisis",
        Article.SERVICES,
        "Mobile crisis services (EMPS): referral protocol and liaison; a must for such a partner",
        "Public Act 13-178",
        Rank.GOOD,
        clauses=("services_mobile_crisis",),
        kinds=MOU_ONLY,
        when=conditions.CRISIS,
    ),
    Element(
        "district-duties",
        Article.DISTRICT_DUTIES,
        "Liaison, and who sends referrals after talking with the family",
        GOOD,
        clauses=("parties_liaisons", "district_referrers", "district_family_first"),
        fields=("district.liaison", "partners[].liaison"),
        kinds=MOU_ONLY,
    ),
    Element(
        "space",
        Article.DISTRICT_DUTIES,
        "Space, and a way out of class",
        GOOD,
        Rank.GOOD,
        clauses=("district_space", "district_release"),
        kinds=MOU_ONLY,
    ),
    Element(
        "partner-duties",
        Article.PARTNER_DUTIES,
        "Licensed staff, background checks, insurance, time to answer",
        GOOD,
        clauses=("partner_staff", "partner_background", "partner_insurance", "partner_answers"),
        fields=("partners[].insurance", "partners[].response_days"),
        kinds=MOU_ONLY,
    ),
    Element(
        "supervision",
        Article.PARTNER_DUTIES,
        "Supervision",
        GOOD,
        Rank.GOOD,
        clauses=("partner_supervision",),
        kinds=MOU_ONLY,
    ),
    Element(
        "subcontractors",
        Article.PARTNER_DUTIES,
        "Subcontractors: named, agreed to and bound",
        "34 CFR 99.33(a), (b)",
        clauses=("partner_subcontractors",),
        kinds=AGREEMENTS,
    ),
    Element(
        "referrals",
        Article.REFERRALS,
        "How referrals go, their states, first contact, and when service counts as accessed",
        GOOD,
        clauses=(
            *("referrals_route", "referrals_identity"),
            *("referrals_first_contact", "referrals_outcome"),
        ),
        fields=("statuses[]", "partners[].first_contact_days"),
        kinds=MOU_ONLY,
    ),
    Element(
        "families",
        Article.FAMILIES,
        "Voluntary: no school service is lost by refusing; in the family's language",
        GOOD,
        clauses=("families_voluntary", "families_language"),
        kinds=SHARING,
    ),
)

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


def _of_the_ten(id_: str, words: str, *fields: str) -> Element:
    return Element(
        id_.replace("_", "-"), Article.CONNECTICUT, words, CT, clauses=(id_,), fields=fields
    )


CONNECTICUT = (
    _of_the_ten("ct_property", "Student data are not the contractor's"),
    _of_the_ten("ct_deletion", "How the board asks for deletion", "clocks.deletion_days"),
    _of_the_ten("ct_use", "No use beyond the agreement"),
    _of_the_ten("ct_correction", "How a student or parent reviews and corrects"),
    _of_the_ten("ct_security", "Security and confidentiality"),
    _of_the_ten("ct_breach", "The procedure at a breach"),
    _of_the_ten("ct_retention", "Nothing kept after completion"),
    _of_the_ten("ct_ferpa", "Both make sure that FERPA is kept"),
    _of_the_ten("ct_law", "Connecticut law governs"),
    _of_the_ten("ct_severability", "Severability"),
    Element(
        "advertising",
        Article.CONNECTICUT,
        "No targeted advertising or other unauthorized use",
        "Conn. Gen. Stat. § 10-234bb(d)",
        clauses=("ct_advertising",),
    ),
    Element(
        "public-notice",
        Article.CONNECTICUT,
        "Notice within five business days, and each year",
        "Conn. Gen. Stat. § 10-234bb(g)",
        clauses=("ct_notice",),
    ),
)

PROTECTING = (
    Element(
        "security",
        Article.SECURITY,
        "Named users, second factor, encryption, training",
        CT,
        clauses=("security_users", "security_encryption", "security_training"),
        fields=("clocks.training_months",),
    ),
    Element(
        "case-team",
        Article.SECURITY,
        "Who at the partner may open a record",
        GOOD,
        clauses=("security_team",),
        fields=("partners[].waive_team",),
        kinds=SHARING,
    ),
    Element(
        "devices",
        Article.SECURITY,
        "Devices, prints and files",
        GOOD,
        Rank.GOOD,
        clauses=("security_devices", "security_exports"),
        kinds=SHARING,
    ),
    Element(
        "review",
        Article.REVIEW,
        "Users reviewed regularly",
        GOOD,
        clauses=("review_users",),
        fields=("clocks.review_days",),
        kinds=SHARING,
    ),
    Element(
        "log",
        Article.REVIEW,
        "A log of every disclosure, open to the district and the family",
        "34 CFR 99.32, 300.614; Conn. Gen. Stat. § 19a-585(b)",
        clauses=("review_log",),
    ),
    Element(
        "audit-right",
        Article.REVIEW,
        "The district may audit",
        GOOD,
        Rank.GOOD,
        clauses=("review_audit",),
        kinds=AGREEMENTS,
    ),
    Element(
        "breach",
        Article.BREACH,
        "Contractor to board in 30 or 60 days, board to families in 48 hours, posted",
        "Conn. Gen. Stat. § 10-234dd",
        clauses=("breach_partner_tells", "breach_district_tells"),
        fields=(
            *("clocks.breach_student_days", "clocks.breach_other_days"),
            "clocks.breach_notice_hours",
        ),
    ),
    Element(
        "breach-hipaa",
        Article.BREACH,
        "HIPAA's own notice goes on beside it",
        "45 CFR Part 164",
        clauses=("breach_hipaa",),
        when=conditions.HIPAA,
    ),
    Element(
        "rights",
        Article.RIGHTS,
        "Inspect, correct, copy, take back; who answers, by when",
        "34 CFR 99.10, 99.20 to 99.22, 99.30(c)",
        clauses=("rights_read", "rights_correct", "rights_copies", "rights_take_back"),
        fields=("clocks.respond_days",),
        kinds=SHARING,
    ),
    Element(
        "rights-read",
        Article.RIGHTS,
        "Inspect, and an answer in time",
        "34 CFR 99.10",
        clauses=("rights_read",),
        fields=("clocks.respond_days",),
    ),
    Element(
        "emergency",
        Article.EMERGENCY,
        "When information moves without consent, and what is recorded",
        "34 CFR 99.31(a)(9), 99.36; 20 USC 1232g(b)(1)(L)",
        clauses=("emergency_exceptions",),
        kinds=SHARING,
    ),
    Element(
        "crisis",
        Article.EMERGENCY,
        "Crisis protocol and mandated reporting",
        "Conn. Gen. Stat. §§ 17a-101 to 17a-101d",
        clauses=("emergency_crisis", "emergency_reports"),
        kinds=MOU_ONLY,
    ),
)

ENDING = (
    Element(
        "outcomes",
        Article.OUTCOMES,
        "Measures",
        GOOD,
        clauses=("outcomes_metrics",),
        fields=("metrics[]",),
        kinds=MOU_ONLY,
    ),
    Element(
        "meetings",
        Article.OUTCOMES,
        "Meetings",
        GOOD,
        Rank.GOOD,
        clauses=("outcomes_meetings",),
        kinds=MOU_ONLY,
    ),
    Element(
        "small-numbers",
        Article.OUTCOMES,
        "Small numbers are not published",
        "34 CFR 99.31(b)(1)",
        clauses=("outcomes_small_numbers",),
        fields=("smallest_count",),
    ),
    Element(
        "retention",
        Article.RETENTION,
        "Until when; return or destruction, with a certificate",
        CT,
        clauses=("retention_lines", "retention_return", "retention_certificate"),
        fields=("clocks.destroy_days",),
    ),
    Element(
        "term",
        Article.TERM,
        "Effective and end dates; change in writing",
        clauses=("term_dates", "term_change", "term_at_once"),
        fields=("starts_on", "ends_on"),
    ),
    Element(
        "termination",
        Article.TERM,
        "How a party ends it",
        one_of=("term_notice", "term_cause", "term_year_end"),
        fields=("clocks.notice_days",),
    ),
    Element(
        "term-review",
        Article.TERM,
        "Review before the end",
        GOOD,
        Rank.GOOD,
        clauses=("term_review",),
        fields=("review_on",),
        kinds=AGREEMENTS,
    ),
    Element(
        "continuity",
        Article.TERM,
        "Continuity of care at the end",
        GOOD,
        clauses=("term_continuity",),
        kinds=MOU_ONLY,
    ),
    Element(
        "money",
        Article.MONEY,
        "Costs and non-discrimination",
        GOOD,
        clauses=("money_costs", "money_nondiscrimination"),
        fields=("costs",),
        kinds=MOU_ONLY,
    ),
    Element(
        "liability",
        Article.MONEY,
        "Who bears a loss",
        GOOD,
        one_of=("liability_own", "liability_mutual"),
        kinds=SHARING,
    ),
    Element(
        "order",
        Article.GENERAL,
        "Order of precedence",
        clauses=("general_order",),
    ),
    Element(
        "dispute",
        Article.GENERAL,
        "Steps in a dispute",
        GOOD,
        Rank.GOOD,
        clauses=("general_dispute", "general_entire"),
        kinds=SHARING,
    ),
    Element(
        "signatures",
        Article.SIGNATURES,
        "A place for every signer; agreement to electronic signatures",
        "Conn. Gen. Stat. §§ 1-266 to 1-286",
        clauses=("signatures_electronic",),
        fields=("signatures[].organization", "signatures[].name"),
    ),
)

ELEMENTS: tuple[Element, ...] = (
    *BEGINNING,
    *LAWS,
    *WORKING,
    *SHARED,
    *CONNECTICUT,
    *PROTECTING,
    *ENDING,
)


def lacking(content: Content) -> tuple[Element, ...]:
    """The elements that apply to this agreement and that its clauses do not carry."""
    ids = {choice.id for choice in content.clauses}
    return tuple(e for e in ELEMENTS if e.binds(content) and not e.is_met(ids))
