"""The calendar at a secret address: initials at most, gone at once, and in no log."""

from __future__ import annotations

import logging
import uuid
from datetime import date, timedelta

import icalendar
import pytest
from sqlalchemy import select

from portal.notifications import feed, service
from portal.notifications.queries import Date
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.people import Relation, StaffLock, User
from portal.store.records import Referral
from portal.store.support import FollowUp, NotificationSetting
from portal.vocabulary import Access, ConfirmedBy, ReferralStatus
from tests import factories as make
from tests.people import LONG_AGO, NOW
from tests.web.conftest import Site

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)


@pytest.fixture
def secret(site: Site) -> str:
    """Ana's calendar: a follow-up, a first appointment and a consent that ends, all of Luis's."""
    cast = site.db.cast
    ana = site.db.who(cast.ana)
    with site.db.writing() as session:
        session.add(
            FollowUp(
                staff_id=cast.ana.id,
                student_id=cast.luis.id,
                due_on=TODAY + DAY,
                about="Ask Luis about the dog; call Maria",
                written_at=LONG_AGO,
            )
        )
        referral: Referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
        referral.status, referral.access = ReferralStatus.IN_SERVICE, Access.ACCESSED
        referral.accessed_on, referral.confirmed_by = TODAY - DAY, ConfirmedBy.PROVIDER
        make.consent(session, cast.luis, cast.riverside, cast.maria, ends_at=NOW + 40 * DAY)
        return service.new_feed(session, ana, NOW)


def get(site: Site, secret: str):
    return site.browser().get(f"/calendar/{secret}.ics")


def titles(site: Site, secret: str) -> list[str]:
    answer = get(site, secret)
    assert answer.status_code == 200
    return [str(e["summary"]) for e in icalendar.Calendar.from_ical(answer.text).walk("VEVENT")]


def test_it_tells_what_and_when_with_initials_at_most(site: Site, secret: str) -> None:
    answer = get(site, secret)

    assert titles(site, secret) == [
        "First appointment (portal): L. S.",
        "Follow-up (portal): L. S.",
        "Consent ends (portal): L. S.",
    ]
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "no-store"
    for told in ("Luis", "Sample", "Maria", "dog", "Riverside", "0000000101"):
        assert told not in answer.text
    assert "DTSTART;VALUE=DATE:20261121" in answer.text
    assert "TRANSP:TRANSPARENT" in answer.text


def test_it_needs_no_sign_in_and_only_its_hash_is_kept(site: Site, secret: str) -> None:
    with site.db.writing() as session:
        row = session.scalars(select(NotificationSetting)).one()
        assert row.feed_hash == service.hashed(secret) != secret


def test_a_new_address_or_none_closes_the_old_one_at_once(site: Site, secret: str) -> None:
    ana = site.db.who(site.db.cast.ana)
    with site.db.writing() as session:
        new = service.new_feed(session, ana, NOW)
    assert get(site, secret).status_code == 404
    assert get(site, new).status_code == 200
    with site.db.writing() as session:
        service.stop_feed(session, ana, NOW)
    assert get(site, new).status_code == 404


def test_an_ended_account_has_no_calendar(site: Site, secret: str) -> None:
    with site.db.writing() as session:
        session.get_one(User, site.db.cast.ana.id).active_until = NOW
    assert get(site, secret).status_code == 404


def test_whatever_else_is_asked_for_is_not_there(site: Site, secret: str) -> None:
    browser = site.browser()
    for path in (secret, "x.ics", f"{secret[:-1]}.ics", ".ics", f"{'x' * 5000}.ics", "", "a/b.ics"):
        assert browser.get(f"/calendar/{path}").status_code == 404, path
    assert browser.post(f"/calendar/{secret}.ics").status_code in (404, 405)


def test_a_lost_caseload_is_gone_from_it(site: Site, secret: str) -> None:
    with site.db.writing() as session:
        for relation in session.scalars(
            select(Relation).where(Relation.user_id == site.db.cast.ana.id)
        ):
            relation.ends_at = NOW
    assert titles(site, secret) == []


def test_so_is_a_student_with_a_conflict_of_interest(site: Site, secret: str) -> None:
    cast = site.db.cast
    with site.db.writing() as session:
        lock = StaffLock(
            user_id=cast.ana.id,
            student_id=cast.luis.id,
            starts_at=LONG_AGO,
            reason="Aunt",
            set_by=cast.omar.id,
        )
        session.add(lock)
    assert titles(site, secret) == []


def test_each_reading_is_noted_with_the_students_whose_initials_it_tells(
    site: Site, secret: str
) -> None:
    get(site, secret)
    with site.db.writing() as session:
        line = session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
        assert line is not None
        assert (line.event, line.user_id) == ("calendar.read", site.db.cast.ana.id)
        about = session.scalars(
            select(TrailStudent.student_id).where(TrailStudent.line_id == line.id)
        )
        assert list(about) == [site.db.cast.luis.id]


def test_neither_the_secret_nor_a_name_comes_into_a_log(
    site: Site, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="portal"):
        get(site, secret)
        get(site, f"{secret}x")
    assert secret not in caplog.text
    assert "Luis" not in caplog.text


def test_teachers_and_agencies_have_calendars_with_nothing_of_support(site: Site) -> None:
    for user in (site.db.cast.tom, site.db.cast.alma):
        with site.db.writing() as session:
            theirs = service.new_feed(session, site.db.who(user), NOW)
        assert titles(site, theirs) == []


def test_a_file_is_folded_and_escaped_as_the_standard_says() -> None:
    """RFC 5545, 3.1 and 3.3.11: 75 octets a line, commas and semicolons escaped."""
    dates = [Date(uuid.UUID(int=1), "follow-up", TODAY, "Ø, " * 60)]
    text = feed.written(dates, NOW)

    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert str(event["summary"]).startswith("Follow-up (portal): Ø, Ø")
    assert b"\\," in text
