"""Connecticut's student data clauses: article 16. The ten of § 10-234bb(a) always stand."""

from __future__ import annotations

from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.types import Clause
from portal.languages.marks import N_

RULE = "Conn. Gen. Stat. § 10-234bb(a)"
LAW = "Connecticut's law on contracts about student data"

THE_TEN = (
    Clause(
        "ct_property",
        Article.CONNECTICUT,
        N_("Whose the data are"),
        (
            "Student data are not the property of a Partner and are not under its control. They "
            "belong to the student or the District.",
        ),
        N_("Student data never belong to the partner."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "ct_deletion",
        Article.CONNECTICUT,
        N_("Deletion on request"),
        (
            "The District may ask a Partner at any time to delete student data, by writing to "
            "{% if contacts.deletion %}{{ contacts.deletion }}{% else %}the Partner's liaison"
            "{% endif %}. The Partner deletes them within {{ clocks.deletion_days }} days and "
            "confirms it in writing.",
        ),
        N_("The district can have student data deleted."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "ct_use",
        Article.CONNECTICUT,
        N_("No other use"),
        ("A Partner uses student data for no purpose but those that this agreement allows.",),
        N_("The partner uses student data only as agreed."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "ct_correction",
        Article.CONNECTICUT,
        N_("Review and correction"),
        (
            "A student, parent or guardian may review the student data that a Partner holds and "
            "ask that an error be corrected, by writing to "
            "{% if contacts.records %}{{ contacts.records }}{% else %}the District's liaison"
            "{% endif %}. The Partner helps the District to answer.",
        ),
        N_("Families may look at the data and have mistakes put right."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "ct_security",
        Article.CONNECTICUT,
        N_("Security and confidentiality"),
        (
            "A Partner keeps student data secure and confidential, by the measures of "
            "{{ at.security }} at least.",
        ),
        N_("The partner keeps student data safe and secret."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "ct_breach",
        Article.CONNECTICUT,
        N_("Notice of a breach"),
        (
            "When student data are reached, used or disclosed without permission, the parties "
            "follow {{ at.breach }}.",
        ),
        N_("If data get into wrong hands, the agreed steps are followed."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "ct_retention",
        Article.CONNECTICUT,
        N_("Nothing is kept"),
        (
            "When its services under this agreement are completed, a Partner keeps no student data "
            "and has no access to them, unless a student, parent or guardian chooses to keep an "
            "account with it to store what the student made. Health records that another law "
            "obliges a Partner to keep are its own records, not student data held for the "
            "District.",
        ),
        N_("When the work is done, the partner keeps no student data."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "ct_ferpa",
        Article.CONNECTICUT,
        N_("FERPA is kept"),
        ("Each Partner and the District make sure that FERPA is kept.",),
        N_("Both sides keep the federal law on school records."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "ct_law",
        Article.CONNECTICUT,
        N_("Connecticut law governs"),
        (
            "The laws of the State of Connecticut govern the rights and duties of the parties "
            "under this agreement.",
        ),
        N_("Connecticut law decides."),
        citation=RULE,
        required_by=LAW,
    ),
    Clause(
        "ct_severability",
        Article.CONNECTICUT,
        N_("If a part is invalid"),
        (
            "If a court finds a part of this agreement invalid, the other parts that can stand "
            "without it stay in force.",
        ),
        N_("If one part falls, the rest stays."),
        citation=RULE,
        required_by=LAW,
    ),
)
"""What § 10-234bb(a) asks for, in its order."""

CT_CLAUSES = tuple(clause.id for clause in THE_TEN)

CONNECTICUT = (
    *THE_TEN,
    Clause(
        "ct_advertising",
        Article.CONNECTICUT,
        N_("No advertising, no sale"),
        (
            "A Partner does not use student data for targeted advertising, builds no profile of a "
            "student for an end outside this agreement, and does not sell, rent or trade student "
            "data.",
        ),
        N_("Student data are never used for advertising and never sold."),
        citation="Conn. Gen. Stat. § 10-234bb(d)",
        required_by=LAW,
    ),
    Clause(
        "ct_notice",
        Article.CONNECTICUT,
        N_("Notice to families"),
        (
            "Within five business days after it has been signed, the District tells students and "
            "their parents or guardians of this agreement and posts it on its website, with what "
            "student data it covers and for what. It names it again in its notice of each year.",
        ),
        N_("Families are told of the agreement within five business days, and every year."),
        citation="Conn. Gen. Stat. § 10-234bb(g)",
        required_by=LAW,
    ),
)
