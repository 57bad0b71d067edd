"""Coming in by a link: it tells nothing before somebody proves who they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.policy.family import PASS_MINUTES, TRIES
from tests.people import NOW
from tests.web.family.conftest import BORN, come_in, sign

WRONG = {"month": "5", "day": "6", "year": "2013"}


def test_the_first_page_names_the_district_and_nobody_else(asked, phone):
    phone.get(f"/consent/{asked().token}")

    assert "Harbor Point Public Schools asks for your answer" in phone.text
    for name in ("Luis", "Sample", "Riverside", "Maria"):
        assert name not in phone.answer.text


def test_the_right_birth_date_leads_to_the_first_question(asked, phone):
    come_in(phone, sent := asked())

    assert phone.at == f"/consent/{sent.token}/records-1"
    kept = {cookie.name: cookie._rest for cookie in phone.browser.cookies.jar}
    assert "HttpOnly" in kept["family"]
    assert kept["family"]["SameSite"] == "strict"


def test_whatever_was_wrong_the_sentence_is_the_same_and_after_five_the_link_is_locked(
    asked, phone
):
    sent = asked(with_code=True)
    said = set()
    for n in range(TRIES - 1):
        proof = (WRONG if n % 2 else BORN) | {"code": "000000"}
        said.add(phone.post(f"/consent/{sent.token}", **proof).status_code)
        assert "This does not match what the school has." in phone.text
    phone.post(f"/consent/{sent.token}", **BORN, code="000000")

    assert said == {403}
    assert phone.answer.status_code == 404
    assert "too many wrong tries" in phone.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"month": "02", "day": "30", "year": "2013"}, "This is not a date."),
        ({"month": "", "day": "5", "year": "2013"}, "This is not a date."),
        ({"month": "²", "day": "5", "year": "2013"}, "This is not a date."),
        ({"month": "1", "day": "1", "year": "99999999999"}, "This is not a date."),
        ({"month": "1", "day": "1", "year": "2031"}, "This day is still to come."),
    ],
)
def test_a_slip_is_told_and_is_not_counted_as_a_try(asked, phone, typed, said):
    sent = asked()
    for _ in range(TRIES + 1):
        assert phone.post(f"/consent/{sent.token}", **typed).status_code == 422
        assert said in phone.text
    assert 'value="' + typed["day"] in phone.answer.text

    come_in(phone, sent)
    assert phone.at.endswith("/records-1")


def test_each_link_that_leads_nowhere_has_its_sentence(asked, phone, site):
    expired, used = asked(), asked()
    sign(phone, used)
    phone.browser.cookies.clear()
    phone.get(f"/consent/{used.token}")
    assert "This link has been used already" in phone.text
    site.db.at(NOW + timedelta(days=15))
    phone.get(f"/consent/{expired.token}")
    assert "This link has run out." in phone.text
    phone.get("/consent/nothing")
    assert phone.answer.status_code == 404
    assert "This link does not work" in phone.text


@pytest.mark.parametrize("token", ["%00", "a%00b", "%ed%a0%80", "x" * 60_000, "%2e%2e%2f"])
def test_an_odd_token_is_an_unknown_one(phone, token):
    for under in ("consent", "family"):
        phone.get(f"/{under}/{token}")
        assert phone.answer.status_code == 404


def test_a_page_in_an_unknown_link_speaks_the_chosen_language(phone):
    phone.get("/consent/nothing?lang=es")
    assert "Este enlace no funciona" in phone.text
    phone.get("/consent/nothing")

    assert "Este enlace no funciona" in phone.text
    assert '<html lang="es" dir="ltr">' in phone.answer.text


def test_a_browser_s_language_is_taken_unless_another_is_chosen(asked, phone):
    answer = phone.browser.get("/verify", headers={"Accept-Language": "pt-BR,pt;q=0.9"})
    assert 'lang="pt"' in answer.text
    phone.get(f"/consent/{asked(language='es').token}")
    assert "pide su respuesta" in phone.text


def test_a_head_reads_nothing_away_and_other_methods_are_unknown(asked, phone):
    sent = asked()
    assert phone.browser.head(f"/consent/{sent.token}").status_code == 200
    for method in ("PUT", "DELETE"):
        answer = phone.browser.request(method, f"/consent/{sent.token}", content=b"x")
        assert answer.status_code == 405
    come_in(phone, sent)
    assert phone.at.endswith("/records-1")


def test_a_form_of_another_site_is_turned_away(asked, phone):
    answer = phone.browser.post(
        f"/consent/{asked().token}", data=BORN, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403


def test_the_time_runs_out_and_what_was_filled_in_is_kept(asked, phone, site):
    come_in(phone, sent := asked())
    site.db.at(NOW + timedelta(minutes=PASS_MINUTES + 1))
    phone.post(f"/consent/{sent.token}/records-1", out=["attendance"])

    assert phone.answer.status_code == 403
    assert "What you filled in is kept." in phone.text
    kept = {"kept-page": "records-1", "kept:out": "attendance"}
    for name, value in kept.items():
        assert f'name="{name}" value="{value}"' in phone.answer.text
    phone.post(f"/consent/{sent.token}", **BORN, **kept)
    assert phone.at.endswith("/check")
    assert "Days at school and days missed" in phone.text


def test_a_signature_sent_too_late_is_shown_again_and_not_signed_by_the_proof(asked, phone, site):
    come_in(phone, sent := asked())
    phone.post(f"/consent/{sent.token}/records-1", out=["attendance"])
    site.db.at(NOW + timedelta(minutes=PASS_MINUTES + 1))
    phone.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")
    kept = {"kept-page": "check", "kept:name": "Maria Sample", "kept:agree": "yes"}
    phone.post(f"/consent/{sent.token}", **BORN, **kept)

    assert "Check your answers, then sign" in phone.text
    assert 'value="Maria Sample"' in phone.answer.text


def test_somebody_else_s_pass_opens_nothing(asked, phone, site):
    come_in(phone, asked())
    other = asked()
    phone.get(f"/consent/{other.token}/records-1")

    assert phone.at == f"/consent/{other.token}"
    assert "Luis" not in phone.answer.text


def test_a_link_to_sign_opens_no_family_page(asked, phone):
    phone.get(f"/family/{asked().token}")
    assert phone.answer.status_code == 404
