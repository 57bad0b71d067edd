"""Anybody who holds a paper asks whether it is genuine; nobody is named."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import select

from portal.config import settings
from portal.consents import life
from portal.store.consents import Consent, ConsentSigning
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.web.family.verifying import OFTEN
from tests.people import NOW
from tests.web.family.conftest import sign

NOT_OURS = "This is not a paper of ours"


@pytest.fixture
def signing(asked, phone, site) -> ConsentSigning:
    """What Maria signed."""
    sign(phone, asked())
    phone.browser.cookies.clear()
    with site.db.writing() as session:
        return session.scalars(select(ConsentSigning)).one()


def content(site, key) -> bytes:
    with site.db.writing() as session:
        return session.get_one(Document, key).content


def drop(phone, content: bytes, name: str = "paper.pdf"):
    return phone._arrive(phone.browser.post("/verify", files={"file": (name, content)}))


def test_the_receipt_in_either_shape_and_its_code_are_genuine(signing, phone, site):
    for key in (signing.pdf_id, signing.docx_id):
        drop(phone, content(site, key), "whatever.txt")
        assert "This paper is genuine" in phone.text
    phone.get(f"/verify/{signing.code}")
    assert "This paper is genuine" in phone.text
    for typed in (signing.code.lower(), signing.code.replace("-", " "), f" {signing.code}. "):
        phone.browser.post("/verify", files={"code": (None, typed)})
        answer = phone._arrive(phone.browser.post("/verify", files={"code": (None, typed)}))
        assert "This paper is genuine" in answer.text


def test_the_answer_and_the_trail_name_nobody(signing, phone, site):
    drop(phone, content(site, signing.pdf_id))
    for name in ("Luis", "Maria", "Sample", "Riverside", signing.number):
        assert name not in phone.answer.text
    with site.db.writing() as session:
        line = session.scalars(select(TrailLine).where(TrailLine.event == "consent.verified")).one()
    assert line.detail == {"standing": "genuine", "by": "file"}
    assert (line.user_name, line.subject) == ("", "")


def test_what_was_taken_back_is_told_with_its_day(signing, phone, site):
    me = site.db.who(site.db.cast.ana)
    with site.db.writing() as session:
        consent = session.scalars(select(Consent)).one()
        life.revoke(session, me, consent.id, "By letter.", NOW)
    phone.get(f"/verify/{signing.code}")

    assert "genuine, but it was taken back" in phone.text
    assert "Since November 20, 2026" in phone.text


@pytest.mark.parametrize("wrong", [b"GIF89a", b"%PDF-1.7 not ours", b"\x00" * 1000])
def test_what_is_no_paper_of_ours_is_just_not_ours(phone, wrong):
    drop(phone, wrong)
    assert phone.answer.status_code == 200
    assert NOT_OURS in phone.text


def test_one_byte_changed_is_not_ours(signing, phone, site):
    drop(phone, content(site, signing.pdf_id) + b"\n")
    assert NOT_OURS in phone.text


def test_a_zip_bomb_is_hashed_and_never_unpacked(phone):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b"0" * 50_000_000)
    drop(phone, packed.getvalue(), "bomb.docx")
    assert NOT_OURS in phone.text


def test_200_megabytes_are_not_read(phone):
    read = 0

    def parts():
        nonlocal read
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(200):
            read += 1
            yield b"0" * 1024 * 1024

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    told = phone.browser.post(
        "/verify", content=b"x", headers=kind | {"Content-Length": "209715200"}
    )
    assert told.status_code == 413
    answer = phone.browser.post("/verify", content=parts(), headers=kind)
    assert answer.status_code == 413
    assert f"at most {settings().upload_megabytes} megabytes" in answer.text


def test_nothing_sent_and_a_broken_form_have_their_sentences(phone):
    phone._arrive(phone.browser.post("/verify", files={"file": ("", b"")}))
    assert (phone.answer.status_code, "nothing to check yet" in phone.text) == (422, True)
    for kind in ("text/plain", "multipart/form-data", "multipart/form-data; boundary=b"):
        answer = phone.browser.post("/verify", content=b"rubbish", headers={"Content-Type": kind})
        assert answer.status_code == 422
        assert "The file did not arrive whole." in answer.text


@pytest.mark.parametrize("code", ["A", "%00", "x" * 5000, "....", "AAAA-AAAA-AAAA"])
def test_an_odd_code_is_not_ours(phone, code):
    phone.get(f"/verify/{code}")
    assert NOT_OURS in phone.text


def test_who_asks_all_the_time_waits(phone):
    for _ in range(OFTEN):
        phone.browser.get("/verify/AAAA")
    phone.get("/verify/AAAA")

    assert phone.answer.status_code == 429
    assert "Wait ten minutes" in phone.text
    assert phone.get("/verify").status_code == 200
