"""A form about one thing at a family's phone: from its one tick to its own page."""

from __future__ import annotations

from sqlalchemy import select

from portal.store.consents import Consent
from portal.vocabulary import Category, FormKind, Instrument, Purpose, SignerKind
from tests.web.family.conftest import come_in

NOTHING: frozenset[Category] = frozenset()
CASE = "Sample v. Example, docket 26-104"


def test_therapy_notes_are_agreed_to_and_taken_back(asked, phone, site):
    sent = asked(
        kind=FormKind.PSYCHOTHERAPY_NOTES, out=NOTHING, purposes=frozenset({Purpose.EVALUATE})
    )
    come_in(phone, sent)
    assert "The notes that a therapist at Riverside Clinic made of talks with Luis" in phone.text
    phone.post(f"/consent/{sent.token}/records-1", back=["subject"])
    assert "It is the paper by which Riverside Clinic may give this" in phone.text
    assert "This is what they would see" not in phone.text
    phone.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")
    assert "Consent for Therapy Notes" in phone.text

    with site.db.writing() as session:
        consent = session.scalars(select(Consent)).one()
    assert consent.form_kind is FormKind.PSYCHOTHERAPY_NOTES
    assert consent.instrument is Instrument.HIPAA
    own = phone.at.removesuffix("/signed")
    phone.get(own)
    assert "Consent for Therapy Notes" in phone.text
    [link] = [part for part in phone.answer.text.split('"') if "number=" in part]
    phone.get(link.replace("&amp;", "&"))
    assert "Take it back? From the moment" in phone.text
    assert "Consent for Therapy Notes" in phone.text
    form = dict(pair.split("=") for pair in link.replace("&amp;", "&").partition("?")[2].split("&"))
    phone.post(f"{own}/take-back", **form)
    assert "It is taken back." in phone.text


def test_without_its_tick_there_is_nothing_to_sign(asked, phone):
    sent = asked(kind=FormKind.PSYCHOTHERAPY_NOTES, out=NOTHING, purposes=frozenset(Purpose))
    come_in(phone, sent)
    phone.post(f"/consent/{sent.token}/records-1")
    assert "You have not said yes to anything." in phone.text


def test_use_in_court_tells_the_case_before_and_after(asked, phone, site):
    sent = asked(
        kind=FormKind.COURT_USE,
        out=NOTHING,
        case=CASE,
        signer_kind=SignerKind.STUDENT,
        signer_id=site.db.cast.luis.id,
    )
    come_in(phone, sent)
    phone.post(f"/consent/{sent.token}/records-1", back=["subject"])
    assert CASE in phone.text
    phone.post(f"/consent/{sent.token}/check", name="Luis Sample", agree="yes")
    assert f"{CASE}." in phone.text and "Consent for Use in Court" in phone.text
