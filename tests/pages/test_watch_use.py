"""The worklist of unusual use and of what was opened in an emergency."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.access import stops, trail
from portal.access.trail import Entry
from portal.monitoring import emergencies
from portal.monitoring.emergencies import Declared
from portal.policy.proper_use import PROPER_USE
from portal.store.oversight import UseFlag
from portal.store.people import AccessGrant
from portal.vocabulary import Category, UseFlagKind
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "watch_use.py"
THREAT = "Somebody called the office and threatened this student by name."


@pytest.fixture
def busy(portal_db: PortalDb) -> PortalDb:
    """Omar opened Zoe in an emergency four days ago; Ana opened much, Dina by night."""
    cast = portal_db.cast
    omar, ana = portal_db.who(cast.omar), portal_db.who(cast.ana)
    with portal_db.writing() as session:
        draft = Declared(cast.zoe.id, frozenset({Category.VISITS}), THREAT, 24)
        emergencies.declare(session, omar, draft, "k", NOW - timedelta(days=4))
        for user, kind in ((cast.ana, UseFlagKind.VOLUME), (cast.dina, UseFlagKind.OFF_HOURS)):
            session.add(
                UseFlag(
                    organization_id=cast.district.id,
                    user_id=user.id,
                    kind=kind,
                    day=NOW.date(),
                    count=90,
                    detail={"limit": 80, "own_usual": 7.5, "colleagues_usual": 6.0},
                    found_at=NOW,
                )
            )
        trail.write(session, ana, Entry(stops.STOPPED, False, NOW, subject=str(ana.id)))
    return portal_db


def button(page, label: str):
    return next(one for one in page.button if one.label == label)


def test_all_that_waits_is_told_with_the_sentence_of_the_policy(busy: PortalDb) -> None:
    shown = busy.shown(busy.run(PAGE, busy.cast.sue))

    assert PROPER_USE in shown
    assert THREAT in shown and "Review is overdue" in shown
    assert "Omar Keys opened Zoe Elsewhere" in shown
    administrator = busy.shown(busy.run(PAGE, busy.cast.dina))
    assert "Omar Keys opened Student ··0103" in administrator and "Zoe" not in administrator
    assert "Ana Counts: Opened unusually many records" in shown
    assert "90 on this day, looked at from 80, usual for them: 8, for colleagues: 6" in shown


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("dina", "1 opening in an emergency waits for a review, 1 finding of unusual use waits."),
        ("sue", "1 opening in an emergency waits for a review, 2 findings of unusual use wait."),
        ("ana", ""),
    ],
)
def test_today_tells_whoever_looks_after_it_what_waits(busy: PortalDb, who: str, told: str) -> None:
    shown = busy.shown(busy.run("today.py", getattr(busy.cast, who)))

    assert told in shown
    assert ("/watch_use" in shown) is bool(told)


def test_a_review_a_finding_and_a_stop_are_settled(busy: PortalDb) -> None:
    page = busy.run(PAGE, busy.cast.dina)
    button(page, "Save the review").click().run()
    assert "Say whether it was proper." in busy.shown(page)

    page.radio[0].set_value("It was proper")
    page.text_area[0].set_value("I called the police myself.")
    next(f for f in page.text_input if f.label.startswith("Notice")).set_value("Told at noon.")
    button(page, "Save the review").click().run()
    assert "Nothing waits for a review." in busy.shown(page)

    next(f for f in page.radio if f.label == "What came of it").set_value("proper")
    next(f for f in page.text_input if f.label == "Note").set_value("Sign-ups for the summer.")
    button(page, "Settle it").click().run()
    assert "Sign-ups for the summer." in busy.shown(page)
    assert "This is about you: somebody else looks at it." in busy.shown(page)

    button(page, "Talked to them: let them go on").click().run()
    assert "Stopped" not in busy.shown(page)
    with busy.writing() as session:
        assert session.query(AccessGrant).one().proper is True


def test_limits_are_kept_and_a_holiday_that_is_no_day_is_told(busy: PortalDb) -> None:
    page = busy.run(PAGE, busy.cast.sue)
    page.number_input(key="limit-refused").set_value(7)
    page.text_area(key="limit-holidays").set_value("2026-11-26\nThanksgiving")
    button(page, "Save what counts as unusual").click().run()
    assert "“Thanksgiving” is not a day." in busy.shown(page)

    page.text_area(key="limit-holidays").set_value("2026-11-26")
    button(page, "Save what counts as unusual").click().run()
    assert not page.exception
    assert busy.run(PAGE, busy.cast.dina).number_input(key="limit-refused").value == 7
