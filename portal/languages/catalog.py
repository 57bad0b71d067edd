"""A language's texts, days and instants, and which translation exactly it is.

What is not translated is shown in English, and the catalog does not count as complete.
`portal.pot` is the list of what a complete one has.
"""

from __future__ import annotations

import gettext
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages import catalog as messages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGS = Path(__file__).with_name("catalogs")
TEMPLATE = "portal.pot"
FILE = "portal.po"
ENGLISH = "en"
PLACE = re.compile(r"%\((\w+)\)s")
"""A place in a text, such as `%(student)s`. No other form is filled."""

_HEADER = re.compile(r'^"(Last-Translator|X-Version): *(.*?)\\n"$', re.MULTILINE)


@dataclass(frozen=True)
class Catalog:
    """The texts of one language. version, translator: who made which state of it.

    direction: `ltr` or `rtl`. missing: the English texts without a translation.
    digest: SHA-256 of all its texts, so that a signature can name what was read.
    """

    language: str
    own_name: str
    direction: str
    translator: str
    version: str
    missing: tuple[str, ...]
    digest: str
    _translated: frozenset[str] = field(repr=False)
    _texts: gettext.NullTranslations = field(repr=False, compare=False)

    @property
    def complete(self) -> bool:
        """Is every text translated?"""
        return not self.missing

    def has(self, text: str) -> bool:
        """Is this English text translated? English has them all."""
        return self.language == ENGLISH or text in self._translated

    def gettext(self, text: str, /, **values: object) -> str:
        """The text in this language, its places filled; without values, as it stands.

        A place that has no value is our mistake and raises KeyError.
        """
        return filled(self._texts.gettext(text) if text else "", values)

    def ngettext(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The form that this language has for a number, which is also the value `num`."""
        told = self._texts.ngettext(one, many, number)
        if not values:
            return told.replace("%(num)s", str(number))
        return filled(told, {"num": number, **values})


def filled(text: str, values: Mapping[str, object]) -> str:
    """The places of a text filled once: what a value itself contains is never looked at."""
    return PLACE.sub(lambda place: str(values[place[1]]), text) if values else text


def available(folder: Path = CATALOGS) -> dict[str, str]:
    """Each language's code with its own name for itself, English first."""
    found = sorted(path.parent.name for path in folder.glob(f"*/{FILE}"))
    return {code: _own_name(code) for code in [ENGLISH, *found]}


def catalog(language: str, folder: Path = CATALOGS) -> Catalog:
    """The texts of this language; English where there is none."""
    return _read(language if language in _codes(folder) else ENGLISH, folder)


def digest(language: str) -> str:
    """SHA-256 of the translation that `catalog(language)` shows."""
    return catalog(language).digest


def named(language: str) -> str:
    """Which translation `catalog(language)` shows, for the evidence of a signature."""
    shown = catalog(language)
    if shown.language == ENGLISH:
        return f"English text of record, {shown.digest[:12]}"
    made = f"version {shown.version}, {shown.translator}"
    return f"{shown.own_name}, {made}, {shown.digest[:12]}"


def day(told: date, language: str) -> str:
    """A day in words, such as June 30, 2027."""
    return format_date(told, "long", locale=catalog(language).language)


def moment(at: datetime, tz: str, language: str) -> str:
    """An aware instant on the clock of an IANA zone, in words."""
    local = at.astimezone(ZoneInfo(tz))
    clock = format_time(local, "short", tzinfo=local.tzinfo, locale=catalog(language).language)
    return f"{day(local.date(), language)}, {clock}".replace("\u202f", "\u00a0")


def instant(at: datetime, tz: str, language: str) -> str:
    """The same with the zone that this clock had, such as EST (UTC-05:00): for what is proof."""
    local = at.astimezone(ZoneInfo(tz))
    return f"{moment(at, tz, language)} {local:%Z} (UTC{local.isoformat()[-6:]})"


@cache
def _codes(folder: Path) -> frozenset[str]:
    return frozenset(available(folder))


def _own_name(code: str) -> str:
    name = Locale.parse(code).get_display_name(code) or code
    return name[:1].upper() + name[1:]


@cache
def _read(code: str, folder: Path) -> Catalog:
    wanted = _ids(folder)
    source = (folder / code / FILE).read_text(encoding="utf-8") if code != ENGLISH else ""
    read = read_po(BytesIO(source.encode()), locale=code, abort_invalid=True)
    told = {id_: _told(read, id_) for id_ in wanted}
    header = dict(_HEADER.findall(source))
    signed = [header.get("Last-Translator", ""), header.get("X-Version", "")]
    return Catalog(
        language=code,
        own_name=_own_name(code),
        direction=Locale.parse(code).text_direction,
        translator=signed[0],
        version=signed[1],
        missing=tuple(id_ for id_ in wanted if source and not told[id_]),
        digest=hashlib.sha256(
            json.dumps([code, signed, told], sort_keys=True).encode()
        ).hexdigest(),
        _translated=frozenset(id_ for id_ in wanted if told[id_]),
        _texts=_compiled(read) if source else gettext.NullTranslations(),
    )


def _ids(folder: Path) -> tuple[str, ...]:
    with (folder / TEMPLATE).open("rb") as file:
        return tuple(_id(message) for message in read_po(file) if message.id)


def _id(message: messages.Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _told(read: messages.Catalog, id_: str) -> list[str]:
    """Each form of the translation; none when one is missing or only guessed."""
    message = read.get(id_)
    if message is None or message.fuzzy:
        return []
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return forms if all(forms) else []


def _compiled(read: messages.Catalog) -> gettext.GNUTranslations:
    binary = BytesIO()
    write_mo(binary, read)
    binary.seek(0)
    return gettext.GNUTranslations(binary)
