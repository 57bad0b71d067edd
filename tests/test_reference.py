"""The reference pages are what the code says today."""

import pytest

from scripts import reference


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_reference_page_is_written_anew_when_what_it_describes_changes(name):
    told = (reference.FOLDER / name).read_text(encoding="utf-8")

    assert told == reference.PAGES[name](), "run scripts/reference.py"
