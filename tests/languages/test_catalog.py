"""What a family reads in its language, and what it reads where nobody translated."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portal.languages.catalog import (
    CATALOGS,
    PLACE,
    available,
    catalog,
    day,
    digest,
    moment,
)

POT = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
HEAD = (
    'msgid ""\nmsgstr ""\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Last-Translator: A Translator\\n"\n'
    '"X-Version: 7\\n"\n'
)
OURS = [code for code in available() if code != "en"]


def folder(tmp_path: Path, language: str, messages: str, wanted: str) -> Path:
    (tmp_path / language).mkdir()
    (tmp_path / language / "portal.po").write_text(HEAD + messages, encoding="utf-8")
    (tmp_path / "portal.pot").write_text(POT + wanted, encoding="utf-8")
    return tmp_path


def wanting(*ids: str) -> str:
    return "".join(f'msgid "{id_}"\nmsgstr ""\n\n' for id_ in ids)


def saying(**told: str) -> str:
    return "\n" + "".join(f'msgid "{id_}"\nmsgstr "{text}"\n\n' for id_, text in told.items())


def test_the_languages_are_the_folders_each_by_its_own_name():
    assert available() == {"en": "English", "es": "Español", "pt": "Português"}


@pytest.mark.parametrize("language", OURS)
def test_our_languages_are_complete_and_say_who_translated(language):
    spoken = catalog(language)

    assert (spoken.missing, spoken.complete) == ((), True)
    assert (spoken.language, spoken.own_name) == (language, available()[language])
    assert "not yet reviewed by a certified translator" in spoken.translator
    assert spoken.version == "1"


@pytest.mark.parametrize("language", OURS)
def test_a_translation_fills_in_the_same_things_as_the_english(language):
    english, spoken = catalog("en"), catalog(language)
    wrong = [
        text
        for text in spoken._translated
        if sorted(set(PLACE.findall(spoken.gettext(text))))
        != sorted(set(PLACE.findall(english.gettext(text))))
        or "%" in PLACE.sub("", spoken.gettext(text))
    ]

    assert len(spoken._translated) > 100
    assert wrong == []


@pytest.mark.parametrize("asked", ["en", "xx", "", "../es", "ES", "es/../pt"])
def test_a_language_that_is_not_there_is_english(asked):
    assert catalog(asked).language == "en"
    assert catalog(asked).gettext("Until when?") == "Until when?"
    assert day(date(2027, 6, 30), asked) == "June 30, 2027"


def test_a_new_folder_is_a_new_language(tmp_path):
    shutil.copytree(CATALOGS, tmp_path / "catalogs")
    shutil.copytree(CATALOGS / "es", tmp_path / "catalogs" / "ar")

    assert available(tmp_path / "catalogs")["ar"] == "العربية"
    assert catalog("ar", tmp_path / "catalogs").direction == "rtl"
    assert catalog("ar", tmp_path / "catalogs").complete


def test_what_is_not_translated_is_english_and_the_catalog_is_not_complete(tmp_path):
    told = saying(Yes="Tak") + '#, fuzzy\nmsgid "Maybe"\nmsgstr "Może"\n'
    polish = catalog("pl", folder(tmp_path, "pl", told, wanting("Yes", "No", "Maybe")))

    assert [polish.gettext(text) for text in ("Yes", "No", "Maybe")] == ["Tak", "No", "Maybe"]
    assert polish.missing == ("No", "Maybe")
    assert not polish.complete
    assert [polish.has(text) for text in ("Yes", "No", "Maybe")] == [True, False, False]
    assert (polish.translator, polish.version) == ("A Translator", "7")


def test_a_text_that_is_alike_in_both_languages_counts_as_translated(tmp_path):
    spoken = catalog("es", folder(tmp_path, "es", saying(Plan="Plan"), wanting("Plan")))

    assert spoken.complete
    assert spoken.has("Plan")


def test_a_number_takes_the_form_its_language_has(tmp_path):
    ids = 'msgid "%(num)s day"\nmsgid_plural "%(num)s days"\n'
    forms = 'msgstr[0] "%(num)s dzień"\nmsgstr[1] "%(num)s dni"\nmsgstr[2] "%(num)s dni."\n'
    rule = (
        '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || '
        'n%100>=20) ? 1 : 2);\\n"\n\n'
    )
    polish = catalog("pl", folder(tmp_path, "pl", rule + ids + forms, ids + 'msgstr[0] ""\n'))

    assert [polish.ngettext("%(num)s day", "%(num)s days", n) for n in (1, 3, 5)] == [
        "1 dzień",
        "3 dni",
        "5 dni.",
    ]
    assert catalog("en").ngettext("%(num)s of %(who)s", "", 1, who="Sam") == "1 of Sam"


def test_a_value_is_text_and_nothing_in_it_is_filled_or_formatted():
    spoken = catalog("es")
    told = spoken.gettext("From the school to %(partner)s", partner="%(school)s 100%s <b>")

    assert told == "De la escuela a %(school)s 100%s <b>"


def test_a_forgotten_value_is_our_mistake():
    with pytest.raises(KeyError):
        catalog("es").gettext("From the school to %(partner)s", other="x")


def test_without_values_a_text_stands_as_it_is_and_nothing_stays_nothing():
    assert catalog("es").gettext("From the school to %(partner)s") == "De la escuela a %(partner)s"
    assert catalog("es").gettext("") == ""


def test_days_and_instants_are_written_as_the_language_writes_them():
    at = datetime(2026, 11, 20, 19, 5, tzinfo=UTC)

    assert day(date(2027, 6, 30), "es") == "30 de junio de 2027"
    assert moment(at, "America/New_York", "pt") == "20 de novembro de 2026, 14:05"
    assert moment(at, "America/New_York", "en") == "November 20, 2026, 2:05\u00a0PM"


def test_the_digest_names_the_exact_translation(tmp_path):
    one = catalog("pl", folder(tmp_path, "pl", saying(Yes="Tak"), wanting("Yes")))
    (tmp_path / "again").mkdir()
    same = catalog("pl", folder(tmp_path / "again", "pl", saying(Yes="Tak"), wanting("Yes")))
    (tmp_path / "other").mkdir()
    other = catalog("pl", folder(tmp_path / "other", "pl", saying(Yes="No"), wanting("Yes")))

    assert one.digest == same.digest != other.digest
    assert len({digest(code) for code in available()}) == 3
    assert digest("xx") == digest("en")
