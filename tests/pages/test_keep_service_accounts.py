"""The page Service accounts."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts import service_accounts
from portal.accounts.service_accounts import Admitted, Unfit
from portal.store.accounts import ServiceAccount
from portal.vocabulary import Scope
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "keep_service_accounts.py"


def test_a_token_is_shown_once_and_works_until_it_is_ended(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    next(t for t in page.text_input).set_value("Nightly roster")
    page.checkbox[0].check()
    next(b for b in page.button if b.label == "Make it").click().run()

    assert not page.exception
    (token,) = [code.value for code in page.code]
    with portal_db.writing() as session:
        used = service_accounts.admitted(session, token, Scope.IMPORT, NOW)
    assert isinstance(used, Admitted)
    assert not page.run().code
    assert "last used" in portal_db.shown(page)

    next(b for b in page.button if b.label == "End it").click().run()
    with portal_db.writing() as session:
        assert service_accounts.admitted(session, token, Scope.IMPORT, NOW) is Unfit.ENDED


def test_what_is_missing_is_told_and_nothing_made(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    next(b for b in page.button if b.label == "Make it").click().run()

    assert "Nothing is ticked that it may do." in portal_db.shown(page)
    with portal_db.writing() as session:
        assert not session.scalars(select(ServiceAccount)).all()
