"""How what is shared is protected."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.types import AGREEMENTS, MOU_ONLY, SHARING
from portal.agreements.elements.element import CT, GOOD, Element, Rank

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
