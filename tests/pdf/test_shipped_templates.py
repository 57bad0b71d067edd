"""The templates, the classes that fill them and templates/README.md say the same.

A template asks for a field the class lacks: typst refuses, in one of the variants below,
which between them reach every part. A class has a field the template never prints: its
value is not found in any of the PDFs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest

from portal.config import ROOT
from portal.pdf import papers, render
from portal.pdf.papers import StaffUse
from portal.pdf.pool import TEMPLATES
from tests.pdf import samples
from tests.pdf.reading import Pdf

VARIANTS = {
    "consent": (
        samples.consent(),
        samples.form(),
        replace(samples.consent(), logo=None, minor=None, special=(), notices=()),
        replace(samples.form(), purposes=(), purpose_words="", staff=StaffUse()),
    ),
    "consents": (samples.packet(), replace(samples.packet(), logo=None)),
    "letter": (samples.letter(), replace(samples.letter(), logo=None, phone="")),
    "reply": (samples.reply(), replace(samples.reply(), logo=None, phone="")),
    "disclosures": (
        samples.disclosures(1),
        replace(samples.disclosures(0), logo=None, refused=()),
    ),
    "certificate": (
        samples.certificate(),
        replace(samples.certificate(), logo=None, vote="", made_from=""),
    ),
    "record": (
        samples.record(1),
        replace(
            samples.record(0), logo=None, strengths=(), services=(), needs=(), closed=(), notices=()
        ),
    ),
    "export": (samples.export(1), replace(samples.export(1), logo=None, period="")),
    "summary": (
        samples.summary(),
        replace(samples.summary(), logo=None, strengths=(), services=(), steps=()),
    ),
    "minutes": (
        samples.minutes(),
        replace(samples.minutes(), logo=None, tables=samples.minutes().tables[::-1]),
    ),
}

DRAWN = ("svg", "qr", "data", "kind")
"""Pictures, and what kind of picture: these show as figures, or not at all."""

ELSEWHERE = {"consents": {"number"}}
"""Of a packet: in the PDF's own title; each of its sheets prints a number that holds it."""

CODES = re.compile(r"languages\[\]\.language|(sheets\[\]\.)?(order\[\]|instruments\[\]\.block)")
"""Not printed: they say which language, which blocks, and which of two a block is."""


def marked(value: Any, path: str, number: Iterator[int], marks: dict[str, str]) -> Any:
    """The same values with another short word in each text, noted under its path."""
    if isinstance(value, dict):
        within = {key: f"{path}.{key}" if path else key for key in value}
        return {key: marked(value[key], at, number, marks) for key, at in within.items()}
    if isinstance(value, list | tuple):
        return [marked(item, f"{path}[]", number, marks) for item in value]
    if not isinstance(value, str) or path.rpartition(".")[2] in DRAWN or not value:
        return value
    word = marks[path] = f"q{next(number)}z"
    return _like(value, word, path)


def _like(value: str, word: str, path: str) -> str:
    """The word where typst wants a shape: a language, an address, a label with braces."""
    if CODES.fullmatch(path):
        return value
    return "".join([word, *re.findall(r"\{\w+\}", value)])


def paths(value: Any, path: str = "") -> Iterator[str]:
    """Every field, as the README names it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list | tuple):
        yield path
        for item in value[:1]:
            if isinstance(item, dict):
                yield from paths(item, f"{path}[]")
    else:
        yield path


COMMON = {"title", "number", "district", "foot", "logo.data", "logo.kind", "logo.alt"}


@pytest.fixture(scope="module")
def shown(pool):
    """What all variants of a paper show, and the words that they should."""
    found = {}
    for name, variants in VARIANTS.items():
        texts, marks = [], {}
        for variant in variants:
            numbers = iter(range(100, 1000))
            values = marked(asdict(variant), "", numbers, own := {})
            order = papers.order(variant, language="en", at=samples.AT)
            pdf = Pdf(render.make(replace(order, values=values), pool))
            said = "".join([pdf.text, *pdf.alts()]).replace("\u200b", "")
            texts.append(said)
            for path, word in own.items():
                if not path.startswith("sheets[]."):  # a sheet is a consent, and looked for there
                    marks[path] = marks.get(path, False) or word in said
        found[name] = marks
    return found


@pytest.mark.parametrize("name", VARIANTS)
def test_a_template_prints_every_field_of_its_class(name, shown):
    unseen = {path for path, seen in shown[name].items() if not seen}

    assert {
        path for path in unseen - ELSEWHERE.get(name, set()) if not CODES.fullmatch(path)
    } == set()
    assert len(shown[name]) > (4 if name == "consents" else 15)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_readme_names_every_field(name):
    text = (ROOT / "templates" / "README.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"(?s)\(`pdf/{name}\.typ`\)\n(.*?)(?=\n## |\Z)", text)
    fields = set(paths(asdict(VARIANTS[name][0])))
    told = set(
        re.findall(r"`([a-z_\[\].0-9]+)`", "".join(re.findall(r"(?m)^\| (`.*?) \|", section)))
    )

    own = {field for field in fields if not field.startswith(("labels.", "sheets[]."))}
    assert told == own - COMMON
    assert [field for field in COMMON if f"`{field}`" not in text] == []


def test_every_template_has_a_class_and_a_sample():
    shipped = {file.stem for file in TEMPLATES.glob("*.typ")} - {"paper", "blocks"}

    assert shipped == set(VARIANTS)
    assert {paper.template for variants in VARIANTS.values() for paper in variants} == shipped


@pytest.mark.parametrize("file", sorted(TEMPLATES.glob("*.typ")), ids=lambda file: file.name)
def test_a_template_has_no_words_evaluates_nothing_and_fetches_nothing(file):
    code = re.sub(r"(?m)//.*$", "", file.read_text(encoding="utf-8"))

    assert not re.search(r"\beval\b|\bplugin\b|@preview|\bread\(", code)
    assert set(re.findall(r"#import (\S+)", code)) <= {'"paper.typ":', '"blocks.typ":'}
    assert all(re.fullmatch(r"[^A-Z]*", text) for text in re.findall(r'"([^"]*)"', code)) or (
        file.name == "paper.typ"
    )
