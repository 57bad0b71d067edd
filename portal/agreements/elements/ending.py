"""How an agreement ends, and what it says in general."""

from __future__ import annotations

from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.types import AGREEMENTS, MOU_ONLY, SHARING
from portal.agreements.elements.element import CT, GOOD, Element, Rank

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
