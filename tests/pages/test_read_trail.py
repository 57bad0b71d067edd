"""The page Disclosures, for the district's administrator and superintendent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.access import trail
from portal.access.actor import load
from portal.access.trail import Entry
from portal.stewardship.queries import PAGE as LINES
from portal.stewardship.words import Kind
from portal.store.accounts import UserSession
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "read_trail.py"


@pytest.fixture
def busy(portal_db: PortalDb) -> PortalDb:
    """Rita opened Luis's record once an hour, more often than a page holds; Rob was refused."""
    cast = portal_db.cast
    rita, rob = portal_db.who(cast.rita), portal_db.who(cast.rob)
    with portal_db.writing() as session:
        for hours in range(LINES + 1):
            at = NOW - timedelta(hours=hours)
            trail.write(
                session, rita, Entry("record.opened", True, at, (cast.luis.id,), opened=["visits"])
            )
        codes = ["NOT_ON_CASE_TEAM"]
        refusal = Entry("record.opened", False, NOW, (cast.mei.id,), codes=codes)
        trail.write(session, rob, refusal)
    return portal_db


def test_the_superintendent_reads_who_opened_what(busy: PortalDb) -> None:
    text = busy.shown(busy.run(PAGE, busy.cast.sue))

    assert f"{LINES + 2} lines" in text
    assert "Luis Sample" in text
    assert "Rita River, Riverside Clinic" in text
    assert "Support visits and services" in text
    assert "You are not on this student&#x27;s case team." in text


def test_a_search_without_result_says_what_to_try(busy: PortalDb) -> None:
    page = busy.run(PAGE, busy.cast.sue)

    page.text_input(key="trail-typed").set_value("rivzz<b>").run()

    assert "Nothing matches “rivzz&lt;b&gt;”." in busy.shown(page)


def test_filters_narrow_to_refusals_and_kinds(busy: PortalDb) -> None:
    page = busy.run(PAGE, busy.cast.sue)

    page.selectbox(key="trail-answer").set_value("Refused").run()
    assert "Mei Sample" in busy.shown(page)
    assert "Luis Sample" not in busy.shown(page)

    page.selectbox(key="trail-kind").set_value(Kind.SUPPORT).run()
    assert "Nothing in this time." in busy.shown(page)


def test_a_second_page_and_back_to_the_first_by_a_new_filter(busy: PortalDb) -> None:
    page = busy.page(PAGE, busy.cast.sue)
    page.session_state["trail-page"] = 2
    page.run()
    assert "Rob River" not in busy.shown(page)

    page.selectbox(key="trail-since").set_value("Last 7 days").run()

    assert "Rob River" in busy.shown(page)


def test_an_administrator_whose_level_does_not_reach_a_student_reads_no_name(
    busy: PortalDb,
) -> None:
    text = busy.shown(busy.run(PAGE, busy.cast.dina))

    assert "Mei Sample" in text
    assert "Luis Sample" not in text
    assert "Student ··0101" in text


def test_nobody_else_has_this_page(busy: PortalDb) -> None:
    for user in (busy.cast.ana, busy.cast.omar, busy.cast.tom, busy.cast.rita, None):
        page = busy.run(PAGE, user)
        assert "Luis" not in busy.shown(page)
        assert not page.text_input


def test_everything_by_one_person_and_about_one_student_with_from_where(busy: PortalDb) -> None:
    cast = busy.cast
    with busy.writing() as session:
        sign_in = UserSession(
            token_sha256="0" * 64,
            user_id=cast.ana.id,
            started_at=NOW,
            seen_at=NOW,
            expires_at=NOW,
            address="192.0.2.7",
            agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36",
        )
        session.add(sign_in)
        session.flush()
        ana = load(session, cast.ana.id, NOW, sign_in.id)
        assert ana is not None
        trail.write(session, ana, Entry("record.opened", True, NOW, (cast.mei.id,)))
    page = busy.run(PAGE, cast.sue)
    page.selectbox(key="trail-kind").set_value(Kind.EVERYTHING)
    page.text_input(key="trail-person-typed").set_value("Ana").run()

    assert "192.0.2.7, Chrome" in busy.shown(page)
    assert "Rita River" not in busy.shown(page)

    page.text_input(key="trail-person-typed").set_value("")
    page.text_input(key="trail-student-typed").set_value("Mei").run()
    shown = busy.shown(page)
    assert "Ana Counts" in shown and "Rob River" in shown and "Luis Sample" not in shown


def test_one_day_of_the_past(busy: PortalDb) -> None:
    page = busy.run(PAGE, busy.cast.sue)
    page.selectbox(key="trail-since").set_value("One day").run()
    assert "Rob River" in busy.shown(page)

    page.date_input(key="trail-day").set_value(NOW.date() - timedelta(days=1)).run()
    shown = busy.shown(page)
    assert "Rita River" in shown and "Rob River" not in shown
