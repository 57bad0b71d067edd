"""What Connecticut asks of a contract about student data."""

from __future__ import annotations

from portal.agreements.clauses.articles import Article
from portal.agreements.elements.element import CT, Element


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
