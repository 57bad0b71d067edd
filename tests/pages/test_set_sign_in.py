"""The page Single sign-on."""

from __future__ import annotations

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.accounts import keys
from portal.accounts.keys import Kept
from portal.store.accounts import SignInProvider, SignInSubject
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "set_sign_in.py"
TYPED = {
    "Name on the button": "Google",
    "Issuer": "https://accounts.google.com",
    "Client ID": "portal-of-harbor-point",
    "Client secret": "kept away from everybody",
}


def fill(page: AppTest, **changes: str) -> AppTest:
    for label, text in (TYPED | changes).items():
        next(t for t in page.text_input if t.label.startswith(label)).set_value(text)
    return press(page, "Save")


def press(page: AppTest, label: str) -> AppTest:
    next(b for b in page.button if b.label == label).click()
    return page.run()


def row(db: PortalDb) -> SignInProvider:
    with db.writing() as session:
        return session.scalars(select(SignInProvider)).one()


def test_it_is_entered_tried_switched_on_and_off(portal_db: PortalDb) -> None:
    page = fill(portal_db.run(PAGE, portal_db.cast.dina))
    kept = row(portal_db)
    assert "kept away" not in kept.client_secret
    assert keys.unseal(kept.client_secret, Kept.CLIENT_SECRET, NOW) == TYPED["Client secret"]
    (address,) = page.code
    assert address.value == f"http://localhost:8501/sso/{kept.id}/back"
    assert f"/try-sign-in/{kept.id}" in portal_db.shown(page)

    press(page, "Switch it on")
    assert "has not been tried yet" in portal_db.shown(page)
    assert row(portal_db).active_from is None

    with portal_db.writing() as session:
        session.scalars(select(SignInProvider)).one().tried_at = NOW
    press(page, "Switch it on")
    assert "Open to everybody" in portal_db.shown(page)
    assert row(portal_db).active_from == NOW

    press(page, "Switch it off")
    assert "It is off." in portal_db.shown(page)
    assert row(portal_db).active_until == NOW


def test_every_problem_of_what_was_entered_is_told_and_nothing_kept(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    fill(page, **dict.fromkeys(TYPED, "") | {"Issuer": "http://accounts.example"})

    shown = portal_db.shown(page)
    for what in ("name", "issuer", "client ID", "client secret"):
        assert f"The {what} is" in shown
    with portal_db.writing() as session:
        assert not session.scalars(select(SignInProvider)).all()


def test_another_issuer_is_tried_anew_and_knows_nobody(portal_db: PortalDb) -> None:
    page = fill(portal_db.run(PAGE, portal_db.cast.dina))
    with portal_db.writing() as session:
        kept = session.scalars(select(SignInProvider)).one()
        kept.tried_at = kept.active_from = NOW
        make.stored(
            session,
            SignInSubject(
                provider_id=kept.id, subject="g-1", user_id=portal_db.cast.ana.id, bound_at=NOW
            ),
        )
    fill(page, **{"Client secret": ""})
    assert row(portal_db).active_from == NOW  # the same, its secret kept

    fill(page, Issuer="https://clever.com", **{"Client secret": ""})
    kept = row(portal_db)
    assert (kept.tried_at, kept.active_from) == (None, None)
    assert keys.unseal(kept.client_secret, Kept.CLIENT_SECRET, NOW) == TYPED["Client secret"]
    with portal_db.writing() as session:
        assert not session.scalars(select(SignInSubject)).all()
