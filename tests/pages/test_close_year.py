"""The page of the year's end."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

from portal.store.records import Referral
from portal.store.support import SchoolYear, StudentService
from portal.vocabulary import Category, CloseReason, ReferralStatus
from tests import factories as make
from tests.pages.conftest import PortalDb

PAGE = "close_year.py"
LAST = date(2027, 6, 15)


def keep_the_year(db: PortalDb):
    page = db.run(PAGE, db.cast.dina)
    first, last = page.date_input
    first.set_value(date(2026, 8, 31))
    last.set_value(LAST)
    next(b for b in page.button if b.label == "Save the days").click().run()
    return page


def test_the_days_are_written_down_and_what_would_end_is_shown(portal_db: PortalDb) -> None:
    page = keep_the_year(portal_db)

    assert not page.exception
    shown = portal_db.shown(page)
    assert "The days of 2026-2027 are saved." in shown
    assert "The last school day is Jun 15, 2027" in shown
    assert "No service would end." in shown
    assert not [b for b in page.button if b.label == "Close the year"]


def test_the_year_is_closed_with_its_services_and_reviewed_referrals(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    keep_the_year(portal_db)
    with portal_db.writing() as session:
        record = make.record(session, cast.luis, Category.SERVICE_STATUS)
        session.add(
            StudentService(
                record_id=record.id,
                service="skill_building",
                provider="North School",
                started_on=date(2026, 9, 1),
                estimated_end=LAST,
            )
        )
        referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
    portal_db.at(datetime(2027, 6, 16, 15, tzinfo=UTC))
    page = portal_db.run(PAGE, cast.sue)
    page.selectbox(key="year-chosen").set_value(page.selectbox(key="year-chosen").value)
    page.selectbox(key=f"year-how-{referral.record_id}").set_value(CloseReason.COMPLETED)
    next(b for b in page.button if b.label == "Close the year").click().run()

    assert not page.exception
    assert "2026-2027 is closed: 1 service ended, 1 referral closed." in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.scalars(select(StudentService.ended_on)).one() == LAST
        assert session.scalars(select(Referral.status)).one() is ReferralStatus.CLOSED
        assert session.scalars(select(SchoolYear.closed_by)).one() == cast.sue.id


def test_what_is_missing_is_told(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    next(b for b in page.button if b.label == "Save the days").click().run()
    assert "Give the first and the last school day." in portal_db.shown(page)
