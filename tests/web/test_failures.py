"""A page that fails shows a sentence and a code, and the log has the cause without the data."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from portal import failures
from portal.errors import NotFound


def failing() -> None:
    """A page with a mistake of ours in it."""
    from portal.ui import failure

    try:
        raise KeyError("Luis Sample, 0000000101")
    except KeyError as error:
        assert failure.tell(error)


def refusing() -> None:
    """A page that lets one of the portal's own sentences through."""
    from portal.errors import NotFound
    from portal.ui import failure

    assert failure.tell(NotFound("There is no such student.", "Search again."))


def shown(page: AppTest) -> str:
    return "".join(html.body for html in page.html)


def test_our_mistake_is_a_sentence_with_a_code(caplog: pytest.LogCaptureFixture) -> None:
    page = AppTest.from_function(failing).run()

    text = shown(page)
    assert not page.exception
    assert "Nothing you had saved was lost." in text
    code = text.split("the code ")[1][:4]
    assert f"failure {code}: KeyError" in caplog.text
    assert "Luis" not in text + caplog.text


def test_what_a_person_can_act_upon_is_told_as_it_is() -> None:
    text = shown(AppTest.from_function(refusing).run())

    assert "There is no such student." in text
    assert "Search again." in text


def test_the_log_names_the_causes_and_the_places(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    try:
        try:
            raise ValueError("Mei Sample")
        except ValueError as cause:
            raise NotFound("Mei Sample", "x") from cause
    except NotFound as error:
        code = failures.report(error)

    assert f"failure {code}: NotFound from ValueError" in caplog.text
    assert "test_failures.py" in caplog.text
    assert "Mei" not in caplog.text
