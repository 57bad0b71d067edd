"""Which step of signing in is due, and what of a sign-in is unusual."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from portal.config import Settings
from portal.policy.shared_names import is_shared
from portal.policy.signing_in import (
    AT_HOME,
    Arrival,
    Standing,
    Step,
    is_idle,
    is_in_two_places,
    is_new,
    is_remote,
    lately,
    needs_factor,
    place_of,
    step_due,
    still_acknowledged,
)
from portal.vocabulary import Role
from tests.people import NOW

HOME = Settings.model_fields["home_networks"].default.split(",")
INSTANT = timedelta(microseconds=1)

# locked, has one, shown, required, acknowledged
TABLE = {
    (False, False, False, False, True): None,
    (False, True, True, False, True): None,
    (False, True, True, True, True): None,
    (False, False, True, True, True): None,  # shown to the district's own sign-in
    (False, False, False, False, False): Step.ACKNOWLEDGE,
    (False, True, True, True, False): Step.ACKNOWLEDGE,
    (False, False, True, True, False): Step.ACKNOWLEDGE,
    (False, False, False, True, True): Step.ENROL,
    (False, False, False, True, False): Step.ENROL,
    (False, True, False, False, True): Step.SHOW_FACTOR,  # who has one shows it, required or not
    (False, True, False, True, True): Step.SHOW_FACTOR,
    (False, True, False, True, False): Step.SHOW_FACTOR,
}


@pytest.mark.parametrize("standing", TABLE)
def test_one_step_is_due_or_none(standing: tuple[bool, bool, bool, bool, bool]) -> None:
    assert step_due(Standing(*standing)) is TABLE[standing]


def test_what_is_locked_is_unlocked_before_all_else() -> None:
    for rest in product((True, False), repeat=4):
        assert step_due(Standing(True, *rest)) is Step.UNLOCK


def test_the_portal_opens_only_when_nothing_is_missing() -> None:
    for told in product((True, False), repeat=5):
        standing = Standing(*told)
        proven = standing.factor_shown or not (standing.has_factor or standing.factor_required)
        opens = not standing.locked and proven and standing.acknowledged
        assert (step_due(standing) is None) is opens


@pytest.mark.parametrize("role", Role)
def test_administrators_superintendents_and_whoever_is_outside_need_a_second_factor(
    role: Role,
) -> None:
    always = role in {Role.DISTRICT_ADMIN, Role.SUPERINTENDENT, Role.AGENCY_ADMIN}

    assert needs_factor(role, remote=False, required=True) is always
    assert needs_factor(role, remote=True, required=True)
    assert not needs_factor(role, remote=True, required=False)


def test_an_acknowledgment_lasts_a_year_to_the_instant() -> None:
    year = timedelta(days=365)

    assert not still_acknowledged(None, NOW)
    assert still_acknowledged(NOW, NOW)
    assert still_acknowledged(NOW - year + INSTANT, NOW)
    assert not still_acknowledged(NOW - year, NOW)


def test_idle_is_as_long_as_the_setting_says_to_the_instant() -> None:
    quarter = timedelta(minutes=15)

    assert not is_idle(NOW, NOW + quarter - INSTANT, 15)
    assert is_idle(NOW, NOW + quarter, 15)


def test_a_second_factor_was_shown_lately_for_ten_minutes() -> None:
    assert not lately(None, NOW)
    assert lately(NOW, NOW)
    assert lately(NOW, NOW + timedelta(minutes=10) - INSTANT)
    assert not lately(NOW, NOW + timedelta(minutes=10))
    assert not lately(NOW + INSTANT, NOW)


@pytest.mark.parametrize(
    ("address", "remote"),
    [
        *(("127.0.0.1", False), ("10.2.3.4", False), ("192.168.1.9", False)),
        *(("172.16.0.1", False), ("172.32.0.1", True), ("::1", False), ("fd00::1", False)),
        *(("::ffff:10.0.0.1", False), ("::ffff:203.0.113.9", True)),
        *(("203.0.113.9", True), ("2001:db8::1", True)),
        *(("", True), ("testclient", True), ("10.0.0.1, 203.0.113.9", True), ("10.0.0.1\n", True)),
    ],
)
def test_whoever_is_not_surely_at_home_is_outside(address: str, remote: bool) -> None:
    assert is_remote(address, HOME) is remote


def test_a_place_is_as_coarse_as_a_neighborhood() -> None:
    assert place_of("10.2.3.4", HOME) == place_of("192.168.0.7", HOME) == AT_HOME
    assert place_of("203.0.113.9", HOME) == place_of("203.0.113.200", HOME) == "203.0.113.0/24"
    assert place_of("2001:db8:1:2::3", HOME) == "2001:db8:1::/48"
    assert place_of("nowhere", HOME) == "an unknown address"


def test_a_pair_of_place_and_browser_is_new_once_and_the_first_is_not_unusual() -> None:
    here, there = Arrival(AT_HOME, "Firefox on Windows"), Arrival("203.0.113.0/24", "Safari")

    assert not is_new(here, [])
    assert not is_new(here, [there, here])
    assert is_new(there, [here])
    assert is_new(Arrival(AT_HOME, "Safari"), [here, there])


def test_one_person_is_in_one_place() -> None:
    here, there = Arrival(AT_HOME, "Firefox on Windows"), Arrival("203.0.113.0/24", "Safari")

    assert not is_in_two_places(here, [])
    assert not is_in_two_places(here, [Arrival(AT_HOME, "Safari")])
    assert is_in_two_places(here, [there])


@pytest.mark.parametrize(
    ("email", "shared"),
    [
        *(("office@school.org", True), ("Front.Desk@school.org", True), ("nurse2@x.org", True)),
        *((" front-desk @x.org", True), ("admin+portal@x.org", True), ("no-reply@x.org", True)),
        *(("nora.nurse@school.org", False), ("o.office@x.org", False), ("a@x.org", False)),
        *(("", False), ("officer@x.org", False), ("office@demo.example", False)),
        *(("office", True), ("office@x@y.org", True)),  # not even an address
    ],
)
def test_an_office_is_not_a_person(email: str, shared: bool) -> None:
    assert is_shared(email) is shared


def test_a_network_may_be_written_by_any_address_in_it() -> None:
    assert not is_remote("203.0.113.9", ["203.0.113.77/24"])
    assert is_remote("203.0.114.9", ["203.0.113.77/24"])
