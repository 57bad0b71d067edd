"""What somebody outside, a study or the Board asks for, and its answer. On both databases."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, gate
from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequest, AccessRequestEvent
from portal.store.people import AccessGrant
from portal.vocabulary import (
    CATEGORY_LABELS,
    AgreementKind,
    Category,
    DocumentKind,
    InformationForm,
    Purpose,
    RequestEventKind,
    RequestKind,
    RequestStatus,
)
from portal.written_requests import answering, counted, outside, queries, rules
from portal.written_requests.outside import ConsentDraft
from portal.written_requests.rules import OutsideDraft
from tests import factories as make
from tests.pdf.reading import Pdf
from tests.people import NOW
from tests.written_requests.conftest import LAST, TODAY, Office

C = Category
PDF = b"%PDF-1.7 a made-up agreement"
OUTSIDE = OutsideDraft(
    kind=RequestKind.OUTSIDE,
    name="Nell Newspaper",
    organization="The Made-up Mail",
    address="1 Press Row",
    information="How many support visits there were",
    need="An article",
    first=TODAY,
    last=LAST,
)
BOARD = replace(
    OUTSIDE, kind=RequestKind.BOARD, vote_on=date(2026, 11, 9), minutes="Minutes, item 7.2"
)
STUDY = replace(
    OUTSIDE,
    kind=RequestKind.RESEARCH,
    name="Rae Search",
    form=InformationForm.IDENTIFIED,
    categories=frozenset({C.ATTENDANCE}),
    statement=dict.fromkeys(rules.STATEMENT_PARTS, "As the letter says"),
    agreement=PDF,
)


def fields(draft: OutsideDraft, **changes: object) -> list[str]:
    return [problem.field for problem in rules.outside_problems(replace(draft, **changes), TODAY)]


def written(office: Office, draft: OutsideDraft, key: str = "form") -> AccessRequest:
    dina = office.who(office.cast.dina)
    return office.row(outside.write_down(office.cast.session, dina, draft, NOW, key))


def granted(office: Office, draft: OutsideDraft, **changes: object) -> AccessRequest:
    row = written(office, draft)
    office.decide(row, **({"categories": draft.categories, "foia": "The counts"} | changes))
    return row


def answered(office: Office, row: AccessRequest) -> str:
    sue = office.who(office.cast.sue)
    named = row.decided_form is InformationForm.IDENTIFIED
    tables = [] if named else [counted.by_month(office.cast.session, sue, NOW)]
    made = answering.answer(office.cast.session, sue, row.id, NOW, "answer", tables)
    assert answering.answer(office.cast.session, sue, row.id, NOW, "answer", tables) == made
    kept = documents.open_document(office.cast.session, sue, made, NOW)
    return " ".join(Pdf(kept.content).text.split())


def family(office: Office, row: AccessRequest, number: str, consented: date | None) -> None:
    draft = ConsentDraft(number, date(2026, 11, 2), consented, "Maria Sample", "Signed form")
    dina = office.who(office.cast.dina)
    outside.record_consent(office.cast.session, dina, row.id, draft, NOW)


def test_what_each_kind_of_request_must_say():
    assert fields(OUTSIDE) == fields(BOARD) == fields(STUDY) == []
    assert fields(OUTSIDE, name="", address="") == [rules.WHO, rules.ADDRESS]
    assert fields(OUTSIDE, form=InformationForm.IDENTIFIED) == ["Form"]
    assert fields(BOARD, vote_on=None, minutes="") == [
        "Day of the vote",
        "Where its minutes say so",
    ]
    assert fields(BOARD, vote_on=TODAY + timedelta(days=1)) == ["Day of the vote"]
    assert fields(STUDY, agreement=b"") == ["Agreement"]
    assert fields(STUDY, categories=frozenset()) == ["Kinds of record"]
    assert fields(STUDY, statement={}) == list(rules.STATEMENT_PARTS.values())


def test_a_single_member_of_the_board_is_refused_in_the_words_of_the_policy():
    [problem, *_others] = rules.outside_problems(replace(BOARD, one_member=True), TODAY)

    assert problem.what == (
        "The Superintendent will provide data analyses only to the Board of Education as a whole."
    )


def test_the_administrator_writes_it_down_once_and_nobody_of_the_staff_does(office: Office):
    row = written(office, OUTSIDE)

    assert written(office, OUTSIDE) is row
    assert (row.status, row.submitted_at) == (RequestStatus.SUBMITTED, NOW)
    for user in (office.cast.ana, office.cast.rita):
        with pytest.raises(Refused):
            outside.write_down(office.cast.session, office.who(user), OUTSIDE, NOW, "theirs")


def test_nothing_goes_outside_beyond_what_the_law_requires(office: Office):
    row = written(office, OUTSIDE)
    with pytest.raises(NotReady):
        office.decide(row, categories=frozenset(), foia=" ")
    office.decide(row, categories=frozenset(), foia="The number of visits a month")

    sue = office.who(office.cast.sue)
    letter = documents.open_document(office.cast.session, sue, row.letter_id or row.id, NOW)
    for text in (" ".join(Pdf(letter.content).text.split()), answered(office, row)):
        assert "Connecticut Freedom of Information Act" in text
        assert "The number of visits a month" in text
    assert office.cast.session.scalars(select(AccessGrant)).all() == []


def test_the_board_is_answered_as_a_whole_with_counts_too_large_to_tell(office: Office):
    text = answered(office, granted(office, BOARD))

    for words in (
        "To the Board of Education",
        "as a whole",
        "vote of 11/09/2026, Minutes, item 7.2",
        "not told",
    ):
        assert words in text
    kept = office.cast.session.scalars(
        select(AccessRequestEvent.document_id).where(
            AccessRequestEvent.kind == RequestEventKind.ANSWERED
        )
    ).one()
    assert kept is not None
    dina = office.who(office.cast.dina)
    document = documents.open_document(office.cast.session, dina, kept, NOW)
    assert document.kind == DocumentKind.BOARD_ANSWER
    with pytest.raises(NotFound):
        documents.open_document(office.cast.session, office.who(office.cast.ana), kept, NOW)


@pytest.mark.parametrize(
    ("draft", "there", "never"),
    [
        (OUTSIDE, "External Requests for Research and Data", ("99.33", "destroy every copy")),
        (BOARD, "Delegation to the Superintendent, items 1 and 2", ("99.33", "External Requests")),
        (STUDY, "34 CFR 99.33", ("educational need", "Delegation")),
    ],
)
def test_a_letter_names_what_binds_its_reader_and_nothing_else(
    office: Office, draft: OutsideDraft, there: str, never: tuple[str, ...]
) -> None:
    row, sue = granted(office, draft), office.who(office.cast.sue)
    kept = documents.open_document(office.cast.session, sue, row.letter_id or row.id, NOW)
    text = " ".join(Pdf(kept.content).text.split())

    assert there in text and "sole or primary portion of any personnel evaluation" in text
    assert not [words for words in never if words in text]


def test_only_whose_family_consented_is_in_the_answer_to_a_study(office: Office):
    cast, row = office.cast, granted(office, STUDY)
    for student in (cast.luis, cast.mei):
        make.record(cast.session, student, C.IDENTITY)
        make.record(cast.session, student, C.ATTENDANCE)
    with pytest.raises(NotReady):
        answered(office, row)
    family(office, row, "0000000101", date(2026, 11, 10))
    family(office, row, "0000000102", None)

    text = answered(office, row)

    assert "Luis Sample" in text
    assert "Mei" not in text
    assert "Zoe" not in text
    assert "Support visits" not in text
    line = cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "request.answered")
    ).one()
    assert (line.students, line.opened) == ([cast.luis.id.hex], [C.ATTENDANCE])


def test_what_a_partner_let_the_district_see_is_in_no_answer(office: Office):
    cast, status = office.cast, C.SERVICE_STATUS
    make.agreement(cast.session, cast.riverside, cast.district, a_to_b=[status], b_to_a=[])
    make.consent(cast.session, cast.luis, cast.district, cast.maria, [status],
                 discloser_id=cast.riverside.id)  # fmt: skip
    theirs = make.record(cast.session, cast.luis, status, NOW, custodian=cast.riverside)
    make.record(cast.session, cast.luis, C.IDENTITY)
    make.record(cast.session, cast.luis, C.ATTENDANCE)
    sue = office.who(cast.sue)
    seen = gate.open_record(cast.session, sue, cast.luis.id, Purpose.COORDINATE, NOW)
    assert theirs.id in [item.record_id for item in seen.items]
    asked = replace(STUDY, categories=frozenset({C.ATTENDANCE, status}))
    row = granted(office, asked)
    family(office, row, "0000000101", date(2026, 11, 10))

    text = answered(office, row)

    assert "Attendance" in text
    assert CATEGORY_LABELS[status] not in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "0000000999"}, "Number"),
        ({"notified_on": None}, "Told on"),
        ({"notified_on": TODAY + timedelta(days=1)}, "Told on"),
        ({"consented_on": date(2026, 11, 1)}, "Consented on"),
        ({"signer": ""}, "Who signed"),
        ({"evidence": " "}, "What shows it"),
    ],
)
def test_notice_comes_before_consent_and_both_are_shown(office: Office, changes, field):
    row = written(office, STUDY)
    draft = ConsentDraft("0000000101", date(2026, 11, 2), date(2026, 11, 3), "Maria", "Form")
    dina = office.who(office.cast.dina)
    with pytest.raises(NotReady) as told:
        outside.record_consent(office.cast.session, dina, row.id, replace(draft, **changes), NOW)

    assert [problem.field for problem in told.value.problems] == [field]
    assert queries.consents(office.cast.session, dina, row.id) == []


def test_a_family_is_asked_only_for_a_study_with_names(office: Office):
    for number, draft in enumerate((BOARD, replace(STUDY, form=InformationForm.AGGREGATE))):
        row = written(office, draft, str(number))
        with pytest.raises(NotReady):
            family(office, row, "0000000101", None)
    with pytest.raises(NotFound):
        outside.record_consent(
            office.cast.session,
            office.who(office.cast.ana),
            row.id,
            ConsentDraft("0000000101", TODAY, None, "", ""),
            NOW,
        )


def test_a_study_names_an_agreement_in_force_of_a_fitting_kind(office: Office):
    cast = office.cast
    dina = office.who(cast.dina)
    paper = make.agreement_paper(cast.session, cast.district, cast.riverside, cast.dina)
    agreement = make.agreement(cast.session, cast.district, cast.riverside)
    agreement.paper_id, agreement.number = paper.id, "M-STUDY"

    def problem(number: str = "m-study") -> str:
        cast.session.flush()
        return queries.agreement_problem(cast.session, dina, number, NOW)

    assert "no agreement" in problem("M-OTHER")
    assert "carries no study" in problem()
    paper.kind = AgreementKind.STUDIES
    assert problem() == ""
    assert written(office, replace(STUDY, agreement=b"", agreement_number="M-STUDY"))
    agreement.ends_at = NOW
    assert "not in force" in problem()
    with pytest.raises(NotReady):
        written(office, replace(STUDY, agreement=b"", agreement_number="M-STUDY"), "late")
    with pytest.raises(NotReady):
        written(office, replace(STUDY, agreement=b"no scan"), "scan")


def test_a_study_whose_agreement_is_over_is_not_answered(office: Office):
    cast = office.cast
    paper = make.agreement_paper(
        cast.session, cast.district, cast.riverside, cast.dina, kind=AgreementKind.STUDIES
    )
    agreement = make.agreement(
        cast.session, cast.district, cast.riverside, paper_id=paper.id, number="M-STUDY"
    )
    counts = InformationForm.AGGREGATE
    row = granted(
        office, replace(STUDY, form=counts, agreement=b"", agreement_number="M-STUDY"), form=counts
    )
    agreement.terminated_at, agreement.terminated_reason = NOW, "The study has stopped"
    with pytest.raises(NotReady, match="not in force") as told:
        answered(office, row)
    assert "end the request" in told.value.do_next

    agreement.terminated_at, agreement.terminated_reason = NOW + timedelta(days=1), "It will stop"
    assert "Support visits" in answered(office, row)


def test_the_register_holds_every_request_but_no_draft_and_no_student(office: Office):
    cast = office.cast
    dina = office.who(cast.dina)
    office.ask(key="draft")
    refused = office.sent(key="sent")
    office.decide(refused, grant=False)
    board = written(office, BOARD)

    def found(**wanted) -> set[uuid.UUID]:
        return {line.id for line in queries.register(cast.session, dina, NOW, **wanted)}

    assert found() == {refused.id, board.id}
    assert found(kinds=[RequestKind.BOARD]) == found(text="BOARD of") == {board.id}
    assert found(statuses=[RequestStatus.REFUSED]) == found(text=refused.number) == {refused.id}
    assert found(since=TODAY + timedelta(days=1)) == set()
    assert all(line.students == () for line in queries.register(cast.session, dina, NOW))
    with pytest.raises(Refused):
        queries.register(cast.session, office.who(cast.omar), NOW)


def test_nothing_is_answered_that_is_not_granted(office: Office):
    session, sue = office.cast.session, office.who(office.cast.sue)
    staff, board = office.sent(), written(office, BOARD)
    office.decide(staff)
    for row, error in ((staff, NotReady), (board, NotReady)):
        with pytest.raises(error):
            answering.answer(session, sue, row.id, NOW, "answer")
    with pytest.raises(NotFound):
        answering.answer(session, office.who(office.cast.dina), board.id, NOW, "answer")
