"""A signer is reminded by e-mail: by somebody, or by itself after a week; once a day at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from portal import mail
from portal.agreements import queries, reminding, signing
from portal.cli import app
from portal.config import settings
from portal.errors import NotFound, NotReady, Refused
from portal.store.agreements import AgreementEvent, AgreementSignature
from portal.store.ledger import TrailLine
from portal.ui import agreement_mail
from portal.vocabulary import AgreementEventKind
from tests.agreements.papers import (
    A_SIDE,
    B_SIDE,
    DISTRICT,
    PARTNER,
    a_content,
    drafted,
    issued,
    signed_by_both,
)
from tests.pages.conftest import PortalDb, cast_file, portal_db
from tests.people import NOW

__all__ = ["cast_file", "portal_db"]

DAY = timedelta(days=1)


def due(cast, at, after=reminding.AFTER) -> list[str]:
    found = reminding.due(cast.session, cast.who(cast.dina), at, after)
    return [view.number for view in found]


# What is written down, and the words


def test_the_letter_names_the_agreement_the_day_the_page_and_who_asks(cast):
    paper = issued(cast)
    letter = reminding.remind(cast.session, cast.who(cast.dina), paper.id, NOW)

    assert letter.to == "alma@example.org"
    assert letter.subject == f"Agreement {paper.number} waits for your signature"
    for told in (
        "Dear Alma River", "Harbor Point Public Schools", "Riverside Clinic",
        "issued on November 20, 2026", "through June 30, 2027", "/sign_agreement",
        "Dina Desk of Harbor Point Public Schools asks for it.",
    ):  # fmt: skip
        assert told in letter.text, told
    [place, _other] = queries.signatures(cast.session, paper.id)
    assert place.reminded_at == NOW


def test_it_is_the_turn_of_the_next_one_after_a_signature(cast):
    paper = issued(cast)
    signing.sign(cast.session, cast.who(cast.alma), paper.id, PARTNER, B_SIDE, NOW)

    letter = reminding.remind(cast.session, cast.who(cast.dina), paper.id, NOW)
    assert letter.to == "sue@example.org"


def test_a_signer_is_reminded_once_a_day(cast):
    paper, dina = issued(cast), cast.who(cast.dina)
    reminding.remind(cast.session, dina, paper.id, NOW)
    with pytest.raises(NotReady, match="reminded today already"):
        reminding.remind(cast.session, dina, paper.id, NOW + timedelta(hours=13))

    assert reminding.remind(cast.session, dina, paper.id, NOW + timedelta(hours=14)).before == NOW


def test_what_was_not_sent_is_written_down_and_can_be_tried_again(cast):
    paper, dina = issued(cast), cast.who(cast.dina)
    letter = reminding.remind(cast.session, dina, paper.id, NOW)
    reminding.not_sent(cast.session, dina, letter, NOW)

    said = [event.text for event in queries.history(cast.session, paper.id)]
    assert "The mail server did not take the e-mail to Alma River." in said
    assert reminding.remind(cast.session, dina, paper.id, NOW).before is None


def test_one_who_has_signed_meanwhile_stays_as_they_are(cast):
    paper, dina = issued(cast), cast.who(cast.dina)
    letter = reminding.remind(cast.session, dina, paper.id, NOW)
    signing.sign(cast.session, cast.who(cast.alma), paper.id, PARTNER, B_SIDE, NOW)
    reminding.not_sent(cast.session, dina, letter, NOW)

    assert cast.session.get_one(AgreementSignature, (paper.id, PARTNER)).reminded_at == NOW


@pytest.mark.parametrize("who", ["alma", "hugo", "ana"])
def test_only_who_makes_agreements_reminds(cast, who):
    paper, me = issued(cast), cast.who(getattr(cast, who))

    with pytest.raises((NotFound, Refused)):
        reminding.remind(cast.session, me, paper.id, NOW)


@pytest.mark.parametrize("state", ["draft", "executed"])
def test_nobody_is_reminded_of_a_draft_or_of_what_all_have_signed(cast, state):
    paper = drafted(cast) if state == "draft" else signed_by_both(cast, issued(cast))

    with pytest.raises(NotReady, match="cannot be reminded of"):
        reminding.remind(cast.session, cast.who(cast.dina), paper.id, NOW)


# By itself, after a week and after two


def test_a_turn_of_seven_and_of_fourteen_days_is_due_once_each(cast):
    paper, dina = issued(cast), cast.who(cast.dina)
    assert due(cast, NOW + 7 * DAY - timedelta(seconds=1)) == []
    assert due(cast, NOW + 7 * DAY) == [paper.number]
    reminding.remind(cast.session, dina, paper.id, NOW + 7 * DAY)
    assert due(cast, NOW + 13 * DAY) == []
    assert due(cast, NOW + 14 * DAY) == [paper.number]
    reminding.remind(cast.session, dina, paper.id, NOW + 15 * DAY)
    assert due(cast, NOW + 60 * DAY) == []
    assert due(cast, NOW + 60 * DAY, (7, 14, 28)) == [paper.number]


def test_a_turn_begins_with_the_signature_before_it(cast):
    paper, later = issued(cast), NOW + 5 * DAY
    signing.sign(cast.session, cast.who(cast.alma), paper.id, PARTNER, B_SIDE, later)

    assert due(cast, NOW + 8 * DAY) == []
    assert due(cast, later + 7 * DAY) == [paper.number]
    signing.sign(cast.session, cast.who(cast.sue), paper.id, DISTRICT, A_SIDE, later + 8 * DAY)
    assert due(cast, later + 30 * DAY) == []


def test_somebody_without_an_address_is_not_due(cast):
    content = a_content(cast)
    [signer] = content.partners[0].signers
    terms = replace(content.partners[0], signers=(replace(signer, email=""),))
    issued(cast, replace(content, partners=(terms,)))

    assert due(cast, NOW + 30 * DAY) == []


def test_others_have_nothing_to_remind_of(cast):
    issued(cast)

    with pytest.raises(Refused):
        reminding.due(cast.session, cast.who(cast.alma), NOW + 30 * DAY)


# Sending


@pytest.fixture
def out(portal_db: PortalDb):
    """Issued by Dina, in the database of the pages."""
    with portal_db.writing() as session:
        return issued(replace(portal_db.cast, session=session))


@pytest.fixture
def mailed(portal_db: PortalDb, monkeypatch) -> list[tuple[str, str, str]]:
    """What was handed to the mail server."""
    letters: list[tuple[str, str, str]] = []
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://mail.example.org")
    monkeypatch.setenv("PORTAL_MAIL_FROM", "portal@example.org")
    settings.cache_clear()
    monkeypatch.setattr(mail, "send", lambda *letter: letters.append(letter))
    return letters


def reminders(portal_db) -> list[str]:
    with portal_db.writing() as session:
        rows = select(AgreementEvent).where(AgreementEvent.kind == AgreementEventKind.REMINDED)
        return [row.text for row in session.scalars(rows)]


def test_it_is_written_down_and_then_sent(portal_db, out, mailed):
    agreement_mail.remind(portal_db.who(portal_db.cast.dina), out.id, NOW)

    [(to, subject, text)] = mailed
    assert (to, subject) == (
        "alma@example.org",
        f"Agreement {out.number} waits for your signature",
    )
    assert "Luis" not in text
    assert reminders(portal_db) == ["Alma River"]


def test_without_a_mail_server_it_refuses_kindly_and_nothing_is_written(portal_db, out):
    with pytest.raises(Refused, match="no mail server is set") as caught:
        agreement_mail.remind(portal_db.who(portal_db.cast.dina), out.id, NOW)
    assert "Call the signer" in caught.value.do_next
    assert "family" not in caught.value.do_next
    assert reminders(portal_db) == []


def test_a_server_that_does_not_take_it_is_told_and_the_history_is_honest(
    portal_db, out, mailed, monkeypatch
):
    def refuses(*_letter) -> None:
        raise Refused("alma@example.org was refused.", "x")

    monkeypatch.setattr(mail, "send", refuses)
    dina = portal_db.who(portal_db.cast.dina)
    with pytest.raises(Refused, match="did not go out") as caught:
        agreement_mail.remind(dina, out.id, NOW)
    assert caught.value.__cause__ is None
    assert "alma@" not in f"{caught.value.what} {caught.value.do_next}"
    assert len(reminders(portal_db)) == 2
    monkeypatch.setattr(mail, "send", lambda *letter: mailed.append(letter))
    agreement_mail.remind(dina, out.id, NOW)
    assert len(mailed) == 1


# The command


def run(*words: str):
    return CliRunner().invoke(app, ["agreement", "remind", *words])


def test_the_command_reminds_whoever_has_waited_a_week_and_once(portal_db, out, mailed):
    user = portal_db.cast.dina.username
    portal_db.at(NOW + 6 * DAY)
    assert "Nobody has to be reminded." in run("--as", user).output
    portal_db.at(NOW + 7 * DAY)
    told = run("--as", user.upper(), "--dry-run")
    assert f"{out.number}: Riverside Clinic would be reminded" in told.output
    assert mailed == []

    told = run("--as", user)
    assert told.exit_code == 0
    assert f"{out.number}: Riverside Clinic was reminded" in told.output
    assert "Alma" not in told.output
    assert "Nobody has to be reminded." in run("--as", user).output
    assert len(mailed) == 1
    with portal_db.writing() as session:
        line = session.scalars(
            select(TrailLine).where(TrailLine.event == "agreement.reminded")
        ).one()
    assert line.user_name == "Dina Desk"


def test_the_command_takes_other_days(portal_db, out, mailed):
    portal_db.at(NOW + 3 * DAY)

    assert run("--as", portal_db.cast.dina.username, "--after", "3").exit_code == 0
    assert len(mailed) == 1


@pytest.mark.parametrize("who", ["alma", "tom", "nobody"])
def test_the_command_meets_the_same_refusals(portal_db, out, mailed, who):
    user = getattr(portal_db.cast, who).username if who != "nobody" else "nobody"
    portal_db.at(NOW + 30 * DAY)
    told = run("--as", user)

    assert (told.exit_code, mailed) == (1, [])


def test_the_command_fails_when_a_reminder_did_not_go_out(portal_db, out):
    portal_db.at(NOW + 30 * DAY)
    told = run("--as", portal_db.cast.dina.username)

    assert told.exit_code == 1
    assert f"{out.number}: Riverside Clinic was not reminded." in told.stderr
