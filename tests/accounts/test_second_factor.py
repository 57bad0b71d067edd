"""An authenticator and its recovery codes, on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from portal.accounts import people, second_factor, service
from portal.accounts.queries import LiveSession
from portal.config import settings
from portal.errors import NotReady, Refused
from portal.policy.signing_in import Step
from portal.store.accounts import RecoveryCode, SecondFactor
from portal.store.ledger import TrailLine
from portal.store.people import User
from tests.accounts.conftest import SignIn
from tests.people import NOW, Cast

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
LATER = NOW + timedelta(minutes=5)


@dataclass(frozen=True)
class Phone:
    """Ana's authenticator, set up at NOW, and the sign-in that did it."""

    cast: Cast
    ana: User
    held: LiveSession
    secret: str
    codes: list[str]

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.secret).at(at)

    def show(self, code: str, at: datetime = LATER, address: str = "10.0.0.1") -> bool:
        me = self.cast.who(self.ana)
        return second_factor.show(self.cast.session, me, self.held.id, code, address, at)

    def events(self) -> list[str]:
        """The trail, oldest first."""
        return list(self.cast.session.scalars(select(TrailLine.event).order_by(TrailLine.id)))


def held_by(cast: Cast, token: str | None, at: datetime = NOW) -> LiveSession:
    held = service.who_holds(cast.session, token or "", at)
    assert held is not None
    return held


@pytest.fixture
def phone(cast: Cast, ana: User, sign_in: SignIn) -> Phone:
    me, held = cast.who(ana), held_by(cast, sign_in(ana.username))
    offer = second_factor.offer(cast.session, me, NOW)
    secret = offer.secret.replace(" ", "")
    first = pyotp.TOTP(secret).at(NOW)
    codes = second_factor.confirm(cast.session, me, held.id, offer.sealed, first, NOW)
    return Phone(cast, ana, held, secret, codes)


def test_setting_it_up_shows_it_in_this_sign_in_and_asks_for_it_in_the_next(
    phone: Phone, sign_in: SignIn
) -> None:
    assert phone.held.step is Step.ACKNOWLEDGE  # before: nobody asked Ana for a second factor
    token = sign_in(phone.ana.username)
    assert held_by(phone.cast, token).step is Step.SHOW_FACTOR
    assert phone.events()[1:3] == ["account.second_factor_set", "account.recovery_codes_made"]


def test_neither_secret_nor_recovery_codes_can_be_read_in_the_database(phone: Phone) -> None:
    rows = [*phone.cast.session.scalars(select(SecondFactor))]
    kept = str([vars(row) for row in [*rows, *phone.cast.session.scalars(select(RecoveryCode))]])

    assert phone.secret not in kept
    assert len(phone.codes) == len(set(phone.codes)) == 10
    assert not any(code in kept or code.replace("-", "") in kept for code in phone.codes)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_the_code_of_now_and_of_one_step_beside_it_are_right(phone: Phone, steps: int) -> None:
    assert phone.show(phone.code(LATER + steps * 30 * SECOND))
    assert phone.events()[-1] == "account.code_right"


@pytest.mark.parametrize("away", [-2 * 30 * SECOND, 2 * 30 * SECOND, -HOUR, HOUR])
def test_the_code_of_another_time_is_wrong(phone: Phone, away: timedelta) -> None:
    assert not phone.show(phone.code(LATER + away))


def test_a_code_works_once_and_none_before_it_does(phone: Phone) -> None:
    code = phone.code(LATER)

    assert phone.show(code)
    assert not phone.show(code)
    assert not phone.show(code, LATER + 20 * SECOND)
    assert not phone.show(phone.code(LATER - 30 * SECOND))
    assert phone.show(phone.code(LATER + 30 * SECOND))


def test_a_clock_that_went_back_takes_no_code_again(phone: Phone) -> None:
    assert phone.show(phone.code(LATER + HOUR), LATER + HOUR)
    assert not phone.show(phone.code(LATER), LATER)
    assert phone.show(phone.codes[0], LATER)


ODD = (
    *("", "000000", "1", "12345", "1234567", "-1", "1e5", "\0", "\ud800", "٠١٢٣٤٥"),
    *("' OR 1=1--", "12345\n6", "aaaa-aaaa-aaaa-aaaa", "x" * 1_000_000),
)


@pytest.mark.parametrize("code", ODD, ids=range(len(ODD)))
def test_odd_codes_are_wrong(phone: Phone, code: str) -> None:
    assert phone.code(LATER) != "000000"
    assert not phone.show(code)
    assert phone.events()[-1] == "account.code_wrong"


@pytest.mark.parametrize("wide", [False, True])
def test_spaces_and_another_keyboards_digits_are_no_mistake(phone: Phone, wide: bool) -> None:
    code = phone.code(LATER)
    typed = "".join(chr(ord(digit) + 0xFEE0) for digit in code) if wide else code
    assert phone.show(f" {typed[:3]} {typed[3:]} ")


