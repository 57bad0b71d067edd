"""What keeps a form from being published: joined, never shared, endless, not translated."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest
from hypothesis import given

from portal.consents.forms.definition import Section, Term, TermEnd, Text, Translation
from portal.consents.forms.publishing import advice, problems
from portal.languages.catalog import CATALOGS, catalog
from portal.vocabulary import SHAREABLE, Category, FormKind, Purpose, Statement
from tests.consents.forms.drawn import DEFINITIONS
from tests.consents.forms.ready import OFFICE, ready, saying, without

SINGLE = [kind for kind in FormKind if kind is not FormKind.STANDARD]
LAWS = {
    FormKind.PSYCHOTHERAPY_NOTES: "45 CFR 164.508(b)(3)(ii)",
    FormKind.SUD_COUNSELING_NOTES: "42 CFR 2.31(b)",
    FormKind.COURT_USE: "42 CFR 2.31(d)",
}


def told(form: object, **kwargs: object) -> list[str]:
    found = problems(form, **kwargs)
    assert all(problem.what and problem.do_next and problem.field for problem in found)
    return [problem.what for problem in found]


def fields(**changes: object) -> set[str]:
    return {problem.field for problem in problems(ready(**changes))}


# Joined, or never shared


@pytest.mark.parametrize("kind", SINGLE)
@pytest.mark.parametrize("side", ["categories_out", "categories_in"])
def test_a_single_purpose_form_is_joined_with_no_kind_of_record(kind, side):
    found = told(ready(kind, **{side: (Category.ATTENDANCE,)}))

    assert any("offers Attendance besides" in what and LAWS[kind] in what for what in found)


@pytest.mark.parametrize("kind", SINGLE)
def test_a_single_purpose_form_has_no_second_purpose(kind):
    more = (*ready(kind).purposes, Purpose.PLACEMENT)

    [what] = told(ready(kind, purposes=more))
    assert LAWS[kind] in what


def test_the_standard_form_takes_nothing_of_a_single_purpose_one():
    subject = ready(FormKind.PSYCHOTHERAPY_NOTES).subject

    [what] = told(ready(subject=subject))
    assert "164.508(b)(3)(ii)" in what


@pytest.mark.parametrize("side", ["categories_out", "categories_in"])
@pytest.mark.parametrize("category", sorted(set(Category) - set(SHAREABLE)))
def test_what_is_never_shared_by_itself_cannot_be_offered(side, category):
    assert fields(**{side: (Category.ATTENDANCE, category)}) == {side}


@pytest.mark.parametrize("side", ["categories_out", "categories_in"])
@pytest.mark.parametrize("category", [Category.HIV, Category.SUD, Category.PSYCHIATRIC])
def test_a_special_kind_needs_a_part_with_initials(side, category):
    form = ready(**{"categories_out": (Category.VISITS,), side: (category,)})

    assert told(form) == []
    assert any("initials of their own" in what for what in told(without(form, Section.SPECIAL)))


def test_a_form_that_offers_nothing_is_no_form():
    [what] = told(ready(categories_out=(), categories_in=()))
    assert "offers no kind of record" in what


def test_what_is_listed_twice_is_told():
    for field in ("sections", "categories_out", "categories_in", "purposes", "languages"):
        listed = getattr(ready(), field)
        assert fields(**{field: (*listed, listed[0])}) >= {field}


# Order


def test_the_signature_approves_of_what_stands_above_it():
    first = (Section.SIGNATURE, *(s for s in Section if s is not Section.SIGNATURE))

    found = told(ready(sections=first))
    assert len(found) == 12
    assert all("99.30(d)(2)" in what for what in found)


def test_a_sentence_whose_part_is_not_on_the_form_would_not_be_printed():
    form = without(ready(categories_in=(), categories_out=(Category.VISITS,)), Section.RIGHTS)

    assert any("its part is not on the form" in what for what in told(form))


# Term


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"most_months": 13}, "most_months"),
        ({"most_months": 0}, "most_months"),
        ({"term": Term(ends=TermEnd.MONTHS, months=13)}, "term"),
        ({"term": Term(ends=TermEnd.MONTHS, months=0)}, "term"),
        ({"term": Term(ends=TermEnd.MONTHS, months=7), "most_months": 6}, "term"),
        ({"term": Term(ends=TermEnd.MONTHS)}, "term"),
        ({"term": Term(ends=TermEnd.MONTHS)}, "hipaa-end"),
        ({"term": Term(ends=TermEnd.SCHOOL_YEAR, months=3)}, "term"),
    ],
)
def test_a_consent_ends_on_a_day_within_a_year(changes, field):
    assert field in fields(**changes)


def test_every_term_from_one_month_to_twelve_is_fine():
    for months in range(1, 13):
        assert fields(term=Term(ends=TermEnd.MONTHS, months=months)) == set()


# Office, texts, logo


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("office", "Records\u202eecffO"),
        ("address", "1 Sample Street\nSampletown"),
        ("address", "x" * 201),
        ("email", "records"),
        ("email", "records@sampletown"),
        ("email", "a b@sampletown.example"),
        ("phone", "<b>555</b>"),
        ("office", "{{ district.name }}"),
    ],
)
def test_each_line_of_the_office_can_be_printed(line, value):
    assert f"office.{line}" in fields(office=OFFICE.model_copy(update={line: value}))


def test_an_office_without_e_mail_has_an_address():
    assert fields(office=OFFICE.model_copy(update={"email": "", "phone": ""})) == set()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("You may <b>not</b> say no.", "HTML"),
        ("a < b", "HTML"),
        ("Yes &nbsp; no", "HTML"),
        ("{{ student.name }}", "template"),
        ("{% raw %}", "template"),
        ("Say **no**.", "Markdown"),
        ("Read [this](http://sample.example).", "Markdown"),
        ("# No", "Markdown"),
        ("- No", "Markdown"),
        ("1. No", "Markdown"),
        ("Say _no_.", "Markdown"),
        ("`no`", "Markdown"),
        ("No\u0007", "invisible"),
        ("No\nyes", "invisible"),
        ("No \u202eyes", "invisible"),
        ("No \u2066yes", "invisible"),
        ("No\u2028yes", "invisible"),
        ("No\u200byes", "invisible"),
        ("Only %(grandmother)s.", "%(grandmother)s"),
        ("100 % sure", "percent"),
        ("%(student)d", "percent"),
        (" ", "empty"),
        ("no " * 201, "600"),
    ],
)
def test_a_text_that_a_page_or_a_document_would_misread_is_refused(text, says):
    form = saying(ready(languages=("en",)), Statement.COPY, Text(en=text))

    found = [problem for problem in problems(form) if problem.field == "statements.copy"]
    assert any(says in problem.what for problem in found)


def test_a_name_in_another_script_with_its_joiner_is_fine():
    text = Text(en="Ask (Nia-Sample, O'Neil & Ñandú) — “today”: می\u200cروم.")

    assert told(saying(ready(languages=("en",)), Statement.COPY, text)) == []


def test_a_title_is_short():
    assert fields(title=Text(en="x" * 81), languages=("en",)) == {"title"}


def png(width: int, height: int, more: int = 0) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\0" * more


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width)
    return b"\xff\xd8\xff\xe0\x00\x04\0\0" + frame + b"\0" * 10


@pytest.mark.parametrize(
    ("logo", "says"),
    [
        (b"GIF89a", "no PNG and no JPEG"),
        (b"<svg/>", "no PNG and no JPEG"),
        (b"%PDF-1.7", "no PNG and no JPEG"),
        (b"\x89PNG\r\n\x1a\n", "no PNG and no JPEG"),
        (b"\xff\xd8\xff", "no PNG and no JPEG"),
        (b"\xff\xd8\xff\xe0\x00\x00" * 9, "no PNG and no JPEG"),
        (png(60000, 60000), "pixels"),
        (png(0, 10), "pixels"),
        (jpeg(10, 60000), "pixels"),
        (png(10, 10, 100 * 1024), "kilobytes"),
    ],
)
def test_a_logo_is_a_small_picture(logo, says):
    [what] = told(ready(logo=logo))
    assert says in what


@pytest.mark.parametrize("logo", [b"", png(400, 120), jpeg(400, 120)])
def test_a_small_png_or_jpeg_is_a_logo(logo):
    assert told(ready(logo=logo)) == []


@given(DEFINITIONS)
def test_whatever_a_form_says_there_is_an_answer_and_it_can_be_shown(definition):
    told(definition)
    advice(definition)


# Languages


OWN = Text(en="Ask for Ana. She knows %(student)s.")
SPANISH = Translation(text="Pida por Ana. Conoce a %(student)s.", translator="T", version="1")


def test_a_changed_text_needs_a_translation_into_each_language_offered():
    form = saying(ready(), Statement.COPY, OWN)

    assert told(form) == [
        "This text was changed and has no translation into Español.",
        "This text was changed and has no translation into Português.",
    ]
    translated = OWN.model_copy(update={"translations": {"es": SPANISH}})
    assert told(saying(ready(languages=("en", "es")), Statement.COPY, translated)) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": "Pida por Ana."}, "same things"),
        ({"text": "Pida por %(partner)s, %(student)s."}, "same things"),
        ({"text": "<i>%(student)s</i>"}, "HTML"),
        ({"translator": " "}, "who made"),
        ({"version": ""}, "who made"),
        ({"translator": "T\u202e"}, "invisible"),
    ],
)
def test_a_district_s_own_translation_is_held_to_the_english(change, says):
    own = OWN.model_copy(update={"translations": {"es": SPANISH.model_copy(update=change)}})
    form = saying(ready(languages=("en", "es")), Statement.COPY, own)

    assert any(says in what for what in told(form))


def test_english_is_always_offered_and_no_language_that_is_not_there():
    assert any("text of record" in what for what in told(ready(languages=("es",))))
    [what] = told(ready(languages=("en", "xx")))
    assert "does not have the language “xx”" in what


def test_a_language_with_an_incomplete_catalog_is_not_offered(tmp_path: Path):
    folder = tmp_path / "catalogs"
    shutil.copytree(CATALOGS, folder)
    file = folder / "pt" / "portal.po"
    text = file.read_text(encoding="utf-8").replace('msgstr "Até quando?"', 'msgstr ""')
    file.write_text(text, encoding="utf-8")

    [what] = told(ready(), catalogs=lambda language: catalog(language, folder))
    assert what.startswith("Português is not complete: 1 texts")


@pytest.mark.parametrize("header", ["Last-Translator", "X-Version"])
def test_a_language_that_does_not_say_who_translated_is_not_offered(tmp_path: Path, header):
    folder = tmp_path / "catalogs"
    shutil.copytree(CATALOGS, folder)
    file = folder / "es" / "portal.po"
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(f'"{header}')]
    file.write_text("\n".join(kept), encoding="utf-8")

    [what] = told(ready(), catalogs=lambda language: catalog(language, folder))
    assert what.startswith("The catalog of Español does not say who translated it")
