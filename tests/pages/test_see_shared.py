"""The page Shared with us, as an agency's staff."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from portal.store.consents import Consent
from portal.store.ledger import TrailLine
from portal.store.papers import Agreement
from portal.store.records import HistoryEntry, Record
from portal.store.support import AmendmentRequest
from portal.vocabulary import Category, ConsentEventKind, Detail
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "see_shared.py"
END = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
"""Local midnight after 26 November: six days are left after the day of the tests."""


@pytest.fixture
def shared(portal_db: PortalDb) -> PortalDb:
    """Luis's visits are shared with Riverside until 26 November."""
    cast = portal_db.cast
    with portal_db.writing() as session:
        for category, told in ((Category.VISITS, "Check-in"), (Category.DISCIPLINE, "A fight")):
            record = make.record(session, cast.luis, category, author=cast.ana)
            entry = HistoryEntry(
                record_id=record.id, headline=told, narrative="*Long* <b>story</b>"
            )
            make.stored(session, entry)
        a_consent(portal_db, session, number="C-0192")
    return portal_db


def a_consent(db: PortalDb, session: Session, **more: object) -> Consent:
    """Maria's for Luis's visits, until 26 November."""
    cast = db.cast
    return make.consent(session, cast.luis, cast.riverside, cast.maria, ends_at=END, **more)


def opened(shared: PortalDb) -> AppTest:
    """Rita has chosen Luis."""
    page = shared.run(PAGE, shared.cast.rita)
    return page.selectbox(key="shared-student").set_value(shared.cast.luis.id).run()


def happens(shared: PortalDb, kind: ConsentEventKind) -> None:
    """To the one consent there is, at the instant of the tests."""
    with shared.writing() as session:
        make.event(session, session.scalars(select(Consent)).one(), kind, NOW)


def events(shared: PortalDb) -> list[tuple[str, bool]]:
    with shared.writing() as session:
        lines = session.scalars(select(TrailLine).order_by(TrailLine.id))
        return [(line.event, line.allowed) for line in lines]


def test_nothing_is_opened_before_a_student_is_chosen(shared: PortalDb) -> None:
    page = shared.run(PAGE, shared.cast.rita)
    text = shared.shown(page)

    assert "Shared with us (1)" in text
    assert "Luis Sample" in text
    assert "6 days left" in text
    assert "After Nov 26 you will no longer see Luis Sample." in text
    assert events(shared) == [("students.listed_across", True)]


def test_the_record_says_why_it_is_open_and_why_the_rest_is_closed(shared: PortalDb) -> None:
    text = shared.shown(opened(shared))

    assert "Maria Sample signed consent C-0192 on Jan 5." in text
    assert "It rests on agreement M-" in text
    assert "34 CFR 99.33" in text
    assert "Check-in" in text
    assert "Not ticked on the consent." in text
    assert "A fight" not in text
    assert events(shared)[-1] == ("record.opened", True)


def test_the_consent_goes_along_as_a_file_for_ones_own_record_system(shared: PortalDb) -> None:
    text = shared.shown(opened(shared))

    with shared.writing() as session:
        consent = session.scalars(select(Consent)).one()
    link = f'<a href="/fhir/consent/{consent.id}">Consent C-0192 for a partner'
    assert link in text


def test_what_people_typed_is_shown_as_typed(shared: PortalDb) -> None:
    text = shared.shown(opened(shared))

    assert "*Long* &lt;b&gt;story&lt;/b&gt;" in text


def test_a_familys_statement_goes_along_with_what_it_contests(shared: PortalDb) -> None:
    assert "Statement of disagreement" not in shared.shown(opened(shared))
    with shared.writing() as session:
        visits = select(Record).where(Record.category == Category.VISITS)
        session.add(
            AmendmentRequest(
                record_id=session.scalars(visits).one().id,
                student_id=shared.cast.luis.id,
                asked_by=shared.cast.maria.id,
                asked_on=NOW.date(),
                wants="Change it",
                written_by=shared.cast.ana.id,
                written_at=NOW,
                statement="We <i>see</i> it differently",
                statement_on=NOW.date(),
            )
        )
    shown = shared.shown(opened(shared))

    assert "Statement of disagreement" in shown
    assert "We &lt;i&gt;see&lt;/i&gt; it differently" in shown


