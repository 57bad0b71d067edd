"""The templates in the repository, their scripts, their README and their forms say the same."""

from __future__ import annotations

import importlib.util
import zipfile

import pytest

from portal.agreements import documents as agreements
from portal.config import ROOT
from portal.consents.papers import word as consents
from portal.word.sandbox import StrictTemplate
from portal.word.tags import placeholders

SHIPPED = {"build_mou_template": agreements, "build_consent_template": consents}


@pytest.mark.parametrize("paper", SHIPPED.values(), ids=SHIPPED)
def test_a_template_asks_for_exactly_the_declared_fields(paper):
    template = StrictTemplate(str(paper.TEMPLATE))
    template.init_docx()

    assert placeholders(template) == paper.FIELDS


@pytest.mark.parametrize("paper", SHIPPED.values(), ids=SHIPPED)
def test_the_readme_names_every_placeholder(paper):
    text = (ROOT / "templates" / "README.md").read_text()

    assert [field for field in sorted(paper.FIELDS) if f"`{field}`" not in text] == []


@pytest.mark.parametrize(("script", "paper"), SHIPPED.items())
def test_a_template_is_what_its_script_builds(script, paper, tmp_path):
    path = ROOT / "scripts" / f"{script}.py"
    spec = importlib.util.spec_from_file_location(script, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.build(tmp_path / "built.docx")

    with zipfile.ZipFile(tmp_path / "built.docx") as built, zipfile.ZipFile(paper.TEMPLATE) as kept:
        assert built.namelist() == kept.namelist()
        for part in built.namelist():
            assert built.read(part) == kept.read(part), f"run scripts/{script}.py, commit {part}"
