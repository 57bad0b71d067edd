"""The daily mail: once a day, only when something is due, in numbers; anybody may switch it off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from portal import clock, mail
from portal.cli import app
from portal.config import settings
from portal.errors import Refused
from portal.notifications import service
from portal.store.ledger import TrailLine
from portal.store.people import StaffLock, User
from portal.store.records import Record
from portal.store.support import AmendmentRequest, FollowUp, NotificationSetting, StudentService
from portal.vocabulary import Category, ReferralStatus, Urgency
from tests import factories as make
from tests.pages.conftest import PortalDb, cast_file, portal_db
from tests.people import LONG_AGO, NOW
from tests.test_mail import Sink, server

__all__ = ["cast_file", "portal_db", "server"]

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
NAMES = ("Luis", "Mei", "Sample", "0000000101", "R-", "C-")


@pytest.fixture
def office(portal_db: PortalDb, server: type[Sink]) -> Iterator[PortalDb]:
    """Ana has two follow-ups due with Luis and one tomorrow; she can be reached by mail."""
    with portal_db.writing() as session:
        session.get_one(User, portal_db.cast.ana.id).email = "ana@example.org"
        for days in (-1, 0, 1):
            session.add(
                FollowUp(
                    staff_id=portal_db.cast.ana.id,
                    student_id=portal_db.cast.luis.id,
                    due_on=TODAY + days * DAY,
                    about="Ask Luis about the dog.",
                    written_at=LONG_AGO,
                )
            )
    yield portal_db


def digest(*options: str) -> Result:
    return CliRunner().invoke(app, ["digest", *options])


def events(db: PortalDb) -> list[str]:
    with db.writing() as session:
        return list(session.scalars(select(TrailLine.event).order_by(TrailLine.id)))


def test_it_says_how_much_is_due_and_names_nobody(office: PortalDb) -> None:
    told = digest()

    assert (told.exit_code, told.output) == (0, "Sent: 1. Nothing due: 0.\n")
    [letter] = Sink.letters
    assert "Subject: What is due today" in letter
    assert "To: ana@example.org" in letter
    assert "- 2 follow-ups are due" in letter
    assert settings().public_url in letter
    for name in NAMES:
        assert name not in letter, name
        assert name not in told.output


def test_it_comes_once_a_day_however_often_the_command_runs(office: PortalDb) -> None:
    for _time in range(3):
        assert digest().exit_code == 0
    assert len(Sink.letters) == 1
    assert events(office).count("digest.written") == 1

    office.at(NOW + DAY)
    digest()
    assert len(Sink.letters) == 2
    assert "3 follow-ups are due" in Sink.letters[-1]


def test_when_nothing_is_due_nothing_comes(office: PortalDb) -> None:
    office.at(NOW - 5 * DAY)
    assert digest().output == "Sent: 0. Nothing due: 1.\n"
    assert Sink.letters == []


def test_what_the_server_did_not_take_is_tried_again(office: PortalDb) -> None:
    Sink.refuses = "MAIL"
    told = digest()
    assert told.exit_code == 1
    assert "did not take 1" in told.output
    Sink.refuses = ""

    assert digest().exit_code == 0
    assert len(Sink.letters) == 1


def test_it_is_written_down_before_it_goes(
    office: PortalDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(mail, "send", lambda *_letter: seen.extend(events(office)))
    digest()
    assert "digest.written" in seen


def test_one_can_switch_it_off(office: PortalDb) -> None:
    ana = office.who(office.cast.ana)
    with office.writing() as session:
        service.save(session, ana, digest=False, urgent=True, at=NOW)
    assert digest().output == "Sent: 0. Nothing due: 0.\n"
    assert Sink.letters == []


@pytest.mark.parametrize("how", ["ended", "no address"])
def test_who_is_gone_or_has_no_address_gets_none(office: PortalDb, how: str) -> None:
    with office.writing() as session:
        ana = session.get_one(User, office.cast.ana.id)
        if how == "ended":
            ana.active_until = NOW
        else:
            ana.email = ""
    assert digest().output == "Sent: 0. Nothing due: 0.\n"


def test_a_student_with_a_conflict_of_interest_is_not_counted(office: PortalDb) -> None:
    with office.writing() as session:
        session.add(
            StaffLock(
                user_id=office.cast.ana.id,
                student_id=office.cast.luis.id,
                starts_at=LONG_AGO,
                reason="Aunt",
                set_by=office.cast.omar.id,
            )
        )
    assert digest().output == "Sent: 0. Nothing due: 1.\n"


def test_an_agency_is_told_of_referrals_that_await_its_answer(office: PortalDb) -> None:
    cast = office.cast
    with office.writing() as session:
        session.get_one(User, cast.alma.id).email = "alma@example.org"
        make.referral(session, cast.luis, cast.riverside, cast.ana)
    digest()

    assert any("- 1 referral awaits your answer" in letter for letter in Sink.letters)
    assert any("- 1 referral was not answered in time" in letter for letter in Sink.letters)
    for letter in Sink.letters:
        assert not any(name in letter for name in NAMES)


def test_services_past_their_end_and_consents_that_end_are_counted(office: PortalDb) -> None:
    cast = office.cast
    with office.writing() as session:
        record = make.record(session, cast.luis, Category.SERVICE_STATUS, author=cast.ana)
        session.add(
            StudentService(
                record_id=record.id,
                service="skill_building",
                provider="North School",
                started_on=date(2026, 9, 1),
                estimated_end=TODAY - DAY,
            )
        )
        make.consent(session, cast.luis, cast.riverside, cast.maria, ends_at=NOW + 5 * DAY)
    digest()

    [letter] = Sink.letters
    assert "- 1 service is past its estimated end" in letter
    assert "- 1 consent ends within two weeks" in letter


def test_whoever_decides_is_told_how_many_requests_to_amend_wait(office: PortalDb) -> None:
    cast = office.cast
    with office.writing() as session:
        session.get_one(User, cast.omar.id).email = "omar@example.org"
        record = make.record(session, cast.luis, Category.VISITS, author=cast.ana)
        session.add(
            AmendmentRequest(
                record_id=record.id,
                student_id=cast.luis.id,
                asked_by=cast.maria.id,
                asked_on=TODAY - DAY,
                wants="It was 10 minutes.",
                written_by=cast.ana.id,
                written_at=NOW - DAY,
            )
        )
    digest()

    told = ["- 1 request to amend a record waits for you" in letter for letter in Sink.letters]
    assert sorted(told) == [False, True]
    assert not any(name in letter for letter in Sink.letters for name in NAMES)


def test_without_a_mail_server_it_says_so(portal_db: PortalDb) -> None:
    told = digest()
    assert told.exit_code == 1
    assert "PORTAL_SMTP_URL" in told.output


# At once


@pytest.fixture
def urgent(office: PortalDb) -> PortalDb:
    """Ana's urgent referral of Luis waits since long ago."""
    cast = office.cast
    with office.writing() as session:
        row = make.referral(session, cast.luis, cast.riverside, cast.ana)
        row.urgency = Urgency.URGENT
    return office


