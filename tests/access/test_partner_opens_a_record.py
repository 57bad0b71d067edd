"""What a partner sees of a student: exactly what one consent and one agreement open."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import gate
from portal.access.gate import OpenedRecord
from portal.access.lists import shared_students
from portal.errors import NotFound
from portal.policy.notices import FERPA
from portal.store.consents import Consent
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.papers import Agreement
from portal.store.people import User
from portal.store.records import HistoryEntry, Record
from portal.store.support import AmendmentRequest
from portal.vocabulary import NEVER, Category, ConsentEventKind, Detail, Field, RelationKind
from tests import factories as make
from tests.people import NOW, Cast

DAY = timedelta(days=1)
C = Category


@pytest.fixture
def consent(cast: Cast) -> Consent:
    """Luis's attendance and visits are shared with Riverside; he has discipline records too."""
    for category in (C.ATTENDANCE, C.DISCIPLINE, C.VISITS):
        told_record(cast, category)
    return make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, [C.ATTENDANCE, C.VISITS]
    )


def told_record(cast: Cast, category: Category) -> None:
    record = make.record(cast.session, cast.luis, category, author=cast.ana)
    entry = HistoryEntry(record_id=record.id, headline=f"A {category} entry", narrative="At length")
    make.stored(cast.session, entry)


def opened_by(cast: Cast, user: User) -> OpenedRecord:
    return gate.open_record(cast.session, cast.who(user), cast.luis.id, "coordinate", NOW)


def listed_for(cast: Cast, user: User) -> list[str]:
    lines = shared_students(cast.session, cast.who(user), "coordinate", NOW)
    return [line.given_name for line in lines]


def lines_of(session: Session, event: str) -> list[TrailLine]:
    return list(session.scalars(select(TrailLine).where(TrailLine.event == event)))


def test_the_case_team_sees_what_is_ticked_and_why_the_rest_is_closed(
    cast: Cast, consent: Consent
) -> None:
    opened = opened_by(cast, cast.rita)

    assert [entry.category for entry in opened.open] == [C.IDENTITY, C.ATTENDANCE, C.VISITS]
    assert {item.category for item in opened.items} == {C.IDENTITY, C.ATTENDANCE, C.VISITS}
    reasons = {entry.category: entry.because for entry in opened.closed}
    assert reasons[C.DISCIPLINE] == "Not ticked on the consent."
    assert set(reasons) == set(Category) - {C.IDENTITY, C.ATTENDANCE, C.VISITS}
    assert all(entry.because and entry.do_next for entry in opened.closed)


def test_a_colleague_off_the_team_and_another_agency_see_nobody(
    cast: Cast, consent: Consent
) -> None:
    assert listed_for(cast, cast.rita) == ["Luis"]
    for user in (cast.rob, cast.alma, cast.hugo):
        assert listed_for(cast, user) == []
        with pytest.raises(NotFound):
            opened_by(cast, user)


def test_a_student_out_of_reach_and_one_who_does_not_exist_look_alike(
    cast: Cast, consent: Consent
) -> None:
    rita = cast.who(cast.rita)
    answers = []
    for student_id in (cast.mei.id, cast.rita.id):
        with pytest.raises(NotFound) as refused:
            gate.open_record(cast.session, rita, student_id, "coordinate", NOW)
        answers.append((refused.value.what, refused.value.do_next))

    assert answers[0] == answers[1]


@pytest.mark.parametrize("purpose", ["evaluate", "placement", "", "curiosity"])
def test_another_purpose_than_the_consents_opens_nothing(
    cast: Cast, consent: Consent, purpose: str
) -> None:
    rita = cast.who(cast.rita)

    with pytest.raises(NotFound):
        gate.open_record(cast.session, rita, cast.luis.id, purpose, NOW)
    assert shared_students(cast.session, rita, purpose, NOW) == []


def test_taking_the_consent_back_closes_everything_at_once(cast: Cast, consent: Consent) -> None:
    assert opened_by(cast, cast.rita).items

    make.event(cast.session, consent, ConsentEventKind.REVOKED, NOW)

    assert listed_for(cast, cast.rita) == []
    with pytest.raises(NotFound):
        opened_by(cast, cast.rita)


def test_ending_the_agreement_closes_everything_at_once(cast: Cast, consent: Consent) -> None:
    agreement = cast.session.scalars(
        select(Agreement).where(Agreement.b_id == cast.riverside.id)
    ).one()
    agreement.terminated_at, agreement.terminated_reason = NOW, "Funding ended"
    cast.session.flush()

    assert listed_for(cast, cast.rita) == []
    with pytest.raises(NotFound):
        opened_by(cast, cast.rita)


@pytest.mark.parametrize(
    ("detail", "parts"),
    [
        (Detail.FULL, {Field.WHAT, Field.WHO, Field.NARRATIVE}),
        (Detail.SUMMARY, {Field.WHAT}),
    ],
)
def test_a_withheld_part_is_absent_and_not_blank(
    cast: Cast, detail: Detail, parts: set[Field]
) -> None:
    told_record(cast, C.VISITS)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, detail=detail)

    told = [item for item in opened_by(cast, cast.rita).items if item.category is C.VISITS]

    assert [set(item.parts) for item in told] == [parts]


