"""The stage: who is there, which day it is, and a die that always falls the same way."""

from __future__ import annotations

import platform
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import actor
from portal.access.actor import Actor
from portal.accounts import service as accounts
from portal.accounts.service import Beginning
from portal.config import settings
from portal.demo import queries
from portal.demo.queries import Pupil
from portal.demo.roster import MadeRoster
from portal.directory.changes import Changes
from portal.store.people import Guardian, User
from portal.store.places import AgencyService, Organization
from portal.vocabulary import ProgramKind

SATURDAY = 5

SYSTEMS = {"Darwin": "Macintosh; Intel Mac OS X 10_15_7", "Windows": "Windows NT 10.0; Win64; x64"}
BROWSER = f"Mozilla/5.0 ({SYSTEMS.get(platform.system(), 'X11; Linux x86_64')}) Chrome/140.0.0.0"
HERE = Beginning("127.0.0.1", BROWSER)
"""From where everybody signed in: this machine. Whoever tries the demonstration on it does not
begin with a warning of a new place."""

Act = Callable[[datetime], object]


@dataclass
class Stage:
    """What every step of the demonstration needs.

    caseload: each worker's students. holders: who holds each student's rights. acts: what
    somebody did when; they are played in the order of time, so that the trail tells them so.
    signed_in: since when, and the token of it, by sign-in name.
    """

    session: Session
    made: MadeRoster
    chance: random.Random
    now: datetime
    district: Organization
    agencies: dict[str, Organization]
    users: dict[str, User]
    pupils: list[Pupil]
    holders: dict[uuid.UUID, list[Guardian]]
    services: dict[uuid.UUID, list[AgencyService]]
    caseload: dict[uuid.UUID, list[Pupil]] = field(default_factory=dict)
    programs: list[tuple[Pupil, ProgramKind]] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    acts: list[tuple[datetime, Act]] = field(default_factory=list)
    signed_in: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Today in the district."""
        return self._day(self.now)

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.district.tz)).date()

    def who(self, username: str, at: datetime) -> Actor:
        """The actor that this person is at an instant, signed in since that day."""
        found = self._active(username, at)
        since, token = self.signed_in.get(username, (None, ""))
        if since is None or self._day(since) != self._day(at):
            live = since is not None and at - since < _session()
            arrival = replace(HERE, old_token=token if live else "")
            self.signed_in[username] = at, accounts.begin(self.session, found, arrival, at)
        return found

    def _active(self, username: str, at: datetime) -> Actor:
        found = actor.load(self.session, self.users[username].id, at)
        if found is None:
            raise LookupError(f"{username} is not active on {at:%Y-%m-%d}")
        return found

    def then(self, at: datetime, act: Act) -> None:
        """Somebody does this at that instant."""
        self.acts.append((at, act))

    def play(self) -> None:
        """Everything that people did, in the order in which they did it."""
        for at, act in sorted(self.acts, key=lambda timed: timed[0]):
            act(at)
        self.acts.clear()
        self._sign_out()

    def _sign_out(self) -> None:
        """Whoever is still signed in; nobody tries the demonstration beside them."""
        for username, (since, token) in self.signed_in.items():
            if self.now - since < _session():
                me = self._active(username, self.now)
                accounts.sign_out(self.session, me, token, self.now)

    def beside(self, seed: int) -> Stage:
        """The same with a die of its own: what is added so leaves the rest as it was."""
        return replace(self, chance=random.Random(seed))  # noqa: S311  (nothing here is a secret)

    def pupil(self, name: str) -> Pupil:
        """The first student of that name."""
        return next(pupil for pupil in self.pupils if pupil.name == name)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That time of that day, by the district's clock; never later than now."""
        local = datetime.combine(day, time(hour, minute), ZoneInfo(self.district.tz))
        return min(local.astimezone(self.now.tzinfo), self.now)

    def days_ago(self, days: int, hour: int = 10) -> datetime:
        """An hour of the day so many days before today."""
        return self.at(self.today - timedelta(days=days), hour)

    def school_days(self) -> Iterator[date]:
        """Every weekday from the first day of school until today."""
        day = self.made.first_day
        while day <= self.today:
            if day.weekday() < SATURDAY:
                yield day
            day += timedelta(days=1)


def _session() -> timedelta:
    """So long one stays signed in."""
    return timedelta(hours=settings().session_hours)


def stage(session: Session, made: MadeRoster, seed: int, now: datetime) -> Stage:
    """The stage as the importers left it."""
    return Stage(
        session=session,
        made=made,
        chance=random.Random(seed),  # noqa: S311  (nothing here is a secret)
        now=now,
        district=queries.district(session),
        agencies=queries.agencies(session),
        users=queries.users(session),
        pupils=queries.pupils(session),
        holders=queries.holders(session),
        services=queries.services(session),
    )
