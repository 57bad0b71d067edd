"""`portal review open`: opens what is due, and mails superintendents of what is overdue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from portal.cli import app
from portal.config import settings
from portal.store.people import User
from tests.pages.conftest import PortalDb, cast_file, portal_db
from tests.people import NOW
from tests.test_mail import Sink, server

__all__ = ["cast_file", "portal_db", "server"]

LATE = NOW + timedelta(days=31)


def opened() -> str:
    done = CliRunner().invoke(app, ["review", "open"])
    assert done.exit_code == 0, done.output
    return done.output


def test_it_opens_each_review_once_and_mails_one_that_is_overdue_once(
    portal_db: PortalDb, server: type[Sink]
) -> None:
    with portal_db.writing() as session:
        session.get_one(User, portal_db.cast.sue.id).email = "sue@example.org"
    first = opened()
    assert "Opened for Harbor Point Public Schools: who has access, 2026-Q4." in first
    assert "the data itself, 2026-Q4." in first
    assert "Opened" not in opened()
    portal_db.at(LATE)

    assert "told of overdue reviews: 2." in opened()
    assert "told of overdue reviews: 0." in opened()


def test_without_a_mail_server_it_says_so(
    portal_db: PortalDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_SMTP_URL", "")
    settings.cache_clear()
    assert "cannot send e-mail" in opened()


def test_what_the_mail_server_did_not_take_is_tried_again(
    portal_db: PortalDb, server: type[Sink], monkeypatch: pytest.MonkeyPatch
) -> None:
    with portal_db.writing() as session:
        session.get_one(User, portal_db.cast.sue.id).email = "sue@example.org"
    opened()
    portal_db.at(LATE)
    with monkeypatch.context() as patch:
        patch.setattr("portal.mail.sent", lambda *_args: False)
        done = CliRunner().invoke(app, ["review", "open"])
    assert (done.exit_code, "did not take 2" in done.output) == (1, True)
    assert "told of overdue reviews: 2." in opened()
