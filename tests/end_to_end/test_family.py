"""From a link to a receipt and back, at a phone: in Spanish without a script, drawn with one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from portal.languages.catalog import catalog
from tests.end_to_end.family import Asked, a_phone, ask, axe, picture
from tests.end_to_end.served import Portal, demonstration, served

pytestmark = pytest.mark.browser

SPANISH = catalog("es")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("family")
    database = demonstration(folder)
    with served(database, folder / "log") as portal:
        yield portal


def come_in(page: Page, portal: Portal, asked: Asked) -> None:
    page.goto(f"{portal.address}/consent/{asked.token}")
    prove(page, asked)


def prove(page: Page, asked: Asked) -> None:
    for name, value in asked.birth_date().items():
        page.fill(f"#{name}", value)
    page.locator("main form button").first.click()


def es(text: str, **values: object) -> str:
    return SPANISH.gettext(text, **values)


def test_from_the_link_to_the_receipt_in_spanish_without_a_script(
    browser: Browser, portal: Portal
) -> None:
    asked = ask(portal)
    page = a_phone(browser, script=False)
    page.goto(f"{portal.address}/consent/{asked.token}")
    assert asked.student not in page.content()
    page.get_by_role("link", name="Español").click()
    picture(page, "es-1-landing")
    prove(page, asked)
    picture(page, "es-2-records")
    page.locator("#out-attendance").check()
    page.locator("#out-visits").check()
    page.get_by_role("button", name=es("Continue")).click()
    page.get_by_role("button", name=es("Continue")).click()  # no initials: no
    picture(page, "es-3-check")
    assert page.locator("html").get_attribute("lang") == "es"
    page.get_by_label(es("Type your full name")).fill(asked.signer)
    page.locator("#agree").check()
    page.get_by_role("button", name=es("Sign"), exact=True).click()
    picture(page, "es-4-signed")

    assert es("Thank you. It is signed.") in page.inner_text("h1")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=es("Receipt (PDF)")).click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")


def test_five_taps_from_the_link_to_the_signature(browser: Browser, portal: Portal) -> None:
    asked = ask(portal, both_ways=False, out=frozenset({"attendance"}))
    page = a_phone(browser, script=False)
    page.goto(f"{portal.address}/consent/{asked.token}")
    for name, value in asked.birth_date().items():
        page.fill(f"#{name}", value)
    taps = 0
    for tap in (
        "main form button",
        "#out-attendance",
        "main form button",
        "#agree",
        "#sign .go button",
    ):
        if tap == "#agree":
            page.fill("#name", asked.signer)
        page.locator(tap).first.click()
        taps += 1

    assert page.inner_text("h1") == "Thank you. It is signed."
    assert taps == 5


def test_a_drawn_signature_and_taking_it_back(browser: Browser, portal: Portal) -> None:
    asked = ask(portal, both_ways=False)
    page = a_phone(browser, script=True)
    come_in(page, portal, asked)
    page.locator("#out-attendance").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.fill("#name", asked.signer)
    draw(page)
    picture(page, "en-drawn")
    page.locator("#agree").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    assert page.inner_text("h1") == "Thank you. It is signed."

    page.locator(".link a").click()
    picture(page, "en-keep")
    page.get_by_role("link", name=re.compile("Take back all with")).first.click()
    picture(page, "en-take-back")
    page.get_by_role("button", name="Take it back now").click()
    picture(page, "en-taken-back")
    assert "It is taken back." in page.inner_text("main")


def draw(page: Page) -> None:
    """Something like a name."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + 30, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(x + step * 6, y + (25 if step % 4 < 2 else -25))
    page.mouse.up()


def test_every_page_of_the_way_is_accessible(browser: Browser, portal: Portal) -> None:
    asked = ask(portal, with_code=True)
    page = a_phone(browser, script=True)
    base = f"{portal.address}/consent/{asked.token}"
    found = []
    page.goto(f"{portal.address}/consent/nothing")
    found += axe(page, "a1-unknown-link")
    page.goto(base)
    found += axe(page, "a2-landing")
    for name, value in {**asked.birth_date(), "code": "000000"}.items():
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Continue").click()
    found += axe(page, "a3-wrong")
    page.fill("#code", asked.code)
    for name, value in asked.birth_date().items():
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Continue").click()
    found += axe(page, "a4-records")
    for tick in ("attendance", "visits", "visit_notes"):
        page.locator(f"#out-{tick}").check()
    page.locator("#back-service_status").check()
    page.get_by_role("button", name="Continue").click()
    found += axe(page, "a5-special")
    page.fill("#out-hiv", "MS")
    page.get_by_role("button", name="Continue").click()
    found += axe(page, "a6-check")
    page.goto(f"{base}/until-1")
    found += axe(page, "a7-until")
    page.fill("#until", "2019-01-01")
    page.locator("#answer").evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    page.wait_for_selector(".problem")
    found += axe(page, "a8-until-wrong")
    page.goto(f"{base}/no")
    found += axe(page, "a9-no")
    page.goto(f"{base}/check")
    page.fill("#name", "Somebody Else")
    page.locator("#agree").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    found += axe(page, "b1-check-wrong")
    page.fill("#name", asked.signer)
    page.get_by_role("button", name="Sign", exact=True).click()
    found += axe(page, "b2-signed")
    page.locator(".link a").click()
    found += axe(page, "b3-keep")
    page.get_by_role("link", name=re.compile("Who has seen")).first.click()
    found += axe(page, "b4-seen")
    page.go_back()
    page.get_by_role("link", name=re.compile("Take back all with")).first.click()
    found += axe(page, "b5-take-back")
    page.get_by_role("button", name="Take it back now").click()
    found += axe(page, "b6-taken-back")
    page.goto(base)
    found += axe(page, "b7-used")
    page.goto(f"{portal.address}/verify")
    found += axe(page, "b8-verify")
    page.get_by_role("button", name="Check it").click()
    found += axe(page, "b9-verify-empty")
    page.goto(f"{portal.address}/verify/AAAA")
    found += axe(page, "c1-not-ours")
    page.goto(f"{portal.address}/consent/x/said-no")
    found += axe(page, "c2-said-no")

    assert found == []
