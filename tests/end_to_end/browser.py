"""A person at a browser: what they read, choose, type and click, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Browser, Download, Locator, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
READY = "[data-testid=stApp][data-test-script-state=notRunning]"
PATIENCE = 20_000
RECOVERY: dict[tuple[str, str], list[str]] = {}
"""Each person's recovery codes at each portal, written down when they were shown."""


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


class Person:
    """One person with a browser of their own. width: 1280 is a desk, 390 a phone."""

    def __init__(self, browser: Browser, address: str, width: int = 1280) -> None:
        self.address = address
        context = browser.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce"
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)

    def set_password(self, link: str, password: str) -> None:
        """Follow a welcome link and choose a password."""
        self.page.goto(link)
        for field in self.page.locator("input[type=password]").all():
            field.fill(password)
        self.page.get_by_role("button").first.click()
        self.page.wait_for_load_state()

    def sign_in(self, name: str, password: str) -> None:
        """Sign in at the portal's own page, and do what it asks before it opens."""
        self.begin_to_sign_in(name, password)
        self.do_what_is_asked(name)
        self.settle()

    def begin_to_sign_in(self, name: str, password: str) -> None:
        """Sign in, up to whatever the portal asks next."""
        self.page.goto(f"{self.address}/login")
        self.page.get_by_label("E-mail address or user name").fill(name)
        self.send("Password", password, "Sign in")

    def do_what_is_asked(self, name: str) -> None:
        """Set a second factor up, show it, accept confidentiality: whatever the portal asks."""
        for _ in range(3):
            match urlsplit(self.page.url).path:
                case "/authenticator":
                    self.set_up_a_second_factor(name)
                case "/code":
                    self.send("Six digits", self._recovery(name).pop(), "Go on")
                case "/confidentiality":
                    self.page.get_by_label("I have read this").check()
                    self.send("", "", "Accept")

    def set_up_a_second_factor(self, name: str) -> None:
        """Follow the page as a person with a phone does, and write the recovery codes down."""
        secret = self.page.locator(".secret").inner_text().replace(" ", "")
        self.send("Six digits", pyotp.TOTP(secret).now(), "Set up")
        self._recovery(name).extend(self.page.locator(".codes li").all_inner_texts())
        with self.page.expect_navigation():
            self.page.get_by_role("link", name="I have them").click()

    def _recovery(self, name: str) -> list[str]:
        return RECOVERY.setdefault((self.address, name), [])

    def send(self, label: str, text: str, button: str) -> None:
        """Fill the one field of a plain page, if it has one, and send it."""
        if label:
            self.page.get_by_label(label).fill(text)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button).click()

    def unlock(self, password: str) -> None:
        """Show that one is still the same, after having been away."""
        self.send("Password", password, "Unlock")
        self.settle()

    def open(self, title: str) -> None:
        """Open a page from the menu."""
        self.page.get_by_role("link", name=title, exact=True).first.click()
        expect(self.page.get_by_role("heading", level=1).first).to_be_visible()
        self.settle()

    def settle(self) -> None:
        """Wait until the page stands still."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector(READY)
        self.page.wait_for_timeout(150)

    def choose(self, label: str, typed: str) -> None:
        """Type into a list and take its first match, unless it is chosen already."""
        field = self.page.get_by_role("combobox", name=re.compile(f"^{re.escape(label)}")).first
        if typed.casefold() in field.input_value().casefold():
            return
        field.click()
        field.fill(typed)
        self.page.get_by_role("option", name=re.compile(re.escape(typed), re.I)).first.click()
        self.settle()

    def choose_also(self, label: str, typed: str) -> None:
        """Add to a list that takes several."""
        self.choose(label, typed)
        self.page.keyboard.press("Escape")
        self.settle()

    def take_first(self, label: str) -> str:
        """Take what a list offers first, and tell what that is."""
        field = self.page.get_by_role("combobox", name=re.compile(f"^{re.escape(label)}")).first
        field.focus()
        field.press("ArrowDown")
        first = self.page.get_by_role("option").first
        offered = first.inner_text()
        first.click()
        self.settle()
        return offered

    def tap(self, group: str, option: str) -> None:
        """Take one of the chips of a group."""
        self._group(group).get_by_role("button", name=option, exact=True).or_(
            self._group(group).get_by_role("radio", name=option, exact=True)
        ).first.click()
        self.settle()

    def _group(self, name: str) -> Locator:
        label = self.page.get_by_text(name, exact=True)
        return self.page.locator("[data-testid=stButtonGroup]").filter(has=label).first

    def type(self, label: str, text: str) -> None:
        """Fill a field."""
        field = self.page.get_by_label(re.compile(f"^{re.escape(label)}")).first
        field.fill(text)
        field.press("Tab")
        self.settle()

    def type_at_end_of(self, ending: str, text: str) -> None:
        """Fill the first field whose label ends so."""
        field = self.page.get_by_label(re.compile(f"{re.escape(ending)}$")).first
        field.fill(text)
        field.press("Tab")
        self.settle()

    def tick(self, label: str) -> None:
        """Tick a box or turn a switch."""
        self.page.get_by_text(label, exact=True).first.click()
        self.settle()

    def tick_beginning(self, beginning: str) -> None:
        """Tick the box whose label begins so."""
        self.page.get_by_text(re.compile(f"^{re.escape(beginning)}")).first.click()
        self.settle()

    def click(self, name: str) -> None:
        """Click a button, by what it says at its beginning."""
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click()
        self.settle()

    def press(self, name: str) -> None:
        """Click the button that says exactly this."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.settle()

    def download(self, name: str) -> Download:
        """Follow a link to a file."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=re.compile(re.escape(name))).first.click()
        return waiting.value

    @property
    def text(self) -> str:
        """All that the page says, without the menu."""
        return self.page.locator("[data-testid=stMain]").inner_text()

    def sees(self, *words: str) -> None:
        """Every one of these words comes to be on the page."""
        for word in words:
            expect(self.page.locator("[data-testid=stMain]")).to_contain_text(
                word, timeout=PATIENCE, ignore_case=True
            )

    def sees_not(self, *words: str) -> None:
        """None of these words is on the page."""
        self.settle()
        text = self.text.casefold()
        for word in words:
            assert word.casefold() not in text, f"{word!r} is on the page:\n{self.text}"

    def picture(self, folder: Path, name: str) -> None:
        """Take a picture of the page, on a sheet long enough for a form."""
        folder.mkdir(parents=True, exist_ok=True)
        usual = self.page.viewport_size
        self.page.set_viewport_size({"width": 1280, "height": 1300})
        self.settle()
        self.page.screenshot(path=folder / f"{name}.png")
        if usual is not None:
            self.page.set_viewport_size(usual)
