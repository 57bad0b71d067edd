"""The data catalog tells of every table and column, and who sees it follows from the rules."""

from __future__ import annotations

import pytest

from portal.errors import NotReady, Refused
from portal.policy import keeping
from portal.policy.levels import LEVELS
from portal.retaining import catalog, service
from portal.store.tables import metadata
from portal.vocabulary import SUPPORT, Category, Level, Role
from tests import factories as make
from tests.people import NOW, Cast


def entry(table: str) -> catalog.Entry:
    return next(each for each in catalog.entries() if each.table == table)


def test_every_table_and_column_has_its_entry_and_no_entry_names_one_that_is_not_there() -> None:
    assert catalog.missing() == []


def test_a_column_that_nobody_told_of_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = {**dict(catalog._groups()[1][1])["visit"], "columns": {"mood": "Never held"}}
    monkeypatch.setattr(catalog, "_groups", lambda: (("x", {"visit": visit, "gone": visit}),))
    found = catalog.missing()

    assert "visit.minutes: nothing is told of it" in found
    assert "visit.mood: no such column" in found
    assert "student: no entry" in found
    assert "gone: no such table" in found


def test_what_an_entry_cannot_say_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"kept": "always", "mandate": "hearsay", "what": "x", "why": "", "columns": {}}
    monkeypatch.setattr(catalog, "_groups", lambda: (("x", {"block": broken}),))
    found = catalog.missing()

    assert "block: no such period of keeping, always" in found
    assert "block: no such mandate, hearsay" in found
    assert "block: no why is told" in found


@pytest.mark.parametrize("category", list(Category))
def test_who_sees_a_kind_of_record_is_what_the_levels_say(category: Category) -> None:
    told = " ".join(catalog.seen_by({"records": [category]}))

    for scope in LEVELS.values():
        if category in scope.categories:
            assert scope.students in told
    assert (LEVELS[Level.TEACHER].students in told) is (category not in SUPPORT)


def test_what_is_kept_from_everybody_says_so_and_what_is_ones_own_too() -> None:
    assert entry("second_factor").seen_by == (catalog.NOBODY,)
    assert entry("form_draft").seen_by == ("Its owner",)
    assert "Superintendent" in entry("legal_hold").seen_by
    assert len(catalog.entries()) == len(metadata.tables)


def test_it_is_searched_in_every_word_of_a_table_and_its_columns() -> None:
    found = {each.table for each in catalog.entries() if each.says("BIRTH date")}

    assert "student" in found
    assert "visit" not in found


def test_a_district_sees_its_own_periods_and_its_own_questions(cast: Cast) -> None:
    me = cast.who(cast.dina)
    service.set_period(cast.session, me, "support", 10, "The Board's vote", NOW)
    held = service.see_catalog(cast.session, cast.who(cast.tom))

    visits = next(each for each in held.entries if each.table == "visit")
    assert visits.kept.period == "10 years from the day the student left the district"
    assert visits.kept.authority == "The Board's vote"
    assert held.questions == ()
    with pytest.raises(Refused):
        service.see_catalog(cast.session, cast.who(cast.alma))


def test_longer_is_free_and_shorter_only_as_the_law_lets(cast: Cast) -> None:
    me = cast.who(cast.dina)
    for what, years, why in (
        ("support", 5, "Less"),
        ("disclosures", 50, "Less"),
        ("support", 101, "More"),
        ("links", 0, " "),
        ("links", 0, "x" * 501),
        ("gossip", 1, "Why not"),
    ):
        with pytest.raises(NotReady):
            service.set_period(cast.session, me, what, years, why, NOW)
    service.set_period(cast.session, me, "links", 0, "Nobody needs them", NOW)
    service.set_period(cast.session, me, "links", None, "Somebody does", NOW)
    kept = {line.code: line for line in service.schedule_of(cast.session, me)}
    assert (kept["links"].years, kept["links"].period) == (None, "For ever")
    assert kept["drafts"] == keeping.BY_CODE["drafts"]
    other = make.organization(cast.session, "Other Schools")
    dan = make.user(cast.session, other, "Dan Other", Role.DISTRICT_ADMIN, Level.STAFF)
    assert service.schedule_of(cast.session, cast.who(dan)) == keeping.SHIPPED
    with pytest.raises(Refused):
        service.set_period(cast.session, cast.who(cast.omar), "links", 1, "Why not", NOW)
