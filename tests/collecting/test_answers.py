"""Answers: behind the gate, never lost and never read otherwise than they were asked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access import gate
from portal.collecting import queries, service, template
from portal.collecting.rules import Asking, Choice, Point
from portal.collecting.service import Given
from portal.errors import NotFound, NotReady, Refused
from portal.store.people import User
from portal.store.records import Record
from portal.store.support import Correction, DataAnswer
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import AnswerKind, AskedWhere, Category, Level
from tests import factories as make
from tests.collecting.points import MOOD, PLAN, defined, dina, draft
from tests.people import NOW, Cast

LATER = NOW + timedelta(hours=1)
BEFORE = NOW - timedelta(days=30)
ON_PAGE, WITH_VISIT = AskedWhere.STUDENT, AskedWhere.VISIT


def answer(
    cast: Cast,
    answers: Mapping[uuid.UUID, str | None],
    *,
    by: User | None = None,
    where: AskedWhere = ON_PAGE,
    shown: Mapping[uuid.UUID, uuid.UUID] | None = None,
    at: Any = NOW,
    key: str = "",
    visit_id: uuid.UUID | None = None,
) -> list[uuid.UUID]:
    """Luis's answers, as Ana gives them."""
    me, given = cast.who(by or cast.ana), Given(answers, shown or {})
    key = key or uuid.uuid4().hex
    session, student = cast.session, cast.luis.id
    return list(service.answer(session, me, student, where, given, at, key, visit_id))


def told(cast: Cast, by: User | None = None, at: Any = LATER) -> list[str]:
    me = cast.who(by or cast.ana)
    found = queries.answers_of(cast.session, me, cast.luis.id, at)
    return [f"{each.asking.told_in('en')}: {each.told}" for each in found]


def problem(error: pytest.ExceptionInfo[NotReady]) -> str:
    return " ".join(each.what for each in error.value.problems)


def test_an_answer_is_a_record_of_the_kind_that_its_question_says(cast: Cast) -> None:
    plan = defined(cast)
    [record_id] = answer(cast, {plan.id: "yes"})

    record = cast.session.get_one(Record, record_id)
    assert (record.category, record.audience_id) == (Category.HEALTH, plan.audience_id)
    assert (record.author_id, record.custodian_id) == (cast.ana.id, cast.district.id)
    assert told(cast) == ["Asthma plan on file: Yes"]


def test_an_answer_is_read_as_it_was_asked_whatever_is_asked_now(cast: Cast) -> None:
    plan = defined(cast)
    answer(cast, {plan.id: "no"})
    asking = replace(
        PLAN,
        labels={"en": "Which plan?"},
        choices=(Choice({"en": "Asthma"}), Choice({"en": "None"})),
    )
    template.redefine(cast.session, dina(cast), plan.id, draft(asking), _now(cast, plan), NOW)

    assert told(cast) == ["Asthma plan on file: No"]


def test_a_number_stays_though_the_bounds_narrow(cast: Cast) -> None:
    many = Asking(AnswerKind.NUMBER, {"en": "Days missed"}, low=0, high=180)
    days = defined(cast, many)
    answer(cast, {days.id: "90"})
    fewer = draft(replace(many, high=30))
    template.redefine(cast.session, dina(cast), days.id, fewer, _now(cast, days), NOW)

    assert told(cast) == ["Days missed: 90"]
    with pytest.raises(NotReady):
        answer(cast, {days.id: "91"})


def test_what_is_answered_stays_of_its_kind_and_where_it_is_asked(cast: Cast) -> None:
    plan = defined(cast)
    answer(cast, {plan.id: "yes"})
    other = draft(asked=WITH_VISIT, category=Category.ATTENDANCE)

    with pytest.raises(NotReady) as error:
        template.redefine(cast.session, dina(cast), plan.id, other, _now(cast, plan), NOW)

    assert [each.field for each in error.value.problems] == ["Kind of record", "Where it is asked"]


def test_a_retired_question_is_not_asked_and_its_answers_stay(cast: Cast) -> None:
    plan = defined(cast)
    answer(cast, {plan.id: "yes"})
    template.retire(cast.session, dina(cast), plan.id, NOW)

    assert told(cast) == ["Asthma plan on file: Yes"]
    with pytest.raises(NotReady, match="not asked any more"):
        answer(cast, {plan.id: "no"})


