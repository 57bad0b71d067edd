"""Renewals: what ends and what waits on one page, and one pass over those that are chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.agreements import ending
from portal.agreements.content import from_json
from portal.store.agreements import AgreementPaper
from tests.agreements.papers import drafted, signed
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "renew_agreements.py"
SOON = {"ends_on": date(2026, 12, 31), "review_on": date(2026, 12, 1)}


@pytest.fixture
def soon(portal_db: PortalDb) -> PortalDb:
    """Two that end within two months, one that is over, and a draft begun three weeks ago."""
    with portal_db.writing() as session:
        cast = replace(portal_db.cast, session=session)
        signed(cast, key="1", **SOON)
        signed(cast, key="2", **SOON)
        over = signed(cast, key="3")
        ending.terminate(session, cast.who(cast.dina), over.id, "Closed.", NOW)
        drafted(cast, key="4").written_at = NOW - timedelta(days=21)
    return portal_db


def papers(db):
    with db.writing() as session:
        rows = session.scalars(select(AgreementPaper).order_by(AgreementPaper.written_at)).all()
    return list(rows)


def through(page):
    """In a browser the fragment runs by itself; here the page is run as often."""
    for _ in range(4):
        page.run()
    assert not page.exception
    return page


def test_it_says_what_ends_what_is_owed_and_what_stands_still(soon):
    shown = soon.shown(soon.run(PAGE, soon.cast.sue))

    assert "Ends within 60 days (2)" in shown
    assert "2 without renewal" in shown
    assert "30 days left" in shown
    assert "21 days untouched" in shown


def test_one_click_renews_all_and_offers_the_papers_as_one_file(soon):
    page = soon.run(PAGE, soon.cast.sue)
    page.button(key="renewal-begin").click().run()
    through(page)

    shown = soon.shown(page)
    assert shown.count("Out for signature") >= 2
    assert "All papers of this pass (zip)" in shown
    renewed = [paper for paper in papers(soon) if paper.follows_id]
    assert [paper.issued_at is not None for paper in renewed] == [True, True]
    spans = {(from_json(p.content).starts_on, from_json(p.content).ends_on) for p in renewed}
    assert len(spans) == 1
    assert f"/make_agreement?agreement={renewed[0].id}" in shown


def test_what_is_not_ticked_is_left_and_one_span_can_be_given_to_all(soon):
    ends = [p for p in papers(soon) if from_json(p.content).ends_on == SOON["ends_on"]]
    first, _other = ends
    page = soon.run(PAGE, soon.cast.dina)
    page.checkbox(key=f"renewal-tick-{first.number}").uncheck().run()
    page.radio(key="renewal-how").set_value("One span for all").run()
    page.date_input(key="renewal-last").set_value(date(2028, 6, 30)).run()
    page.button(key="renewal-begin").click().run()
    through(page)

    [renewal] = [paper for paper in papers(soon) if paper.follows_id]
    assert renewal.follows_id != first.id
    content = from_json(renewal.content)
    assert (content.starts_on, content.ends_on) == (date(2027, 7, 1), date(2028, 6, 30))


def test_days_that_are_no_span_are_told_and_nothing_begins(soon):
    page = soon.run(PAGE, soon.cast.dina)
    page.radio(key="renewal-how").set_value("One span for all").run()
    page.date_input(key="renewal-last").set_value(date(2027, 6, 30)).run()
    page.button(key="renewal-begin").click().run()

    assert "after its last day" in soon.shown(page)
    assert [paper for paper in papers(soon) if paper.follows_id] == []


def test_with_nothing_to_do_each_list_says_so(portal_db):
    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.sue))

    assert "No agreement ends within 120 days." in shown
    assert "Every certificate is recorded." in shown
    assert "No draft, review or signature has waited" in shown


def test_it_is_reached_from_the_agreements_and_leads_back_to_each(soon):
    page = soon.portal(soon.cast.dina)
    page.switch_page("../pages/make_agreement.py").run()
    [button] = [one for one in page.button if one.label == "What ends, and renewals"]
    button.click().run()
    assert "Standing still" in soon.shown(page)

    page.switch_page("../pages/renew_agreements.py").run()
    number = next(p.number for p in papers(soon) if p.executed_at)
    page.button(key=f"renewal-open-{number}").click().run()
    assert f"Agreement {number} (Word)" in soon.shown(page)


def test_one_that_has_a_renewal_shows_it_and_is_not_offered(soon):
    page = soon.run(PAGE, soon.cast.sue)
    page.button(key="renewal-begin").click().run()
    through(page)

    assert [box for box in page.checkbox if str(box.key).startswith("renewal-tick")] == []
    assert "renewed by" in soon.shown(page)


def test_all_or_none_are_ticked_at_once_and_a_tick_is_kept_on_every_page_of_the_list(soon):
    page = soon.run(PAGE, soon.cast.sue)
    page.button(key="renewal-all-False").click().run()
    assert page.button(key="renewal-begin").disabled
    assert not any(box.value for box in page.checkbox)
    [one, _other] = [box for box in page.checkbox if str(box.key).startswith("renewal-tick")]
    one.check().run()
    assert page.button(key="renewal-begin").label == "Renew 1 agreement"

    page.button(key="renewal-all-True").click().run()
    assert page.button(key="renewal-begin").label == "Renew 2 agreements"
