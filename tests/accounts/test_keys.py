"""What is sealed with the portal's key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts import keys
from portal.accounts.keys import Kept, NotOurs
from portal.config import settings
from tests.people import NOW

MINUTE = timedelta(minutes=1)


def test_what_was_sealed_is_read_again_and_not_by_looking_at_it() -> None:
    kept = keys.seal("a secret of fifteen", Kept.CLIENT_SECRET, NOW)

    assert "secret" not in kept
    assert keys.unseal(kept, Kept.CLIENT_SECRET, NOW) == "a secret of fifteen"
    assert kept != keys.seal("a secret of fifteen", Kept.CLIENT_SECRET, NOW)


@pytest.mark.parametrize("kept", ["", "x", "é", "gAAAAAB" * 20])
def test_what_was_not_sealed_here_is_refused(kept: str) -> None:
    with pytest.raises(NotOurs):
        keys.unseal(kept, Kept.CLIENT_SECRET, NOW)


def test_one_kind_is_never_taken_for_another() -> None:
    with pytest.raises(NotOurs):
        keys.unseal(keys.seal("x", Kept.CLIENT_SECRET, NOW), Kept.SIGN_IN_UNDER_WAY, NOW)


def test_another_key_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keys.seal("x", Kept.CLIENT_SECRET, NOW)
    monkeypatch.setattr(settings(), "secret_key", "k" * 40)
    with pytest.raises(NotOurs):
        keys.unseal(kept, Kept.CLIENT_SECRET, NOW)


def test_what_is_good_for_a_time_is_not_good_for_longer() -> None:
    kept = keys.seal("x", Kept.SIGN_IN_UNDER_WAY, NOW)

    assert keys.unseal(kept, Kept.SIGN_IN_UNDER_WAY, NOW + 10 * MINUTE, 10 * MINUTE) == "x"
    with pytest.raises(NotOurs):
        keys.unseal(kept, Kept.SIGN_IN_UNDER_WAY, NOW + 11 * MINUTE, 10 * MINUTE)
