"""Signing in and out, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.accounts import passwords, service
from portal.policy.signing_in import Step
from portal.store.accounts import SignInAttempt, UserSession
from portal.store.ledger import TrailLine
from portal.store.people import User
from portal.vocabulary import SessionHow
from tests import factories as make
from tests.accounts.conftest import PASSWORD, SignIn
from tests.people import NOW, Cast

MINUTE = timedelta(minutes=1)
WRONG = "not the password at all"


def events(cast: Cast) -> list[tuple[str, bool]]:
    """The trail, oldest first."""
    rows = cast.session.execute(select(TrailLine.event, TrailLine.allowed).order_by(TrailLine.id))
    return [(event, allowed) for event, allowed in rows]


def holds(cast: Cast, token: str | None, at=NOW) -> bool:
    return token is not None and service.who_holds(cast.session, token, at) is not None


def test_name_and_password_open_a_session(cast: Cast, ana: User, sign_in: SignIn) -> None:
    token = sign_in(ana.username)

    assert token is not None
    held = service.who_holds(cast.session, token, NOW)
    assert held is not None
    assert (held.user_id, held.role) == (ana.id, ana.role)
    assert events(cast) == [("account.signed_in", True)]


def test_only_the_hash_of_the_token_is_kept(cast: Cast, ana: User, sign_in: SignIn) -> None:
    token = sign_in(ana.username)
    (row,) = cast.session.scalars(select(UserSession))

    assert token is not None
    assert len(token) >= 43  # 256 bits
    assert token not in str(vars(row))
    assert not holds(cast, row.token_sha256)


@pytest.mark.parametrize("as_typed", [str.upper, lambda name: f"  {name} "])
def test_capitals_and_spaces_of_the_name_do_not_matter(
    ana: User, sign_in: SignIn, as_typed
) -> None:
    assert sign_in(as_typed(ana.username)) is not None


@pytest.mark.parametrize(
    "name", ["", "nobody@example.org", "' OR 1=1--", "ana\n", "\0", "\ud800", "а" * 10_000]
)
def test_a_wrong_name_is_refused_like_a_wrong_password(
    cast: Cast, ana: User, sign_in: SignIn, name: str
) -> None:
    assert sign_in(name) is None
    assert sign_in(ana.username, WRONG) is None
    assert events(cast) == [("account.not_signed_in", False)] * 2


def test_a_name_that_only_looks_alike_is_another(cast: Cast, ana: User, sign_in: SignIn) -> None:
    for twin in (ana.username.replace("a", "\u0430"), ana.username.replace("a", "\uff41")):
        assert sign_in(twin) is None
    assert events(cast) == [("account.not_signed_in", False)] * 2


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    composed, apart = "caf\u00e9 lantern maple", "cafe\u0301 lantern maple"
    ana.password_hash = passwords.hashed(composed)

    assert sign_in(ana.username, apart) is not None
    assert sign_in(ana.username, composed.replace("f", "\uff46")) is None  # alike is not the same
    assert sign_in(ana.username, f"{composed} ") is None


def test_nobody_signs_in_before_setting_a_password(cast: Cast, sign_in: SignIn) -> None:
    assert cast.rob.password_hash is None
    assert sign_in(cast.rob.username, "") is None


def test_neither_name_nor_password_is_written_down_for_a_wrong_try(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    sign_in("My Secret Passphrase Here", WRONG)

    kept = [str(vars(row)) for row in cast.session.scalars(select(TrailLine))]
    kept += [str(vars(row)) for row in cast.session.scalars(select(SignInAttempt))]
    assert not any("secret" in text.lower() or WRONG in text for text in kept)


@pytest.mark.parametrize("known", [True, False])
def test_after_five_wrong_tries_a_name_waits_a_quarter_of_an_hour(
    cast: Cast, ana: User, sign_in: SignIn, known: bool
) -> None:
    name = ana.username if known else "nobody@example.org"
    for _ in range(5):
        sign_in(name, WRONG)

    assert events(cast)[-1] == ("account.locked", False)
    assert service.open_try(cast.session, name, "10.9.9.9", NOW + 14 * MINUTE) is None
    assert service.open_try(cast.session, name, "10.9.9.9", NOW + 15 * MINUTE) is not None


def test_waiting_is_not_made_longer_by_trying(ana: User, sign_in: SignIn) -> None:
    for minute in range(15):
        sign_in(ana.username, WRONG, at=NOW + minute * MINUTE)

    assert sign_in(ana.username, at=NOW + 15 * MINUTE) is not None


def test_the_right_password_does_not_help_while_the_name_waits(ana: User, sign_in: SignIn) -> None:
    for _ in range(5):
        sign_in(ana.username, WRONG)

    assert sign_in(ana.username) is None


def test_a_right_try_begins_the_count_anew(ana: User, sign_in: SignIn) -> None:
    for minute in range(4):
        sign_in(ana.username, WRONG, at=NOW + minute * timedelta(seconds=1))
    assert sign_in(ana.username, at=NOW + MINUTE) is not None

    for _ in range(4):
        sign_in(ana.username, WRONG, at=NOW + 2 * MINUTE)
    assert sign_in(ana.username, at=NOW + 2 * MINUTE) is not None


def test_many_tries_at_once_do_not_pass_the_limit(cast: Cast, ana: User) -> None:
    opened = [service.open_try(cast.session, ana.username, "10.0.0.1", NOW) for _ in range(50)]

    assert sum(attempt is not None for attempt in opened) == 5


def test_a_waiting_name_does_not_end_a_session_that_is_open(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    token = sign_in(ana.username)
    for _ in range(6):
        sign_in(ana.username, WRONG, at=NOW + MINUTE)

    assert holds(cast, token, NOW + MINUTE)


def test_an_address_that_tries_many_names_waits_too(ana: User, sign_in: SignIn) -> None:
    for number in range(50):
        sign_in(f"nobody{number}@example.org", WRONG, address="10.6.6.6")

    assert sign_in(ana.username, address="10.6.6.6") is None
    assert sign_in(ana.username, address="10.0.0.2") is not None


def test_ten_thousand_guesses_from_everywhere_get_five_answers(cast: Cast, ana: User) -> None:
    answered = sum(
        service.open_try(cast.session, ana.username, f"10.1.{n // 256}.{n % 256}", NOW) is not None
        for n in range(200)  # each is the same question; ten thousand only take longer
    )
    assert answered == 5


def test_who_guesses_elsewhere_does_not_keep_the_owner_out(ana: User, sign_in: SignIn) -> None:
    assert sign_in(ana.username) is not None
    later = NOW + MINUTE
    for _ in range(6):
        sign_in(ana.username, WRONG, at=later, address="203.0.113.9")

    assert sign_in(ana.username, at=later, address="203.0.113.9") is None
    assert sign_in(ana.username, at=later, address="203.0.113.10") is None
    for _ in range(4):
        assert sign_in(ana.username, WRONG, at=later) is None
    assert sign_in(ana.username, at=later) is not None


def test_where_one_has_signed_in_guesses_are_counted_too(ana: User, sign_in: SignIn) -> None:
    assert sign_in(ana.username) is not None
    for _ in range(5):
        sign_in(ana.username, WRONG, at=NOW + MINUTE)
    assert sign_in(ana.username, at=NOW + MINUTE) is None

    long_after = NOW + service.KNOWN_FOR
    for _ in range(5):
        sign_in(ana.username, WRONG, at=long_after, address="203.0.113.9")
    assert sign_in(ana.username, at=long_after) is None


def test_signing_in_again_ends_the_browsers_older_session(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    first = sign_in(ana.username)
    other_browser = sign_in(ana.username)
    second = sign_in(ana.username, old_token=first or "")

    assert second != first
    assert not holds(cast, first)
    assert holds(cast, second)
    assert holds(cast, other_browser)


def test_signing_out_ends_the_session_for_whoever_copied_it(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    token = sign_in(ana.username)
    assert token is not None
    service.sign_out(cast.session, cast.who(ana), token, NOW)

    assert not holds(cast, token)
    assert events(cast)[-1] == ("account.signed_out", True)


def step(cast: Cast, token: str | None, at: datetime) -> Step | None:
    held = service.who_holds(cast.session, token or "", at)
    assert held is not None
    return held.step


def test_a_session_is_locked_after_a_quarter_of_an_hour_without_a_sign_of_life(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    make.acknowledgment(cast.session, ana, NOW)
    token = sign_in(ana.username)
    assert step(cast, token, NOW + 14 * MINUTE) is None
    assert step(cast, token, NOW + 15 * MINUTE) is Step.UNLOCK

    held = service.who_holds(cast.session, token or "", NOW + 14 * MINUTE)
    assert held is not None
    service.note_seen(cast.session, held, NOW + 14 * MINUTE)
    assert step(cast, token, NOW + 28 * MINUTE) is None


def unlock(cast: Cast, token: str | None, name: str, password: str, at: datetime) -> bool:
    held = service.who_holds(cast.session, token or "", at)
    attempt = service.open_try(cast.session, name, "10.0.0.1", at)
    assert held is not None
    if attempt is None:
        return False
    return service.unlock(cast.session, held, attempt, attempt.check(password), at)


def test_the_password_of_its_owner_opens_a_locked_session_and_nobody_elses_does(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    make.acknowledgment(cast.session, ana, NOW)
    cast.tom.password_hash = passwords.hashed(PASSWORD)
    token, later = sign_in(ana.username), NOW + 20 * MINUTE

    assert not unlock(cast, token, ana.username, WRONG, later)
    assert not unlock(cast, token, cast.tom.username, PASSWORD, later)
    assert step(cast, token, later) is Step.UNLOCK
    assert unlock(cast, token, ana.username, PASSWORD, later)
    assert step(cast, token, later) is None
    assert events(cast)[-1] == ("account.unlocked", True)


def test_an_older_password_opens_nothing_that_began_by_the_districts_own_sign_in(
    cast: Cast, ana: User
) -> None:
    begun = service.Beginning(how=SessionHow.SINGLE_SIGN_ON)
    token, later = service.begin(cast.session, cast.who(ana), begun, NOW), NOW + 20 * MINUTE

    assert not unlock(cast, token, ana.username, PASSWORD, later)
    assert step(cast, token, later) is Step.UNLOCK


def test_unlocking_waits_after_five_wrong_tries_like_signing_in(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    token, later = sign_in(ana.username), NOW + 20 * MINUTE
    for _ in range(5):
        unlock(cast, token, ana.username, WRONG, later)

    assert not unlock(cast, token, ana.username, PASSWORD, later)
    assert ("account.locked", False) in events(cast)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_set_by_an_hour_neither_ends_nor_prolongs_a_session(
    cast: Cast, ana: User, sign_in: SignIn, hours: int
) -> None:
    token = sign_in(ana.username)
    moved = NOW + timedelta(hours=hours)

    assert holds(cast, token, moved)
    assert not holds(cast, token, NOW + timedelta(hours=12))


def test_a_session_ends_after_twelve_hours_however_busy(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    token = sign_in(ana.username)
    (row,) = cast.session.scalars(select(UserSession))
    row.seen_at = NOW + timedelta(hours=12)
    cast.session.flush()

    assert holds(cast, token, NOW + timedelta(hours=12) - MINUTE)
    assert not holds(cast, token, NOW + timedelta(hours=12))


@pytest.mark.parametrize("who", ["user", "organization"])
def test_a_session_ends_with_its_user_and_its_organization(
    cast: Cast, ana: User, sign_in: SignIn, who: str
) -> None:
    token = sign_in(ana.username)
    (ana if who == "user" else cast.district).active_until = NOW + MINUTE
    cast.session.flush()

    assert holds(cast, token, NOW + MINUTE - timedelta(microseconds=1))
    assert not holds(cast, token, NOW + MINUTE)
    assert sign_in(ana.username, PASSWORD, at=NOW + MINUTE) is None


def test_a_changed_password_ends_every_session(cast: Cast, ana: User, sign_in: SignIn) -> None:
    tokens = [sign_in(ana.username), sign_in(ana.username)]
    attempt = service.open_try(cast.session, ana.username, "10.0.0.1", NOW)
    assert attempt is not None
    service.keep_new_password(cast.session, cast.who(ana), attempt, "$argon2id$new", NOW)

    assert not any(holds(cast, token) for token in tokens)
    assert ana.password_hash == "$argon2id$new"


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "\0", "\ud800", "' OR 1=1--"])
def test_a_made_up_token_is_nobodys(cast: Cast, ana: User, sign_in: SignIn, token: str) -> None:
    sign_in(ana.username)
    assert not holds(cast, token)
