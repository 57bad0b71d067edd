"""The review of the data: what is stale, perhaps twice, and corrected; each line is settled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from portal.accounts import people
from portal.errors import NotReady, Refused
from portal.policy.spans import midnight_after
from portal.reviewing import papers, service, words
from portal.reviewing.data import queries as data
from portal.reviewing.service import Desk, Line
from portal.store.oversight import Review, ReviewLine
from portal.store.people import Enrollment, Relation, User
from portal.store.records import Referral
from portal.store.support import AmendmentRequest, Correction, StudentService
from portal.vocabulary import (
    Category,
    Level,
    ReferralStatus,
    RelationKind,
    ReviewKind,
    Role,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)


def desk(cast: Cast, by: User) -> Desk:
    return service.desk(cast.session, cast.who(by), ReviewKind.DATA, NOW)


def found(of: Desk, what: str) -> list[Line]:
    return [line for line in of.lines if line.facts["what"] == what]


@pytest.fixture
def messy(cast: Cast) -> Cast:
    """One of each: what a review of the data is to find."""
    session = cast.session
    make.referral(session, cast.luis, cast.riverside, cast.ana)
    service_row = make.record(session, cast.mei, Category.SERVICE_STATUS, author=cast.ana)
    make.stored(
        session,
        StudentService(
            record_id=service_row.id,
            service="counseling",
            provider="School",
            started_on=TODAY - 90 * DAY,
            estimated_end=TODAY - DAY,
        ),
    )
    left = midnight_after(TODAY - 10 * DAY, "America/New_York")
    session.execute(
        update(Enrollment).where(Enrollment.student_id == cast.zoe.id).values(ends_at=left)
    )
    make.relation(session, cast.ana, cast.zoe, RelationKind.SERVICE)
    make.student(session, cast.district, "Luis", "Sample", cast.luis.born, "0000000999")
    make.student(session, cast.district, "Louie", "Sampel", cast.mei.born, "0000990102")
    make.user(session, cast.district, "Ana  Counts", Role.TEACHER, Level.TEACHER)
    make.stored(
        session, Correction(record_id=service_row.id, field="tier", at=NOW - DAY, by_id=cast.ana.id)
    )
    make.stored(
        session,
        AmendmentRequest(
            record_id=service_row.id,
            student_id=cast.mei.id,
            asked_on=TODAY,
            wants="Take it out",
            written_by=cast.ana.id,
            written_at=NOW - DAY,
        ),
    )
    return cast


def test_it_finds_what_is_stale_perhaps_twice_and_corrected(messy: Cast) -> None:
    of = desk(messy, messy.sue)
    counts = {what: len(found(of, what)) for what in words.FOUND}

    everybody = messy.session.scalars(
        select(User.id).where(User.organization_id == messy.district.id)
    ).all()
    assert counts.pop("unused_account") == len(everybody)
    assert counts == {
        "open_referral": 1,
        "late_service": 1,
        "caseload_of_left": 1,
        "same_student": 2,
        "same_person": 1,
        "corrected": 1,
        "amended": 1,
    }


def test_students_are_named_on_the_screen_alone_and_as_the_level_lets(messy: Cast) -> None:
    named, unnamed = desk(messy, messy.sue), desk(messy, messy.dina)

    assert found(named, "open_referral")[0].students == ("Luis Sample",)
    assert found(unnamed, "open_referral")[0].students == ("A student",)
    assert found(unnamed, "late_service")[0].students == ("Mei Sample",)
    assert words.about(found(unnamed, "open_referral")[0]) == (
        "A referral open for more than 90 days; A student; ask Ana Counts"
    )
    assert found(unnamed, "caseload_of_left")[0].students == ("Student …0103",)
    kept = [str(row.facts) for row in messy.session.scalars(select(ReviewLine))]
    assert not [text for text in kept if "Sample" in text or "Luis" in text]
    review = messy.session.scalars(select(Review)).one()
    paper = papers.values(messy.who(messy.dina), review, named.lines, NOW)
    assert "Sample" not in str(paper.tables)


def test_what_is_mended_leaves_the_list_by_itself(messy: Cast) -> None:
    before = desk(messy, messy.dina)
    messy.session.execute(update(Referral).values(status=ReferralStatus.CLOSED))
    after = desk(messy, messy.dina)

    [line] = found(after, "open_referral")
    assert (line.over, line.is_open) == (True, False)
    assert after.to_decide == before.to_decide - 1


def test_a_caseload_of_somebody_who_left_is_ended_from_here(messy: Cast) -> None:
    [line] = found(desk(messy, messy.dina), "caseload_of_left")
    service.remove(messy.session, messy.who(messy.dina), line.id, "Left in November", NOW)

    row = messy.session.get(Relation, line.subject_id)
    assert row is not None
    assert row.ends_at == NOW


def test_an_account_that_was_never_used_is_ended_with_its_line(messy: Cast) -> None:
    me = messy.who(messy.dina)
    line = next(
        one
        for one in found(desk(messy, messy.dina), "unused_account")
        if one.subject_id == messy.tom.id
    )
    with pytest.raises(Refused):
        service.remove(messy.session, me, line.id, "Never came", NOW)
    people.deactivate(messy.session, me, messy.tom.id, NOW)
    service.remove(messy.session, me, line.id, "Never came", NOW)


def test_other_lines_are_mended_where_they_stand(messy: Cast) -> None:
    me = messy.who(messy.dina)
    [line] = found(desk(messy, messy.dina), "late_service")
    with pytest.raises(Refused):
        service.remove(messy.session, me, line.id, "Ended", NOW)
    service.change(messy.session, me, line.id, "Ana ends it", NOW)
    pair = found(desk(messy, messy.dina), "same_student")
    with pytest.raises(NotReady):
        service.keep(messy.session, me, [one.id for one in pair], NOW)


def test_it_is_signed_off_like_the_other(messy: Cast) -> None:
    for by in (messy.dina, messy.sue):
        for line in desk(messy, by).lines:
            if line.is_open and line.mine:
                service.keep(messy.session, messy.who(by), [line.id], NOW)
    of = desk(messy, messy.dina)
    assert of.to_decide == 0
    signed = service.sign_off(messy.session, messy.who(messy.dina), of.review.id, "Dina Desk", NOW)
    assert signed.document_id is not None
    assert desk(messy, messy.dina).review.id == signed.id


def test_the_next_review_tells_of_corrections_since_this_one(messy: Cast) -> None:
    desk(messy, messy.dina)
    later = NOW + 92 * DAY
    assert data.of_data(messy.session, messy.district.id, later)
    review = messy.session.scalars(select(Review)).one()
    messy.session.add(
        Review(
            organization_id=messy.district.id,
            kind=ReviewKind.DATA,
            period="2027-Q1",
            opened_at=later,
            due_on=TODAY,
        )
    )
    messy.session.flush()
    again = data.of_data(messy.session, messy.district.id, later)

    assert review.opened_at > LONG_AGO
    assert [one for one in again if one.facts["what"] in ("corrected", "amended")] == []


def test_every_kind_of_finding_has_its_words_and_what_mends_it() -> None:
    assert words.FOUND.keys() == words.MEND.keys()
