"""What a district sets for referrals: the numbers of the safety stop, and when one is overdue.

Shipped: 911; 988, the Suicide and Crisis Lifeline; and the DCF Careline, where whoever must
report suspected abuse or neglect does it (Conn. Gen. Stat. 17a-101a, 17a-103).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.store.support import DistrictSetting

NAME = "referrals"
MOST_NUMBERS = 6
LONGEST = 80
MOST_DAYS = 120


@dataclass(frozen=True)
class SafetyNumber:
    """For what one calls, and the number."""

    what: str
    number: str


@dataclass(frozen=True)
class ReferralSettings:
    """numbers: of the safety stop. overdue_days: calendar days without an answer, and
    urgent_days: weekdays without one, after which a referral is overdue.
    """

    numbers: tuple[SafetyNumber, ...] = (
        SafetyNumber("Somebody is in danger now", "911"),
        SafetyNumber("Crisis, by call or text", "988"),
        SafetyNumber("Suspected abuse or neglect: DCF Careline", "1-800-842-2288"),
    )
    overdue_days: int = 14
    urgent_days: int = 2


SHIPPED = ReferralSettings()


def settings_of(session: Session, district_id: uuid.UUID) -> ReferralSettings:
    """What this district set, or what is shipped. It tells nothing about anybody."""
    row = session.get(DistrictSetting, (district_id, NAME))
    if row is None:
        return SHIPPED
    return ReferralSettings(
        numbers=tuple(SafetyNumber(**number) for number in row.value["numbers"]),
        overdue_days=row.value["overdue_days"],
        urgent_days=row.value["urgent_days"],
    )


def keep(session: Session, me: Actor, draft: ReferralSettings, at: datetime) -> None:
    """Set them for my district. Raises Refused, and NotReady with all that is wrong."""
    me.may(Task.SET_REFERRALS).or_refuse()
    found = [*problems(draft)]
    if found:
        raise NotReady(found)
    value: dict[str, Any] = {
        "numbers": [
            {"what": one.what.strip(), "number": one.number.strip()} for one in draft.numbers
        ],
        "overdue_days": draft.overdue_days,
        "urgent_days": draft.urgent_days,
    }
    row = session.get(DistrictSetting, (me.organization_id, NAME))
    if row is None:
        row = DistrictSetting(district_id=me.organization_id, name=NAME)
        session.add(row)
    row.value, row.set_at, row.set_by = value, at, me.id
    session.flush()
    trail.write(session, me, trail.Entry("referral.settings_kept", True, at, detail=value))


def problems(draft: ReferralSettings) -> Iterator[Problem]:
    """All that keeps these settings from standing."""
    if not 1 <= len(draft.numbers) <= MOST_NUMBERS:
        yield Problem(
            "A safety stop needs numbers to call.", f"Give 1 to {MOST_NUMBERS}.", "Numbers"
        )
    for number in draft.numbers:
        if not number.what.strip() or not any(c.isdigit() for c in number.number):
            yield Problem(
                "A number of the safety stop is not complete.",
                "Say for what one calls, and the number; or clear both.",
                "Numbers",
            )
        elif len(number.what) > LONGEST or len(number.number) > LONGEST:
            yield Problem(
                "A line of the safety stop is too long to be read at a glance.",
                f"Use at most {LONGEST} characters.",
                "Numbers",
            )
    for days, name in ((draft.overdue_days, "Overdue"), (draft.urgent_days, "Urgent")):
        if not 1 <= days <= MOST_DAYS:
            yield Problem(f"{days} days cannot be kept.", f"Give 1 to {MOST_DAYS} days.", name)