def test_an_urgent_referral_that_nobody_answered_is_told_at_once_and_once(
    urgent: PortalDb,
) -> None:
    for _time in range(2):
        assert digest("--urgent").exit_code == 0
    [letter] = Sink.letters
    assert "Subject: An urgent referral waits" in letter
    assert "An urgent referral was not answered in time." in letter
    assert not any(name in letter for name in NAMES)


def test_an_urgent_mail_that_was_not_taken_is_tried_again(urgent: PortalDb) -> None:
    Sink.refuses = "MAIL"
    assert digest("--urgent").exit_code == 1
    Sink.refuses = ""
    assert digest("--urgent").exit_code == 0
    assert len(Sink.letters) == 1


def test_it_too_can_be_switched_off(urgent: PortalDb) -> None:
    with urgent.writing() as session:
        service.save(session, urgent.who(urgent.cast.ana), digest=True, urgent=False, at=NOW)
    digest("--urgent")
    assert Sink.letters == []


@pytest.mark.parametrize("change", ["routine", "answered", "new"])
def test_others_are_not_urgent(urgent: PortalDb, change: str) -> None:
    from portal.store.records import Referral

    with urgent.writing() as session:
        row = session.scalars(select(Referral)).one()
        if change == "routine":
            row.urgency = Urgency.ROUTINE
        elif change == "answered":
            row.status = ReferralStatus.ACCEPTED
        else:
            session.get_one(Record, row.record_id).event_at = NOW - timedelta(hours=20)
    digest("--urgent")
    assert Sink.letters == []


# Wishes


def test_mail_is_on_until_it_is_switched_off_and_a_calendar_off_until_made(
    portal_db: PortalDb,
) -> None:
    ana = portal_db.who(portal_db.cast.ana)
    with portal_db.writing() as session:
        assert service.wishes(session, ana) == service.Wishes()
        secret = service.new_feed(session, ana, NOW)
        row = session.get_one(NotificationSetting, ana.id)
        assert secret not in (row.feed_hash, "")
        assert service.wishes(session, ana).feed_made_at == NOW
        service.stop_feed(session, ana, NOW)
        service.stop_feed(session, ana, NOW)
        assert service.wishes(session, ana) == service.Wishes()
    assert events(portal_db).count("calendar.stopped") == 1


def test_the_clock_of_the_command_is_the_portals(office: PortalDb) -> None:
    assert clock.now() == NOW
    assert isinstance(NOW, datetime)
    with pytest.raises(Refused):
        mail.send("not an address", "x", "y")