def test_a_summary_has_no_column_for_what_it_withholds(shared: PortalDb) -> None:
    full = shared.shown(opened(shared))
    happens(shared, ConsentEventKind.SUPERSEDED)
    with shared.writing() as session:
        a_consent(shared, session, detail=Detail.SUMMARY)
    summary = shared.shown(opened(shared))

    assert ">Note</th>" in full
    assert ">Who</th>" in full
    assert ">Note</th>" not in summary
    assert ">Who</th>" not in summary
    assert "Ana Counts" not in summary


def test_a_consent_taken_back_while_the_record_is_open_closes_it_with_a_sentence(
    shared: PortalDb,
) -> None:
    page = opened(shared)
    happens(shared, ConsentEventKind.REVOKED)

    text = shared.shown(page.run())

    assert not page.exception
    assert "There is no student here whom you may open." in text
    assert "Shared with us (0)" in text
    assert "Luis" not in text
    assert events(shared)[-1] == ("record.opened", False)


def test_an_agreement_ended_while_the_record_is_open_closes_it_too(shared: PortalDb) -> None:
    page = opened(shared)
    with shared.writing() as session:
        for agreement in session.scalars(select(Agreement)):
            agreement.terminated_at, agreement.terminated_reason = NOW, "Closed"

    assert "Check-in" not in shared.shown(page.run())


def test_another_purpose_shows_another_list(shared: PortalDb) -> None:
    page = shared.run(PAGE, shared.cast.rita)

    page.selectbox(key="shared-purpose").set_value("placement").run()

    assert "Shared with us (0)" in shared.shown(page)
    assert "No student is shared with you for this purpose." in shared.shown(page)


def test_colleagues_off_the_team_and_other_agencies_see_nobody(shared: PortalDb) -> None:
    for user in (shared.cast.rob, shared.cast.alma, shared.cast.hugo):
        page = shared.run(PAGE, user)
        assert "Luis" not in shared.shown(page)
        assert page.selectbox(key="shared-student").options == []


def test_schools_do_not_have_this_page_and_neither_has_nobody(shared: PortalDb) -> None:
    for user in (shared.cast.ana, shared.cast.sue, None):
        page = shared.run(PAGE, user)
        assert "Luis" not in shared.shown(page)
        assert not page.selectbox


def test_on_the_last_day_it_says_so_and_the_day_after_it_is_gone(shared: PortalDb) -> None:
    shared.at(END - timedelta(hours=1))
    assert "last day" in shared.shown(shared.run(PAGE, shared.cast.rita))

    shared.at(END)
    assert "Shared with us (0)" in shared.shown(shared.run(PAGE, shared.cast.rita))


def test_the_notices_that_go_along_are_shown_as_the_trail_names_them(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        make.record(session, cast.luis, Category.VISITS)
        make.record(session, cast.luis, Category.HIV)
        make.consent(
            session, cast.luis, cast.riverside, cast.maria, [Category.VISITS, Category.HIV]
        )
    page = portal_db.page("see_shared.py", cast.rita)
    page.session_state["shared-student"] = cast.luis.id
    shown = portal_db.shown(page.run())

    assert "It covers: support visits and services, hiv-related information." in shown
    with portal_db.writing() as session:
        line = session.scalars(select(TrailLine).where(TrailLine.event == "record.opened")).one()
    told = line.detail["notices"]
    assert [notice for notice, _version in told] == ["ferpa-99.33", "ct-19a-585"]
    for notice, version in told:
        assert f"{notice}, version {version}" in shown
