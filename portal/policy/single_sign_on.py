"""What a district's own sign-in is believed, and who may still use a password beside it.

Pure rules; `accounts.oidc` proves that a token is the provider's before any of them is asked.
"""

from __future__ import annotations

from collections.abc import Collection

from portal.vocabulary import Role

SECOND_KINDS = frozenset({"otp", "hwk", "swk", "sc", "fpt", "face", "iris", "retina"})
FIRST_KINDS = frozenset({"pwd", "pin", "kba"})
"""Ways of showing who one is (RFC 8176, `amr`): what one has or is, and what one knows."""

MULTI_FACTOR = frozenset(
    {
        "phrh",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
        "https://refeds.org/profile/mfa",
    }
)
"""Names of a sign-in with two factors (`acr`): OpenID EAP, PAPE 1.0, REFEDS MFA profile."""


def shows_second_factor(*, trusted: bool, amr: Collection[str], acr: str) -> bool:
    """Does the provider say that it asked for two factors, and does the district trust it in that?

    It has to say so of this very sign-in; silence is one factor.
    """
    if not trusted:
        return False
    said = frozenset(amr)
    return "mfa" in said or acr in MULTI_FACTOR or bool(said & SECOND_KINDS and said & FIRST_KINDS)


def may_use_provider(role: Role) -> bool:
    """May the provider say who comes in with this role?

    An administrator chooses the provider, and whoever answers for it says who somebody is. Nobody
    takes over the account of whoever decides about them (`people.may_empower`), so administrators
    and superintendents show the portal's own password and second factor.
    """
    return role not in (Role.DISTRICT_ADMIN, Role.SUPERINTENDENT)


def may_use_password(role: Role, *, required: bool) -> bool:
    """Where single sign-on is required, only those keep the password who may come in by no other.

    So somebody can get in to mend the setting on the day the provider does not answer, too.
    """
    return not required or not may_use_provider(role)
