"""A family's way through a request: what comes next, what is kept, what counts."""

from __future__ import annotations

from datetime import date

import pytest

from portal.consents.forms.questions import About, Proposal, questions
from portal.consents.forms.telling import Partner
from portal.consents.requests import steps as way
from portal.vocabulary import Category, FormKind, Purpose
from tests.consents.forms.ready import ready

START = date(2026, 11, 20)
CLINIC = Partner("1", "Riverside", hipaa=True)
CLUB = Partner("2", "Elm Club")


def pages(*proposals: Proposal) -> tuple[way.Step, ...]:
    return way.steps(questions(ready(), proposals, About("Luis", "en")))


def asks(partner: Partner = CLINIC, *, purposes=(Purpose.COORDINATE,), **kinds) -> Proposal:
    values = {"out": frozenset({Category.VISITS, Category.ATTENDANCE})} | kinds
    return Proposal(partner, START, purposes=frozenset(purposes), **values)


BOTH = asks(
    out=frozenset({Category.VISITS, Category.HIV}), back=frozenset({Category.SERVICE_STATUS})
)


def needed(found) -> list[str]:
    return [page.key for page in found if page.needed]


def test_both_directions_are_one_page_and_what_is_decided_already_is_passed_over():
    assert needed(pages(asks())) == ["records-1"]
    assert needed(pages(BOTH)) == ["records-1", "special-1"]
    two = asks(CLUB, purposes=(Purpose.COORDINATE, Purpose.EVALUATE))
    assert needed(pages(asks(), two)) == ["records-1", "records-2", "why-2"]


def test_the_next_page_is_the_first_that_has_no_answer():
    found = pages(BOTH)
    assert way.next_key(found, {}) == "records-1"
    assert way.next_key(found, {"records-1": {}}, "records-1") == "special-1"
    assert way.next_key(found, {"special-1": {}}, "special-1") == "records-1"
    assert way.next_key(found, {"records-1": {}, "special-1": {}}, "records-1") == "check"
    assert way.next_key(found, {"records-1": {}, "until-1": {}}, "until-1") == "special-1"


@pytest.mark.parametrize(
    ("key", "back"),
    [("records-1", ""), ("special-1", "records-1"), ("check", "special-1"), ("until-1", "check")],
)
def test_back_leads_where_one_came_from(key, back):
    assert way.before(pages(BOTH), key) == back


def test_only_what_was_asked_is_kept_and_counts():
    found = pages(BOTH)
    kept = {
        "records-1": way.filled_in(
            found[0], {"out": ["visits", "sud", "hiv"], "back": ["courses"], "x": ["y"]}
        ),
        "special-1": {"out-hiv": "MS", "in-hiv": "MS", "out-sud": "MS"},
    }
    answer = way.answer_of(found, 1, kept)

    assert kept["records-1"] == {"out": ["visits"], "back": []}
    assert (answer.out, answer.back) == ({Category.VISITS}, frozenset())
    assert (answer.out_initials, answer.back_initials) == ({Category.HIV: "MS"}, {})
    assert answer.purposes == {Purpose.COORDINATE}


def test_what_was_not_answered_is_a_no():
    answer = way.answer_of(pages(BOTH), 1, {})
    assert not (answer.out or answer.back or answer.out_initials)
    assert answer.ends_on is None


@pytest.mark.parametrize(
    ("typed", "language", "day"),
    [
        ("2027-01-31", "es", date(2027, 1, 31)),
        ("1/31/2027", "en", date(2027, 1, 31)),
        ("31.1.2027", "pt", date(2027, 1, 31)),
        ("31/1/2027", "en", None),
        ("2027-02-30", "en", None),
        ("0-0-0", "en", None),
        ("²/1/2027", "en", None),
        ("1/31", "en", None),
    ],
)
def test_a_day_is_read_as_a_browser_or_a_person_writes_it(typed, language, day):
    assert way.read_day(typed, language) == day


def test_initials_are_cut_to_what_a_form_has_room_for():
    [special] = [page for page in pages(BOTH) if page.kind == way.SPECIAL]
    filled = way.filled_in(special, {"out-hiv": ["  M   S and a very long story"]})
    assert filled["out-hiv"] == "M S and a ve"


def single(kind: FormKind, case: str = "") -> tuple[way.Step, ...]:
    form = ready(kind)
    proposal = Proposal(CLINIC, START, purposes=frozenset(form.purposes), case=case)
    return way.steps(questions(form, [proposal], About("Luis", "en")))


@pytest.mark.parametrize("kind", [kind for kind in FormKind if kind is not FormKind.STANDARD])
def test_a_form_about_one_thing_has_one_tick_and_it_counts(kind):
    found = single(kind, "Sample v. Example")
    assert needed(found) == ["records-1"]
    ticked = way.filled_in(found[0], {"back": ["subject", "visits"], "out": ["visits"]})

    answer = way.answer_of(found, 1, {"records-1": ticked})
    assert answer.subject
    assert (answer.out, answer.back) == (frozenset(), frozenset())
    assert answer.purposes == set(ready(kind).purposes)
    for unticked in ({}, {"records-1": way.filled_in(found[0], {})}):
        assert not way.answer_of(found, 1, unticked).subject


def test_the_case_is_no_reason_to_tick():
    [why] = [page for page in single(FormKind.COURT_USE, "A v. B") if page.kind == way.WHY]
    kept = way.filled_in(why, {"why": ["case"]})
    assert kept == {"why": []}
    assert way.page_problems(why, kept, START, START, "en") == []
