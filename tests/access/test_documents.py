"""Papers leave only for those whom the rule allows, and every opening is in the trail."""

from __future__ import annotations

import hashlib
import uuid

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from portal.access import documents, trail
from portal.access.documents import open_document, safe_file_name
from portal.errors import NotFound
from portal.policy.papers import scan_problems, scan_type
from portal.store.agreements import AgreementDocument
from portal.store.consents import ConsentRequest, ConsentRequestPart
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.papers import Document
from portal.vocabulary import DocumentKind, RelationKind, SignerKind
from tests import factories as make
from tests.people import NOW, Cast

PAPER = b"%PDF-1.7 the signed paper"


@pytest.fixture
def scan(cast: Cast) -> uuid.UUID:
    """The scan of Maria's consent for Luis, kept for the district."""
    document = documents.keep(
        cast.session,
        cast.ana.id,
        cast.district.id,
        DocumentKind.CONSENT,
        "consent.pdf",
        "application/pdf",
        PAPER,
        NOW,
        student_id=cast.luis.id,
    )
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, document_id=document.id)
    return document.id


def kept(cast: Cast, kind: DocumentKind, content: bytes = b"the agreement") -> Document:
    return documents.keep(
        cast.session,
        cast.dina.id,
        cast.district.id,
        kind,
        "agreement.docx",
        "application/octet-stream",
        content,
        NOW,
    )


def of_agreement(cast: Cast, kind: DocumentKind, *, to_partners: bool) -> uuid.UUID:
    """A document of an agreement between the district and Riverside."""
    document = kept(cast, kind)
    paper = make.agreement_paper(cast.session, cast.district, cast.riverside, cast.dina)
    cast.session.add(
        AgreementDocument(document_id=document.id, paper_id=paper.id, to_partners=to_partners)
    )
    cast.session.flush()
    return document.id


@pytest.fixture
def mou(cast: Cast) -> uuid.UUID:
    """The issued agreement."""
    return of_agreement(cast, DocumentKind.AGREEMENT, to_partners=True)


def test_the_exact_bytes_are_kept_with_their_hash(cast, scan):
    document = open_document(cast.session, cast.who(cast.ana), scan, NOW)

    assert document.content == PAPER
    assert document.sha256 == hashlib.sha256(PAPER).hexdigest()


def test_the_database_refuses_to_rewrite_a_kept_paper(cast, scan):
    with pytest.raises(DBAPIError, match="never rewritten"):
        cast.session.execute(update(Document).values(content=b"another paper"))


def test_opening_is_in_the_trail_with_the_student(cast, scan):
    open_document(cast.session, cast.who(cast.ana), scan, NOW)

    line = cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "document.opened", TrailLine.allowed)
    ).one()
    assert line.subject == str(scan)
    about = select(TrailStudent.student_id).where(TrailStudent.line_id == line.id)
    assert cast.session.scalars(about).all() == [cast.luis.id]


@pytest.mark.parametrize("who", ["ana", "omar"])
def test_a_consent_is_read_by_those_who_may_record_one_for_that_student(cast, scan, who):
    assert open_document(cast.session, cast.who(getattr(cast, who)), scan, NOW)


@pytest.mark.parametrize(
    "who",
    [
        "tom",  # teaches Luis, but consents are not his task
        "dina",  # records consents, but Luis has no plan that brings him into her reach
        "sue",  # reaches everybody, but consents are not her task
        "rita",  # the consent names her agency, and still the paper stays with the school
        "alma",
        "hugo",
    ],
)
def test_a_consent_is_closed_to_everybody_else(cast, scan, who):
    me = cast.who(getattr(cast, who))

    with pytest.raises(NotFound):
        open_document(cast.session, me, scan, NOW)


@pytest.mark.parametrize("who", ["dina", "sue", "alma"])
def test_an_agreement_is_read_by_those_who_make_and_sign_agreements(cast, mou, who):
    assert open_document(cast.session, cast.who(getattr(cast, who)), mou, NOW)


@pytest.mark.parametrize("who", ["ana", "tom", "rita", "hugo"])
def test_an_agreement_is_closed_to_everybody_else(cast, mou, who):
    with pytest.raises(NotFound):
        open_document(cast.session, cast.who(getattr(cast, who)), mou, NOW)


def test_what_is_not_for_the_partner_stays_with_the_district(cast):
    note = of_agreement(cast, DocumentKind.AGREEMENT_VERSION, to_partners=False)

    assert open_document(cast.session, cast.who(cast.dina), note, NOW)
    with pytest.raises(NotFound):
        open_document(cast.session, cast.who(cast.alma), note, NOW)