def test_answering_anew_seals_the_old_answer_and_tells_both(cast: Cast) -> None:
    plan = defined(cast)
    [first] = answer(cast, {plan.id: "yes"})
    [second] = answer(cast, {plan.id: "no"}, shown={plan.id: first}, at=LATER)

    assert cast.session.get_one(Record, first).sealed_from == LATER
    assert told(cast) == ["Asthma plan on file: No"]
    row = cast.session.scalars(select(Correction)).one()
    assert (row.record_id, row.field, row.old, row.new) == (second, "answer", "yes", "no")


def test_the_same_answer_again_writes_nothing(cast: Cast) -> None:
    plan = defined(cast)
    answer(cast, {plan.id: "yes"})

    assert answer(cast, {plan.id: " yes "}) == []


def test_a_second_click_writes_nothing(cast: Cast) -> None:
    plan = defined(cast, asked=WITH_VISIT)
    answers = {plan.id: "yes"}
    assert len(answer(cast, answers, where=WITH_VISIT, key="k")) == 1
    assert answer(cast, answers, where=WITH_VISIT, key="k") == []


def test_of_two_who_answer_the_second_sees_the_firsts(cast: Cast) -> None:
    plan = defined(cast)
    answer(cast, {plan.id: "yes"}, by=cast.omar)

    with pytest.raises(NotReady, match="Somebody else answered"):
        answer(cast, {plan.id: "no"})

    assert told(cast) == ["Asthma plan on file: Yes"]


def test_each_visit_is_asked_anew(cast: Cast) -> None:
    mood = defined(cast, MOOD, asked=WITH_VISIT, category=Category.VISITS)
    for step in ("3", "7"):
        visit = visits.log(
            cast.session, cast.who(cast.ana), VisitDraft(cast.luis.id, "crisis", 10), NOW, step
        )
        answer(cast, {mood.id: step}, where=WITH_VISIT, visit_id=visit.record_id)

    assert sorted(told(cast)) == ["Mood today: 3 of 10", "Mood today: 7 of 10"]


