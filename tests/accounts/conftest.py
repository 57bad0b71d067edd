"""Quick hashes, and how to sign in by service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from argon2 import PasswordHasher

from portal.accounts import passwords, service
from portal.store.people import User
from tests.people import NOW, Cast

PASSWORD = "harbor lantern quiet maple"

SignIn = Callable[..., str | None]


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same algorithm with the least work: these tests are not about how long it takes."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", quick)
    nobodys = passwords.nobodys_hash
    nobodys.cache_clear()
    yield
    nobodys.cache_clear()


@pytest.fixture
def ana(cast: Cast) -> User:
    """Ana, who has set her password."""
    cast.ana.password_hash = passwords.hashed(PASSWORD)
    cast.session.flush()
    return cast.ana


@pytest.fixture
def sign_in(cast: Cast) -> SignIn:
    """Sign in by name and password: the token, or None."""

    def by(
        name: str,
        password: str = PASSWORD,
        at: datetime = NOW,
        address: str = "10.0.0.1",
        old_token: str = "",
    ) -> str | None:
        attempt = service.open_try(cast.session, name, address, at)
        if attempt is None:
            return None
        right = attempt.check(password)
        return service.close_try(cast.session, attempt, right, at, "a browser", old_token)

    return by
