"""What use of the portal is unusual, and where it stops; policy, Proper Use 5. Pure rules.

Unusual is not improper: each finding is looked at by a person, and none of it evaluates staff.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.emergencies import is_working
from portal.policy.tasks import Task, may_do
from portal.vocabulary import Level, Role, UseFlagKind

STOP_AT = 1000
"""Records that one person opens within an hour, after which nothing more opens to them."""

STOP_WITHIN = timedelta(hours=1)

OPENING = frozenset({"record.opened", "document.opened"})
"""Events by which somebody gets to read a record."""

LOOKED_UP = "emergency.looked_up"
"""Somebody found students by name who need not be theirs, before an emergency is declared."""

OUT_OF_REACH = frozenset({Reason.NO_RELATION, Reason.NEVER_IDENTIFIED, Reason.CONFLICT_OF_INTEREST})
"""Codes of a refusal that tells: this student is not theirs."""

OUT_OF_REACH_OF_PARTNERS = OUT_OF_REACH | {Reason.NO_CONSENT, Reason.NOT_ON_CASE_TEAM}
"""The same for a partner's people: no family's consent, or not for whoever asks."""

OVERSEEING = (Task.WATCH_USE, Task.WATCH_OUR_USE)
"""A district looks after its people and what partners do with its students (it stays the owner of
the records, 34 CFR 99.31(a)(1)(i)(B), 99.33); a partner looks after its own people."""


def may_watch(role: Role) -> Decision:
    """May this person see what was found unusual, on their organization's own worklist?"""
    theirs = (task for task in OVERSEEING if may_do(role, task))
    return may_do(role, next(theirs, Task.WATCH_USE))


def may_go_on(opened: int, *, stopped: bool) -> Decision:
    """May this person open another record? opened: by them within the last hour.

    Once stopped it stays so until an administrator lifts it, however long that takes.
    """
    if stopped or opened >= STOP_AT:
        return refuse([Reason.TOO_MANY_OPENED])
    return allow(Basis(BasisKind.OWN, (), FULL))


def may_settle(about: str, reviewer: str, role: Role) -> Decision:
    """May this person settle what was found about that one, or let them go on? Never oneself."""
    decision = may_watch(role)
    if decision and about == reviewer:
        return refuse([Reason.OWN_RECORD])
    return decision


LEVEL_LIMITS: Mapping[Level, int] = {
    Level.TEACHER: 60,
    Level.COUNSELOR: 120,
    Level.CLINICIAN: 80,
    Level.PRINCIPAL: 150,
    Level.SPECIAL_EDUCATION: 150,
    Level.SUPERINTENDENT: 150,
    Level.STAFF: 60,
}


@dataclass(frozen=True)
class Limits:
    """What a district calls unusual, each a count of one person on one day.

    opens: students opened, by level, at which it is unusual whatever is usual; other levels have
    that of STAFF. times_usual: as many times one's own and the colleagues' usual, from `least` on.
    from_, until: working hours of a working day, local. not_own: students asked for who are not
    theirs; district_wide: students opened by whoever leads the district. exported: rows.
    """

    opens: Mapping[Level, int] = field(default_factory=lambda: dict(LEVEL_LIMITS))
    least: int = 25
    times_usual: int = 3
    from_: time = time(6)
    until: time = time(20)
    holidays: tuple[date, ...] = ()
    off_hours: int = 5
    not_own: int = 5
    district_wide: int = 25
    exported: int = 500
    refused: int = 20


@dataclass(frozen=True)
class DayOfUse:
    """One person's use on one day.

    opened: students; own_usual, colleagues_usual: students on a usual day, None when unknown.
    strangers: students asked for who are out of reach. exported: rows that left.
    """

    level: Level
    opened: int = 0
    own_usual: float | None = None
    colleagues_usual: float | None = None
    off_hours: int = 0
    strangers: int = 0
    refused: int = 0
    exported: int = 0


@dataclass(frozen=True)
class Found:
    """Something unusual: of which kind, how much, and beside which limit."""

    kind: UseFlagKind
    count: int
    limit: int


def is_off_hours(local: datetime, limits: Limits) -> bool:
    """Outside the district's working hours? local: on the district's clock."""
    if not is_working(local.date(), limits.holidays):
        return True
    return not limits.from_ <= local.time() < limits.until


def unusual(use: DayOfUse, limits: Limits) -> Iterator[Found]:
    """Everything about this day that a person should look at."""
    hard = limits.opens.get(use.level, limits.opens[Level.STAFF])
    told = min([hard, *_by_what_is_usual(use, limits)])
    if use.opened >= told:
        yield Found(UseFlagKind.VOLUME, use.opened, told)
    if use.off_hours >= limits.off_hours:
        yield Found(UseFlagKind.OFF_HOURS, use.off_hours, limits.off_hours)
    if use.strangers >= limits.not_own:
        yield Found(UseFlagKind.NOT_OWN_STUDENTS, use.strangers, limits.not_own)
    elif use.level is Level.SUPERINTENDENT and use.opened >= limits.district_wide:
        yield Found(UseFlagKind.NOT_OWN_STUDENTS, use.opened, limits.district_wide)
    if use.exported >= limits.exported:
        yield Found(UseFlagKind.BULK_EXPORT, use.exported, limits.exported)
    if use.refused >= limits.refused:
        yield Found(UseFlagKind.MANY_REFUSALS, use.refused, limits.refused)


def _by_what_is_usual(use: DayOfUse, limits: Limits) -> Collection[int]:
    """The limit by what is usual, for oneself and for the others alike; none while unknown."""
    if use.own_usual is None or use.colleagues_usual is None:
        return ()
    usual = max(use.own_usual, use.colleagues_usual)
    return (max(limits.least, int(usual * limits.times_usual)),)
