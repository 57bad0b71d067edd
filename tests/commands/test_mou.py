"""`portal mou`: strangers check and fill Word templates from the command line."""

from __future__ import annotations

import json

import pytest
from docx import Document
from typer.testing import CliRunner

from portal.agreements import printing
from portal.cli import app
from tests.word.templates import p, raw, template

RUNNER = CliRunner()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good.docx").write_bytes(template("By {{ name }}.", "{{ days }} days."))
    (tmp_path / "bad.docx").write_bytes(raw(p("x"), p("By {{ name.upper() }}.")))
    (tmp_path / "data.json").write_text('{"name": "A & B", "days": 3}')
    return tmp_path


def portal(*arguments: object):
    return RUNNER.invoke(app, ["mou", *map(str, arguments)])


def render(folder, template_="good.docx", data="data.json", out="out.docx", *more):
    return portal(
        "render", folder / template_, "--data", folder / data, "--out", folder / out, *more
    )


def test_a_usable_template_is_told_with_its_fields(folder):
    plain = portal("check-template", folder / "good.docx")
    told = portal("check-template", folder / "good.docx", "--json")

    assert (plain.exit_code, told.exit_code) == (0, 0)
    assert plain.output.splitlines() == [
        "The template is usable. It asks for 2 fields:",
        "  days",
        "  name",
    ]
    assert json.loads(told.output) == {"usable": True, "fields": ["days", "name"], "problems": []}


def test_a_refused_template_is_told_with_each_place_cause_and_fix(folder):
    plain = portal("check-template", folder / "bad.docx")
    told = portal("check-template", folder / "bad.docx", "--json")

    assert (plain.exit_code, told.exit_code) == (1, 1)
    assert plain.output.startswith(
        "The text, paragraph 2: “By {{ name.upper() }}.” A tag runs nothing"
    )
    assert json.loads(told.output) == {
        "usable": False,
        "fields": [],
        "problems": [
            {
                "part": "word/document.xml",
                "paragraph": 2,
                "text": "By {{ name.upper() }}.",
                "cause": "A tag runs nothing: the round brackets are not allowed.",
                "fix": "Write only a field, such as {{ district.name }}, or see "
                "templates/README.md.",
            }
        ],
    }


def test_a_template_is_compared_with_an_agreement_when_asked(folder):
    standard = portal("check-template", printing.TEMPLATE, "--for-mou")
    other = portal("check-template", folder / "good.docx", "--for-mou", "--json")

    assert standard.exit_code == 0
    causes = {problem["cause"] for problem in json.loads(other.output)["problems"]}
    assert "The form has no field “days”." in causes
    assert any("does not print the clause" in cause for cause in causes)
    assert any("never prints starts_on" in cause for cause in causes)


@pytest.mark.parametrize("name", ["missing.docx", ".", "missing/file.docx"])
def test_a_file_that_cannot_be_read_is_one_problem(folder, name):
    told = portal("check-template", f"{folder}/{name}", "--json")

    assert told.exit_code == 1
    assert len(json.loads(told.output)["problems"]) == 1
    assert json.loads(told.output)["usable"] is False


def test_data_fill_a_template(folder):
    made = render(folder)

    assert made.exit_code == 0
    assert [paragraph.text for paragraph in Document(folder / "out.docx").paragraphs] == [
        "By A & B.",
        "3 days.",
    ]
    again = render(folder, "good.docx", "data.json", "two.docx", "--json")
    assert json.loads(again.output) == {"written": str(folder / "two.docx"), "problems": []}


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b'{"name": "x"}', "The field “days” is not supplied."),
        (b'{"name": "x", "days": null}', "This field has no value."),
        (b'{"name": "{{ x }}", "days": 1}', "This text contains double braces"),
        (b'{"name": "x", "days": NaN}', "NaN is no number that can be printed."),
        (b'{"name": "x", "days": -Infinity}', "-Infinity is no number that can be printed."),
        (b'{"name": "x", "days": 1e999}', "This is not a number."),
        (b'{"name": "x", "name": "y", "days": 1}', "“name” is there twice."),
        (b'{"name": "x", "days": 1, "a b": 1}', "“a b” cannot be the name of a field."),
        (b'["name"]', "The data are no JSON object."),
        (b'{"name": ', "The data are no JSON in UTF-8, or are nested too deep."),
        (b"[" * 100_000, "The data are no JSON in UTF-8, or are nested too deep."),
        (b'{"days": ' + b"9" * 5000 + b"}", "The data are no JSON in UTF-8"),
        (b'{"name": "\xff"}', "The data are no JSON in UTF-8, or are nested too deep."),
        (b"", "The data are no JSON in UTF-8, or are nested too deep."),
        (b'{"a": ' + b"[" * 20 + b"]" * 20 + b"}", "The data are nested too deep."),
    ],
)
def test_data_that_do_not_do_are_one_problem_and_nothing_is_written(folder, data, cause):
    (folder / "data.json").write_bytes(data)

    told = render(folder, "good.docx", "data.json", "out.docx", "--json")

    assert told.exit_code == 1
    [problem] = json.loads(told.output)["problems"]
    assert problem["cause"].startswith(cause)
    assert set(problem) == {"part", "paragraph", "text", "cause", "fix"}
    assert sorted(path.name for path in folder.iterdir()) == ["bad.docx", "data.json", "good.docx"]


@pytest.mark.parametrize(
    ("template_", "data", "out"),
    [
        ("bad.docx", "data.json", "out.docx"),
        ("missing.docx", "data.json", "out.docx"),
        ("data.json", "data.json", "out.docx"),
        ("good.docx", "missing.json", "out.docx"),
        ("good.docx", ".", "out.docx"),
        ("good.docx", "good.docx", "out.docx"),
        ("good.docx", "data.json", "missing/out.docx"),
        ("good.docx", "data.json", "."),
        ("good.docx", "data.json", "data.json"),
    ],
)
def test_nothing_is_written_when_refused(folder, template_, data, out):
    before = {path: path.read_bytes() for path in folder.iterdir()}

    told = render(folder, template_, data, out)

    assert told.exit_code == 1
    assert told.output.strip()
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_an_older_result_is_replaced_only_by_a_whole_one(folder):
    (folder / "out.docx").write_bytes(b"older")
    assert render(folder, "bad.docx").exit_code == 1
    assert (folder / "out.docx").read_bytes() == b"older"

    assert render(folder).exit_code == 0
    assert (folder / "out.docx").read_bytes().startswith(b"PK")
