"""The Student Data Collection Template: defined without code, changed without losing an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import trail
from portal.collecting import template
from portal.collecting.rules import Asking, Choice
from portal.errors import NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.records import Audience
from portal.store.support import DataPointVersion
from portal.vocabulary import AnswerKind, AskedWhere, Category, Level
from tests.collecting.points import MOOD, PLAN, codes, defined, dina, draft, point
from tests.people import NOW, Cast

LATER = NOW + timedelta(hours=1)


def fields_of(error: pytest.ExceptionInfo[NotReady]) -> list[str]:
    return [problem.field for problem in error.value.problems]


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice({"en": label}) for label in labels)


def test_a_data_point_is_defined_without_code(cast: Cast) -> None:
    made = defined(cast, levels=frozenset({Level.CLINICIAN}), shared=True)

    assert made.code == "asthma_plan_on_file"
    assert [choice.code for choice in made.asking.choices] == ["yes", "no"]
    assert made.asking.told_in("es") == "Plan de asma en la escuela"
    assert made.asking.told_in("pt") == "Asthma plan on file"
    assert made.draft.levels == {Level.CLINICIAN}
    assert (made.version, made.retired, made.answered) == (1, False, False)


def test_a_changed_question_is_a_next_version_and_the_first_stays(cast: Cast) -> None:
    made = defined(cast)
    asking = replace(PLAN, choices=choices("Yes", "Not sure"))

    assert template.redefine(cast.session, dina(cast), made.id, draft(asking), made, LATER) == 2

    rows = cast.session.scalars(select(DataPointVersion).order_by(DataPointVersion.number)).all()
    assert [[each["code"] for each in row.choices] for row in rows] == [
        ["yes", "no"],
        ["yes", "not_sure"],
    ]


def test_saving_what_has_not_changed_makes_no_version(cast: Cast) -> None:
    made = defined(cast)

    assert template.redefine(cast.session, dina(cast), made.id, made.draft, made, LATER) == 1


def test_whoever_saves_second_is_told_of_the_first(cast: Cast) -> None:
    shown = defined(cast)
    template.redefine(cast.session, dina(cast), shown.id, draft(MOOD), shown, LATER)

    with pytest.raises(NotReady, match="Somebody else changed"):
        template.redefine(cast.session, dina(cast), shown.id, draft(), shown, LATER)


def test_what_becomes_shareable_is_told_from_then_on(cast: Cast) -> None:
    made = defined(cast, shared=False)
    audience = cast.session.get_one(Audience, made.audience_id)
    assert (audience.inside_only, audience.told_from) == (True, None)

    template.redefine(cast.session, dina(cast), made.id, draft(shared=True), made, LATER)

    assert (audience.inside_only, audience.told_from) == (False, LATER)


def test_who_may_see_changes_for_the_answers_that_there_are(cast: Cast) -> None:
    made = defined(cast, levels=frozenset({Level.CLINICIAN, Level.COUNSELOR}))
    told = draft(levels=frozenset({Level.CLINICIAN, Level.PRINCIPAL}), with_family=False)

    template.redefine(cast.session, dina(cast), made.id, told, made, LATER)

    now = point(cast, made.id)
    assert now.draft.levels == {Level.CLINICIAN, Level.PRINCIPAL}
    assert not now.draft.with_family
    assert now.audience_id == made.audience_id


def test_a_retired_one_is_there_and_comes_back(cast: Cast) -> None:
    made = defined(cast)
    for _twice in range(2):
        template.retire(cast.session, dina(cast), made.id, NOW)
    assert point(cast, made.id).retired

    for _twice in range(2):
        template.bring_back(cast.session, dina(cast), made.id, NOW)
    assert not point(cast, made.id).retired


def test_a_retired_one_does_not_come_back_beside_one_of_the_same_words(cast: Cast) -> None:
    made = defined(cast)
    template.retire(cast.session, dina(cast), made.id, NOW)
    again = defined(cast)
    assert again.code == "asthma_plan_on_file_2"

    with pytest.raises(NotReady, match="is asked already"):
        template.bring_back(cast.session, dina(cast), made.id, NOW)


@pytest.mark.parametrize(("by", "expected"), [(-1, "acb"), (-9, "cab"), (9, "abc")])
def test_a_question_moves(cast: Cast, by: int, expected: str) -> None:
    made = [defined(cast, Asking(AnswerKind.TEXT, {"en": name})) for name in "abc"]

    template.move(cast.session, dina(cast), made[-1].id, by, NOW)

    assert codes(cast) == list(expected)


@pytest.mark.parametrize(
    ("asking", "field"),
    [
        (Asking(AnswerKind.TEXT, {"en": "  "}), "English"),
        (Asking(AnswerKind.TEXT, {"en": "a" * 121}), "English"),
        (Asking(AnswerKind.TEXT, {"en": "A", "es": "a" * 50_000}), "es"),
        (Asking(AnswerKind.TEXT, {"en": "A"}, help="a" * 50_000), "Explanation"),
        (Asking(AnswerKind.TEXT, {"en": "A\0"}), "Question"),
        (Asking(AnswerKind.CHOICE, {"en": "A"}), "Answers"),
        (Asking(AnswerKind.CHOICE, {"en": "A"}, choices=choices("Yes")), "Answers"),
        (Asking(AnswerKind.CHOICE, {"en": "A"}, choices=choices("Yes", "YES ")), "Answers"),
        (Asking(AnswerKind.CHOICE, {"en": "A"}, choices=choices("a" * 61, "b")), "Answers"),
        (
            Asking(AnswerKind.CHOICE, {"en": "A"}, choices=choices(*map(str, range(31)))),
            "Answers",
        ),
        (Asking(AnswerKind.SCALE, {"en": "A"}), "Highest"),
        (Asking(AnswerKind.SCALE, {"en": "A"}, low=3, high=3), "Highest"),
        (Asking(AnswerKind.SCALE, {"en": "A"}, low=0, high=11), "Highest"),
        (Asking(AnswerKind.NUMBER, {"en": "A"}, low=5, high=4), "Highest"),
        (Asking(AnswerKind.NUMBER, {"en": "A"}, low=0, high=10**9), "Highest"),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_field(
    cast: Cast, asking: Asking, field: str
) -> None:
    with pytest.raises(NotReady) as error:
        defined(cast, asking)

    assert fields_of(error) == [field]


def test_the_same_question_is_not_asked_twice(cast: Cast) -> None:
    defined(cast)
    with pytest.raises(NotReady, match="is asked already"):
        defined(cast, replace(PLAN, labels={"en": "ASTHMA plan  on file"}))


@pytest.mark.parametrize("category", [None, Category.IDENTITY, Category.MANDATED_REPORT])
def test_some_kinds_of_record_are_no_answers(cast: Cast, category: Category | None) -> None:
    with pytest.raises(NotReady) as error:
        defined(cast, category=category)

    assert fields_of(error) == ["Kind of record"]


def test_two_questions_whose_words_make_one_code_get_two(cast: Cast) -> None:
    made = [defined(cast, Asking(AnswerKind.TEXT, {"en": told})) for told in ("Lunch?", "Lunch!")]

    assert [each.code for each in made] == ["lunch", "lunch_2"]


def test_what_is_not_there_cannot_be_changed(cast: Cast) -> None:
    made = defined(cast)
    strange = cast.luis.id
    for verb in (template.retire, template.bring_back):
        with pytest.raises(NotReady, match="no such data point"):
            verb(cast.session, dina(cast), strange, NOW)
    with pytest.raises(NotReady, match="no such data point"):
        template.move(cast.session, dina(cast), strange, 1, NOW)
    with pytest.raises(NotReady, match="no such data point"):
        template.redefine(cast.session, dina(cast), strange, draft(), made, NOW)


def test_only_the_districts_administrator_keeps_it(cast: Cast) -> None:
    made, ana = defined(cast), cast.who(cast.ana)
    for refused in (
        lambda: template.define(cast.session, ana, draft(MOOD), NOW),
        lambda: template.redefine(cast.session, ana, made.id, draft(), made, NOW),
        lambda: template.move(cast.session, ana, made.id, 1, NOW),
        lambda: template.retire(cast.session, ana, made.id, NOW),
    ):
        with pytest.raises(Refused):
            refused()


def test_each_change_has_its_line_in_the_trail(cast: Cast) -> None:
    made = defined(cast)
    told = draft(MOOD, asked=AskedWhere.VISIT)
    template.redefine(cast.session, dina(cast), made.id, told, made, NOW)
    trail.settle(cast.session)

    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert line is not None
    assert (line.event, line.subject) == ("data_point.changed", "asthma_plan_on_file")
    assert line.detail == {"changed": ["asking", "asked"]}