def test_a_recovery_code_works_once_however_it_is_typed(phone: Phone) -> None:
    first, second = phone.codes[:2]

    assert phone.show(first.upper().replace("-", " "))
    assert not phone.show(first)
    assert phone.show(second)
    assert phone.events()[-1] == "account.recovery_code_used"


def test_new_recovery_codes_end_the_older_ones(phone: Phone) -> None:
    fresh = second_factor.new_codes(phone.cast.session, phone.cast.who(phone.ana), LATER)

    assert not phone.show(phone.codes[0])
    assert phone.show(fresh[0])


def test_after_five_wrong_codes_the_right_one_waits_a_quarter_of_an_hour(phone: Phone) -> None:
    for _ in range(5):
        phone.show("000000")

    assert "account.code_locked" in phone.events()
    assert not phone.show(phone.code(LATER))
    assert not phone.show(phone.codes[0], address="203.0.113.9")
    later = LATER + timedelta(minutes=15)
    assert phone.show(phone.code(later), later)


def test_somebody_elses_code_is_wrong(phone: Phone) -> None:
    cast = phone.cast
    me = cast.who(cast.tom)

    assert not second_factor.show(
        cast.session, me, phone.held.id, phone.codes[0], "10.0.0.1", LATER
    )
    assert phone.show(phone.codes[0])


@pytest.mark.parametrize("wrong", ["code", "late", "not ours", "another person's"])
def test_an_authenticator_is_not_kept_unless_its_first_code_is_right(
    cast: Cast, ana: User, sign_in: SignIn, wrong: str
) -> None:
    me, held = cast.who(ana), held_by(cast, sign_in(ana.username))
    owner = cast.who(cast.tom) if wrong == "another person's" else me
    offer = second_factor.offer(cast.session, owner, NOW)
    at = NOW + timedelta(minutes=16) if wrong == "late" else NOW
    code = "000000" if wrong == "code" else pyotp.TOTP(offer.secret.replace(" ", "")).at(at)
    sealed = "made up" if wrong == "not ours" else offer.sealed

    with pytest.raises(NotReady):
        second_factor.confirm(cast.session, me, held.id, sealed, code, at)
    assert cast.session.get(SecondFactor, ana.id) is None


def test_after_a_wrong_code_the_same_square_is_shown_again(cast: Cast, ana: User) -> None:
    me = cast.who(ana)
    offer = second_factor.offer(cast.session, me, NOW)

    assert second_factor.offer_again(cast.session, me, offer.sealed, NOW) == offer
    late = second_factor.offer_again(cast.session, me, offer.sealed, NOW + HOUR)
    assert late.secret != offer.secret


def test_setting_up_another_phone_ends_the_first_only_when_it_is_confirmed(phone: Phone) -> None:
    cast, me = phone.cast, phone.cast.who(phone.ana)
    offer = second_factor.offer(cast.session, me, LATER)
    assert phone.show(phone.code(LATER))

    new = pyotp.TOTP(offer.secret.replace(" ", ""))
    second_factor.confirm(cast.session, me, phone.held.id, offer.sealed, new.at(LATER), LATER)
    with pytest.raises(NotReady):  # the form was sent twice
        second_factor.confirm(cast.session, me, phone.held.id, offer.sealed, new.at(LATER), LATER)
    later = LATER + HOUR
    assert not phone.show(phone.code(later), later)
    assert phone.show(new.at(later), later)


def test_with_another_key_of_the_portal_a_recovery_code_still_helps(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "secret_key", "k" * 40)

    assert not phone.show(phone.code(LATER))
    assert phone.show(phone.codes[0])


def test_an_administrator_resets_a_lost_one_and_the_person_is_out_everywhere(
    phone: Phone, sign_in: SignIn
) -> None:
    cast, dina = phone.cast, phone.cast.who(phone.cast.dina)
    letter = people.reset_second_factor(cast.session, dina, phone.ana.id, LATER)

    assert letter.to == phone.ana.email
    assert "second factor" in letter.subject
    assert not phone.show(phone.codes[0])
    assert cast.session.get(SecondFactor, phone.ana.id) is None
    assert phone.held.id not in {
        row.id for row in service.queries.open_sessions(cast.session, phone.ana.id)
    }
    assert "account.second_factor_reset" in phone.events()
    with pytest.raises(NotReady):
        people.reset_second_factor(cast.session, dina, phone.ana.id, LATER)


def test_nobody_resets_their_own_and_only_an_administrator_resets_anybodys(phone: Phone) -> None:
    cast = phone.cast
    for me, whom in ((cast.dina, cast.dina), (cast.tom, phone.ana), (phone.ana, phone.ana)):
        with pytest.raises(Refused):
            people.reset_second_factor(cast.session, cast.who(me), whom.id, LATER)
