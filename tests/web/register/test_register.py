"""/agreements and /verify as anybody meets them: without an account, in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from httpx import Response

from portal.agreements import drafting, ending, pdf, reviewing
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.content import ChosenClause, Content, Line
from portal.store.agreements import AgreementPaper
from portal.store.papers import Document
from portal.vocabulary import (
    AgreementKind,
    Category,
    Detail,
    Direction,
    LineBasis,
    Purpose,
)
from portal.web.headers import PLAIN_POLICY
from tests.agreements.papers import a_content, drafted, issued, signed
from tests.people import NOW, Cast
from tests.web.conftest import Site

END = datetime(2027, 7, 1, 4, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 %%EOF"


@contextmanager
def people(site: Site) -> Iterator[Cast]:
    """The cast, able to write."""
    with site.db.writing() as session:
        yield replace(site.db.cast, session=session)


def text(answer: Response) -> str:
    """The page as it reads."""
    body = re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1])
    return " ".join(body.replace("&#39;", "'").split())


@pytest.fixture
def paper(site) -> AgreementPaper:
    """Signed by both, with a PDF, public."""
    with people(site) as cast:
        made = signed(cast)
        word = pdf.issued(cast.session, cast.who(cast.dina), made.id, NOW)
        pdf.keep(cast.session, cast.who(cast.dina), made.id, word.sha256, PDF, NOW)
    return made


def document(site, key) -> bytes:
    with site.db.writing() as session:
        return session.get_one(Document, key).content


# The list


def test_everybody_reads_the_list_without_a_cookie_of_an_account(site, paper):
    answer = site.browser().get("/agreements")

    assert answer.status_code == 200
    told = text(answer)
    for word in (
        "Riverside Clinic",
        paper.number,
        "In force",
        "November 20, 2026",
        "June 30, 2027",
    ):
        assert word in told
    assert f'href="/agreements/{paper.number}' in answer.text
    assert "noindex" not in answer.text
    assert answer.headers["content-security-policy"] == PLAIN_POLICY
    assert "portal-session" not in str(answer.cookies)


def test_an_empty_list_says_what_will_be_there(site):
    assert "There is none at the moment." in text(site.browser().get("/agreements"))


def test_what_ended_is_told_apart_and_is_gone_after_a_year(site, paper):
    with people(site) as cast:
        ending.terminate(cast.session, cast.who(cast.dina), paper.id, "Tiff with them.", NOW)
    listed, one = (site.browser().get(f"/agreements{at}") for at in ("", f"/{paper.number}"))

    assert "Ended in the last twelve months" in text(listed)
    assert "There is none at the moment." in text(listed)
    assert "not in force any more" in text(one)
    assert "Tiff" not in listed.text + one.text
    site.db.at(NOW + timedelta(days=366))
    assert paper.number not in site.browser().get("/agreements").text
    for end in ("", "/word", "/pdf"):
        assert site.browser().get(f"/agreements/{paper.number}{end}").status_code == 404


def test_two_hundred_agreements_are_listed(site, paper, monkeypatch):
    from portal.agreements.register import queries

    with site.db.writing() as session:
        [known] = queries.on_the_page(session, NOW)
    many = [replace(known, number=f"M-{n:06}") for n in range(200)]
    monkeypatch.setattr(queries, "on_the_page", lambda *_: many)

    assert site.browser().get("/agreements").text.count("<li>") >= 200


# One agreement


def test_an_agreement_is_told_in_plain_words(site, paper):
    told = text(site.browser().get(f"/agreements/{paper.number}"))

    for word in (
        "Memorandum of understanding", "Harbor Point Public Schools", "Riverside Clinic",
        "Signed by all on November 20, 2026", "On this page since November 20, 2026",
        "get it early, close to school", "Individual counseling", "for some students", "Tuesdays",
        "Only when the family has signed a consent. Days at school and days missed",
        "Whether help has begun", "Never shared: Reports to child protection",
        "Student data never belong to the partner.",
    ):  # fmt: skip
        assert word in told, word


def test_it_names_no_e_mail_address_and_no_signer(site, paper):
    page = site.browser().get(f"/agreements/{paper.number}").text

    for word in ("@", "Alma River", "Sue Perin", "Dina Desk"):
        assert word not in page


def test_conditions_of_a_line_are_told(site):
    narrow = Line(
        Direction.A_TO_B, Category.VISITS, Detail.SUMMARY, (Purpose.COORDINATE,),
    )  # fmt: skip
    special = Line(Direction.B_TO_A, Category.SUD)
    with people(site) as cast:
        content = a_content(cast, partner={"lines": (narrow, special)}, special_known=True)
        paper = signed(cast, replace(content, clauses=SHIPPED.usual(content)))
    told = text(site.browser().get(f"/agreements/{paper.number}"))

    assert "Only for this: to plan help together and see that it works." in told
    assert "Only what and when, no more." in told
    assert "with separate initials for this. Care for alcohol or drug use" in told


def test_what_is_shared_outside_the_portal_names_its_law(site):
    with people(site) as cast:
        line = Line(Direction.A_TO_B, Category.ATTENDANCE, basis=LineBasis.STUDIES)
        content = a_content(cast, partner={"lines": (line,)})
        use = replace(
            content.special, topic="Attendance and counseling", scope="One year of days missed",
            duration="A year", destroy_on=date(2027, 8, 1),
        )  # fmt: skip
        study: Content = replace(content, kind=AgreementKind.STUDIES, special=use, clauses=())
        paper = signed(cast, replace(study, clauses=SHIPPED.usual(study)))
    told = text(site.browser().get(f"/agreements/{paper.number}"))

    assert "For this study only, without a consent (34 CFR 99.31(a)(6))." in told
    assert "Attendance and counseling" in told


def test_a_clause_that_the_parties_reworded_says_so(site):
    with people(site) as cast:
        content = a_content(cast)
        chosen = tuple(
            ChosenClause(c.id, c.version, ("Data are the student's alone.",), "Counsel Ruiz")
            if c.id == "ct_property"
            else c
            for c in content.clauses
        )
        paper = signed(cast, replace(content, clauses=chosen))
    told = text(site.browser().get(f"/agreements/{paper.number}"))

    assert told.count("The parties changed the wording: read the document") == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Acuerdos sobre información", "En vigor", "Qué puede dar Harbor Point")),
        ("pt", ("Acordos sobre informações", "Em vigor", "O que Harbor Point")),
    ],
)
def test_it_is_there_in_spanish_and_portuguese(site, paper, language, words):
    at = [f"/agreements?lang={language}", f"/agreements/{paper.number}?lang={language}"]
    pages = [site.browser().get(address) for address in at]

    told = " ".join(text(page) for page in pages)
    for word in words:
        assert word in told
    assert all(f'<html lang="{language}"' in page.text for page in pages)
    assert "Only when the family" not in told


# Files


def test_the_issued_document_and_its_pdf_are_downloaded(site, paper):
    for end, key, kind in (("word", paper.document_id, "docx"), ("pdf", paper.pdf_id, "pdf")):
        answer = site.browser().get(f"/agreements/{paper.number}/{end}")
        assert answer.content == document(site, key)
        told = answer.headers["content-disposition"]
        assert told == f"attachment; filename*=UTF-8''Agreement-{paper.number}.{kind}"
        assert "sandbox" in answer.headers["content-security-policy"]


def test_what_is_not_public_is_not_downloaded_and_says_whom_to_ask(site):
    with people(site) as cast:
        paper = signed(cast, public=False)
    page = site.browser().get(f"/agreements/{paper.number}")

    assert "Ask the district for it." in text(page)
    assert "/word" not in page.text
    answer = site.browser().get(f"/agreements/{paper.number}/word")
    assert (answer.status_code, "not published here" in text(answer)) == (404, True)


def test_a_draft_one_under_way_and_an_unknown_number_get_one_answer(site):
    with people(site) as cast:
        draft = drafted(cast, key="a")
        sent = drafted(cast, key="b")
        reviewing.send(cast.session, cast.who(cast.dina), sent.id, "", NOW)
        out = issued(cast, key="c")
        gone = issued(cast, key="d")
        drafting.discard(cast.session, cast.who(cast.dina), gone.id, "A mistake.", NOW)
    numbers = [paper.number for paper in (draft, sent, out, gone)]
    answers = {
        (answer.status_code, text(answer))
        for number in [*numbers, "M-234567", "x" * 500, "%00", "..%2f..", "M-234567'--"]
        for end in ("", "/word", "/pdf")
        for answer in [site.browser().get(f"/agreements/{number}{end}")]
    }

    assert len(answers) <= 2  # the register's own answer, and that of an address that is none
    assert {status for status, _text in answers} == {404}
    for number in numbers:
        assert site.browser().get(f"/agreements/{number}").text == (
            site.browser().get("/agreements/M-234567").text
        )


def test_other_addresses_below_and_other_methods_are_nobody_s(site, paper):
    for path in (f"/agreements/{paper.number}/certificate", "/agreements/a/b/c", "/agreements/"):
        assert site.browser().get(path).status_code in (303, 307, 404)
    assert site.browser().post(f"/agreements/{paper.number}").status_code == 405
    assert site.browser().get(f"/doc/{paper.document_id}").status_code == 303


def test_the_sign_in_page_and_the_page_for_checking_lead_there(site):
    for path in ("/login", "/verify"):
        assert 'href="/agreements' in site.browser().get(path).text


# /verify


def checked(site, content: bytes, language: str = "en") -> Response:
    return site.browser().post(
        f"/verify?lang={language}", files={"file": ("whatever.bin", content)}
    )


def test_every_file_of_an_agreement_is_recognized_with_its_parties_and_its_state(site, paper):
    for key, held in (
        (paper.document_id, "The document that was signed (Word)"),
        (paper.pdf_id, "A PDF made of the document"),
        (paper.certificate_id, "The certificate of who signed when"),
    ):
        told = text(checked(site, document(site, key)))
        for word in ("genuine and in force", held, paper.number, "Riverside Clinic", "June 30"):
            assert word in told, word
    assert f'href="/agreements/{paper.number}' in checked(site, document(site, key)).text


def test_one_byte_changed_is_no_paper_of_ours(site, paper):
    content = bytearray(document(site, paper.document_id))
    content[len(content) // 2] ^= 1

    assert "This is not a paper of ours" in text(checked(site, bytes(content)))


def test_the_number_tells_how_it_stands_and_that_a_number_is_not_a_file(site, paper):
    for typed in (paper.number, paper.number.lower()):
        told = text(site.browser().post("/verify", files={"code": (None, typed)}))
        assert "genuine and in force" in told
        assert "a number does not show what it says" in told
    assert "genuine and in force" in text(site.browser().get(f"/verify/{paper.number}"))
    site.db.at(END)
    assert "its last day has passed" in text(site.browser().get(f"/verify/{paper.number}"))


def test_a_version_that_was_sent_is_told_to_be_a_draft(site):
    with people(site) as cast:
        paper = drafted(cast)
        version = reviewing.send(cast.session, cast.who(cast.dina), paper.id, "", NOW)
    told = text(checked(site, document(site, version.document_id)))

    assert "a draft version, not the agreement" in told
    assert "Being negotiated" in told


@pytest.mark.parametrize(
    ("language", "word"), [("es", "auténtico y está en vigor"), ("pt", "autêntico e está em vigor")]
)
def test_the_answer_is_there_in_spanish_and_portuguese(site, paper, language, word):
    assert word in text(checked(site, document(site, paper.document_id), language))
