"""The pages of the reference on agreements: the clause library, and what the law asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from portal.agreements.clauses.articles import ARTICLE_TITLES, Article
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.clauses.types import EVERY_KIND, Clause
from portal.agreements.elements import ELEMENTS, Element
from portal.vocabulary import AgreementKind

SHORT = {
    AgreementKind.MOU: "MOU",
    AgreementKind.DATA_SHARING: "data sharing",
    AgreementKind.DATA_USE: "data-use letter",
    AgreementKind.QSOA: "QSOA",
    AgreementKind.STUDIES: "study",
    AgreementKind.AUDIT: "audit",
}


def _kinds(kinds: Collection[AgreementKind]) -> str:
    if set(kinds) == EVERY_KIND:
        return "every kind"
    return ", ".join(word for kind, word in SHORT.items() if kind in kinds)


def agreement_clauses() -> str:
    """Every clause of the library, in the order of the paper, with its words."""
    lines = [
        "# The clauses of an agreement",
        "",
        "The shipped library, in the order in which an agreement prints it. A *required* clause",
        "cannot be left out where it binds; a *usual* one is in until it is taken out; an",
        "*optional* one is chosen. Words between `{{` and `}}` are fields of the agreement. The",
        "plain words beside a clause do not bind. Our own words, and no legal advice: a district's",
        "counsel confirms them. Written by `scripts/reference.py` from",
        "`portal/agreements/clauses/texts`.",
    ]
    for article in Article:
        ours = [clause for clause in SHIPPED.current.values() if clause.article is article]
        place = list(Article).index(article)
        lines += ["", f"## {place or ''}{'. ' if place else ''}{ARTICLE_TITLES[article]}"]
        for clause in ours:
            lines += ["", *_clause(clause)]
    return "\n".join(lines) + "\n"


def _clause(clause: Clause) -> Iterator[str]:
    yield f"### {clause.title}"
    yield ""
    yield f"`{clause.id}`, version {clause.version}; {'; '.join(_standing(clause))}."
    if clause.citation or clause.required_by:
        law = " — ".join(part for part in (clause.required_by, clause.citation) if part)
        yield f"Asked for by: {law}."
    yield ""
    for paragraph in clause.text:
        for line in paragraph.split("\n"):
            yield f"> {line}" if not line.startswith("* ") else f"> - {line[2:]}"
            yield ">"
    yield ""
    yield f"In plain words: {clause.plain}"


def _standing(clause: Clause) -> Iterator[str]:
    required = [kind for kind in clause.kinds if clause.is_required_in(kind)]
    if required:
        yield f"required in: {_kinds(required)}"
    if set(required) != clause.kinds:
        need = "usual" if required else str(clause.need)
        yield f"{need} in: {_kinds(clause.kinds - set(required))}"
    if clause.when.words:
        yield clause.when.words
    if clause.alternatives:
        yield f"one of “{clause.alternatives}”"


def agreement_elements() -> str:
    """What the law and good practice ask of an agreement, and what carries it."""
    lines = [
        "# What an agreement must have",
        "",
        "An agreement that lacks a *must* that binds it cannot be issued; a *good* is usually in.",
        "Where it stands: clauses of the [library](agreement-clauses.md), and fields that the",
        "paper prints. No legal advice: a district's counsel confirms it. Written by",
        "`scripts/reference.py` from `portal/agreements/elements/`.",
        "",
        "| id | article | element | citation | applies to | rank | clauses | fields |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [f"| {' | '.join(_row(element))} |" for element in ELEMENTS]
    return "\n".join(lines) + "\n"


def _row(element: Element) -> tuple[str, ...]:
    applies = " ".join(part for part in (_kinds(element.kinds), element.when.words) if part)
    place = list(Article).index(element.article)
    return (
        f"`{element.id}`",
        f"{place} {ARTICLE_TITLES[element.article]}",
        element.words,
        element.citation,
        applies,
        element.rank,
        " or ".join(f"`{id_}`" for id_ in element.one_of)
        or ", ".join(f"`{id_}`" for id_ in element.clauses),
        ", ".join(f"`{field}`" for field in element.fields),
    )