@pytest.mark.parametrize("kind", [DocumentKind.WORD_TEMPLATE, DocumentKind.AGREEMENT_BUNDLE])
def test_a_districts_own_tools_are_opened_by_those_who_make_agreements(cast, kind):
    tool = kept(cast, kind).id

    assert open_document(cast.session, cast.who(cast.sue), tool, NOW)
    for who in (cast.ana, cast.alma):
        with pytest.raises(NotFound):
            open_document(cast.session, cast.who(who), tool, NOW)


def test_the_administrator_of_a_third_agency_is_not_a_party(cast, mou):
    heidi = make.user(cast.session, cast.hilltop, "Heidi Hill", cast.alma.role, cast.alma.level)

    with pytest.raises(NotFound):
        open_document(cast.session, cast.who(heidi), mou, NOW)


def test_a_foreign_document_and_a_missing_one_get_the_same_answer_and_both_are_noted(cast, scan):
    hugo = cast.who(cast.hugo)
    answers = []
    for asked in (scan, uuid.uuid4()):
        with pytest.raises(NotFound) as caught:
            open_document(cast.session, hugo, asked, NOW)
        answers.append((caught.value.what, caught.value.do_next))

    assert answers[0] == answers[1]
    waiting = cast.session.info[trail.WAITING]
    assert [entry.allowed for _me, entry in waiting] == [False, False]


def test_a_document_that_no_paper_names_is_closed_even_to_its_owner(cast):
    ana = cast.who(cast.ana)
    loose = documents.keep(
        cast.session, ana.id, cast.district.id, DocumentKind.CONSENT, "x.pdf", "a/b", PAPER, NOW
    )

    with pytest.raises(NotFound):
        open_document(cast.session, ana, loose.id, NOW)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("MOU 2026.docx", "MOU-2026.docx"),
        ("X of plan X.PDF", "X-of-plan-X.PDF"),
        ("../../etc/passwd", "etc-passwd"),
        ('a"b\r\nSet-Cookie: x.pdf', "a-b-Set-Cookie-x.pdf"),
        (".htaccess", "document.htaccess"),
        ("", "document"),
        ("Ñandú.pdf", "and.pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_file_names_are_harmless(given, kept):
    assert safe_file_name(given) == kept


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.4 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
    ],
)
def test_a_scan_is_known_by_its_first_bytes(content, media_type):
    kind = scan_type(content)

    assert kind is not None
    assert kind.media_type == media_type
    assert scan_problems(content, 1, "scan") == []


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "The scan is missing."),
        (b"PK\x03\x04 a Word file", "The scan is not a PDF or an image."),
        (b"<html>", "The scan is not a PDF or an image."),
        (b"%PDF-" + b"0" * 1024 * 1024, "The scan is larger than 1 megabytes."),
    ],
)
def test_what_is_no_scan_is_refused_with_a_sentence(content, what):
    [problem] = scan_problems(content, 1, "scan")

    assert (problem.field, problem.what) == ("scan", what)
    assert problem.do_next


def test_a_form_that_names_siblings_opens_for_whoever_reaches_them_all(cast):
    form = documents.keep(
        cast.session,
        cast.dina.id,
        cast.district.id,
        DocumentKind.CONSENT_FORM,
        "form.pdf",
        "application/pdf",
        PAPER,
        NOW,
        student_id=cast.luis.id,
    )
    request = make.stored(
        cast.session,
        ConsentRequest(
            number="Q-1",
            district_id=cast.district.id,
            form_version_id=make.form_version(cast.session, cast.district).id,
            channel="paper",
            signer_kind=SignerKind.GUARDIAN,
            signer_id=cast.maria.id,
            signer_name="Maria Sample",
            made_by=cast.ana.id,
            made_at=NOW,
            expires_at=NOW,
            paper_id=form.id,
        ),
    )
    for place, child in enumerate((cast.luis, cast.mei)):
        part = ConsentRequestPart(
            request_id=request.id, place=place, student_id=child.id, partner_id=cast.riverside.id
        )
        make.stored(cast.session, part)
    bea = make.user(cast.session, cast.district, "Bea Other", cast.ana.role, cast.ana.level)
    make.relation(cast.session, bea, cast.luis, RelationKind.SERVICE)

    assert open_document(cast.session, cast.who(cast.ana), form.id, NOW).content == PAPER
    for who in (bea, cast.rita):
        with pytest.raises(NotFound):
            open_document(cast.session, cast.who(who), form.id, NOW)


def test_an_empty_form_opens_for_those_who_keep_the_forms_of_its_district(cast):
    sample = documents.keep(
        cast.session,
        cast.dina.id,
        cast.district.id,
        DocumentKind.CONSENT_FORM,
        "sample.pdf",
        "application/pdf",
        PAPER,
        NOW,
    )

    assert open_document(cast.session, cast.who(cast.dina), sample.id, NOW).content == PAPER
    for who in (cast.ana, cast.alma):
        with pytest.raises(NotFound):
            open_document(cast.session, cast.who(who), sample.id, NOW)
