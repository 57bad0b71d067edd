"""Each kind of kept paper: who opens it, by what it belongs to, and what its line tells."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from portal.access import documents, trail
from portal.access.documents import going_along, open_document
from portal.errors import NotFound
from portal.policy.notices import notices_for
from portal.store.consents import (
    ConsentFormVersion,
    ConsentRequest,
    ConsentRequestPart,
    ConsentSigning,
)
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequest, AccessRequestEvent
from portal.store.papers import Document
from portal.store.people import StaffLock, Student
from portal.store.places import Organization
from portal.vocabulary import (
    DocumentKind,
    InformationForm,
    Instrument,
    OrganizationKind,
    RelationKind,
    RequestEventKind,
    RequestKind,
    RequestStatus,
    SignatureMethod,
    SignerKind,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

EVERYBODY = ("ana", "omar", "tom", "dina", "sue", "rita", "alma", "hugo")


def kept(
    cast: Cast,
    kind: DocumentKind,
    about: Student | None = None,
    of: Organization | None = None,
    **more,
) -> Document:
    """A paper of the district, which Ana made."""
    about_whom = about.id if about else None
    owner, name, media_type = of or cast.district, "paper.pdf", "application/pdf"
    return documents.keep(
        *(cast.session, cast.ana.id, owner.id, kind, name, media_type, b"%PDF-", NOW, about_whom),
        **more,
    )


def readers(cast: Cast, document: Document) -> list[str]:
    found = []
    for name in EVERYBODY:
        try:
            open_document(cast.session, cast.who(getattr(cast, name)), document.id, NOW)
        except NotFound:
            continue
        found.append(name)
    return found


@pytest.mark.parametrize(
    ("kind", "about", "names"),
    [
        (DocumentKind.DISCLOSURES, "luis", ["ana", "omar", "sue"]),
        (DocumentKind.DISCLOSURES, "mei", ["ana", "omar", "dina", "sue"]),
        (DocumentKind.DISCLOSURES, None, []),
        (DocumentKind.AMENDMENT_LETTER, "luis", ["ana", "omar"]),
        (DocumentKind.AMENDMENT_LETTER, "zoe", []),
        (DocumentKind.AMENDMENT_LETTER, None, []),
        (DocumentKind.FAMILY_SUMMARY, "luis", ["ana", "omar", "sue"]),
        (DocumentKind.RECORD_PRINT, "luis", ["ana"]),  # what she saw may be more than is theirs
        (DocumentKind.RECORD_PRINT, None, []),
        (DocumentKind.CONSENT_FORM, None, ["dina"]),
        (DocumentKind.CONSENT_FORM, "luis", []),  # no request names it
        (DocumentKind.RETENTION_CERTIFICATE, None, ["dina", "sue"]),
        (DocumentKind.REVIEW_RECORD, None, ["dina", "sue"]),
        (DocumentKind.USE_OF_TIME, None, ["ana"]),
        (DocumentKind.DATA_EXPORT, None, []),  # no export tells of it
        (DocumentKind.ACCESS_LETTER, None, []),
        (DocumentKind.WORD_TEMPLATE, None, ["dina", "sue"]),
        (DocumentKind.CONSENT, "luis", []),
    ],
)
def test_each_kind_has_its_readers(cast: Cast, kind, about, names):
    document = kept(cast, kind, getattr(cast, about) if about else None)

    assert readers(cast, document) == names


@pytest.mark.parametrize(
    "kind",
    [
        DocumentKind.DISCLOSURES,
        DocumentKind.AMENDMENT_LETTER,
        DocumentKind.RECORD_PRINT,
        DocumentKind.FAMILY_SUMMARY,
    ],
)
def test_of_another_organization_s_paper_nobody_here_is_a_reader(cast: Cast, kind):
    assert readers(cast, kept(cast, kind, cast.luis, cast.riverside)) == []


@pytest.mark.parametrize("kind", [DocumentKind.REVIEW_RECORD, DocumentKind.CONSENT_FORM])
def test_nor_of_its_tools(cast: Cast, kind):
    assert readers(cast, kept(cast, kind, None, cast.riverside)) == []


# A consent's papers


def signing(cast: Cast, student: Student, **papers: uuid.UUID) -> ConsentSigning:
    row = ConsentSigning(
        number="S-1",
        form_version_id=make.form_version(cast.session, cast.district).id,
        student_id=student.id,
        partner_id=cast.riverside.id,
        signer_name="Maria Sample",
        method=SignatureMethod.TYPED,
        signed_at=NOW,
        agreed_sha256="0" * 64,
        code="code",
        **papers,
    )
    return make.stored(cast.session, row)


@pytest.mark.parametrize("shape", ["pdf_id", "docx_id"])
def test_a_receipt_in_either_shape_is_read_as_the_consent_is(cast: Cast, shape):
    receipt, other = (kept(cast, DocumentKind.CONSENT) for _ in range(2))
    papers = {"pdf_id": other.id, "docx_id": other.id} | {shape: receipt.id}
    signing(cast, cast.luis, **papers)

    assert readers(cast, receipt) == ["ana", "omar"]


def a_request(cast: Cast, paper: Document, *students: Student, proposal=None) -> None:
    version = cast.session.scalar(select(ConsentFormVersion.id))
    row = ConsentRequest(
        number=f"Q-{next(make.numbers)}",
        district_id=cast.district.id,
        form_version_id=version or make.form_version(cast.session, cast.district).id,
        channel="paper",
        signer_kind=SignerKind.GUARDIAN,
        signer_id=cast.maria.id,
        signer_name="Maria Sample",
        made_by=cast.ana.id,
        made_at=NOW,
        expires_at=NOW,
        paper_id=paper.id,
    )
    make.stored(cast.session, row)
    for place, student in enumerate(students):
        part = ConsentRequestPart(
            request_id=row.id,
            place=place,
            student_id=student.id,
            partner_id=cast.riverside.id,
            proposal=proposal or {},
        )
        make.stored(cast.session, part)


def test_a_form_of_siblings_is_read_by_whoever_reaches_them_all(cast: Cast):
    form = kept(cast, DocumentKind.CONSENT_FORM, cast.luis)
    a_request(cast, form, cast.luis, cast.zoe)
    assert readers(cast, form) == []

    make.relation(cast.session, cast.ana, cast.zoe, RelationKind.SERVICE)
    assert readers(cast, form) == ["ana"]


def test_the_line_tells_why_the_first_of_the_siblings_closes_the_form(cast: Cast):
    first, last = (Student(id=uuid.UUID(int=number)) for number in (1, (1 << 128) - 1))
    for child in (last, first):
        child.district_id, child.family_name, child.given_name = cast.district.id, "Sample", "Twin"
        make.stored(cast.session, child)
    lock = StaffLock(user_id=cast.sue.id, student_id=last.id, starts_at=NOW, set_by=cast.dina.id)
    make.stored(cast.session, lock)
    form = kept(cast, DocumentKind.CONSENT_FORM, last)
    a_request(cast, form, last, first)

    with pytest.raises(NotFound):
        open_document(cast.session, cast.who(cast.sue), form.id, NOW)
    [(_me, entry)] = cast.session.info[trail.WAITING]
    assert entry.codes == ["NO_SUCH_TASK"]  # and no conflict of interest, which is of the last


def test_a_file_that_was_brought_is_read_by_whoever_reaches_the_student_it_led_to(cast: Cast):
    brought, other = (kept(cast, DocumentKind.CONSENT, cast.luis) for _ in range(2))
    form = kept(cast, DocumentKind.CONSENT_FORM)
    a_request(cast, form, cast.luis, proposal={"source": str(other.id)})
    a_request(cast, form, cast.zoe, proposal={"source": str(brought.id)})
    assert readers(cast, brought) == []

    a_request(cast, form, cast.luis, proposal={"source": str(brought.id)})
    assert readers(cast, brought) == ["ana", "omar"]


# Written requests


def written_request(cast: Cast, applicant, **papers) -> AccessRequest:
    row = AccessRequest(
        organization_id=cast.district.id,
        number=f"R-{next(make.numbers)}",
        kind=RequestKind.STAFF if applicant else RequestKind.RESEARCH,
        status=RequestStatus.GRANTED,
        applicant_id=applicant.id if applicant else None,
        form=InformationForm.IDENTIFIED,
        wanted_from=date(2026, 11, 1),
        wanted_until=date(2026, 12, 1),
        written_by=cast.dina.id,
        written_at=LONG_AGO,
        **papers,
    )
    return make.stored(cast.session, row)


@pytest.mark.parametrize("place", ["letter_id", "letter_docx_id", "event"])
def test_a_letter_is_read_by_who_asked_and_who_decided(cast: Cast, place):
    letter = kept(cast, DocumentKind.ACCESS_LETTER)
    written_request(cast, cast.omar)
    row = written_request(cast, cast.tom, **({} if place == "event" else {place: letter.id}))
    if place == "event":
        told = {"kind": RequestEventKind.DECIDED, "at": NOW, "document_id": letter.id}
        make.stored(cast.session, AccessRequestEvent(request_id=row.id, **told))

    assert readers(cast, letter) == ["tom", "sue"]


def test_an_answer_to_somebody_outside_is_read_by_whoever_hands_it_over(cast: Cast):
    answer = kept(cast, DocumentKind.BOARD_ANSWER)
    written_request(cast, None, letter_id=answer.id)

    assert readers(cast, answer) == ["dina", "sue"]


# The line, and what goes along


def test_an_id_that_was_promised_is_the_document_s(cast: Cast):
    promised = uuid.uuid4()

    assert kept(cast, DocumentKind.USE_OF_TIME, document_id=promised).id == promised


def test_the_line_of_an_opening_tells_which_bytes_were_opened(cast: Cast):
    document = kept(cast, DocumentKind.DISCLOSURES, cast.luis)
    open_document(cast.session, cast.who(cast.omar), document.id, NOW)

    line = cast.session.scalars(select(TrailLine)).one()
    assert (line.event, line.allowed, line.at) == ("document.opened", True, NOW)
    assert (line.user_id, line.subject) == (cast.omar.id, str(document.id))
    assert line.students == [cast.luis.id.hex]
    assert line.detail == {"kind": "disclosures", "sha256": document.sha256}


def test_the_line_of_a_refusal_tells_who_why_and_of_whom(cast: Cast):
    document, tom = kept(cast, DocumentKind.USE_OF_TIME, cast.luis), cast.who(cast.tom)
    missing = uuid.uuid4()
    for asked in (document.id, missing):
        with pytest.raises(NotFound):
            open_document(cast.session, tom, asked, NOW)

    of_this, of_nothing = cast.session.info[trail.WAITING]
    assert of_this[0] == of_nothing[0] == tom
    told = trail.Entry("document.opened", False, NOW, (cast.luis.id,), str(document.id))
    assert of_this[1] == replace(told, codes=["NOT_THE_AUTHOR"])
    nothing = trail.Entry("document.opened", False, NOW, (), str(missing))
    assert of_nothing[1] == replace(nothing, codes=["RECORD_UNKNOWN"])


@pytest.mark.parametrize(
    ("kind", "hipaa", "part2"),
    [
        (OrganizationKind.DISTRICT, False, False),
        (OrganizationKind.PROVIDER, False, False),
        (OrganizationKind.PROVIDER, True, False),
        (OrganizationKind.PROVIDER, False, True),
    ],
)
def test_a_paper_that_leaves_whoever_keeps_it_takes_their_notices_along(
    cast: Cast, kind, hipaa, part2
):
    keeper = make.organization(cast.session, "Elsewhere", kind, is_hipaa=hipaa, is_part2=part2)
    document = kept(cast, DocumentKind.USE_OF_TIME, cast.luis, keeper)
    school = kind is OrganizationKind.DISTRICT
    instrument = Instrument.FERPA if school else Instrument.HIPAA
    notices = notices_for((), instrument=instrument, hipaa=hipaa, part2=part2)

    assert going_along(cast.session, cast.who(cast.ana), document) == notices
    open_document(cast.session, cast.who(cast.ana), document.id, NOW)
    line = cast.session.scalars(select(TrailLine)).one()
    told = [[notice.id, notice.version] for notice in notices]
    assert line.detail.get("notices", []) == told


def test_nothing_goes_along_at_home_or_with_what_is_about_nobody(cast: Cast):
    ana = cast.who(cast.ana)
    at_home = kept(cast, DocumentKind.USE_OF_TIME, cast.luis)
    about_nobody = kept(cast, DocumentKind.USE_OF_TIME, None, cast.riverside)

    assert going_along(cast.session, ana, at_home) == ()
    assert going_along(cast.session, ana, about_nobody) == ()
