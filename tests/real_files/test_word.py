"""Word files that nobody here wrote: each is usable or refused in sentences, and none is harmed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from portal.agreements.documents import FIELDS
from portal.word import desk
from portal.word.checking import ready, samples
from tests.word.templates import AT

pytestmark = pytest.mark.real_files

USABLE = {
    "footnotes_tpl": {"a_jinja_variable"},
    "header_footer_tpl_utf8": {"company_name", "date", "mysubdoc", "title"},
    "preserve_spaces_tpl": {"tag_1", "tag_2"},
    "richtext_and_if_tpl": {"foobar"},
    "word2016_tpl": {"test_space", "test_space_r", "test_tabs", "test_tabs_r"},
}
REFUSED = {
    "Example_Data_Sharing_MOU_20250422": "The template asks for no field",
    "common-paper-business-associate-agreement": "A blank stands here",
    "doc_properties_tpl": "A tag stands where nothing is filled in",
    "dynamic_table_tpl": "“colspan” would merge or color cells",
    "escape_tpl_auto": "A loop gives one name to what it lists.",
    "template_error_tpl": "This “endif” ends nothing.",
    "vertical_merge_tpl": "“vm” would merge or color cells",
    "93A_demand_letter_sample": "A blank stands here",
    "fixture_warning_positive_fields": "A blank stands here",
    "sample_word_template": "A tag runs nothing",
    "valid_word_invalid_jinja": "This “if” names no condition.",
    "will_template": "The template asks for no field",
}


def files(real_files: Path) -> list[Path]:
    return sorted((real_files / "docx").rglob("*.docx"))


def test_each_file_is_used_or_refused_for_its_own_reason(real_files: Path):
    told = {file.stem: desk.check(file.read_bytes()) for file in files(real_files)}

    assert len(told) == 20
    for name, cause in REFUSED.items():
        assert told[name].problems[0].cause.startswith(cause), name
    for name, fields in USABLE.items():
        assert (told[name].usable, set(told[name].fields)) == (True, fields), name
    assert all(checked.usable for name, checked in told.items() if name not in REFUSED)


def test_each_usable_file_is_filled_whole_and_each_other_one_marked(real_files: Path):
    for file in files(real_files):
        content = file.read_bytes()
        checked = desk.check(content)
        if checked.usable:
            values = samples([use for use, _ in ready(content).uses], full=True)
            made = desk.fill(content, values, at=AT)
            assert len(Document(io.BytesIO(made)).paragraphs) > 0
        else:
            marked = desk.annotated(content, checked.problems)
            notes = Document(io.BytesIO(marked)).element.xml.count("⟦Template check")
            assert notes >= 1, file.name


def test_the_blanks_of_the_agreements_become_fields(real_files: Path):
    for file in files(real_files):
        content = file.read_bytes()
        blanks = [blank for blank in desk.blanks(content, FIELDS) if blank.guess != "leave"]
        if blanks and "docxtpl" not in file.parent.name:
            made = desk.with_fields(content, {blank.id: "purpose" for blank in blanks})
            assert desk.check(made, FIELDS).usable, file.name


def test_a_file_cut_short_renamed_or_with_noise_in_it_is_refused(real_files: Path):
    for file in files(real_files):
        content = file.read_bytes()
        for broken in (content[: len(content) // 2], content[:-30], content[100:]):
            assert not desk.check(broken).usable
