"""A district's words: the shipped ones, with what it edited in their stead and in its order."""

from __future__ import annotations

from portal.access.words import AS_SHIPPED, Words, words_of, words_of_each
from portal.store.support import Term
from portal.vocabulary import WordList
from portal.word_lists import SHIPPED, Word
from tests.people import NOW, Cast

NEED, PURPOSE, SERVICE = WordList.NEED, WordList.VISIT_PURPOSE, WordList.VISIT_SERVICE
FIRST, SECOND, *REST = SHIPPED[NEED]


def test_what_nobody_edited_stands_as_shipped(cast: Cast) -> None:
    assert words_of(cast.session, cast.district.id) is AS_SHIPPED
    assert {name: AS_SHIPPED.all(name) for name in WordList} == dict(SHIPPED)


def test_a_districts_own_words_stand_among_the_shipped_ones_in_its_order(cast: Cast) -> None:
    """Shipped words have the places 10, 20, 30 and so on; of one place, the code decides."""
    for code, position, about in (
        ("zz", 10, {"labels": {"es": "Zeta"}, "own": True}),
        ("between", 15, {"labels": {"en": "Between"}, "own": True, "retired_at": NOW}),
        (
            SECOND.code,
            5,
            {
                "labels": {"en": "Renamed", "es": "Otro", "pt": "Outro"},
                "definition": "What it means",
                "implies": "screening",
                "asca": "program",
                "social_work": "linkages",
                "sbch": "assessment",
            },
        ),
    ):
        row = Term(district_id=cast.district.id, list=NEED, code=code, position=position, **about)
        cast.session.add(row)
    other = {"code": "far", "position": 1, "labels": {"en": "Far"}}
    cast.session.add(Term(district_id=cast.riverside.id, list=NEED, **other))
    cast.session.flush()

    renamed = Word(
        SECOND.code,
        "Renamed",
        labels={"es": "Otro", "pt": "Outro"},
        definition="What it means",
        implies="screening",
        asca="program",
        social_work="linkages",
        sbch="assessment",
    )
    zz = Word("zz", "zz", labels={"es": "Zeta"}, own=True)
    between = Word("between", "Between", own=True, retired=True)
    found = words_of_each(cast.session, [cast.district.id, cast.hilltop.id])
    words = found[cast.district.id]
    assert found == {cast.district.id: words, cast.hilltop.id: AS_SHIPPED}
    assert words.all(NEED) == (renamed, FIRST, zz, between, *REST)
    assert words.choices(NEED) == (renamed, FIRST, zz, *REST)
    assert words.codes(NEED) == tuple(word.code for word in (renamed, FIRST, zz, *REST))
    assert words.all(PURPOSE) == SHIPPED[PURPOSE]
    assert words.label(NEED, SECOND.code, "pt") == "Outro"
    assert words.label(NEED, "between") == "Between"
    offered = {code: words.has(NEED, code) for code in ("zz", "between", "far", "", None)}
    assert offered == {"zz": True, "between": False, "far": False, "": False, None: False}


def test_a_code_that_no_list_knows_is_told_by_its_letters() -> None:
    assert AS_SHIPPED.label(NEED, "own_LUNCH_group") == "Own lunch group"
    assert AS_SHIPPED.label(NEED, "") == ""


def test_a_purpose_implies_a_service_only_while_that_is_offered() -> None:
    retired = Word("screening", "Screening", retired=True)
    purposes = (Word("talk", "Talk", implies="lesson"), Word("test", "Test", implies="screening"))
    words = Words(
        {
            PURPOSE: {word.code: word for word in (*purposes, Word("other", "Other"))},
            SERVICE: {word.code: word for word in (Word("lesson", "Lesson"), retired)},
        }
    )
    told = {purpose: words.implied(purpose) for purpose in ("talk", "test", "other", "unknown")}
    assert told == {"talk": "lesson", "test": "", "other": "", "unknown": ""}