def test_a_visit_taken_back_takes_its_answers_along(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    mood = defined(cast, MOOD, asked=WITH_VISIT, category=Category.VISITS)
    visit = visits.log(cast.session, ana, VisitDraft(cast.luis.id, "crisis", 10), NOW, "v")
    answer(cast, {mood.id: "3"}, where=WITH_VISIT, visit_id=visit.record_id)

    visits.undo(cast.session, ana, visit.record_id, NOW)

    assert told(cast) == []


def test_what_is_required_must_be_answered_once(cast: Cast) -> None:
    plan = defined(cast, replace(PLAN, required=True))
    with pytest.raises(NotReady, match="has no answer"):
        answer(cast, {plan.id: "  "})
    answer(cast, {plan.id: "yes"})

    assert answer(cast, {}) == []


def test_nothing_that_only_others_may_see_is_asked_or_answered(cast: Cast) -> None:
    required = replace(PLAN, required=True)
    plan = defined(cast, required, levels=frozenset({Level.PRINCIPAL}))

    assert queries.asked(cast.session, cast.who(cast.ana), ON_PAGE) == ()
    assert answer(cast, {}) == []
    with pytest.raises(NotReady, match="not asked any more"):
        answer(cast, {plan.id: "yes"})
    answer(cast, {plan.id: "yes"}, by=cast.omar)
    assert told(cast, cast.omar) == ["Asthma plan on file: Yes"]
    assert told(cast, cast.ana) == []


@pytest.mark.parametrize(
    ("asking", "value", "says"),
    [
        (Asking(AnswerKind.TEXT, {"en": "A"}), "a" * 50_000, "50,000 characters"),
        (Asking(AnswerKind.TEXT, {"en": "A"}), "a\0b", "invisible character"),
        (Asking(AnswerKind.NUMBER, {"en": "A"}), "many", "not a number"),
        (Asking(AnswerKind.NUMBER, {"en": "A"}), "1e9", "not a number"),
        (Asking(AnswerKind.NUMBER, {"en": "A"}), "٣", "not a number"),
        (Asking(AnswerKind.NUMBER, {"en": "A"}, low=1), "0.5", "less than 1"),
        (Asking(AnswerKind.NUMBER, {"en": "A"}, high=3), "3.5", "more than 3"),
        (Asking(AnswerKind.DATE, {"en": "A"}), "1900-01-01", "before the student was born"),
        (Asking(AnswerKind.DATE, {"en": "A"}), "2060-01-01", "too far ahead"),
        (Asking(AnswerKind.DATE, {"en": "A"}), "yesterday", "not a date"),
        (PLAN, "perhaps", "not among the choices"),
        (MOOD, "11", "not a step"),
        (MOOD, "1.5", "not a step"),
        (MOOD, "bad", "not a step"),
    ],
)
def test_an_answer_that_does_not_fit_is_told(
    cast: Cast, asking: Asking, value: str, says: str
) -> None:
    made = defined(cast, asking)
    with pytest.raises(NotReady) as error:
        answer(cast, {made.id: value})

    assert says in problem(error)
    assert cast.session.scalars(select(DataAnswer)).all() == []


def test_a_date_of_long_ago_is_told_where_no_birth_date_is_known(cast: Cast) -> None:
    cast.luis.born = None
    cast.session.flush()
    made = defined(cast, Asking(AnswerKind.DATE, {"en": "A"}))

    with pytest.raises(NotReady, match="too long ago"):
        answer(cast, {made.id: "1900-01-01"})


def test_every_kind_reads_as_people_read_it(cast: Cast) -> None:
    kinds = {
        "2026-03-05": Asking(AnswerKind.DATE, {"en": "Day"}),
        "2.5": Asking(AnswerKind.NUMBER, {"en": "Number"}),
        "<b>*typed*</b>": Asking(AnswerKind.TEXT, {"en": "Text"}),
        "10": MOOD,
    }
    answer(cast, {defined(cast, asking).id: value for value, asking in kinds.items()})

    assert sorted(told(cast)) == [
        "Day: March 5, 2026",
        "Mood today: 10 of 10",
        "Number: 2.5",
        "Text: <b>*typed*</b>",
    ]


def test_all_that_is_missing_is_told_before_a_student_is_chosen(cast: Cast) -> None:
    made = defined(cast, replace(MOOD, required=True), asked=WITH_VISIT)
    ana = cast.who(cast.ana)

    with pytest.raises(NotReady, match="has no answer"):
        service.answer(cast.session, ana, None, WITH_VISIT, Given({}), NOW, "k")
    with pytest.raises(NotReady, match="No student is chosen"):
        service.answer(cast.session, ana, None, WITH_VISIT, Given({made.id: "1"}), NOW, "k")


def test_who_may_not_log_visits_answers_nothing(cast: Cast) -> None:
    plan = defined(cast)
    with pytest.raises(Refused):
        answer(cast, {plan.id: "yes"}, by=cast.tom)
    with pytest.raises(NotFound):
        service.answer(
            cast.session,
            cast.who(cast.ana),
            cast.zoe.id,
            ON_PAGE,
            Given({plan.id: "yes"}),
            NOW,
            "k",
        )


# The gate


def test_a_partner_reads_an_answer_by_a_consent_that_told_of_it(cast: Cast) -> None:
    plan = defined(cast, shared=True, at=BEFORE)
    answer(cast, {plan.id: "yes"})
    health = {Category.HEALTH}
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, health)
    assert _shared(cast) == []  # signed long before the family was told

    since = NOW - timedelta(days=1)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, health, signed_at=since)
    assert len(_shared(cast)) == 1


def test_what_stays_inside_goes_to_no_partner(cast: Cast) -> None:
    plan = defined(cast, shared=False, at=BEFORE)
    answer(cast, {plan.id: "yes"})
    health = {Category.HEALTH}
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, health, signed_at=NOW)

    assert _shared(cast) == []


def _now(cast: Cast, made: Point) -> Point:
    every = queries.points(cast.session, cast.district.id)
    return next(each for each in every if each.id == made.id)


def _shared(cast: Cast) -> list[uuid.UUID]:
    try:
        rita = cast.who(cast.rita)
        record = gate.open_record(cast.session, rita, cast.luis.id, "coordinate", NOW)
    except NotFound:
        return []
    return [item.record_id for item in record.items if item.category is Category.HEALTH]
