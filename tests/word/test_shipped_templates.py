"""The templates in the repository, their scripts, their README and their forms say the same."""

from __future__ import annotations

import importlib.util
import re
import zipfile

import pytest

from portal.agreements import documents as agreements
from portal.agreements import printing
from portal.agreements.clauses import wording
from portal.agreements.clauses.library import SHIPPED as LIBRARY
from portal.config import ROOT
from portal.consents.papers import word as consents
from portal.word import checking
from portal.written_requests import letters

TEMPLATES = {
    "build_mou_template": printing.TEMPLATE,
    "build_consent_template": consents.TEMPLATE,
    "build_letter_template": letters.TEMPLATE,
}
FOR_OWN_TEMPLATES = re.compile(
    r"partner\..+|further.*|clause\.\w+|(district|partners\[\])\.signers.*|articles\.\w+\[\]\.(title|where)"
)
"""What only a district's own template asks for; the shipped one has the like under other names."""


def readme_name(field):
    """As the README names it: the fields of every article, clause and partner in one row."""
    if field.startswith("partner."):
        return field.replace("partner.", "partners[].", 1)
    field = re.sub(r"^further\b", "articles.<article>", field)
    field = re.sub(r"^(articles|at)\.\w+", r"\1.<article>", field)
    return re.sub(r"^clause\.\w+", "clause.<id>", field)


def test_the_consent_asks_for_exactly_the_declared_fields():
    template = consents.TEMPLATE.read_bytes()
    used, problems = checking.check(template, consents.FIELDS, consents.CLAUSES)

    assert problems == []
    assert set(used) == consents.FIELDS


def test_the_agreement_asks_only_for_declared_fields_and_prints_each_itself_or_by_a_clause():
    by_template = agreements.read(agreements.prepared(agreements.shipped().content)).fields
    by_clauses, faults = wording.fields(text for c in LIBRARY.clauses for text in c.text)
    printed = by_template | by_clauses
    left = {field for field in agreements.FIELDS - printed if not field.startswith("at.")}

    assert faults == []
    assert printed <= agreements.FIELDS
    assert [field for field in sorted(left) if not FOR_OWN_TEMPLATES.fullmatch(field)] == []


def test_the_letter_about_a_request_asks_for_exactly_the_declared_fields():
    template = letters.TEMPLATE.read_bytes()
    used, problems = checking.check(template, letters.FIELDS, letters.CLAUSES)

    assert problems == []
    assert set(used) == letters.FIELDS


@pytest.mark.parametrize(
    "paper", [agreements, consents, letters], ids=["agreement", "consent", "letter"]
)
def test_the_readme_names_every_placeholder(paper):
    text = (ROOT / "templates" / "README.md").read_text()

    unnamed = [field for field in sorted(paper.FIELDS) if f"`{readme_name(field)}`" not in text]
    assert unnamed == []


@pytest.mark.parametrize(("script", "template"), TEMPLATES.items())
def test_a_template_is_what_its_script_builds(script, template, tmp_path):
    path = ROOT / "scripts" / f"{script}.py"
    spec = importlib.util.spec_from_file_location(script, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.build(tmp_path / "built.docx")

    with zipfile.ZipFile(tmp_path / "built.docx") as built, zipfile.ZipFile(template) as kept:
        assert built.namelist() == kept.namelist()
        for part in built.namelist():
            assert built.read(part) == kept.read(part), f"run scripts/{script}.py, commit {part}"
