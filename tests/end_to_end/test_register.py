"""Anybody at a browser: which agreements are in force, and whether a paper is one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end.family import a_phone, axe
from tests.end_to_end.served import Portal, demonstration, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("register")
    database = demonstration(folder)
    with served(database, folder / "log") as portal:
        yield portal


def test_anybody_reads_an_agreement_takes_it_along_and_has_it_recognized(
    browser: Browser, portal: Portal, tmp_path: Path
):
    page = a_phone(browser, script=False)
    page.goto(f"{portal.address}/login")
    page.get_by_role("link", name="agreements about student information").click()
    page.get_by_role("link", name="Riverside Clinic").first.click()
    expect(page.get_by_role("heading", name="What may be shared about a student")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="(Word)").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)

    page.get_by_role("link", name="Is the paper that you hold genuine?").click()
    page.get_by_label("The file, as you received it").set_input_files(file)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "This agreement is genuine and in force"
    )
    expect(page.get_by_text("Riverside Clinic")).to_be_visible()
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    page.get_by_role("link", name="Check another paper").click()
    page.get_by_label("The file, as you received it").set_input_files(file)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is not a paper of ours")


def test_every_page_is_accessible_at_every_width_in_every_language(
    browser: Browser, portal: Portal
):
    page = a_phone(browser, script=True)
    page.goto(f"{portal.address}/agreements")
    number = page.get_by_role("link", name="Riverside Clinic").first.get_attribute("href")
    assert number is not None
    one = number.partition("?")[0]
    found = []
    for language in ("en", "es", "pt"):
        for path, name in (
            ("/agreements", "list"),
            (one, "one"),
            ("/verify", "verify"),
            (f"/verify/{one.rpartition('/')[2]}", "verified"),
            ("/agreements/M-222222", "none"),
        ):
            page.goto(f"{portal.address}{path}?lang={language}")
            for summary in page.locator("summary").all():
                summary.click()
            found += axe(page, f"register-{name}-{language}")

    assert found == []
