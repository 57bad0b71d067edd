"""Sign-ins that are not as usual, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts import browsers, service, unusual
from portal.accounts.service import Beginning
from portal.store.ledger import TrailLine
from portal.store.oversight import UseFlag
from portal.store.people import User
from portal.vocabulary import UseFlagKind
from tests.people import NOW, Cast

DAY = timedelta(days=1)
HOME, OUTSIDE = "10.0.0.1", "203.0.113.9"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def begin(cast: Cast, address: str = HOME, agent: str = FIREFOX, at=NOW) -> str:
    me = cast.who(cast.ana)
    token = service.begin(cast.session, me, Beginning(address, agent), at)
    service.end_session(cast.session, token, at + timedelta(minutes=1))
    return token


def flags(cast: Cast) -> list[UseFlag]:
    return list(cast.session.scalars(select(UseFlag).order_by(UseFlag.day, UseFlag.kind)))


def test_the_first_place_is_not_unusual_and_a_known_one_never_again(cast: Cast) -> None:
    for days in range(3):
        begin(cast, at=NOW + days * DAY)
    assert flags(cast) == []

    begin(cast, OUTSIDE, at=NOW + 3 * DAY)
    begin(cast, OUTSIDE, at=NOW + 4 * DAY)
    begin(cast, at=NOW + 5 * DAY)
    [flag] = flags(cast)
    assert (flag.kind, flag.count, flag.user_id) == (UseFlagKind.UNUSUAL_SIGN_IN, 1, cast.ana.id)
    assert flag.organization_id == cast.district.id
    assert flag.detail["address"] == OUTSIDE


def test_several_in_a_day_are_one_line_that_counts_them(cast: Cast) -> None:
    begin(cast)
    for number in range(3):
        begin(cast, f"198.51.{number}.1")

    [flag] = flags(cast)
    assert flag.count == 3
    events = list(cast.session.scalars(select(TrailLine.event).order_by(TrailLine.id)))
    assert events.count("account.unusual_sign_in") == 3


def test_the_letter_is_about_the_sign_in_that_was_unusual_and_names_nobody_else(
    cast: Cast,
) -> None:
    cast.ana.email = "ana@example.org"
    usual = begin(cast)
    odd = begin(cast, OUTSIDE)

    assert unusual.letter(cast.session, service.token_hash(usual)) is None
    assert unusual.letter(cast.session, service.token_hash("made up")) is None
    letter = unusual.letter(cast.session, service.token_hash(odd))
    assert letter is not None
    assert letter.to == "ana@example.org"
    assert "Firefox on Windows, from outside (203.0.113.9)" in letter.text
    told = letter.text + letter.subject
    assert not any(student.family_name in told for student in (cast.luis, cast.zoe))


def test_whoever_has_no_address_gets_no_letter(cast: Cast) -> None:
    begin(cast)
    assert cast.session.get_one(User, cast.ana.id).email == ""
    assert unusual.letter(cast.session, service.token_hash(begin(cast, OUTSIDE))) is None


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/126 Safari/537", "Chrome on a Chromebook"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126", "Edge on Windows"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) Safari/604", "Safari on an iPad"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605", "Safari on a Mac"),
        ("curl/8.5.0", "An unknown browser"),
        ("", "An unknown browser"),
    ],
)
def test_a_browser_is_named_in_words_without_its_version(agent: str, words: str) -> None:
    assert browsers.in_words(agent) == words
