"""Passwords: which ones are good enough, and how they are kept.

The rule is NIST SP 800-63B's: long, any characters, nothing well known, no
demand for digits or capitals, no yearly change. Kept as argon2id; the whole
password counts, spaces at either end included.
"""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from portal.errors import Problem

SHORTEST = 15
LONGEST = 256
FEWEST_DIFFERENT = 5
"""Different characters that must be left once well-known words are taken out."""

WELL_KNOWN = Path(__file__).with_name("well_known_passwords.txt")
DISGUISES = str.maketrans("0134578@$!", "oleastbasi")

hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(2)  # each takes 64 MiB and a core


def hashed(password: str) -> str:
    """What is kept of a password (argon2id, with its own salt)."""
    with _at_once:
        return hasher.hash(_as_kept(password))


def matches(password: str, stored: str) -> bool:
    """Is this the password that `stored` was made of? Takes as long for a wrong one."""
    with _at_once:
        try:
            return hasher.verify(stored, _as_kept(password))
        except (VerifyMismatchError, InvalidHashError):
            return False


@cache
def nobodys_hash() -> str:
    """A hash that nothing matches: the work for a name we do not know is the same."""
    return hashed(secrets.token_urlsafe(32))


def _as_kept(password: str) -> bytes:
    # The same letters typed on another keyboard may come composed otherwise.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def problems(password: str, about: Iterable[str] = ()) -> list[Problem]:
    """What stands against a new password. `about`: the person's and organization's names."""
    length = len(unicodedata.normalize("NFC", password))
    if length < SHORTEST:
        return [_problem(f"The password has {length} characters.", f"Use at least {SHORTEST}.")]
    if length > LONGEST:
        return [_problem(f"The password has {length} characters.", f"Use at most {LONGEST}.")]
    if _is_easily_guessed(password, about):
        return [
            _problem(
                "The password is made of well-known words, of repetitions or of your own name.",
                "Use four or more words that do not belong together.",
            )
        ]
    return []


def unchanged(password: str, stored: str | None) -> list[Problem]:
    """What stands against a new password that is the one of now, of which `stored` was made.

    Ask it only of somebody who has shown who they are: the answer says what the password is.
    """
    if stored is None or not matches(password, stored):
        return []
    return [_problem("This is the password that you have now.", "Choose another one.")]


def _problem(what: str, do_next: str) -> Problem:
    return Problem(what, do_next, field="password")


def _is_easily_guessed(password: str, about: Iterable[str]) -> bool:
    plain = unicodedata.normalize("NFKC", password).casefold()
    known = sorted({*well_known(), *_words(about)}, key=len, reverse=True)
    return any(
        len(set(_without(known, told))) < FEWEST_DIFFERENT
        for told in (plain, plain.translate(DISGUISES))
    )


def _without(words: Iterable[str], text: str) -> str:
    for word in words:
        text = text.replace(word, "")
    return re.sub(r"\s+", "", text)


def _words(about: Iterable[str]) -> Iterator[str]:
    for text in about:
        yield from re.findall(r"\w{3,}", text.casefold())


@cache
def well_known() -> frozenset[str]:
    """Words and runs of keys that guessers try first."""
    lines = WELL_KNOWN.read_text(encoding="utf-8").split()
    return frozenset(line.casefold() for line in lines)
