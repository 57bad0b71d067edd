"""What a decision opens, from its first instant to its last, and no more. On both databases."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta

import pytest
from docx import Document as Word
from sqlalchemy import select

from portal.access import documents, onlookers, requested
from portal.access.lists import my_students, readable_students
from portal.errors import NotFound, NotReady, Refused
from portal.policy.onlookers import Why
from portal.policy.spans import local_midnight, midnight_after
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequestEvent, UnnamedGrant
from portal.store.people import AccessGrant, StaffLock
from portal.vocabulary import (
    Category,
    DocumentKind,
    InformationForm,
    Level,
    RequestEventKind,
    RequestStatus,
    Role,
    UnnamedView,
)
from portal.written_requests import deciding, queries
from tests import factories as make
from tests.pdf.reading import Pdf
from tests.people import LONG_AGO, NOW
from tests.written_requests.conftest import LAST, TODAY, ZOES_NUMBER, Office

C = Category
TICK = timedelta(microseconds=1)
TZ = "America/New_York"
GRANTED = {C.IDENTITY, C.ATTENDANCE, C.COURSES}


def letter(office: Office, document: uuid.UUID | None, user) -> bytes:
    assert document is not None
    kept = documents.open_document(office.cast.session, office.who(user), document, NOW)
    return kept.content


def test_a_grant_opens_its_kinds_from_the_first_instant_to_the_last(office: Office):
    cast = office.cast
    before = NOW - TICK
    row = office.sent()
    assert office.sees(cast.tom, cast.zoe) == set()
    office.decide(row)

    closes = midnight_after(LAST, TZ)
    assert office.sees(cast.tom, cast.zoe, before) == set()
    assert office.sees(cast.tom, cast.zoe, NOW) == GRANTED
    assert office.sees(cast.tom, cast.zoe, closes - TICK) == GRANTED
    assert office.sees(cast.tom, cast.zoe, closes) == set()
    assert office.sees(cast.ana, cast.zoe) == set()


def test_a_grant_of_days_to_come_opens_nothing_before(office: Office):
    cast, first = office.cast, TODAY + timedelta(days=7)
    office.decide(office.sent(first=first))
    opens = local_midnight(first, TZ)

    assert office.sees(cast.tom, cast.zoe) == office.sees(cast.tom, cast.zoe, opens - TICK) == set()
    assert office.sees(cast.tom, cast.zoe, opens) == GRANTED


def test_a_refusal_opens_nothing_and_says_why(office: Office):
    cast, row = office.cast, office.sent()
    office.decide(row, grant=False, reason="Ask her counselor")

    assert office.sees(cast.tom, cast.zoe) == set()
    assert cast.session.scalars(select(AccessGrant)).all() == []
    assert row.status is RequestStatus.REFUSED
    assert "Ask her counselor" in Pdf(letter(office, row.letter_id, cast.tom)).text


def test_part_of_it_for_a_shorter_time(office: Office):
    cast, row = office.cast, office.sent(student_ids=(office.cast.luis.id,))
    short = TODAY + timedelta(days=30)
    office.decide(row, categories=frozenset({C.ATTENDANCE}), last=short)

    assert row.status is RequestStatus.PARTLY_GRANTED
    assert office.sees(cast.tom, cast.zoe) == {C.IDENTITY, C.ATTENDANCE}
    assert office.sees(cast.tom, cast.zoe, midnight_after(short, TZ)) == set()
    [line] = queries.mine(cast.session, office.who(cast.tom), NOW)
    assert line.granted == (C.ATTENDANCE,)


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "  "},
        {"confirmed": "yes"},
        {"grant": None},
        {"last": LAST + timedelta(days=1)},
        {"last": TODAY - timedelta(days=1)},
        {"categories": frozenset({C.ATTENDANCE, C.HEALTH})},
        {"categories": frozenset({C.MANDATED_REPORT})},
        {"categories": frozenset({C.SUD})},
        {"categories": frozenset()},
        {"students": frozenset()},
        {"students": frozenset({uuid.UUID(int=7)})},
        {"form": InformationForm.AGGREGATE},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_decision_is_whole_or_not_made(office: Office, changes):
    row = office.sent()
    with pytest.raises(NotReady):
        office.decide(row, **changes)

    assert row.status is RequestStatus.SUBMITTED
    assert office.sees(office.cast.tom, office.cast.zoe) == set()


def test_another_student_of_the_applicant_is_not_granted_along(office: Office):
    with pytest.raises(NotReady):
        office.decide(office.sent(), students=frozenset({office.cast.mei.id}))


def test_a_lock_is_stronger_than_a_grant(office: Office):
    cast, row = office.cast, office.sent()
    lock = StaffLock(
        user_id=cast.tom.id, student_id=cast.zoe.id, starts_at=LONG_AGO, set_by=cast.omar.id
    )
    make.stored(cast.session, lock)
    [named] = requested.named(cast.session, office.who(cast.sue), row, NOW)
    assert named.locked
    with pytest.raises(NotReady):
        office.decide(row)

    lock.ends_at = NOW
    cast.session.flush()
    office.decide(row)
    lock.ends_at = None
    cast.session.flush()
    assert office.sees(cast.tom, cast.zoe) == set()
    assert readable_students(cast.session, office.who(cast.tom), NOW) == my_students(
        cast.session, office.who(cast.tom), NOW
    )


def test_never_a_student_of_another_district(office: Office):
    cast = office.cast
    elsewhere = make.organization(cast.session, "Elm Valley Public Schools", code="0990012")
    zoe = make.student(cast.session, elsewhere, "Zoe", "Valley", date(2012, 3, 3), "0000000777")
    make.record(cast.session, zoe, C.ATTENDANCE)
    row = office.sent(numbers=("0000000777",))

    assert requested.named(cast.session, office.who(cast.sue), row, NOW) == []
    with pytest.raises(NotReady):
        office.decide(row, students=frozenset({zoe.id}))
    chief = make.user(
        cast.session, elsewhere, "Vera Vale", Role.SUPERINTENDENT, Level.SUPERINTENDENT
    )
    with pytest.raises(NotFound):
        office.decide(row, by=chief)
    assert office.sees(cast.tom, zoe) == set()


def test_only_the_superintendent_decides_and_never_their_own(office: Office):
    cast = office.cast
    for user in (cast.dina, cast.omar, cast.tom):
        with pytest.raises(Refused):
            office.decide(office.sent(key=user.name), by=user)
    own = office.sent(by=cast.sue, key="own")
    with pytest.raises(Refused):
        office.decide(own)


def test_a_second_click_decides_nothing_twice(office: Office):
    cast, row = office.cast, office.sent()
    mail = office.decide(row)
    assert office.decide(row, grant=False) is None

    assert mail is not None
    assert mail.to == cast.tom.email
    assert row.status is RequestStatus.GRANTED
    assert len(cast.session.scalars(select(AccessGrant)).all()) == 1


def test_the_letter_tells_what_the_policy_asks_and_is_read_by_both(office: Office):
    cast, row = office.cast, office.sent()
    office.decide(row)

    for user in (cast.tom, cast.sue):
        text = " ".join(Pdf(letter(office, row.letter_id, user)).text.split())
        for words in (
            "in his or her sole discretion",
            "Attendance of this school year",
            f"The student with the number {ZOES_NUMBER}, if there is one",
            "June 30, 2027",
            "34 CFR 99.33",
            "destroy every copy",
            row.number,
        ):
            assert words in text
        word = Word(io.BytesIO(letter(office, row.letter_docx_id, user)))
        assert any("sole discretion" in each.text for each in word.paragraphs)
    assert "Elsewhere" not in text
    for user in (cast.ana, cast.dina):
        with pytest.raises(NotFound):
            letter(office, row.letter_id, user)


def test_a_view_without_names_is_a_grant_of_its_own(office: Office):
    cast = office.cast
    row = office.sent(form=InformationForm.AGGREGATE, view=UnnamedView.CURRICULUM)
    office.decide(row)

    [grant] = cast.session.scalars(select(UnnamedGrant))
    assert (grant.view, grant.user_id) == (UnnamedView.CURRICULUM, cast.tom.id)
    assert (grant.starts_at, grant.ends_at) == (NOW, midnight_after(LAST, TZ))
    assert row.status is RequestStatus.GRANTED


def test_the_superintendent_may_answer_with_counts_instead_of_names(office: Office):
    row = office.sent()
    office.decide(row, form=InformationForm.AGGREGATE, view=UnnamedView.CURRICULUM)

    assert row.status is RequestStatus.PARTLY_GRANTED
    assert office.sees(office.cast.tom, office.cast.zoe) == set()


def test_it_ends_at_once_with_a_reason_and_a_letter(office: Office):
    cast, row = office.cast, office.sent()
    office.decide(row)
    sue, later = office.who(cast.sue), NOW + timedelta(hours=2)
    with pytest.raises(NotReady):
        deciding.end(cast.session, sue, row.id, "", "no", later)
    deciding.end(cast.session, sue, row.id, "Not needed any more", row.number.lower(), later)

    assert office.sees(cast.tom, cast.zoe, later - TICK) == GRANTED
    assert office.sees(cast.tom, cast.zoe, later) == set()
    kinds = {event.kind: event for event in cast.session.scalars(select(AccessRequestEvent))}
    told = Pdf(letter(office, kinds[RequestEventKind.ENDED].document_id, cast.tom)).text
    assert "Not needed any more" in told
    with pytest.raises(NotReady):
        deciding.end(cast.session, sue, row.id, "Again", row.number, later)


def test_what_has_not_begun_never_does_when_it_is_ended(office: Office):
    cast, first = office.cast, TODAY + timedelta(days=7)
    row = office.sent(first=first)
    office.decide(row)
    deciding.end(cast.session, office.who(cast.sue), row.id, "No", row.number, NOW)

    opens = local_midnight(first, TZ)
    assert office.sees(cast.tom, cast.zoe, opens) == set()


def test_the_grant_is_named_where_somebody_asks_who_sees(office: Office):
    cast, row = office.cast, office.sent()
    office.decide(row)
    sue = office.who(cast.sue)
    seen = {one.name: one for one in onlookers.who_can_see(cast.session, sue, cast.zoe.id, NOW)}

    assert seen["Tom Chalk"].why is Why.GRANT
    assert seen["Tom Chalk"].papers == (row.number,)
    named = [one.given_name for one in readable_students(cast.session, office.who(cast.tom), NOW)]
    assert named == ["Zoe", "Luis"]


def test_what_was_opened_under_it_is_listed(office: Office):
    cast, row = office.cast, office.sent()
    office.decide(row)
    office.sees(cast.tom, cast.zoe)
    office.sees(cast.tom, cast.luis)

    used = requested.used(cast.session, office.who(cast.sue), row, NOW)

    assert [(use.student, set(use.kinds)) for use in used] == [("Zoe Elsewhere", GRANTED)]
    with pytest.raises(Refused):
        requested.used(cast.session, office.who(cast.dina), row, NOW)


def test_both_are_reminded_of_what_waits_and_ends(office: Office):
    cast, row = office.cast, office.sent()
    sue, tom = office.who(cast.sue), office.who(cast.tom)
    assert queries.how_many_wait(cast.session, sue) == 1
    assert queries.how_many_wait(cast.session, tom) == 0
    [waiting] = queries.waiting(cast.session, sue, NOW + timedelta(days=3))
    assert waiting.days == 3
    office.decide(row)

    assert queries.how_many_wait(cast.session, sue) == 0
    assert queries.ending_soon(cast.session, tom, NOW) == []
    soon = NOW + (LAST - TODAY) - timedelta(days=30)
    assert queries.ending_soon(cast.session, tom, soon) == [(row.number, LAST)]
    over = soon + timedelta(days=31)
    [line] = queries.mine(cast.session, tom, over)
    assert line.status is RequestStatus.ENDED


def test_every_step_is_in_the_trail(office: Office):
    cast, row = office.cast, office.sent()
    sue = office.who(cast.sue)
    deciding.open_request(cast.session, sue, row.id, NOW)
    office.decide(row)
    deciding.notified(cast.session, sue, row.id, NOW)

    lines = cast.session.scalars(select(TrailLine).where(TrailLine.subject == row.number))
    told = {line.event: line for line in lines}
    assert set(told) == {
        "request.drafted", "request.submitted", "request.opened", "request.decided",
        "request.notified",
    }  # fmt: skip
    assert told["request.decided"].students == [cast.zoe.id.hex]


def test_nobody_of_another_district_is_told_whom_it_is_about(office: Office):
    cast, row = office.cast, office.sent()
    office.decide(row)
    elsewhere = make.organization(cast.session, "Elm Valley Public Schools", code="0990012")
    chief = make.user(
        cast.session, elsewhere, "Vera Vale", Role.SUPERINTENDENT, Level.SUPERINTENDENT
    )
    vera = office.who(chief)
    with pytest.raises(NotFound):
        deciding.open_request(cast.session, vera, row.id, NOW)
    with pytest.raises(Refused):
        requested.named(cast.session, vera, row, NOW)
    assert requested.used(cast.session, vera, row, NOW) == []
    for kind in (DocumentKind.ACCESS_LETTER, DocumentKind.BOARD_ANSWER):
        loose = documents.keep(
            cast.session, cast.sue.id, cast.district.id, kind, "a.pdf", "application/pdf", b"%PDF",
            NOW,
        )  # fmt: skip
        with pytest.raises(NotFound):
            documents.open_document(cast.session, office.who(cast.sue), loose.id, NOW)


def test_a_number_of_the_school_names_the_one_student_who_has_it(office: Office):
    cast = office.cast
    cast.zoe.local_id = "4711"
    cast.session.flush()
    district = cast.district.id
    assert requested.by_number(cast.session, district, "4711") is cast.zoe
    cast.luis.local_id = "4711"
    cast.session.flush()
    assert requested.by_number(cast.session, district, "4711") is None
    row = office.sent(student_ids=(cast.luis.id,), numbers=("4711", "0000000101"))

    [named] = requested.named(cast.session, office.who(cast.sue), row, NOW)

    assert (named.name, named.number) == ("Luis Sample", "")
