"""`portal watch`: goes over the ledger, and mails that something waits, without a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from portal import mail
from portal.access import trail
from portal.access.trail import Entry
from portal.cli import app
from portal.config import settings
from portal.monitoring.watching import queries
from portal.store.people import User
from tests.pages.conftest import PortalDb, cast_file, portal_db
from tests.people import NOW

__all__ = ["cast_file", "portal_db"]


@pytest.fixture
def letters(portal_db: PortalDb, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Tom was refused twenty times yesterday; whoever looks after it has an address."""
    cast, found = portal_db.cast, []
    tom = portal_db.who(cast.tom)
    with portal_db.writing() as session:
        for user in (cast.dina, cast.sue):
            session.get_one(User, user.id).email = f"{user.role}@example.org"
        for number in range(20):
            at = NOW - timedelta(days=1, minutes=number)
            trail.write(session, tom, Entry("record.opened", False, at, codes=["NO_RELATION"]))
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://localhost")
    monkeypatch.setenv("PORTAL_MAIL_FROM", "portal@example.org")
    settings.cache_clear()
    monkeypatch.setattr(mail, "sent", lambda *letter: found.append(letter) or True)
    return found


def test_it_finds_once_mails_once_and_names_nobody(portal_db: PortalDb, letters) -> None:
    first = CliRunner().invoke(app, ["watch"])
    again = CliRunner().invoke(app, ["watch", "--day", "2026-11-19"])

    assert (first.exit_code, first.output) == (0, "New findings: 1.\n")
    assert again.output == "New findings: 0.\n"
    assert sorted(to for to, _subject, _text in letters) == [
        "district_admin@example.org",
        "superintendent@example.org",
    ]
    assert "1 finding of unusual use" in letters[0][2]
    assert "Tom" not in str(letters)
    with portal_db.writing() as session:
        assert queries.untold(session, portal_db.cast.district.id) == []


def test_a_partners_evening_is_told_to_the_district_and_to_its_own_agency(
    portal_db: PortalDb, letters
) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        session.get_one(User, cast.alma.id).email = "director@example.org"
        for minute in range(5):
            at = NOW - timedelta(hours=12, minutes=minute)
            entry = Entry("record.opened", True, at, (cast.luis.id,))
            trail.write(session, portal_db.who_in(session, cast.rita), entry)
    told = CliRunner().invoke(app, ["watch"])

    assert told.output == "New findings: 3.\n"
    pages = {to: text.split("/")[3].split()[0] for to, _subject, text in letters}
    assert pages == {
        "district_admin@example.org": "watch_use",
        "superintendent@example.org": "watch_use",
        "director@example.org": "watch_our_use",
    }
    assert "Rita" not in str(letters)
