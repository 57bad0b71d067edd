"""Every odd or hostile template is filled whole or refused in a sentence, and soon."""

from __future__ import annotations

import io
import time

import pytest
from docx import Document

from portal.word import desk
from portal.word.checking import ready, samples
from tests.word import hostile
from tests.word.templates import AT

ALL = hostile.samples()
SECONDS = 15  # on a machine that does other things as well; alone it is less than two


@pytest.mark.parametrize("sample", ALL, ids=[sample.name for sample in ALL])
def test_a_template_is_filled_whole_or_refused_in_a_sentence(sample):
    started = time.perf_counter()
    checked = desk.check(sample.content)

    assert time.perf_counter() - started < SECONDS
    assert sample.usable is None or checked.usable == sample.usable
    if checked.usable:
        values = samples([use for use, _ in ready(sample.content).uses], full=True)
        made = desk.fill(sample.content, values, at=AT)
        assert Document(io.BytesIO(made)).element.body is not None
        assert "{{" not in "".join(text_of(made))
    else:
        assert all(readable(problem) for problem in checked.problems)
        with pytest.raises(desk.BadTemplate):
            desk.fill(sample.content, {"name": "x"}, at=AT)


def readable(problem) -> bool:
    """Sentences, without markup, and not that the program has stopped."""
    said = f"{problem.cause} {problem.fix}"
    stopped = "stopped" in said or problem.cause == "The template cannot be read."
    return (
        problem.cause.endswith(".") and len(problem.fix) > 5 and "<w:" not in said and not stopped
    )


def text_of(docx: bytes) -> list[str]:
    document = Document(io.BytesIO(docx))
    return [paragraph.text for paragraph in document.paragraphs]
