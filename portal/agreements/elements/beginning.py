"""How an agreement begins: its cover, its parties, what it is for."""

from __future__ import annotations

from portal.agreements.clauses import conditions
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.types import AGREEMENTS, MOU_ONLY, SHARING
from portal.agreements.elements.element import GOOD, Element
from portal.vocabulary import AgreementKind

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
