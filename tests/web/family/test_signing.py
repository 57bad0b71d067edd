"""From the first question to the signature."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.policy.family import PASS_MINUTES
from portal.store.consents import Consent, ConsentCategory, ConsentRequest, ConsentSigning
from portal.store.ledger import TrailLine
from portal.store.people import Guardian
from portal.vocabulary import Category, IdentityCheck, Purpose, SignatureMethod
from tests.people import NOW
from tests.web.family.conftest import come_in, sign

X = [[[10, 10, 0], [200, 150, 40]], [[200, 10, 90], [10, 150, 130]]]


def signings(site) -> list[ConsentSigning]:
    with site.db.writing() as session:
        return list(session.scalars(select(ConsentSigning)))


def ticked(site) -> set[str]:
    with site.db.writing() as session:
        return set(session.scalars(select(ConsentCategory.category)))


def test_what_is_ticked_and_nothing_else_is_signed(asked, phone, site):
    sign(phone, asked())

    assert phone.answer.status_code == 200
    assert "Thank you. It is signed." in phone.text
    assert ticked(site) == {"attendance", "visits"}
    [signing] = signings(site)
    assert signing.method is SignatureMethod.TYPED
    assert signing.identity_check is IdentityCheck.LINK_AND_BIRTH_DATE
    assert signing.request_id is not None


def test_a_tick_that_was_not_asked_for_widens_nothing(asked, phone, site):
    come_in(phone, sent := asked())
    forged = {"out": ["attendance", "sud", "courses"], "back": ["safety_plan"], "why": "placement"}
    phone.post(f"/consent/{sent.token}/records-1", **forged, until="2099-01-01")
    phone.post(
        f"/consent/{sent.token}/check", name="Maria Sample", agree="yes", out="courses", hiv="MS"
    )

    assert ticked(site) == {"attendance"}


def test_the_server_says_when_it_was_signed_whatever_the_form_says(asked, phone, site):
    said = dict.fromkeys(("signed_at", "at", "date", "signed_on", "starts_on"), "2026-01-01")
    sign(phone, asked(), **said)
    with site.db.writing() as session:
        consent = session.scalars(select(Consent)).one()
        assert (consent.signed_at, consent.starts_at >= NOW.replace(hour=0)) == (NOW, True)


def test_the_partner_s_screen_is_shown_before_anything_is_signed(asked, phone, site, some_records):
    come_in(phone, sent := asked())
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"])

    assert "3 records, the newest of November 20, 2026" in phone.text
    assert "What stays closed: 19 kinds of records" in phone.text
    assert "You did not tick it." in phone.text
    assert "This is never shared." in phone.text
    with site.db.writing() as session:
        line = session.scalars(
            select(TrailLine).where(TrailLine.event == "consent.previewed")
        ).one()
    assert (line.user_name, line.opened) == ("Maria Sample", ["visits"])
    assert signings(site) == []


def test_without_an_agreement_the_preview_says_why_nothing_opens(asked, phone, site):
    with site.db.writing() as session:
        from portal.store.papers import Agreement

        for row in session.scalars(select(Agreement)):
            row.ends_at = NOW - timedelta(days=1)
    come_in(phone, sent := asked())
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"])

    assert "The agreement between them has ended." in phone.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": ""}, "Your name is missing."),
        ({"name": "Somebody Else"}, "This is not the name that the school has."),
        ({"agree": ""}, "You have not said that you agree."),
        ({"strokes": json.dumps([[[10, 10, 0]]])}, "A dot is not a signature."),
        ({"strokes": "{broken"}, "The drawn signature did not arrive whole."),
        ({"strokes": json.dumps([[[1, 1, 0]] * 5001], separators=(",", ":"))}, "too many strokes"),
    ],
)
def test_what_is_no_signature_is_told_and_nothing_typed_is_lost(asked, phone, site, form, said):
    sign(phone, asked(), **form)

    assert phone.answer.status_code == 422
    assert said in phone.text
    assert "<title>Error: Check your answers" in phone.answer.text
    assert f'value="{form.get("name", "Maria Sample")}"' in phone.answer.text
    assert signings(site) == []


def test_a_drawn_signature_is_kept_as_its_strokes(asked, phone, site):
    sign(phone, asked(), strokes=json.dumps(X))

    [signing] = signings(site)
    assert signing.method is SignatureMethod.DRAWN
    assert signing.strokes == [[[float(x), float(y)] for x, y, _when in stroke] for stroke in X]


def test_a_form_larger_than_any_signature_is_refused_in_words(asked, phone, site):
    sign(phone, asked(), strokes="9" * 100_000)

    assert phone.answer.status_code == 413
    assert "This form is too long." in phone.text


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("Maria O'Sample", "maria o\u2019sample"),
        ("\u202eMaria\u202c Sample", "Maria Sample"),
        ("María Sampleñá", "Maria Samplena"),
        ("M" * 200, "m" * 200),
    ],
)
def test_a_name_is_taken_as_a_phone_types_it(asked, phone, site, kept, typed):
    with site.db.writing() as session:
        session.get_one(Guardian, site.db.cast.maria.id).name = kept
    sign(phone, asked(), name=typed)

    assert "Thank you. It is signed." in phone.text


def test_two_clicks_on_sign_are_one_signature_and_both_arrive(asked, phone, site):
    sign(phone, sent := asked())
    first = phone.at
    phone.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")

    assert phone.at == first
    assert "Thank you. It is signed." in phone.text
    assert len(signings(site)) == 1


def test_back_after_signing_tells_that_it_is_done(asked, phone):
    sign(phone, sent := asked())
    phone.get(f"/consent/{sent.token}/records-1")

    assert phone.answer.status_code == 404
    assert "This link has been used already" in phone.text


def test_nothing_ticked_is_nothing_to_sign(asked, phone, site):
    come_in(phone, sent := asked())
    phone.post(f"/consent/{sent.token}/records-1")
    assert "You have not said yes to anything." in phone.text
    phone.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")

    assert phone.answer.status_code == 422
    assert signings(site) == []


def test_check_sends_back_to_a_question_that_was_passed_over(asked, phone):
    come_in(phone, sent := asked())
    phone.get(f"/consent/{sent.token}/check")
    assert phone.at.endswith("/records-1")


def test_an_unknown_page_is_none(asked, phone):
    come_in(phone, sent := asked())
    for key in ("records-2", "__proto__", "why"):
        phone.get(f"/consent/{sent.token}/{key}")
        assert phone.answer.status_code == 404


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-19", "The end is before the start."),
        ("2027-02-30", "This is not a date."),
        ("2099-01-01", "This is too far away."),
        ("", "This is not a date."),
        ("tomorrow", "This is not a date."),
    ],
)
def test_a_last_day_that_cannot_be_is_told_and_the_old_one_stands(asked, phone, day, said):
    come_in(phone, sent := asked())
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"])
    phone.post(f"/consent/{sent.token}/until-1", until=day)
    assert phone.answer.status_code == 422
    assert said in phone.text

    phone.get(f"/consent/{sent.token}/check")
    assert "June 30, 2027" in phone.text


@pytest.mark.parametrize(("lang", "typed"), [("en", "1/31/2027"), ("es", "31/01/2027")])
def test_a_browser_without_a_date_field_takes_a_day_as_people_write_it(
    asked, phone, site, lang, typed
):
    come_in(phone, sent := asked(language=lang))
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"])
    phone.post(f"/consent/{sent.token}/until-1", until=typed)
    phone.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")

    with site.db.writing() as session:
        assert session.scalars(select(Consent)).one().ends_at.isoformat()[:10] == "2027-02-01"


def test_a_sensitive_kind_needs_its_initials_and_an_empty_field_is_a_no(asked, phone, site):
    sent = asked(out=frozenset({Category.ATTENDANCE, Category.HIV, Category.PSYCHIATRIC}))
    come_in(phone, sent)
    phone.post(f"/consent/{sent.token}/records-1", out=["attendance", "hiv"])
    assert "These need your initials" in phone.text
    phone.post(f"/consent/{sent.token}/special-1", **{"out-hiv": "  ms ", "out-psychiatric": " "})
    assert "HIV: tests, status or care (ms)" in phone.text
    phone.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")

    assert ticked(site) == {"attendance", "hiv"}


def test_several_reasons_are_asked_and_one_is_needed(asked, phone, site):
    both = frozenset({Purpose.COORDINATE, Purpose.EVALUATE})
    come_in(phone, sent := asked(purposes=both))
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"])
    phone.post(f"/consent/{sent.token}/why-1")
    assert "Tick at least one reason, or say no." in phone.text
    phone.post(f"/consent/{sent.token}/why-1", why=["evaluate", "placement"])

    assert "To find out what the student needs" in phone.text
    assert "To choose the right school" not in phone.text


def test_both_directions_are_one_page_and_two_consents(asked, phone, site):
    come_in(phone, sent := asked(back=frozenset({Category.SERVICE_STATUS})))
    assert "What may be shared with Riverside Clinic?" in phone.text
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"], back=["service_status"])
    assert "Harbor Point Public Schools, about Luis" in phone.text
    phone.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")

    with site.db.writing() as session:
        assert len(session.scalars(select(Consent)).all()) == 2


def test_two_partners_are_asked_in_turn_and_kept_apart(asked, phone, site):
    cast = site.db.cast
    come_in(phone, sent := asked(partner_ids=(cast.riverside.id, cast.hilltop.id)))
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"])
    assert "Hilltop Clinic" in phone.text
    phone.post(f"/consent/{sent.token}/records-2")
    phone.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")

    with site.db.writing() as session:
        assert [row.recipient_name for row in session.scalars(select(Consent))] == [
            "Riverside Clinic"
        ]


def test_another_language_takes_the_ticks_along_and_is_the_one_that_is_signed(asked, phone, site):
    come_in(phone, sent := asked())
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"], lang="es")
    assert "¿Qué puede dar la escuela a Riverside Clinic?" in phone.text
    assert 'value="visits" checked' in phone.answer.text
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"])
    phone.post(f"/consent/{sent.token}/check", name="Maria", agree="yes", lang="pt")
    assert "Confira as suas respostas" in phone.text
    assert 'value="Maria"' in phone.answer.text
    phone.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")

    [signing] = signings(site)
    assert (signing.language, "Português" in signing.translation) == ("pt", True)


def test_no_is_as_easy_and_why_need_not_be_told(asked, phone, site):
    come_in(phone, sent := asked())
    assert f'href="/consent/{sent.token}/no"' in phone.answer.text
    phone.get(f"/consent/{sent.token}/no")
    assert "nothing at school will change" in phone.text
    phone.post(f"/consent/{sent.token}/no", reason="")

    assert "Thank you for your answer." in phone.text
    with site.db.writing() as session:
        request = session.scalars(select(ConsentRequest)).one()
    assert (request.outcome, request.outcome_reason) == ("refused", "")
    assert "family" not in phone.browser.cookies


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_no_after_the_time_has_run_out_asks_again_who_one_is(asked, phone, site, method):
    come_in(phone, sent := asked())
    site.db.at(NOW + timedelta(minutes=PASS_MINUTES + 1))
    getattr(phone, method)(f"/consent/{sent.token}/no")

    assert phone.at == f"/consent/{sent.token}"
    assert "You were away for a while." in phone.text


def test_only_the_page_with_the_pad_may_run_a_script(asked, phone):
    come_in(phone, sent := asked())
    assert "script-src" not in phone.answer.headers["content-security-policy"]
    phone.post(f"/consent/{sent.token}/records-1", out=["visits"])

    assert "script-src 'self'" in phone.answer.headers["content-security-policy"]
    assert phone.answer.text.count("<script") == 1
    assert phone.browser.get("/assets/sign.js").status_code == 200


def test_our_own_mistake_is_a_sentence_in_the_family_s_language(asked, phone, monkeypatch):
    from portal.consents.requests import family

    def breaks(*_args):
        raise KeyError("Luis Sample")

    come_in(phone, sent := asked(language="es"))
    monkeypatch.setattr(family, "read", breaks)
    phone.get(f"/consent/{sent.token}/records-1")

    assert phone.answer.status_code == 500
    assert "No se perdió nada de lo que guardó." in phone.text
    assert "Luis" not in phone.answer.text


def test_a_lost_database_is_told_too(phone, monkeypatch):
    from sqlalchemy.exc import OperationalError

    from portal.web.family import signing

    def lost(*_args):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(signing, "_landing", lost)
    phone.get("/consent/anything")
    assert phone.answer.status_code == 503
