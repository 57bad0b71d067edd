"""What is still to be done before the portal opens to somebody who has signed in, and what of a
sign-in is unusual.

Pure rules over plain values. `web.gate` asks for every request and every message which step is
due; until it is done, nothing but that step's own page answers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.vocabulary import Role

ALWAYS_WITH_A_SECOND_FACTOR = frozenset(
    {Role.DISTRICT_ADMIN, Role.SUPERINTENDENT, Role.AGENCY_ADMIN}
)
"""Who looks after accounts and papers, or sees more than their own students."""

ACKNOWLEDGED_FOR = timedelta(days=365)
"""How long an acknowledgment of confidentiality lasts."""

LATELY = timedelta(minutes=10)
"""For how long a shown second factor counts where it is asked for anew: taking much out,
changing the second factor itself."""

AT_HOME = "the district's network"


class Step(StrEnum):
    """What somebody who has signed in still has to do."""

    UNLOCK = "unlock"
    SHOW_FACTOR = "show_factor"
    ENROL = "enrol"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True)
class Standing:
    """Where a sign-in stands.

    locked: idle for too long. has_factor: an authenticator is confirmed. factor_shown: in this
    sign-in, here or to the district's own sign-in. factor_required: see `needs_factor`.
    """

    locked: bool
    has_factor: bool
    factor_shown: bool
    factor_required: bool
    acknowledged: bool


def step_due(now: Standing) -> Step | None:
    """The one thing to do next; None when the portal is open."""
    if now.locked:
        return Step.UNLOCK
    if now.has_factor and not now.factor_shown:
        return Step.SHOW_FACTOR
    if now.factor_required and not now.factor_shown:
        return Step.ENROL
    if not now.acknowledged:
        return Step.ACKNOWLEDGE
    return None


def needs_factor(role: Role, *, remote: bool, required: bool) -> bool:
    """Must this person have a second factor? required: the district's setting, or its absence.

    Whoever takes much out at once shows it anew as well (`lately`).
    """
    return required and (remote or role in ALWAYS_WITH_A_SECOND_FACTOR)


def still_acknowledged(given_at: datetime | None, at: datetime) -> bool:
    """Does the acknowledgment of today's words still hold? None: never given."""
    return given_at is not None and at < given_at + ACKNOWLEDGED_FOR


def is_idle(seen_at: datetime, at: datetime, minutes: int) -> bool:
    """Has nothing been done for so long that the screen is locked?"""
    return at >= seen_at + timedelta(minutes=minutes)


def lately(shown_at: datetime | None, at: datetime) -> bool:
    """Was a second factor shown in the last minutes?"""
    return shown_at is not None and shown_at <= at < shown_at + LATELY


def is_remote(address: str, home: Iterable[str]) -> bool:
    """Does this address lie outside the district's own networks (CIDR)? What is no address does."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return True
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return not any(found in ipaddress.ip_network(network, strict=False) for network in home)


def place_of(address: str, home: Iterable[str]) -> str:
    """Where somebody signs in from, as coarse as a household or an office: a provider gives out
    new addresses of the same neighborhood (IPv4 /24, IPv6 /48).
    """
    if not is_remote(address, home):
        return AT_HOME
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "an unknown address"
    bits = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network(f"{found}/{bits}", strict=False))


@dataclass(frozen=True)
class Arrival:
    """From where, and with which browser in words."""

    place: str
    browser: str


def is_new(arrival: Arrival, before: Iterable[Arrival]) -> bool:
    """Was this pair of place and browser never seen of this person? The first is not unusual."""
    seen = set(before)
    return bool(seen) and arrival not in seen


def is_in_two_places(arrival: Arrival, live: Iterable[Arrival]) -> bool:
    """Is the account in use from another place at this moment? One person is in one place."""
    return any(other.place != arrival.place for other in live)
