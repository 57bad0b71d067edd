"""Signing in by a district's own provider, and the ways in which somebody might abuse it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from portal import clock
from portal.accounts import keys, sign_in_settings, single_sign_on
from portal.accounts.keys import Kept
from portal.accounts.sign_in_settings import Draft
from portal.store.accounts import SignInProvider, SignInSubject, UserSession
from portal.store.ledger import TrailLine
from portal.store.people import User
from portal.vocabulary import Level, Role, SessionHow
from tests import factories as make
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider
from tests.people import NOW
from tests.web.conftest import PASSWORD, Site
from tests.web.test_sign_in import ELSEWHERE, sign_in

MINUTE = timedelta(minutes=1)
DRAFT = Draft("Harbor Point Google", "", CLIENT_ID, CLIENT_SECRET)


@pytest.fixture
def provider(site: Site) -> Iterator[Provider]:
    """A live single sign-on of the district; Ana is who comes back."""
    with running_provider(clock.now) as provider:
        ana = site.db.cast.ana
        provider.person = {"sub": "g-1", "email": ana.username, "email_verified": True}
        with site.db.writing() as session:
            session.add(
                SignInProvider(
                    organization_id=site.db.cast.district.id,
                    name="Harbor Point Google",
                    issuer=provider.issuer,
                    client_id=CLIENT_ID,
                    client_secret=keys.seal(CLIENT_SECRET, Kept.CLIENT_SECRET, NOW),
                    tried_at=NOW,
                    active_from=NOW,
                )
            )
        yield provider


def stored(site: Site) -> SignInProvider:
    with site.db.writing() as session:
        return session.scalars(select(SignInProvider)).one()


def start(site: Site, browser: TestClient, wanted: str = "/") -> str:
    """Where the portal sends the browser."""
    answer = browser.get(f"/sso/{stored(site).id}/start", params={"next": wanted})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def return_address(there: str) -> str:
    """Where the provider sends the browser back to."""
    return httpx.get(there, trust_env=False).headers["location"]


def come_back(site: Site, browser: TestClient, wanted: str = "/"):
    return browser.get(return_address(start(site, browser, wanted)))


def is_in(browser: TestClient) -> bool:
    return browser.get("/").status_code == 200


def last_line(site: Site) -> TrailLine:
    with site.db.writing() as session:
        return session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()


def refused(site: Site, browser: TestClient, answer, code: str) -> None:
    """One sentence for the person, the reason in the trail, and nobody is in."""
    assert answer.status_code == 403
    assert single_sign_on.NOT_KNOWN.split(".")[0] in answer.text
    assert (last_line(site).event, last_line(site).codes) == ("account.not_signed_in", [code])
    assert not is_in(browser)


def test_somebody_known_by_their_verified_address_is_in_and_goes_where_they_wanted(
    site: Site, provider: Provider
) -> None:
    browser = site.browser()
    assert "Sign in with Harbor Point Google" in browser.get("/login?next=/log_visit").text
    answer = come_back(site, browser, "/log_visit")

    # A page that leads on: an answer to a visit from elsewhere is not given the strict cookie.
    assert answer.status_code == 200
    assert 'content="0; url=/log_visit"' in answer.text
    assert is_in(browser)
    with site.db.writing() as session:
        row = session.scalars(select(UserSession)).one()
        bound = session.scalars(select(SignInSubject)).one()
    assert (row.how, row.second_factor_at) == (SessionHow.SINGLE_SIGN_ON, None)
    assert (bound.subject, bound.user_id) == ("g-1", site.db.cast.ana.id)
    assert last_line(site).detail["how"] == "single_sign_on"


def test_the_request_has_pkce_state_nonce_and_one_exact_way_back(
    site: Site, provider: Provider
) -> None:
    there = start(site, site.browser())
    return_address(there)
    (begun,) = provider.codes.values()

    assert begun["redirect_uri"] == f"http://localhost:8501/sso/{stored(site).id}/back"
    assert min(len(begun[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert begun["scope"] == "openid email profile"
    assert CLIENT_SECRET not in there


def test_what_the_browser_takes_along_is_sealed_and_out_of_reach(
    site: Site, provider: Provider
) -> None:
    answer = site.browser().get(f"/sso/{stored(site).id}/start")
    cookie = answer.headers["set-cookie"]

    assert {"HttpOnly", "SameSite=lax", "Max-Age=600"} <= set(cookie.split("; "))
    state = dict(p.split("=", 1) for p in urlsplit(answer.headers["location"]).query.split("&"))
    assert state["state"] not in cookie


OTHERWISE: list[tuple[dict[str, object], str]] = [
    ({"iss": "https://evil.example"}, "WRONG_ISSUER"),
    ({"aud": "another-client"}, "WRONG_AUDIENCE"),
    ({"aud": [CLIENT_ID, "another"], "azp": "another"}, "WRONG_AUDIENCE"),
    ({"nonce": "another"}, "WRONG_NONCE"),
    ({"nonce": None}, "WRONG_NONCE"),
    ({"exp": int((NOW - 2 * MINUTE).timestamp())}, "EXPIRED"),
    ({"exp": None}, "EXPIRED"),
    ({"iat": int((NOW + 10 * MINUTE).timestamp())}, "WRONG_CLAIM"),
    ({"sub": None}, "WRONG_CLAIM"),
    ({"sub": "x" * 300}, "WRONG_CLAIM"),
    ({"at_hash": "AAAA"}, "WRONG_CLAIM"),
    ({"email_verified": False}, "EMAIL_NOT_VERIFIED"),
    ({"email_verified": None}, "EMAIL_NOT_VERIFIED"),
    ({"email": None}, "EMAIL_NOT_VERIFIED"),
    ({"email_verified": None, "xms_edov": True}, "EMAIL_NOT_VERIFIED"),
    ({"email": "nobody@example.org"}, "NOT_OURS"),
    ({"email": "аna.counts@example.org"}, "NOT_OURS"),
]


def test_a_token_that_says_something_else_signs_nobody_in(site: Site, provider: Provider) -> None:
    for provider.claims, code in OTHERWISE:
        browser = site.browser()
        refused(site, browser, come_back(site, browser), code)


def test_a_token_not_signed_by_a_key_of_the_issuer_is_no_token(
    site: Site, provider: Provider
) -> None:
    for provider.signs in ("none", "hs256", "foreign"):
        browser = site.browser()
        refused(site, browser, come_back(site, browser), "NOT_SIGNED")


ANSWERS: list[tuple[dict[str, str], str]] = [
    ({"state": "another"}, "OTHER_STATE"),
    ({"state": "é"}, "OTHER_STATE"),
    ({"iss": "https://evil.example"}, "WRONG_ISSUER"),
    ({"code": "made-up"}, "NO_TOKEN"),
    ({"error": "access_denied"}, "PROVIDER_SAID_NO"),
]


def test_an_answer_that_is_not_to_what_was_asked_signs_nobody_in(
    site: Site, provider: Provider
) -> None:
    for provider.answers, code in ANSWERS:
        browser = site.browser()
        refused(site, browser, come_back(site, browser), code)


def test_an_answer_begun_in_another_browser_or_too_long_ago_signs_nobody_in(
    site: Site, provider: Provider
) -> None:
    browser, another = site.browser(), site.browser()
    back = return_address(start(site, browser))
    refused(site, another, another.get(back), "NOT_BEGUN_HERE")

    site.db.at(NOW + 11 * MINUTE)
    refused(site, browser, browser.get(back), "NOT_BEGUN_HERE")


def test_an_answer_works_once_even_with_a_provider_that_takes_it_twice(
    site: Site, provider: Provider
) -> None:
    browser, thief = site.browser(), site.browser()
    back = return_address(start(site, browser))
    code, begun = next(iter(provider.codes.items()))
    kept = browser.cookies["portal-sso"]
    thief.cookies.set("portal-sso", kept)
    assert browser.get(back).status_code == 200

    refused(site, thief, thief.get(back), "NO_TOKEN")
    thief.cookies.set("portal-sso", kept)
    provider.codes[code] = begun  # a provider that takes a code twice
    refused(site, thief, thief.get(back), "USED_BEFORE")


def test_once_known_a_person_is_their_sub_whatever_their_address_becomes(
    site: Site, provider: Provider
) -> None:
    come_back(site, site.browser())
    provider.person |= {"email": "ana.married@example.org"}
    assert come_back(site, browser := site.browser()).status_code == 200
    assert is_in(browser)

    # and whoever is given the old address is somebody else
    provider.person = {
        "sub": "g-2",
        "email": site.db.cast.ana.username,
        "email_verified": True,
    }
    browser = site.browser()
    refused(site, browser, come_back(site, browser), "OTHER_SUBJECT")


@pytest.mark.parametrize("who", ["elsewhere", "partner", "ended", "two"])
def test_only_one_active_account_of_that_very_district_is_found(
    site: Site, provider: Provider, who: str
) -> None:
    cast = site.db.cast
    with site.db.writing() as session:
        if who == "elsewhere":
            other = make.organization(session, "Elsewhere Schools", code="0990099")
            theirs = make.user(session, other, "Eve Else", Role.TEACHER, Level.TEACHER)
            provider.person["email"] = theirs.username
        elif who == "partner":
            provider.person["email"] = cast.rob.username
        elif who == "ended":
            session.get_one(User, cast.ana.id).active_until = NOW
        else:
            session.get_one(User, cast.tom.id).email = cast.ana.username
    browser = site.browser()
    refused(site, browser, come_back(site, browser), "NOT_OURS")


def test_an_ended_account_that_is_bound_is_out_too(site: Site, provider: Provider) -> None:
    come_back(site, site.browser())
    with site.db.writing() as session:
        session.get_one(User, site.db.cast.ana.id).active_until = NOW
    browser = site.browser()
    refused(site, browser, come_back(site, browser), "NOT_OURS")


def test_an_address_told_only_when_asked_must_be_of_the_same_person(
    site: Site, provider: Provider
) -> None:
    told = provider.person
    provider.person = {"sub": "g-1"}
    provider.userinfo = {**told, "sub": "g-9"}
    browser = site.browser()
    refused(site, browser, come_back(site, browser), "OTHER_SUBJECT")

    provider.userinfo = told
    assert come_back(site, browser).status_code == 200


FACTORS: list[tuple[bool, dict[str, object], bool]] = [
    (True, {"amr": ["pwd", "mfa"]}, True),
    (True, {"amr": ["pwd"]}, False),
    (True, {}, False),
    (False, {"amr": ["pwd", "mfa"]}, False),
]


def test_a_second_factor_counts_where_it_is_said_and_trusted(
    site: Site, provider: Provider
) -> None:
    for trusted, provider.claims, shown in FACTORS:
        with site.db.writing() as session:
            session.scalars(select(SignInProvider)).one().trusts_second_factor = trusted
        come_back(site, site.browser())
        with site.db.writing() as session:
            newest = select(UserSession.second_factor_at).where(UserSession.ended_at.is_(None))
            assert (session.scalars(newest).one() is not None) is shown
            for row in session.scalars(select(UserSession)):
                row.ended_at = NOW


def test_nobody_is_led_elsewhere_by_single_sign_on(site: Site, provider: Provider) -> None:
    for wanted in ELSEWHERE:
        assert 'url=/"' in come_back(site, site.browser(), wanted).text


UNSAFE: list[dict[str, object]] = [
    {"token_endpoint": "http://evil.example/token"},
    {"jwks_uri": "file:///etc/passwd"},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": None},
    {"issuer": "https://evil.example"},
]


def test_a_provider_that_names_unsafe_places_is_not_used(site: Site, provider: Provider) -> None:
    for provider.published in UNSAFE:
        assert site.browser().get(f"/sso/{stored(site).id}/start").status_code == 403
    assert set(provider.asked) == {"/.well-known/openid-configuration"}


def test_a_made_up_provider_is_nowhere(site: Site, provider: Provider) -> None:
    for path in ("x", "0b0f7c1e-58a1-4d7e-9b3c-2f6f2a7f3c11"):
        assert site.browser().get(f"/sso/{path}/start").status_code == 404
    assert site.browser().get("/sso/x/back").status_code == 404


def test_many_wrong_answers_from_one_address_are_no_longer_looked_at(
    site: Site, provider: Provider
) -> None:
    back = f"/sso/{stored(site).id}/back?code=x&state=y"
    for _ in range(50):
        site.browser().get(back)
    with site.db.writing() as session:
        before = len(session.scalars(select(TrailLine)).all())
    assert site.browser().get(back).status_code == 403
    with site.db.writing() as session:
        assert len(session.scalars(select(TrailLine)).all()) == before
    browser = site.browser()
    come_back(site, browser)  # whoever shares the address did not ask for those
    assert is_in(browser)


@pytest.mark.parametrize("name", ["dina", "sue"])
def test_nobody_who_decides_about_an_administrator_comes_in_by_it(
    site: Site, provider: Provider, name: str
) -> None:
    head = getattr(site.db.cast, name)
    provider.person |= {"email": head.username}
    browser = site.browser()
    refused(site, browser, come_back(site, browser), "PASSWORD_ONLY")
    with site.db.writing() as session:
        assert session.scalars(select(SignInSubject)).all() == []


def test_where_it_is_required_a_password_signs_in_whoever_decides_alone(
    site: Site, provider: Provider
) -> None:
    with site.db.writing() as session:
        session.scalars(select(SignInProvider)).one().required = True
        sue = session.get_one(User, site.db.cast.sue.id)
        sue.password_hash = session.get_one(User, site.db.cast.dina.id).password_hash

    wrong = sign_in(site, site.db.cast.ana.username, "x" * 20)
    right = sign_in(site, site.db.cast.ana.username, PASSWORD)
    assert (right.status_code, right.text) == (403, wrong.text)
    assert is_in(site.signed_in(site.db.cast.dina))
    assert is_in(site.signed_in(site.db.cast.sue))


def test_it_is_tried_by_an_administrator_before_it_opens_for_anybody(
    site: Site, provider: Provider
) -> None:
    with site.db.writing() as session:
        session.scalars(select(SignInProvider)).one().active_from = None
        session.scalars(select(SignInProvider)).one().tried_at = None
    key = stored(site).id
    assert site.browser().get(f"/sso/{key}/start").status_code == 404
    assert "Harbor Point Google" not in site.browser().get("/login").text
    assert site.browser().get(f"/try-sign-in/{key}").headers["location"].startswith("/login")
    assert site.signed_in(site.db.cast.ana).get(f"/try-sign-in/{key}").status_code == 403

    dina = site.signed_in(site.db.cast.dina)
    there = dina.get(f"/try-sign-in/{key}").headers["location"]
    told = dina.get(return_address(there))

    assert "The sign-in works" in told.text
    assert "the account of Ana Counts" in told.text
    assert stored(site).tried_at == NOW
    with site.db.writing() as session:
        assert not session.scalars(select(SignInSubject)).all()
        sessions = session.scalars(select(UserSession)).all()
        assert {row.user_id for row in sessions} <= {site.db.cast.dina.id, site.db.cast.ana.id}
        assert {row.how for row in sessions} == {SessionHow.PASSWORD}
        sign_in_settings.go_live(session, site.db.cast.who(site.db.cast.dina), NOW)
    assert come_back(site, site.browser()).status_code == 200


def test_a_try_that_fails_tells_the_administrator_why(site: Site, provider: Provider) -> None:
    dina = site.signed_in(site.db.cast.dina)
    provider.signs = "foreign"
    told = dina.get(return_address(dina.get(f"/try-sign-in/{stored(site).id}").headers["location"]))
    assert "not signed by a key of the provider" in told.text

    provider.published = {"issuer": "https://evil.example"}
    told = dina.get(f"/try-sign-in/{stored(site).id}")
    assert (told.status_code, "Copy its address exactly" in told.text) == (422, True)
