"""The catalogs hold what the pages and forms say today, and lose nothing that was translated."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from portal.languages.catalog import available, catalog
from scripts import words

LANGUAGES = [code for code in available() if code != "en"]
BUTTON = re.compile(r"<button[^>]*>\s*\{\{ *_\(\"([^\"]+)\"|<button[^>]*>\s*\{% *trans *%\}([^{]+)")
SHORT = 12
"""Letters that fit on any button."""


def ids(text: str) -> set[str]:
    return {str(message.id) for message in read_po(BytesIO(text.encode())) if message.id}


def test_the_template_lists_every_marked_text():
    told = (words.CATALOGS / words.TEMPLATE).read_text(encoding="utf-8")

    assert told == words.written(words.collected()), "run scripts/words.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalog_has_exactly_the_texts_of_the_template(language):
    told = (words.CATALOGS / language / words.FILE).read_text(encoding="utf-8")

    assert told == words.updated(told, language, words.collected()), "run scripts/words.py"
    assert ids(told) == ids((words.CATALOGS / words.TEMPLATE).read_text(encoding="utf-8"))


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A room with one marked text, a page with three, and a catalog that has one of them."""
    code = tmp_path / "portal" / "consents" / "words.py"
    page = tmp_path / "portal" / "web" / "templates" / "family" / "sign.html"
    catalogs = tmp_path / "catalogs"
    for folder in (code.parent, page.parent, catalogs / "es"):
        folder.mkdir(parents=True)
    code.write_text('A = N_("Attendance")\nB = str("not this")\n')
    page.write_text(
        '<p>{{ _("Hello") }}</p>\n{% trans %}Good day{% endtrans %}\n'
        "{% trans num=n %}{{ num }} day{% pluralize %}{{ num }} days{% endtrans %}"
    )
    (catalogs / "es" / "portal.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Last-Translator: A Translator\\n"\n"X-Version: 4\\n"\n\n'
        'msgid "Hello"\nmsgstr "Hola"\n\nmsgid "Gone"\nmsgstr "Ido"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_code_and_pages_are_collected_and_what_is_translated_stays(house):
    words.write(house, house / "catalogs")
    template = (house / "catalogs" / "portal.pot").read_text(encoding="utf-8")
    spanish = (house / "catalogs" / "es" / "portal.po").read_text(encoding="utf-8")

    wanted = {"Attendance", "Hello", "Good day", str(("%(num)s day", "%(num)s days"))}
    assert ids(template) == ids(spanish) == wanted
    assert 'msgstr "Hola"' in spanish
    assert "Gone" not in spanish
    told = catalog("es", house / "catalogs")
    assert (told.version, told.translator) == ("4", "A Translator")
    assert told.missing == ("Attendance", "Good day", "%(num)s day")


def test_writing_twice_changes_nothing(house):
    words.write(house, house / "catalogs")
    first = [file.read_bytes() for file in sorted(house.glob("catalogs/**/*.po*"))]
    words.write(house, house / "catalogs")

    assert len(first) == 2
    assert [file.read_bytes() for file in sorted(house.glob("catalogs/**/*.po*"))] == first


def test_an_empty_file_becomes_a_list_of_what_to_translate(house):
    (house / "catalogs" / "pl").mkdir()
    (house / "catalogs" / "pl" / "portal.po").write_text("")
    words.write(house, house / "catalogs")

    polish = catalog("pl", house / "catalogs")
    assert len(polish.missing) == 4
    assert (polish.translator, polish.version) == ("", "")
    text = (house / "catalogs" / "pl" / "portal.po").read_text(encoding="utf-8")
    assert '"Last-Translator: \\n"' in text
    assert '"X-Version: \\n"' in text


def buttons() -> set[str]:
    """What stands on the buttons of the family's pages."""
    folder = words.ROOT / "portal" / "web" / "templates" / "family"
    told = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.html"))
    return {"Sign"} | {one or other.strip() for one, other in BUTTON.findall(told)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translated_button_is_not_much_wider_than_the_english_one(language):
    spoken = catalog(language)
    wide = [
        label for label in buttons() if len(spoken.gettext(label)) > max(1.6 * len(label), SHORT)
    ]

    assert wide == []
