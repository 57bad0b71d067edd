"""A member of staff asks in writing. On both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequest, AccessRequestEvent
from portal.vocabulary import Category, InformationForm, RequestStatus, UnnamedView
from portal.written_requests import queries, rules, service
from tests.people import NOW
from tests.written_requests.conftest import ASKED, LAST, TODAY, Office

C = Category


def problems(*changes: dict[str, object]) -> list[str]:
    draft = ASKED
    for change in changes:
        draft = replace(draft, **change)
    return [problem.field for problem in rules.ask_problems(draft, TODAY)]


def test_a_request_says_what_why_whom_and_until_when():
    assert problems() == []
    assert problems({"information": " ", "need": ""}) == [
        "Precisely which information",
        "The legitimate educational need",
    ]
    assert problems({"numbers": ()}) == ["Students"]
    assert problems({"numbers": tuple(str(n) for n in range(41))}) == ["Students"]
    assert problems({"numbers": ("Zoe Elsewhere",)}) == ["Numbers"]
    assert problems({"categories": frozenset()}) == ["Kinds of record"]
    assert problems({"need": "x" * 4001}) == problems({"need": "a\x00"}) == [rules.NEED]


def test_the_term_is_at_most_one_school_year():
    assert problems({"first": None}) == ["Term"]
    assert problems({"last": TODAY - timedelta(days=1)}) == ["Last day"]
    assert problems({"first": date(2026, 9, 1), "last": date(2026, 9, 2)}) == ["Last day"]
    assert problems({"last": LAST + timedelta(days=1)}) == ["Last day"]
    assert problems({"first": date(2027, 7, 1), "last": date(2028, 6, 30)}) == []


@pytest.mark.parametrize("kind", [C.SUD, C.OWN_CARE, C.HIV, C.PSYCHIATRIC, C.MANDATED_REPORT])
def test_what_the_law_closes_cannot_be_asked_for(kind: Category):
    [problem] = rules.ask_problems(replace(ASKED, categories=frozenset({kind})), TODAY)

    assert "CFR" in problem.what or "CGS" in problem.what


def test_a_view_without_names_takes_the_place_of_students():
    without = {"form": InformationForm.AGGREGATE, "numbers": (), "categories": frozenset()}

    assert problems(without) == ["View"]
    assert problems(without, {"view": UnnamedView.BUDGET}) == []


def test_a_draft_is_kept_gone_on_with_and_sent_once(office: Office):
    session, tom = office.cast.session, office.who(office.cast.tom)
    request = office.ask()
    assert office.ask() == request  # a second click
    changed = replace(ASKED, need="", categories=frozenset({C.COURSES}))
    service.save(session, tom, request, changed, NOW, "two")

    with pytest.raises(NotReady):
        service.submit(session, tom, request, NOW)
    service.save(session, tom, request, ASKED, NOW, "three")
    service.submit(session, tom, request, NOW)

    [line] = queries.mine(session, tom, NOW)
    assert (line.status, line.need) == (RequestStatus.SUBMITTED, ASKED.need)
    assert set(line.categories) == set(ASKED.categories)
    with pytest.raises(NotReady):
        service.save(session, tom, request, ASKED, NOW, "four")


def test_a_number_reveals_nothing_to_whoever_types_it(office: Office):
    session, tom = office.cast.session, office.who(office.cast.tom)
    office.sent(numbers=("0000000103",), key="there")
    office.sent(numbers=("9999999999",), key="not there")

    told = {line.students for line in queries.mine(session, tom, NOW)}

    assert told == {
        ("The student with the number 0000000103, if there is one",),
        ("The student with the number 9999999999, if there is one",),
    }
    about = session.scalars(select(TrailLine).where(TrailLine.event.startswith("request.")))
    assert {tuple(line.students) for line in about} == {()}


def test_only_students_in_reach_are_named(office: Office):
    cast = office.cast
    office.sent(student_ids=(cast.luis.id,), numbers=())
    [line] = queries.mine(cast.session, office.who(cast.tom), NOW)
    assert line.students == ("Luis Sample",)

    with pytest.raises(NotReady):
        office.ask(student_ids=(cast.zoe.id,), key="another")


def test_an_empty_form_is_not_kept_and_tells_all_that_is_missing(office: Office):
    tom, session = office.who(office.cast.tom), office.cast.session
    empty = service.begin(session, tom, NOW)
    with pytest.raises(NotReady) as told:
        service.save(session, tom, None, empty, NOW, "empty")

    assert len(told.value.problems) == 4
    assert queries.mine(session, tom, NOW) == []


def test_nobody_else_goes_on_with_it_or_takes_it_back(office: Office):
    cast, row = office.cast, office.sent()
    with pytest.raises(NotFound):
        service.withdraw(cast.session, office.who(cast.ana), row.id, NOW)
    assert queries.draft_mine(cast.session, office.who(cast.ana), row.id) is None
    with pytest.raises(Refused):
        service.begin(cast.session, office.who(cast.rita), NOW)

    service.withdraw(cast.session, office.who(cast.tom), row.id, NOW)

    assert row.status is RequestStatus.WITHDRAWN
    count = select(func.count()).select_from(AccessRequestEvent)
    assert cast.session.scalar(count) == 2


def test_it_is_asked_anew_from_sixty_days_before_its_end(office: Office):
    cast, row = office.cast, office.sent()
    office.decide(row)
    tom, session = office.who(cast.tom), cast.session
    with pytest.raises(NotReady):
        service.renewal(session, tom, row.id, NOW)

    later = NOW + (LAST - TODAY) - timedelta(days=60)
    draft = service.renewal(session, office.who(cast.tom, later), row.id, later)

    assert (draft.renews, draft.numbers) == (row.id, row.numbers and tuple(row.numbers))
    assert draft.first == LAST + timedelta(days=1)
    assert draft.last == date(2028, 6, 30)
    again = service.save(session, office.who(cast.tom, later), None, draft, later, "again")
    service.submit(session, office.who(cast.tom, later), again, later)
    assert session.get_one(AccessRequest, again).renews_id == row.id


def test_a_new_request_runs_from_today_to_the_end_of_the_school_year(office: Office):
    draft = service.begin(office.cast.session, office.who(office.cast.tom), NOW)

    assert (draft.first, draft.last) == (TODAY, LAST)
