"""Which passwords are good enough, and how they are kept."""

from __future__ import annotations

import unicodedata

import pytest

from portal.accounts import passwords

ABOUT = ("Ana Counts", "ana.counts@example.org", "Harbor Point Public Schools")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "zwölf bunte fische am rand",
        "🦊🌊🍂🪁🥨🚲🪺🎈🧵🪣🧭🪵🥾🛶🎻",
        "8371950264718395",
        " leading and trailing spaces ",
        "x" + "fjord vase quartz gamble " * 10,
    ],
)
def test_long_passwords_of_any_characters_are_good(password: str) -> None:
    assert passwords.problems(password, ABOUT) == []


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "0 characters"),
        ("short but ok?!", "14 characters"),
        ("q" * 257, "257 characters"),
        ("aaaaaaaaaaaaaaa", "repetitions"),
        ("Password!!!!!!!!!", "repetitions"),
        ("passwordpassword", "well-known"),
        ("P@ssw0rd!P@ssw0rd!", "well-known"),
        ("1234567890123456", "well-known"),
        ("qwertyuiopasdfgh", "well-known"),
        ("Welcome2026Welcome", "well-known"),
        ("AnaCounts-AnaCounts", "your own name"),
        ("harborpointschools!", "your own name"),
    ],
)
def test_short_and_well_known_passwords_are_refused(password: str, says: str) -> None:
    found = passwords.problems(password, ABOUT)

    assert [says in f"{problem.what} {problem.do_next}" for problem in found] == [True]


def test_fifteen_characters_are_enough_and_256_not_too_many() -> None:
    assert passwords.problems("vex quilt jumbo") == []
    assert passwords.problems(("vex quilt jumbo " * 16)[:256]) == []


@pytest.mark.parametrize("length", [15, 64, 72, 73, 256, 1000])
def test_the_whole_password_counts(length: int) -> None:
    password = ("vex quilt jumbo frock " * 50)[:length]
    stored = passwords.hashed(password)

    assert stored.startswith("$argon2id$")
    assert passwords.matches(password, stored)
    assert not passwords.matches(password[:-1], stored)
    assert not passwords.matches(f"{password} ", stored)
    assert not passwords.matches(f" {password}", stored)
    assert not passwords.matches(password.upper(), stored)


def test_the_same_letters_composed_otherwise_are_the_same_password() -> None:
    stored = passwords.hashed(unicodedata.normalize("NFC", "Ñandú über der Brücke"))

    assert passwords.matches(unicodedata.normalize("NFD", "Ñandú über der Brücke"), stored)
    assert not passwords.matches("Nandu uber der Brucke", stored)


@pytest.mark.parametrize("odd", ["\0", "a\0b", "\ud800", "' OR 1=1--", "x" * 100_000])
def test_odd_passwords_are_wrong_and_nothing_worse(odd: str) -> None:
    assert not passwords.matches(odd, passwords.hashed("harbor lantern quiet maple"))
    assert not passwords.matches(odd, passwords.nobodys_hash())


def test_what_is_not_a_hash_matches_nothing() -> None:
    assert not passwords.matches("plain", "plain")
    assert not passwords.matches("", "")
