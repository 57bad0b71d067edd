"""Which notice goes along with which records, row by row; what is logged of it stays the same."""

from __future__ import annotations

import hashlib
import re

import pytest

from portal.policy.facts import RecordFacts
from portal.policy.notices import (
    FERPA,
    HIPAA,
    HIV,
    PART2,
    PART2_LINE,
    WHEN,
    Notice,
    notices_for,
    notices_with,
)
from portal.vocabulary import SHAREABLE, Category, Instrument
from tests.policy.values import T, alter, facts_about, world_with

ATTENDANCE, STATUS = Category.ATTENDANCE, Category.SERVICE_STATUS
OF_SUBSTANCE_USE = (PART2, PART2_LINE)

ROWS = [
    # the school gives: 34 CFR 99.33(d), whatever it gives
    (Instrument.FERPA, {ATTENDANCE}, {}, (FERPA,)),
    (Instrument.FERPA, set(), {}, (FERPA,)),
    (Instrument.FERPA, {Category.PSYCHIATRIC}, {}, (FERPA,)),
    # what it got from elsewhere keeps its own notice: 42 CFR 2.32, CGS 17a-688, 19a-585
    (Instrument.FERPA, {Category.SUD}, {}, (FERPA, *OF_SUBSTANCE_USE)),
    (Instrument.FERPA, {Category.HIV}, {}, (FERPA, HIV)),
    (Instrument.FERPA, {Category.SUD, Category.HIV}, {}, (FERPA, *OF_SUBSTANCE_USE, HIV)),
    # a partner gives: no school record yet, so no 99.33
    (Instrument.HIPAA, {STATUS}, {}, ()),
    # a health care provider: 45 CFR 164.508(c)(2)(iii)
    (Instrument.HIPAA, {STATUS}, {"hipaa": True}, (HIPAA,)),
    # a substance-use program: 42 CFR 2.32, whatever it gives
    (Instrument.HIPAA, {STATUS}, {"part2": True}, OF_SUBSTANCE_USE),
    (Instrument.HIPAA, {STATUS}, {"hipaa": True, "part2": True}, (HIPAA, *OF_SUBSTANCE_USE)),
    # these kinds from whomever
    (Instrument.HIPAA, {Category.SUD}, {}, OF_SUBSTANCE_USE),
    (Instrument.HIPAA, {Category.HIV}, {}, (HIV,)),
    (
        Instrument.HIPAA,
        {Category.SUD, Category.HIV},
        {"hipaa": True, "part2": True},
        (HIPAA, *OF_SUBSTANCE_USE, HIV),
    ),
    # the traits are the discloser's: a school is neither
    (Instrument.FERPA, {ATTENDANCE}, {"hipaa": True, "part2": True}, (FERPA,)),
]


@pytest.mark.parametrize(("instrument", "kinds", "traits", "wanted"), ROWS)
def test_the_notices_that_the_law_asks_for_go_along(instrument, kinds, traits, wanted):
    assert notices_for(kinds, instrument=instrument, **traits) == wanted


def test_one_more_kind_of_record_takes_no_notice_away():
    for instrument in Instrument:
        few = set(notices_for({ATTENDANCE}, instrument=instrument))
        for kind in SHAREABLE:
            assert few <= set(notices_for({ATTENDANCE, kind}, instrument=instrument))


def test_each_giver_s_records_bring_that_giver_s_notices_and_one_s_own_bring_none():
    clinic = alter("orgs", "P1", hipaa=True)
    program = alter("orgs", "P2", part2=True)
    facts = facts_about(world_with(clinic, program), "jo", "luis")

    def with_records(*told: tuple[str, str]) -> tuple[Notice, ...]:
        made = (RecordFacts("r", "luis", custodian, kind, T) for custodian, kind in told)
        return notices_with(facts, made)

    assert with_records() == with_records(("J1", "visits")) == ()
    assert with_records(("D1", "visits")) == (FERPA,)
    assert with_records(("D1", "visits"), ("D1", "hiv")) == (FERPA, HIV)
    assert with_records(("D1", "hiv"), ("D1", "visits")) == (FERPA, HIV)
    assert with_records(("P1", "visits")) == (HIPAA,)
    assert with_records(("P2", "visits")) == OF_SUBSTANCE_USE
    assert with_records(("P1", "hiv"), ("D1", "hiv"), ("J1", "sud")) == (FERPA, HIV, HIPAA)


def test_each_notice_can_be_logged_and_cited():
    notices = [notice for notice, _asked in WHEN]

    assert len({notice.id for notice in notices}) == len(notices)
    for notice in notices:
        assert re.fullmatch(r"[a-z0-9.-]{1,40}", notice.id)
        assert re.fullmatch(r"\d{4}-\d+", notice.version)
        assert "CFR" in notice.law or "CGS" in notice.law


def test_the_one_line_of_part_2_is_the_rule_s_own():
    assert PART2_LINE.text == (
        "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
    )


LOGGED = {
    "ferpa-99.33 2026-1": "098e4b408771",
    "hipaa-164.508 2026-1": "83a9c843d4e5",
    "part2-2.32 2026-1": "47b490bc3a6a",
    "part2-2.32-line 2026-1": "79fee3d6dff7",
    "ct-19a-585 2026-1": "248f51a4244a",
}
"""The first digits of each text's SHA-256: add a line here for a new version, change none."""


def test_a_text_that_changes_gets_a_new_version():
    for notice, _asked in WHEN:
        digest = hashlib.sha256(notice.text.encode()).hexdigest()[:12]

        assert LOGGED.get(f"{notice.id} {notice.version}") == digest
