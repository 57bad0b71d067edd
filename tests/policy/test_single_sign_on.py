"""What a district's own sign-in is believed."""

from __future__ import annotations

import pytest

from portal.policy.single_sign_on import (
    may_use_password,
    may_use_provider,
    shows_second_factor,
)
from portal.vocabulary import Role

MFA = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"


@pytest.mark.parametrize(
    ("amr", "acr", "shown"),
    [
        (("mfa",), "", True),
        (("pwd", "mfa"), "", True),
        (("pwd", "otp"), "", True),
        (("pin", "hwk"), "", True),
        ((), MFA, True),
        (("pwd",), "", False),
        (("otp",), "", False),  # a code by itself is one factor
        (("pwd", "kba"), "", False),  # two things one knows
        ((), "", False),
        ((), "0", False),
    ],
)
def test_a_second_factor_is_what_the_provider_says_of_this_sign_in(
    amr: tuple[str, ...], acr: str, shown: bool
) -> None:
    assert shows_second_factor(trusted=True, amr=amr, acr=acr) is shown
    assert not shows_second_factor(trusted=False, amr=amr, acr=acr)


@pytest.mark.parametrize("role", list(Role))
def test_whoever_decides_about_an_administrator_comes_in_by_password_and_nobody_else_has_to(
    role: Role,
) -> None:
    decides = role in {Role.DISTRICT_ADMIN, Role.SUPERINTENDENT}
    assert may_use_provider(role) is not decides
    assert may_use_password(role, required=False)
    assert may_use_password(role, required=True) is decides
