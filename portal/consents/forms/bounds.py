"""Which forms an element of the law binds, and what must be true of a definition besides.

Questions about one `Definition`, answered by plain values. A district's form is for all its
partners, so a form on which a partner gives is bound as if any of them were under HIPAA and
42 CFR Part 2; `trait` says for which partner the element is printed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.consents.forms.definition import Definition, TermEnd
from portal.consents.forms.wording import grade
from portal.languages.catalog import PLACE
from portal.vocabulary import SPECIAL, SUBJECT_ONLY, Category, FormKind, Instrument

HIGHEST_GRADE = 8
"""Years of school; the goal is six, and more than this is not plain language."""


@dataclass(frozen=True)
class Bound:
    """Which forms an element binds. trait: the partner for whom it is printed."""

    words: str
    instrument: Instrument | None
    trait: str
    test: Callable[[Definition], bool]


# Which forms an element binds


def _partner_gives(form: Definition) -> bool:
    return bool(form.categories_in) or form.kind is not FormKind.STANDARD


def _part2(form: Definition) -> bool:
    own = form.kind in (FormKind.SUD_COUNSELING_NOTES, FormKind.COURT_USE)
    return own or bool(form.categories_in)


def _psychiatric(form: Definition) -> bool:
    return Category.PSYCHIATRIC in form.offered or form.kind is FormKind.PSYCHOTHERAPY_NOTES


EVERY = Bound("every form", None, "", lambda _form: True)
SCHOOL_GIVES = Bound(
    "the school gives", Instrument.FERPA, "", lambda form: bool(form.categories_out)
)
SPECIAL_EDUCATION = Bound(
    "the school gives special education records",
    Instrument.FERPA,
    "",
    lambda form: Category.SPECIAL_EDUCATION in form.categories_out,
)
PARTNER_GIVES = Bound("a partner gives", Instrument.HIPAA, "", _partner_gives)
HIPAA_GIVES = Bound("a health care provider gives", Instrument.HIPAA, "is_hipaa", _partner_gives)
PART2_GIVES = Bound("a substance-use program gives", Instrument.HIPAA, "is_part2", _part2)
PSYCHIATRIC = Bound("mental health treatment is offered", None, "ct", _psychiatric)
CLINICAL = Bound(
    "clinical content is offered",
    None,
    "ct",
    lambda form: _partner_gives(form) or _psychiatric(form),
)
HIV = Bound("HIV-related information is offered", None, "ct", lambda f: Category.HIV in f.offered)
OWN_CARE = Bound(
    "care that a minor can seek alone is offered",
    None,
    "ct",
    lambda form: _part2(form) or bool(form.offered & SUBJECT_ONLY),
)
SPECIAL_KINDS = Bound(
    "a kind with its own initials is offered",
    None,
    "",
    lambda form: bool(form.offered & SPECIAL),
)
ONE_MATTER = Bound(
    "counseling notes, or use in a proceeding",
    Instrument.HIPAA,
    "is_part2",
    lambda form: form.kind in (FormKind.SUD_COUNSELING_NOTES, FormKind.COURT_USE),
)
NOTES = Bound(
    "psychotherapy notes",
    Instrument.HIPAA,
    "is_hipaa",
    lambda form: form.kind is FormKind.PSYCHOTHERAPY_NOTES,
)


# What else must be true


def is_about_one_thing(form: Definition) -> bool:
    """Is it about its own subject, and offers no list to tick?"""
    return form.subject is not None and not form.offered


def names_records_out(form: Definition) -> bool:
    """Is there a record that the school may give?"""
    return bool(form.categories_out)


def names_records_in(form: Definition) -> bool:
    """Is there a record that a partner may give?"""
    return bool(form.categories_in) or form.subject is not None


def names_purpose(form: Definition) -> bool:
    """Is there a purpose? Use in court is one by itself."""
    return bool(form.purposes) or form.kind is FormKind.COURT_USE


def ends_on_a_date(form: Definition) -> bool:
    """Does the usual term end on a day?"""
    return form.term.ends is TermEnd.SCHOOL_YEAR or form.term.months is not None


def has_office(form: Definition) -> bool:
    """Can a family reach the office that takes a consent back?"""
    office = form.office
    return bool(office.office.strip() and (office.address.strip() or office.email.strip()))


def is_plain(form: Definition) -> bool:
    """Can it be read with few years of school?"""
    return form_grade(form) <= HIGHEST_GRADE


def form_grade(form: Definition) -> float:
    """The years of school that the English of a form asks for, as a whole."""
    return grade(" ".join(PLACE.sub("Sam", text.en) for _field, text in form.texts()))
