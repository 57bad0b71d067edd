"""What keeps a form from being published, all at once, each with the law and what to do.

`problems` must be empty; `advice` may be read and left. Pure: the catalogs aside, nothing
but the definition is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from portal.consents.forms.bounds import form_grade
from portal.consents.forms.definition import (
    LONGEST_TERM,
    SECTION_OF,
    Definition,
    Section,
    TermEnd,
    Text,
    Translation,
)
from portal.consents.forms.elements import Rank, lacking, name_of
from portal.consents.forms.logo import logo_problems
from portal.consents.forms.wording import (
    LONGEST,
    LONGEST_TITLE,
    invisible_problems,
    markup_problems,
    places,
    wording_problems,
)
from portal.errors import Problem
from portal.languages.catalog import ENGLISH, Catalog, catalog
from portal.vocabulary import (
    CATEGORY_LABELS,
    FORM_KIND_LABELS,
    PURPOSE_LABELS,
    SHAREABLE,
    FormKind,
)

Catalogs = Callable[[str], Catalog]

GOAL_GRADE = 6
LONGEST_LINE = 200
AFTER_THE_SIGNATURE = frozenset(
    {Section.MINOR, Section.LANGUAGE, Section.STAFF, Section.NOTICES, Section.SIGNATURE}
)
"""Parts that may stand below it; whatever else is agreed to stands above."""

ALONE = {
    FormKind.PSYCHOTHERAPY_NOTES: "45 CFR 164.508(b)(3)(ii)",
    FormKind.SUD_COUNSELING_NOTES: "42 CFR 2.31(b)",
    FormKind.COURT_USE: "42 CFR 2.31(d)",
}
"""Forms that may be joined with nothing else."""


def problems(definition: Definition, catalogs: Catalogs = catalog) -> list[Problem]:
    """Everything that keeps it from being published; empty when nothing does."""
    return [
        *lacking(definition, Rank.MUST),
        *_compound(definition),
        *_kinds(definition),
        *_order(definition),
        *_term(definition),
        *_office(definition),
        *_texts(definition),
        *_languages(definition, catalogs),
        *logo_problems(definition.logo),
    ]


def advice(definition: Definition) -> list[Problem]:
    """What would make it better: the good elements it lacks, and words that are hard to read."""
    found = list(lacking(definition, Rank.GOOD))
    if form_grade(definition) > GOAL_GRADE:
        found.append(
            Problem(
                f"The form asks for more than {GOAL_GRADE} years of school.",
                "Use shorter sentences and shorter words.",
                "statements",
            )
        )
    return found


# What is joined, and what is offered


def _compound(form: Definition) -> Iterator[Problem]:
    if form.kind is FormKind.STANDARD:
        if form.subject is not None:
            yield Problem(
                "The standard form has a subject of its own, as only a single-purpose form has "
                "(45 CFR 164.508(b)(3)(ii); 42 CFR 2.31(b), (d)).",
                "Take it out, and make a form of its own for it.",
                "subject",
            )
        return
    label, law = FORM_KIND_LABELS[form.kind].split(" (")[0], ALONE[form.kind]
    for category in sorted(form.offered):
        yield Problem(
            f"A form for “{label}” offers {CATEGORY_LABELS[category]} besides ({law}).",
            "Take it out: this form may be joined with nothing else.",
            "categories_in",
        )
    for purpose in form.purposes[0 if form.kind is FormKind.COURT_USE else 1 :]:
        yield Problem(
            f"A form for “{label}” has a second purpose, {PURPOSE_LABELS[purpose]} ({law}).",
            "Keep one purpose only.",
            "purposes",
        )


def _kinds(form: Definition) -> Iterator[Problem]:
    if form.kind is FormKind.STANDARD and not form.offered:
        yield Problem(
            "The form offers no kind of record in either direction (34 CFR 99.30(b)(1)).",
            "Add what the school or the partner may give.",
            "categories_out",
        )
    for category in sorted(form.offered - set(SHAREABLE)):
        yield Problem(
            f"{CATEGORY_LABELS[category]} cannot be ticked: it is never shared by itself.",
            "Take it out.",
            "categories_out" if category in form.categories_out else "categories_in",
        )
    lists = {
        "sections": form.sections,
        "categories_out": form.categories_out,
        "categories_in": form.categories_in,
        "purposes": form.purposes,
        "languages": form.languages,
    }
    for field, listed in lists.items():
        for item in (item for item, count in Counter(listed).items() if count > 1):
            yield Problem(f"“{item}” is listed twice.", "Take one out.", field)


def _order(form: Definition) -> Iterator[Problem]:
    for statement in form.statements:
        if SECTION_OF[statement] not in form.sections:
            yield Problem(
                f"There is {name_of(statement)}, but its part is not on the form.",
                f"Add {name_of(SECTION_OF[statement])}, or take the sentence out.",
                f"statements.{statement}",
            )
    if Section.SIGNATURE not in form.sections:
        return
    below = form.sections[form.sections.index(Section.SIGNATURE) :]
    for section in (section for section in below if section not in AFTER_THE_SIGNATURE):
        yield Problem(
            f"The signature stands above {name_of(section)}, so it does not approve of it "
            "(34 CFR 99.30(d)(2)).",
            "Move the signature below.",
            "sections",
        )


# Term and office


def _term(form: Definition) -> Iterator[Problem]:
    if not 1 <= form.most_months <= LONGEST_TERM:
        yield Problem(
            f"A consent lasts at least one month and at most {LONGEST_TERM}.",
            f"Choose a longest term from 1 to {LONGEST_TERM} months.",
            "most_months",
        )
    months = form.term.months
    if form.term.ends is TermEnd.SCHOOL_YEAR:
        if months is not None:
            yield Problem(
                "The usual term ends with the school year and after some months.",
                "Choose one of the two.",
                "term",
            )
    elif months is None:
        yield Problem("The usual term has no end.", "Say after how many months it ends.", "term")
    elif not 1 <= months <= form.most_months:
        yield Problem(
            f"The usual term is {months} months; it must lie between 1 and the longest, "
            f"{form.most_months}.",
            "Correct the one or the other.",
            "term",
        )


def _office(form: Definition) -> Iterator[Problem]:
    for name in ("office", "address", "email", "phone"):
        line: str = getattr(form.office, name)
        field = f"office.{name}"
        yield from invisible_problems(line, field)
        yield from markup_problems(line, field, markdown=False)
        if len(line) > LONGEST_LINE:
            yield Problem(
                f"This line has {len(line)} characters; at most {LONGEST_LINE} fit.",
                "Shorten it.",
                field,
            )
    email = form.office.email.strip()
    if email and (email.count("@") != 1 or " " in email or "." not in email.partition("@")[2]):
        yield Problem(
            "The office's e-mail address is not complete.",
            "Write it like records@district.example.",
            "office.email",
        )


# Texts and languages


def _texts(form: Definition) -> Iterator[Problem]:
    for field, text in form.texts():
        longest = LONGEST_TITLE if field == "title" else LONGEST
        yield from wording_problems(text.en, field, longest)
        for language, translation in text.translations.items():
            yield from _translation(text, translation, f"{field}.{language}", longest)


def _translation(
    text: Text, translation: Translation, field: str, longest: int
) -> Iterator[Problem]:
    yield from wording_problems(translation.text, field, longest * 2)
    if places(translation.text) != places(text.en):
        yield Problem(
            "The translation does not fill in the same things as the English text.",
            f"Use exactly: {', '.join(sorted(places(text.en))) or 'none'}.",
            field,
        )
    if not translation.translator.strip() or not translation.version.strip():
        yield Problem(
            "It is not said who made this translation, and which version it is.",
            "Name the translator and the version.",
            field,
        )
    for told in (translation.translator, translation.version):
        yield from invisible_problems(told, field)
        yield from markup_problems(told, field, markdown=False)


def _languages(form: Definition, catalogs: Catalogs) -> Iterator[Problem]:
    if ENGLISH not in form.languages:
        yield Problem(
            "English is not among the languages: it is the text of record.",
            "Add English.",
            "languages",
        )
    for language in form.languages:
        spoken = catalogs(language)
        if spoken.language != language:
            yield Problem(
                f"The portal does not have the language “{language}”.",
                "Take it out, or bring its catalog.",
                "languages",
            )
        elif not spoken.complete:
            yield Problem(
                f"{spoken.own_name} is not complete: {len(spoken.missing)} texts of the portal "
                "are not translated.",
                "Take it out until its catalog is complete.",
                "languages",
            )
        elif language != ENGLISH and not (spoken.translator and spoken.version):
            yield Problem(
                f"The catalog of {spoken.own_name} does not say who translated it, or which "
                "version it is.",
                "Write both into its header; a signature names them.",
                "languages",
            )
        else:
            yield from _untranslated(form, spoken)


def _untranslated(form: Definition, spoken: Catalog) -> Iterator[Problem]:
    for field, text in form.texts():
        if spoken.language not in text.translations and not spoken.has(text.en):
            yield Problem(
                f"This text was changed and has no translation into {spoken.own_name}.",
                f"Translate it, or take {spoken.own_name} out of the languages.",
                field,
            )
