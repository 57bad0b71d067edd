"""A district's drop-downs: worded, ordered, added to and retired, and never deleted from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.access import gate, trail
from portal.access.words import Words, words_of
from portal.directory.word_lists import service
from portal.errors import NotReady, Refused
from portal.languages.catalog import available
from portal.store.ledger import TrailLine
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import CLOSED_LISTS, WordList
from portal.word_lists import ASCA_LABELS, COUNTED_LISTS, SBCH_LABELS, SHIPPED, Word
from tests.people import NOW, Cast

PURPOSE, NEED = WordList.VISIT_PURPOSE, WordList.NEED


def words(cast: Cast) -> Words:
    return words_of(cast.session, cast.district.id)


def word(cast: Cast, name: WordList, code: str) -> Word:
    return words(cast).lists[name][code]


def write(cast: Cast, name: WordList, told: Word, shown: Word | None) -> str:
    return service.write(cast.session, cast.who(cast.dina), name, told, shown, NOW)


def codes_of(error: pytest.ExceptionInfo[NotReady]) -> list[str]:
    return [problem.field for problem in error.value.problems]


def test_every_shipped_word_has_a_meaning_and_a_label_in_every_language() -> None:
    shipped = [word for every in SHIPPED.values() for word in every]

    assert [word.code for word in shipped if not word.definition] == []
    for language in set(available()) - {"en"}:
        same = {word.label for word in shipped if word.told_in(language) == word.label}
        assert same <= {"Crisis"}, language  # the same in Spanish


def test_every_purpose_and_service_has_its_place_in_the_use_of_time() -> None:
    counted = [word for name in COUNTED_LISTS for word in SHIPPED[name]]

    assert {word.asca for word in counted if word.code != "other"} <= set(ASCA_LABELS)
    assert {word.sbch for word in counted} <= {*SBCH_LABELS, ""}


def test_a_word_is_called_otherwise_in_each_language_and_keeps_its_code(cast: Cast) -> None:
    shown = word(cast, NEED, "low_mood")
    told = replace(shown, label="Sad or down", labels={"es": "Triste"}, definition="Most days.")

    assert write(cast, NEED, told, shown) == "low_mood"

    assert words(cast).label(NEED, "low_mood") == "Sad or down"
    assert words(cast).label(NEED, "low_mood", "es") == "Triste"
    assert word(cast, NEED, "low_mood").definition == "Most days."
    assert words(cast).codes(NEED) == tuple(each.code for each in SHIPPED[NEED])


def test_a_new_word_comes_last_and_its_code_is_the_districts_own(cast: Cast) -> None:
    code = write(cast, PURPOSE, Word("", "Lunch group", asca="direct_counseling"), None)

    assert code == "own_lunch_group"
    assert words(cast).codes(PURPOSE)[-1] == code
    assert word(cast, PURPOSE, code).own


def test_a_new_word_is_offered_where_visits_are_logged(cast: Cast) -> None:
    code = write(cast, PURPOSE, Word("", "Lunch group", implies="small_group"), None)
    draft = VisitDraft(cast.luis.id, code, 20)

    visits.log(cast.session, cast.who(cast.ana), draft, NOW, "a")

    record = gate.open_record(cast.session, cast.who(cast.ana), cast.luis.id, "coordinate", NOW)
    assert "Lunch group, 20 min. Small group" in [item.parts.get("what") for item in record.items]


def test_a_retired_word_is_not_offered_and_still_reads_on_old_records(cast: Cast) -> None:
    ana, dina = cast.who(cast.ana), cast.who(cast.dina)
    visits.log(cast.session, ana, VisitDraft(cast.luis.id, "conflict", 20), NOW, "a")

    service.retire(cast.session, dina, PURPOSE, "conflict", NOW)

    assert not words(cast).has(PURPOSE, "conflict")
    record = gate.open_record(cast.session, ana, cast.luis.id, "coordinate", NOW)
    assert "Conflict, 20 min" in [item.parts.get("what") for item in record.items]
    with pytest.raises(NotReady):
        visits.log(cast.session, ana, VisitDraft(cast.luis.id, "conflict", 20), NOW, "b")


def test_a_retired_word_comes_back_where_it_was(cast: Cast) -> None:
    dina = cast.who(cast.dina)
    before = words(cast).codes(PURPOSE)
    for each in (service.retire, service.retire, service.bring_back, service.bring_back):
        each(cast.session, dina, PURPOSE, "group", NOW)

    assert words(cast).codes(PURPOSE) == before


@pytest.mark.parametrize(("by", "place"), [(-1, 1), (1, 3), (-99, 0), (99, 9)])
def test_a_word_moves_and_nothing_else_changes_its_order(cast: Cast, by: int, place: int) -> None:
    before = list(words(cast).codes(PURPOSE))
    service.move(cast.session, cast.who(cast.dina), PURPOSE, "group", by, NOW)

    after = list(words(cast).codes(PURPOSE))
    assert after.index("group") == place
    assert [c for c in after if c != "group"] == [c for c in before if c != "group"]


def test_a_word_moved_keeps_what_it_says(cast: Cast) -> None:
    before = word(cast, PURPOSE, "crisis")
    service.move(cast.session, cast.who(cast.dina), PURPOSE, "crisis", -1, NOW)

    assert word(cast, PURPOSE, "crisis") == before


def test_whoever_saves_second_is_told_of_the_first_and_overwrites_nothing(cast: Cast) -> None:
    shown = word(cast, NEED, "other")
    write(cast, NEED, replace(shown, label="Something else"), shown)

    with pytest.raises(NotReady, match="Somebody else changed"):
        write(cast, NEED, replace(shown, label="Anything"), shown)

    assert words(cast).label(NEED, "other") == "Something else"


@pytest.mark.parametrize("name", sorted(CLOSED_LISTS))
def test_what_reports_count_by_gets_no_word_and_loses_none(cast: Cast, name: WordList) -> None:
    with pytest.raises(NotReady, match="reports count by it"):
        write(cast, name, Word("", "Another"), None)
    with pytest.raises(NotReady, match="reports count by it"):
        service.retire(cast.session, cast.who(cast.dina), name, SHIPPED[name][0].code, NOW)


def test_the_last_word_of_a_list_stays(cast: Cast) -> None:
    dina = cast.who(cast.dina)
    *others, last = words(cast).codes(WordList.VISIT_PLACE)
    for code in others:
        service.retire(cast.session, dina, WordList.VISIT_PLACE, code, NOW)

    with pytest.raises(NotReady, match="last word"):
        service.retire(cast.session, dina, WordList.VISIT_PLACE, last, NOW)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Word("", ""), "English"),
        (Word("", " GROUP "), "English"),
        (Word("", "a" * 61), "English"),
        (Word("", "New", labels={"es": "a" * 61}), "es"),
        (Word("", "New", definition="a" * 50_000), "Definition"),
        (Word("", "New\x00"), "Word"),
        (Word("", "New", implies="nothing"), "Implies the service"),
        (Word("", "New", asca="fun"), "Use of time (ASCA)"),
    ],
)
def test_what_cannot_be_kept_is_told_with_its_field(cast: Cast, told: Word, field: str) -> None:
    with pytest.raises(NotReady) as error:
        write(cast, PURPOSE, told, None)

    assert codes_of(error) == [field]


def test_a_need_has_no_place_in_a_crosswalk(cast: Cast) -> None:
    with pytest.raises(NotReady) as error:
        write(cast, NEED, Word("", "New", asca="program"), None)

    assert codes_of(error) == ["Use of time (ASCA)"]


def test_markup_is_kept_as_typed(cast: Cast) -> None:
    code = write(cast, NEED, Word("", "<b>*Bold*</b>"), None)

    assert words(cast).label(NEED, code) == "<b>*Bold*</b>"


def test_labels_alike_but_for_their_signs_get_codes_of_their_own(cast: Cast) -> None:
    first = write(cast, NEED, Word("", "Lunch, group"), None)
    second = write(cast, NEED, Word("", "Lunch group"), None)
    third = write(cast, NEED, Word("", "?!"), None)

    assert (first, second, third) == ("own_lunch_group", "own_lunch_group_2", "own_word")


def test_a_word_that_is_not_there_cannot_be_changed(cast: Cast) -> None:
    dina = cast.who(cast.dina)
    for verb in (service.retire, service.bring_back):
        with pytest.raises(NotReady, match="no such word"):
            verb(cast.session, dina, NEED, "gossip", NOW)
    with pytest.raises(NotReady, match="no such word"):
        service.move(cast.session, dina, NEED, "gossip", 1, NOW)
    with pytest.raises(NotReady, match="no such word"):
        write(cast, NEED, Word("gossip", "Gossip"), Word("gossip", "Gossip"))


def test_only_the_districts_administrator_keeps_them(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    shown = word(cast, NEED, "other")
    for refused in (
        lambda: service.write(cast.session, ana, NEED, shown, shown, NOW),
        lambda: service.move(cast.session, ana, NEED, "other", 1, NOW),
        lambda: service.retire(cast.session, ana, NEED, "other", NOW),
    ):
        with pytest.raises(Refused):
            refused()


def test_each_change_has_its_line_in_the_trail(cast: Cast) -> None:
    shown = word(cast, NEED, "other")
    write(cast, NEED, replace(shown, label="Something else"), shown)
    trail.settle(cast.session)

    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert line is not None
    assert (line.event, line.subject) == ("words.written", "need/other")
    assert line.detail == {"changed": ["label"]}
