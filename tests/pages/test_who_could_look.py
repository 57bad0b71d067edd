"""Who could have looked, on a past day; and whom somebody could have opened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.access import gate
from portal.store.ledger import Installation
from portal.ui.looking_back import ABOUT
from portal.vocabulary import Category
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "who_could_look.py"


@pytest.fixture
def seen(portal_db: PortalDb) -> PortalDb:
    """Ana opened Luis yesterday; so did Rob, who is on nobody's team any more."""
    cast = portal_db.cast
    ana = portal_db.who(cast.ana)
    with portal_db.writing() as session:
        make.record(session, cast.luis, Category.VISITS)
        gate.open_record(session, ana, cast.luis.id, "coordinate", NOW - timedelta(days=1))
    return portal_db


def ask(db: PortalDb, user, typed: str):
    page = db.run(PAGE, user)
    page.text_input(key="back-student-typed").set_value(typed).run()
    page.date_input(key="back-day").set_value(NOW.date() - timedelta(days=1)).run()
    return page


def test_the_superintendent_sees_who_could_why_and_who_did(seen: PortalDb) -> None:
    page = ask(seen, seen.cast.sue, "sample l")
    page.text_input(key="back-student-typed").set_value("Luis").run()
    shown = seen.shown(page)

    assert not page.exception
    assert "Omar Keys" in shown and "Lead the student&#x27;s school" in shown
    assert "4 people" in shown and "1 person" in shown
    assert "1 time" in shown


def test_an_administrator_asks_by_the_whole_number_and_reads_no_name(seen: PortalDb) -> None:
    page = ask(seen, seen.cast.dina, "Luis")
    assert "Nobody is found." in seen.shown(page)
    page.text_input(key="back-student-typed").set_value("0000000101").run()
    shown = seen.shown(page)
    assert "Ana Counts" in shown
    assert "Luis" not in shown.replace("back-student", "")


def test_the_other_way_round(seen: PortalDb) -> None:
    page = seen.run(PAGE, seen.cast.sue)
    page.radio(key="back-about").set_value(ABOUT[1]).run()
    page.text_input(key="back-person-typed").set_value("Omar").run()
    shown = seen.shown(page)
    assert "2 students" in shown
    assert "Sample, Luis · North School" in shown


def test_it_says_since_when_it_can_be_relied_on(seen: PortalDb) -> None:
    with seen.writing() as session:
        session.add(Installation(name="standings_since", value=NOW.isoformat()))
    shown = seen.shown(ask(seen, seen.cast.sue, "Luis"))
    assert "are written down since Nov 20" in shown
