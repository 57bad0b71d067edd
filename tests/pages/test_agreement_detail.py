"""An issued agreement on its page: what is shown, and what can be done with it there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from portal import mail
from portal.agreements import drafting, ending, queries, signing
from portal.agreements.content import Signer, TypedSignature, from_json
from portal.config import settings
from portal.store.agreements import AgreementPaper, Settlement
from portal.ui import agreement_views
from portal.vocabulary import AgreementStatus, EndedHow, Following, ReferralStatus
from tests import factories as make
from tests.agreements.papers import A_SIDE, B_SIDE, issued, signed, terms_of
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "make_agreement.py"


@contextmanager
def as_cast(db: PortalDb):
    with db.writing() as session:
        yield replace(db.cast, session=session)


def opened(db: PortalDb, paper, user=None):
    page = db.page(PAGE, user or db.cast.dina)
    page.session_state[agreement_views.OPEN] = paper.id
    page.run()
    assert not page.exception
    return page


def click(db, page, key):
    page.button(key=key).click().run()
    assert not page.exception
    return db.shown(page)


@pytest.fixture
def in_force(portal_db):
    with as_cast(portal_db) as cast:
        paper = signed(cast)
        sent = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
        served = make.referral(cast.session, cast.mei, cast.riverside, cast.ana)
        served.status = ReferralStatus.IN_SERVICE
    return portal_db, paper, (sent.number, served.number)


def standing(db, paper):
    with as_cast(db) as cast:
        return queries.view(cast.session, cast.who(cast.dina), paper.id, NOW)


def test_it_shows_who_signed_what_it_allows_and_what_happened(in_force):
    db, paper, _referrals = in_force
    shown = db.shown(opened(db, paper))

    for told in (
        "In force",
        f"Agreement {paper.number} (Word)",
        "1. Alma River, Executive Director",
        "in the portal, as Alma River, Executive Director",
        "Riverside Clinic may see",
        "Signed by all",
        "Issued for signature",
    ):
        assert told in shown, told


def test_what_was_signed_by_hand_is_recorded_by_whom_the_turn_is(portal_db):
    with as_cast(portal_db) as cast:
        paper = issued(cast)
    page = opened(portal_db, paper)
    key = f"agreement-{paper.number}-hand-1"
    assert "Their turn" in portal_db.shown(page)
    assert "scan is missing" in click(portal_db, page, f"{key}-save")

    page.file_uploader(key=f"{key}-scan").set_value(("scan.pdf", b"%PDF-1.7 x", "application/pdf"))
    shown = click(portal_db, page, f"{key}-save")
    assert "The signature of Alma River is saved." in shown
    assert "As Alma River signed it by hand (scan)" in shown
    assert "by hand, as Alma River" in shown


def test_a_reminder_goes_to_whose_turn_it_is_or_says_why_it_cannot(portal_db, monkeypatch):
    with as_cast(portal_db) as cast:
        paper = issued(cast)
    page = opened(portal_db, paper)
    key = f"agreement-{paper.number}-remind"
    assert "cannot send e-mail" in click(portal_db, page, key)

    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://localhost:25")
    monkeypatch.setenv("PORTAL_MAIL_FROM", "portal@example.org")
    settings.cache_clear()
    sent = []
    monkeypatch.setattr(mail, "send", lambda to, subject, text: sent.append(to))
    assert "A reminder went to alma@example.org." in click(portal_db, page, key)
    assert sent == ["alma@example.org"]
    assert "Reminder sent" in portal_db.shown(opened(portal_db, paper))


def test_what_is_out_for_signature_is_taken_back(portal_db):
    with as_cast(portal_db) as cast:
        paper = issued(cast)
    page = opened(portal_db, paper)
    key = f"agreement-{paper.number}-back"
    page.text_input(key=f"{key}-reason").set_value("A mistake in it.")
    shown = click(portal_db, page, f"{key}-do")

    assert "is taken back" in shown
    assert "Ended: A mistake in it." in shown
    assert standing(portal_db, paper).status is AgreementStatus.DISCARDED


@pytest.mark.parametrize(("word", "how"), [("amend", "amends"), ("renew", "renews")])
def test_an_amendment_and_a_renewal_are_begun_as_drafts_that_then_are_open(in_force, word, how):
    db, paper, _referrals = in_force
    page = opened(db, paper)
    click(db, page, f"agreement-{paper.number}-{word}")

    with as_cast(db) as cast:
        [draft] = cast.session.scalars(
            select(AgreementPaper).where(AgreementPaper.follows_id == paper.id)
        )
    assert (draft.follows_how, draft.issued_at) == (how, None)
    assert page.session_state[agreement_views.OPEN] == draft.id
    first = from_json(draft.content).starts_on
    assert first == (date(2026, 11, 20) if word == "amend" else date(2027, 7, 1))
    told = "Amended by" if word == "amend" else "Renewed by"
    assert f"{told} {draft.number}" in db.shown(opened(db, paper))


def test_notice_is_given_with_its_last_day(in_force):
    db, paper, _referrals = in_force
    page = opened(db, paper)
    key = f"agreement-{paper.number}-notice"
    page.date_input(key=f"{key}-date").set_value(date(2026, 12, 1))
    page.text_input(key=f"{key}-reason").set_value("We part.")
    assert "30 days of notice" in click(db, page, f"{key}-do")

    page.date_input(key=f"{key}-date").set_value(date(2027, 1, 31))
    assert "Notice is given" in click(db, page, f"{key}-do")
    view = standing(db, paper)
    assert (view.last_day, view.partners[0].ended_how) == (date(2027, 1, 31), EndedHow.NOTICE)


def test_before_a_termination_the_open_referrals_are_counted_and_after_it_listed(in_force):
    db, paper, numbers = in_force
    page = opened(db, paper)
    before = db.shown(page)
    assert "2 open referrals run to it, 1 in service." in before
    assert not any(number in before for number in numbers)

    key = f"agreement-{paper.number}-end"
    page.text_input(key=f"{key}-reason").set_value("The clinic closes.")
    shown = click(db, page, f"{key}-do")
    assert "Nothing opens under it any more." in shown
    assert "Continuity of care: 2 referrals still run to it, 1 in service." in shown
    for told in (*numbers, "Ana Counts", "30 days left", "Return or destruction asked for"):
        assert told in shown, told
    for name in ("Luis", "Mei", "Sample"):
        assert name not in shown


def test_the_certificate_is_recorded_and_the_clock_stops(in_force):
    db, paper, _referrals = in_force
    with as_cast(db) as cast:
        ending.terminate(cast.session, cast.who(cast.dina), paper.id, "It closes.", NOW)
        [pair] = queries.pairs(cast.session, paper.id)
    page = opened(db, paper)
    key = f"agreement-{paper.number}-settle-{pair.id}"
    assert "What was returned or destroyed is missing" in click(db, page, f"{key}-save")

    page.text_area(key=f"{key}-what").set_value("All visits")
    page.text_input(key=f"{key}-by").set_value("Alma River")
    shown = click(db, page, f"{key}-save")
    assert "The certificate of Riverside Clinic is saved." in shown
    assert "All visits · certified by Alma River" in shown
    with as_cast(db) as cast:
        assert cast.session.get(Settlement, pair.id) is not None


def test_with_several_partners_one_can_be_ended_alone(portal_db):
    with as_cast(portal_db) as cast:
        hal = make.user(cast.session, cast.hilltop, "Hal Hill", cast.alma.role, cast.alma.level)
        signer = Signer("Hal Hill", "Director")
        hilltop = terms_of(cast, agency_id=cast.hilltop.id, signers=(signer,))
        paper = issued(cast, partners=(terms_of(cast), hilltop))
        _all_sign(cast, paper, hal)
    page = opened(portal_db, paper)
    key = f"agreement-{paper.number}-end"
    page.multiselect(key=f"{key}-with").set_value([portal_db.cast.hilltop.id])
    page.text_input(key=f"{key}-reason").set_value("Hilltop closes.")
    shown = click(portal_db, page, f"{key}-do")

    assert "Hilltop Clinic returns or destroys what it received" in shown
    view = standing(portal_db, paper)
    assert view.status is AgreementStatus.IN_FORCE
    assert [one.status for one in view.partners] == [
        AgreementStatus.IN_FORCE,
        AgreementStatus.TERMINATED,
    ]
    page = opened(portal_db, paper)
    click(portal_db, page, f"agreement-{paper.number}-amend")
    with as_cast(portal_db) as cast:
        [draft] = cast.session.scalars(
            select(AgreementPaper).where(AgreementPaper.follows_how == Following.AMENDS)
        )
    assert [terms.agency_id for terms in from_json(draft.content).partners] == [
        portal_db.cast.riverside.id
    ]


def _all_sign(cast, paper, hal):
    typed = TypedSignature("Hal Hill", attests=True)
    for place, who, signature in ((1, cast.alma, B_SIDE), (2, hal, typed), (3, cast.sue, A_SIDE)):
        signing.sign(cast.session, cast.who(who), paper.id, place, signature, NOW)


def test_what_is_begun_is_opened_and_not_begun_again_until_it_is_thrown_away(in_force):
    db, paper, _referrals = in_force
    button = f"agreement-{paper.number}-amend"
    page = opened(db, paper)
    click(db, page, button)
    first = page.session_state[agreement_views.OPEN]
    assert button not in {one.key for one in opened(db, paper).button}

    with as_cast(db) as cast:
        drafting.discard(cast.session, cast.who(cast.dina), first, "Begun in error.", NOW)
    page = opened(db, paper)
    click(db, page, button)
    assert page.session_state[agreement_views.OPEN] not in (first, paper.id)


def test_one_taken_back_offers_nothing_more(portal_db):
    with as_cast(portal_db) as cast:
        paper = issued(cast)
        drafting.discard(cast.session, cast.who(cast.dina), paper.id, "Wrong.", NOW)
    page = opened(portal_db, paper)

    labels = {button.label for button in page.button}
    assert labels - {"Make a PDF"} == {"Back to all agreements"}
