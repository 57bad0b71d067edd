"""A family's request to amend a record, from asking to the statement. On both databases."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, trail
from portal.consents.forms.wording import grade
from portal.corrections import queries as records
from portal.corrections import service as correcting
from portal.corrections.amendments import letters, queries, service
from portal.corrections.amendments.rules import HearingDraft, RequestDraft, Standing
from portal.errors import NotFound, NotReady, Refused
from portal.policy.corrections import due_on
from portal.store.people import Guardian, Guardianship, User
from portal.store.support import AmendmentRequest
from portal.vocabulary import AmendmentDecision, Category, DocumentKind, ProgramKind
from tests import factories as make
from tests.corrections.conftest import Desk
from tests.pdf.reading import Pdf
from tests.people import NOW

TODAY = date(2026, 11, 20)
AMENDED, REFUSED = AmendmentDecision.AMENDED, AmendmentDecision.REFUSED


def a_draft(desk: Desk, **changes: object) -> RequestDraft:
    draft = RequestDraft(desk.note.record_id, desk.cast.maria.id, False, TODAY, "He was not upset")
    return replace(draft, **changes)


def ask(desk: Desk, by: User | None = None, key: str = "form", **changes: object) -> uuid.UUID:
    me = desk.who(by or desk.cast.ana)
    return service.ask(desk.cast.session, me, a_draft(desk, **changes), NOW, key)


def decide(desk: Desk, request: uuid.UUID, decision: AmendmentDecision, by: User | None = None):
    me = desk.who(by or desk.cast.omar)
    service.decide(desk.cast.session, me, request, decision, "The log says so", NOW)


def stored(desk: Desk, request: uuid.UUID) -> AmendmentRequest:
    return desk.cast.session.get_one(AmendmentRequest, request)


def line(desk: Desk) -> queries.RequestLine:
    [found] = queries.listed(desk.cast.session, desk.who(desk.cast.omar), NOW)
    return found


def letter(desk: Desk, document: uuid.UUID | None) -> str:
    assert document is not None
    omar = desk.who(desk.cast.omar)
    kept = documents.open_document(desk.cast.session, omar, document, NOW)
    assert kept.kind == DocumentKind.AMENDMENT_LETTER
    return " ".join(Pdf(kept.content).text.split())


@pytest.fixture
def refused(desk: Desk) -> tuple[Desk, uuid.UUID]:
    request = ask(desk)
    decide(desk, request, REFUSED)
    return desk, request


def test_a_request_is_written_down_once_in_the_familys_words(desk: Desk) -> None:
    request = ask(desk)

    assert ask(desk) == request
    assert stored(desk, request).wants == "He was not upset"
    assert desk.told()["amendment"][1] == "asked"
    trail.settle(desk.cast.session)
    assert desk.events("amendment.") == ["amendment.asked"]


def test_a_request_says_who_asks_when_and_what(desk: Desk) -> None:
    with pytest.raises(NotReady) as told:
        ask(desk, asked_by=None, asked_on=None, wants=" ")
    assert [p.field for p in told.value.problems] == [
        "Asked on",
        "Who asks",
        "What they want changed",
    ]
    for wrong in ({"wants": "x" * 50_000}, {"wants": "a\x00b"}, {"asked_on": date(2026, 11, 21)}):
        with pytest.raises(NotReady):
            ask(desk, **wrong)


def test_only_who_holds_the_rights_may_ask(desk: Desk) -> None:
    session, cast = desk.cast.session, desk.cast
    stranger = make.guardian(session, cast.mei, "Somebody Else")
    for wrong in ({"asked_by": stranger.id}, {"asked_by": None, "by_student": True}):
        with pytest.raises(NotReady, match="may not ask"):
            ask(desk, **wrong)
    ended = session.scalars(select(Guardianship).where(Guardianship.guardian_id == cast.maria.id))
    ended.one().rights_until = NOW
    session.flush()
    with pytest.raises(NotReady, match="may not ask"):
        ask(desk)
    assert queries.askers(session, desk.ana, desk.visit_id, NOW) == []


def test_a_student_who_holds_the_rights_asks(desk: Desk) -> None:
    desk.cast.luis.born, desk.cast.luis.majority_at = date(2000, 1, 1), NOW - timedelta(days=900)
    desk.cast.session.flush()
    found = queries.askers(desk.cast.session, desk.ana, desk.visit_id, NOW)
    request = ask(desk, asked_by=None, by_student=True)

    assert [(one.guardian_id, one.name) for one in found] == [(None, "Luis Sample")]
    assert stored(desk, request).asked_by is None
    assert line(desk).asked_by == "Luis Sample"


def test_the_form_offers_the_holders_of_a_record_in_reach(desk: Desk) -> None:
    session, cast = desk.cast.session, desk.cast
    found = queries.askers(session, desk.ana, desk.visit_id, NOW)

    assert [(one.guardian_id, one.name) for one in found] == [(cast.maria.id, "Maria Sample")]
    assert queries.askers(session, desk.who(cast.tom), desk.visit_id, NOW) == []


def test_nobody_out_of_reach_writes_a_request(desk: Desk) -> None:
    for other in (desk.cast.tom, desk.cast.rita, desk.cast.dina, desk.cast.sue):
        with pytest.raises(NotFound):
            ask(desk, by=other)


def test_a_refusal_makes_a_letter_that_tells_the_right_to_a_hearing(desk: Desk) -> None:
    request = ask(desk)
    decide(desk, request, REFUSED)
    said = letter(desk, stored(desk, request).letter_id)

    for words in ("Maria Sample", "He was not upset", "We did not change", "The log says so"):
        assert words in said
    assert "You may ask for a hearing" in said
    assert "34 CFR 99.20" in said
    assert line(desk).standing is Standing.REFUSED


def test_the_letter_is_in_the_familys_language(desk: Desk) -> None:
    desk.cast.session.get_one(Guardian, desk.cast.maria.id).language = "es"
    request = ask(desk)
    decide(desk, request, REFUSED)

    assert "Usted puede pedir una audiencia" in letter(desk, stored(desk, request).letter_id)


def test_a_letter_is_opened_by_nobody_out_of_reach(refused: tuple[Desk, uuid.UUID]) -> None:
    desk, request = refused
    document = stored(desk, request).letter_id
    assert document is not None
    for other in (desk.cast.tom, desk.cast.rita, desk.cast.dina):
        with pytest.raises(NotFound):
            documents.open_document(desk.cast.session, desk.who(other), document, NOW)


def test_amended_is_said_only_when_the_record_has_changed(desk: Desk) -> None:
    request = ask(desk)
    with pytest.raises(NotReady, match="Nothing in the record has changed"):
        decide(desk, request, AMENDED)
    desk.revise(desk.values(note="He came in"), "As the family asked", by=desk.cast.omar)
    decide(desk, request, AMENDED)
    said = letter(desk, stored(desk, request).letter_id)

    assert "We changed the record" in said
    assert "hearing" not in said
    assert line(desk).standing is Standing.AMENDED


def test_once_decided_nobody_but_the_author_writes_into_it(
    refused: tuple[Desk, uuid.UUID],
) -> None:
    desk, _request = refused

    with pytest.raises(Refused):
        desk.revise(desk.values(note="Something else"), "Because", by=desk.cast.omar)


def test_a_record_taken_away_is_an_amendment_too(desk: Desk) -> None:
    request = ask(desk)
    correcting.remove(desk.cast.session, desk.ana, desk.note.record_id, 1, "They are right", NOW)
    decide(desk, request, AMENDED)

    assert line(desk).standing is Standing.AMENDED


def test_what_an_import_brought_is_amended_where_it_came_from(desk: Desk) -> None:
    record = make.record(desk.cast.session, desk.cast.luis, Category.ATTENDANCE)
    request = ask(desk, record_id=record.id)
    decide(desk, request, AMENDED)

    assert line(desk).category == Category.ATTENDANCE
    assert not records.is_edited_here(desk.cast.session, record.id)


def test_only_a_second_person_with_the_office_decides_once_and_with_a_reason(desk: Desk) -> None:
    request = ask(desk)
    for other in (desk.cast.ana, desk.cast.tom, desk.cast.rita):
        with pytest.raises((NotFound, Refused)):
            decide(desk, request, REFUSED, by=other)
    with pytest.raises(NotReady, match="No reason"):
        service.decide(desk.cast.session, desk.who(desk.cast.omar), request, REFUSED, " ", NOW)
    with pytest.raises(NotReady, match="No decision"):
        decide(desk, request, None)
    decide(desk, request, REFUSED)
    with pytest.raises(NotReady, match="does not stand there"):
        decide(desk, request, REFUSED)
    with pytest.raises(NotFound):
        decide(desk, uuid.uuid4(), REFUSED)


def a_hearing(**changes: object) -> HearingDraft:
    return replace(HearingDraft(TODAY, "Heidi Hearing", REFUSED, "The log was shown"), **changes)


def hear(desk: Desk, request: uuid.UUID, by: User | None = None, **changes: object) -> None:
    me = desk.who(by or desk.cast.dina)
    service.record_hearing(desk.cast.session, me, request, a_hearing(**changes), NOW)


@pytest.fixture
def heard(refused: tuple[Desk, uuid.UUID]) -> tuple[Desk, uuid.UUID]:
    """A hearing has been asked for; Dina, who has no interest in it, reaches Luis."""
    desk, request = refused
    make.program(desk.cast.session, desk.cast.luis, ProgramKind.SECTION_504)
    service.ask_hearing(desk.cast.session, desk.ana, request, TODAY, NOW)
    return desk, request


def test_a_hearing_is_asked_for_after_a_refusal_on_a_day_that_can_be(
    refused: tuple[Desk, uuid.UUID],
) -> None:
    desk, request = refused
    for day in (None, TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(NotReady, match="That day"):
            service.ask_hearing(desk.cast.session, desk.ana, request, day, NOW)
    service.ask_hearing(desk.cast.session, desk.ana, request, TODAY, NOW)

    assert line(desk).standing is Standing.HEARING_ASKED
    with pytest.raises(NotReady, match="does not stand there"):
        service.ask_hearing(desk.cast.session, desk.ana, request, TODAY, NOW)


def test_whoever_has_an_interest_does_not_write_the_hearing_down(
    heard: tuple[Desk, uuid.UUID],
) -> None:
    desk, request = heard
    for other in (desk.cast.omar, desk.cast.ana):
        with pytest.raises(Refused):
            hear(desk, request, by=other)


def test_a_hearing_is_written_with_day_person_decision_and_reason(
    heard: tuple[Desk, uuid.UUID],
) -> None:
    desk, request = heard
    with pytest.raises(NotReady) as told:
        hear(desk, request, held_on=None, held_by="", decision=None, reason="")
    fields = [problem.field for problem in told.value.problems]
    assert fields == ["Held on", "Decision", "Held by", "Reason"]
    with pytest.raises(NotReady, match="before it was asked"):
        hear(desk, request, held_on=TODAY - timedelta(days=1))
    with pytest.raises(NotReady, match="Nothing in the record"):
        hear(desk, request, decision=AMENDED)


def test_a_hearing_that_refuses_tells_the_right_to_a_statement(
    heard: tuple[Desk, uuid.UUID],
) -> None:
    desk, request = heard
    hear(desk, request)
    said = letter(desk, stored(desk, request).hearing_letter_id)

    assert "held by Heidi Hearing" in said
    assert "We will keep your words with the record" in said
    assert "ask for a hearing" not in said
    assert line(desk).standing is Standing.REFUSED_AFTER_HEARING


def test_a_hearing_may_amend_what_was_refused(heard: tuple[Desk, uuid.UUID]) -> None:
    desk, request = heard
    desk.revise(desk.values(note="He came in"), "The hearing", by=desk.cast.dina)
    hear(desk, request, decision=AMENDED)

    assert line(desk).standing is Standing.AMENDED_AFTER_HEARING


def test_a_statement_stays_with_the_record_and_is_said_once(
    refused: tuple[Desk, uuid.UUID],
) -> None:
    desk, request = refused
    for text in ("", "x" * 50_000, "a\x00b"):
        with pytest.raises(NotReady):
            service.state(desk.cast.session, desk.ana, request, text, NOW)
    service.state(desk.cast.session, desk.ana, request, "<b>We</b> disagree", NOW)

    assert (stored(desk, request).statement, line(desk).statement_on) == (
        "<b>We</b> disagree",
        TODAY,
    )
    assert desk.told()["statement"][1] == "<b>We</b> disagree"
    with pytest.raises(NotReady):
        service.state(desk.cast.session, desk.ana, request, "Again", NOW)


def test_what_was_amended_or_is_undecided_takes_no_statement(desk: Desk) -> None:
    request = ask(desk)

    with pytest.raises(NotReady):
        service.state(desk.cast.session, desk.ana, request, "We disagree", NOW)


def test_what_waits_is_for_whoever_decides_and_in_reach(desk: Desk) -> None:
    session, cast = desk.cast.session, desk.cast
    request = ask(desk)

    def waiting(user: User) -> list[uuid.UUID]:
        return [one.request_id for one in queries.waiting(session, desk.who(user), NOW)]

    assert waiting(cast.omar) == [request]
    assert waiting(cast.ana) == waiting(cast.dina) == []
    assert [one.request_id for one in queries.listed(session, desk.ana, NOW)] == [request]
    assert queries.listed(session, desk.who(cast.tom), NOW) == []
    decide(desk, request, REFUSED)
    assert waiting(cast.omar) == []
    service.ask_hearing(session, desk.ana, request, TODAY, NOW)
    assert waiting(cast.omar) == [request]


def test_a_request_is_late_after_our_clock(desk: Desk) -> None:
    ask(desk)
    omar = desk.who(desk.cast.omar)
    days = due_on(TODAY) - TODAY
    [on_time] = queries.listed(desk.cast.session, omar, NOW + days)
    [late] = queries.listed(desk.cast.session, omar, NOW + days + timedelta(days=1))

    assert (on_time.late, on_time.days, late.late) == (False, 45, True)


def test_the_letters_words_are_those_of_the_sixth_grade() -> None:
    sentences = [
        letters.ABOUT,
        letters.CHANGED,
        letters.NOT_CHANGED,
        letters.AFTER_HEARING,
        letters.WHY,
        *letters.HEARING,
        *letters.STATEMENT,
    ]

    assert grade(" ".join(sentences)) <= 6
