"""What is told to whom: each sentence in the family's language, the English of record beside it."""

from __future__ import annotations

from itertools import product

import pytest

from portal.consents.forms.definition import Section, Text, Translation
from portal.consents.forms.telling import Partner, Said, say, told
from portal.policy.statements import required
from portal.vocabulary import SHAREABLE, Category, FormKind, Statement
from tests.consents.forms.ready import ready, without

CLINIC = Partner("1", "Riverside", hipaa=True)
PROGRAM = Partner("2", "Harbor", hipaa=True, part2=True)
CLUB = Partner("3", "Elm Club")
NAMES = {"student": "Luis", "partner": "Riverside", "until": "30 de junio de 2027"}


def test_a_translation_stands_beside_the_english_of_record():
    said = say(ready().help[Section.HOW_LONG], "es", NAMES)

    assert said.words.endswith("Dejamos de hacerlo después del 30 de junio de 2027.")
    assert said.record.endswith("We stop after 30 de junio de 2027.")
    assert (said.language, said.version) == ("es", "1")
    assert said.translator.startswith("Portal team")


def test_a_district_s_own_translation_comes_first():
    own = Translation(text="Solo %(student)s.", translator="Ana", version="3")
    text = Text(en="You choose.", translations={"es": own})

    assert say(text, "es", NAMES) == Said("Solo Luis.", "You choose.", "es", "Ana", "3")
    assert say(text, "en", NAMES) == Said("You choose.", "You choose.", "en")


@pytest.mark.parametrize("language", ["en", "pt", "xx"])
def test_what_nobody_translated_is_told_in_english_and_says_so(language):
    said = say(Text(en="Ask %(student)s."), language, NAMES)

    assert said == Said("Ask Luis.", "Ask Luis.", "en")


@pytest.mark.parametrize("partner", [CLINIC, PROGRAM, CLUB])
def test_all_that_the_gate_asks_for_is_told(partner):
    for out, back in product(SHAREABLE, [None, *SHAREABLE]):
        shown = told(ready(), partner, [out], [back] if back else [])
        asked = {*required(out, hipaa=False, part2=False), Statement.REVOKE}
        if back:
            asked |= {*required(back, hipaa=partner.hipaa, part2=partner.part2)}

        assert asked <= set(shown), (out, back)


def test_nobody_is_told_what_has_nothing_to_do_with_them():
    shown = told(ready(), CLINIC, [Category.ATTENDANCE], [])

    assert shown == (
        Statement.VOLUNTARY,
        Statement.REVOKE,
        Statement.REDISCLOSURE_LIMIT,
        Statement.COPY,
        Statement.HOLDER_CHANGES,
    )


@pytest.mark.parametrize(
    ("partner", "out", "back", "more"),
    [
        (CLUB, [], [Category.SERVICE_STATUS], {Statement.BECOMES_SCHOOL_RECORD}),
        (CLUB, [Category.HIV], [], {Statement.HIV_NOTICE}),
        (CLUB, [Category.PSYCHIATRIC], [], {Statement.CT_REFUSAL}),
        (
            CLINIC,
            [],
            [Category.SERVICE_STATUS],
            {
                Statement.BECOMES_SCHOOL_RECORD,
                Statement.NO_CONDITION,
                Statement.MAY_BE_REDISCLOSED,
            },
        ),
        (PROGRAM, [Category.VISITS], [], set()),
    ],
)
def test_each_partner_and_kind_brings_its_own_sentences(partner, out, back, more):
    usual = set(told(ready(), CLUB, [Category.ATTENDANCE], []))

    assert set(told(ready(), partner, out, back)) - usual == more


def test_a_program_for_substance_use_brings_those_of_part_2():
    shown = told(ready(), PROGRAM, [], [Category.SERVICE_STATUS])

    assert {Statement.PART2_REDISCLOSURE, Statement.PART2_REFUSAL} <= set(shown)


def test_sentences_follow_the_order_of_the_form():
    turned = tuple(reversed(Section))
    shown = told(ready(sections=turned), CLINIC, [Category.ATTENDANCE], [])

    assert shown[0] is Statement.COPY
    assert shown[-1] is Statement.VOLUNTARY


def test_what_is_not_printed_is_not_told():
    shown = told(without(ready(), Section.AFTER), CLINIC, [Category.ATTENDANCE], [])

    assert Statement.REDISCLOSURE_LIMIT not in shown


@pytest.mark.parametrize("kind", [kind for kind in FormKind if kind is not FormKind.STANDARD])
def test_a_single_purpose_form_tells_all_that_it_has(kind):
    form = ready(kind)

    assert set(told(form, CLINIC, [], [], subject=True)) == set(form.statements)