def test_an_opening_is_exactly_one_line_that_names_what_and_on_which_papers(
    cast: Cast, consent: Consent
) -> None:
    opened = opened_by(cast, cast.rita)

    (line,) = cast.session.scalars(select(TrailLine))
    assert (line.event, line.allowed, line.user_id) == ("record.opened", True, cast.rita.id)
    assert (line.at, line.purpose) == (NOW, "coordinate")
    assert line.opened == [entry.category for entry in opened.open]
    assert line.closed == [entry.category for entry in opened.closed]
    assert str(consent.id) in line.basis
    assert len(line.basis) == 2  # the consent and the agreement
    students = cast.session.scalars(select(TrailStudent.student_id))
    assert list(students) == [cast.luis.id]


def test_an_opening_tells_of_what_was_shown_all_that_the_law_asks_and_not_the_words(
    cast: Cast, consent: Consent
) -> None:
    cast.riverside.address = "1 River Road"
    opened = gate.open_record(cast.session, cast.who(cast.rita), cast.luis.id, "coordinate", NOW)

    (line,) = cast.session.scalars(select(TrailLine))
    told = line.detail
    assert told["item_ids"] == [str(item.record_id) for item in opened.items]
    assert told["bases"] == ["consent"]
    shelf = select(func.count()).where(Record.student_id == cast.luis.id)
    assert told["items_closed"] == cast.session.scalar(shelf) - told["items"] > 0
    assert (told["method"], told["address"]) == ("screen", "1 River Road")
    assert told["notices"] == [[FERPA.id, FERPA.version]]
    assert opened.notices == (FERPA,)
    assert len(told["content_sha256"]) == 64
    words = [text for item in opened.items for text in item.parts.values()]
    assert words
    assert not [text for text in words if text in json.dumps(told)]


def test_the_hash_of_what_was_shown_changes_with_one_word_of_it(
    cast: Cast, consent: Consent
) -> None:
    def shown() -> str:
        opened_by(cast, cast.rita)
        newest = select(TrailLine).order_by(TrailLine.id.desc()).limit(1)
        line = cast.session.scalars(newest).one()
        return line.detail["content_sha256"]

    first, again = shown(), shown()
    for entry in cast.session.scalars(select(HistoryEntry)):
        entry.headline += "."
    cast.session.flush()

    assert first == again
    assert shown() != first


def test_whoever_has_what_was_shown_can_make_the_hash_anew(cast: Cast, consent: Consent) -> None:
    [record] = cast.session.scalars(select(Record).where(Record.category == C.VISITS))
    about = {"record_id": record.id, "student_id": cast.luis.id, "written_by": cast.ana.id}
    asked = {"asked_on": NOW.date(), "wants": "Another word", "written_at": NOW}
    row = AmendmentRequest(**about, **asked, statement="I was ill.", statement_on=NOW.date())
    make.stored(cast.session, row)

    opened = opened_by(cast, cast.rita)

    told = hashlib.sha256()
    for item in opened.items:
        parts = {str(field): item.parts[field] for field in sorted(item.parts)}
        said = [str(item.record_id), str(item.category), item.when.isoformat(), parts]
        said += [item.statement] if item.statement else []
        told.update((json.dumps(said) + "\n").encode())
    assert {item.statement for item in opened.items} == {"", "November 20, 2026: I was ill."}
    (line,) = cast.session.scalars(select(TrailLine))
    assert line.detail["content_sha256"] == told.hexdigest()


def test_a_list_is_one_line_that_names_every_student_on_it(cast: Cast, consent: Consent) -> None:
    anna = make.guardian(cast.session, cast.mei, "Anna Sample")
    make.record(cast.session, cast.mei, C.VISITS)
    make.consent(cast.session, cast.mei, cast.riverside, anna)
    make.relation(cast.session, cast.rita, cast.mei, RelationKind.TEAM)

    assert listed_for(cast, cast.rita) == ["Luis", "Mei"]

    (line,) = lines_of(cast.session, "students.listed_across")
    named = select(TrailStudent.student_id).where(TrailStudent.line_id == line.id)
    assert set(cast.session.scalars(named)) == {cast.luis.id, cast.mei.id}


def test_the_list_is_exactly_of_those_whose_record_opens(cast: Cast, consent: Consent) -> None:
    anna = make.guardian(cast.session, cast.mei, "Anna Sample")
    make.consent(cast.session, cast.mei, cast.riverside, anna)  # nothing on the shelf yet
    make.record(cast.session, cast.zoe, C.VISITS)
    make.relation(cast.session, cast.rita, cast.mei, RelationKind.TEAM)
    make.relation(cast.session, cast.rob, cast.luis, RelationKind.TEAM)
    students = (cast.luis, cast.mei, cast.zoe)

    for user in (cast.rita, cast.rob, cast.alma, cast.hugo):
        opens = []
        for student in students:
            try:
                gate.open_record(cast.session, cast.who(user), student.id, "coordinate", NOW)
                opens.append(student.given_name)
            except NotFound:
                continue
        assert listed_for(cast, user) == opens


def test_what_may_never_be_shared_stays_closed_whatever_is_ticked(cast: Cast) -> None:
    for category in (*NEVER, C.VISITS):
        make.record(cast.session, cast.luis, category)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [*NEVER, C.VISITS])

    opened = opened_by(cast, cast.rita)

    assert not NEVER & {entry.category for entry in opened.open}
    assert {entry.category for entry in opened.closed} >= NEVER
