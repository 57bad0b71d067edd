"""One's own sign-ins and the duty of confidentiality, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from portal.accounts import confidentiality, own, service
from portal.errors import NotFound
from portal.store.accounts import Acknowledgment, UserSession
from portal.store.ledger import TrailLine
from portal.store.people import User
from tests.accounts.conftest import SignIn
from tests.people import NOW, Cast

MINUTE = timedelta(minutes=1)
WORDS = confidentiality.WORDS_SHA256


def events(cast: Cast) -> list[str]:
    return list(cast.session.scalars(select(TrailLine.event).order_by(TrailLine.id)))


def test_ones_account_tells_where_one_is_signed_in_and_nothing_of_others(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    cast.tom.password_hash = ana.password_hash
    sign_in(cast.tom.username)
    first = sign_in(ana.username, address="203.0.113.9")
    this = sign_in(ana.username, at=NOW + MINUTE)
    service.end_session(cast.session, first or "", NOW + 2 * MINUTE)
    held = service.who_holds(cast.session, this or "", NOW + 2 * MINUTE)
    assert held is not None

    mine = own.account(cast.session, cast.who(ana), held.id, NOW + 2 * MINUTE)
    assert [(line.open, line.this, line.place) for line in mine.sign_ins] == [
        (True, True, "the district's network"),
        (False, False, "outside (203.0.113.9)"),
    ]
    assert mine.unusual is not None  # the second place was new
    assert (mine.factor_since, mine.codes_left, mine.acknowledged_at) == (None, 0, None)


def test_one_ends_ones_own_sign_ins_only(cast: Cast, ana: User, sign_in: SignIn) -> None:
    sign_in(ana.username)
    (row,) = cast.session.scalars(select(UserSession))

    with pytest.raises(NotFound):
        own.end(cast.session, cast.who(cast.tom), row.id, NOW)
    own.end(cast.session, cast.who(ana), row.id, NOW)
    with pytest.raises(NotFound):
        own.end(cast.session, cast.who(ana), row.id, NOW)
    assert events(cast)[-1] == "account.session_ended"


def test_signing_out_everywhere_leaves_the_others_in(
    cast: Cast, ana: User, sign_in: SignIn
) -> None:
    cast.tom.password_hash = ana.password_hash
    toms = sign_in(cast.tom.username)
    tokens = [sign_in(ana.username) for _ in range(3)]

    assert own.end_everywhere(cast.session, cast.who(ana), NOW) == 3
    assert not any(service.who_holds(cast.session, token or "", NOW) for token in tokens)
    assert service.who_holds(cast.session, toms or "", NOW)


def test_an_acknowledgment_is_one_row_a_day_and_never_changes(cast: Cast, ana: User) -> None:
    me = cast.who(ana)
    assert confidentiality.acknowledge(cast.session, me, WORDS, NOW)
    assert confidentiality.acknowledge(cast.session, me, WORDS, NOW + MINUTE)
    assert not confidentiality.acknowledge(cast.session, me, "0" * 64, NOW)

    (row,) = cast.session.scalars(select(Acknowledgment))
    assert (row.user_id, row.text_sha256, row.given_at) == (ana.id, WORDS, NOW)
    assert events(cast).count("account.acknowledged") == 1
    row.given_at = NOW + MINUTE
    with pytest.raises(DatabaseError):
        cast.session.flush()


def test_the_words_are_those_of_the_policy() -> None:
    told = " ".join(confidentiality.WORDS)

    assert "without the written permission of the Superintendent is unauthorized" in told
    assert "grounds for discipline, up to and including termination of employment" in told
    assert "apply in writing to the Superintendent" in told
    assert "34 CFR Part 99" in told
