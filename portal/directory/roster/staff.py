"""Staff: which users of the file get an account, with which role and level.

The file decides the role of a new account only. Later it never raises or
lowers anybody, and never reopens an account that has ended, whoever ended it: that is done by
a person, under Manage people, for a roster cannot know why. Where the file tells the last day of
somebody's role, the account ends with that day; a later file may move a day still to come.
"""

from __future__ import annotations

from datetime import datetime

from portal.directory.loaders.oneroster.values import ADULTS, STUDENT, Membership, Person
from portal.directory.roster.context import Key, Plan
from portal.directory.roster.queries import KnownUser
from portal.policy import shared_names
from portal.store.people import User
from portal.vocabulary import Level, Role

ROLES: dict[str, tuple[Role, Level]] = {
    "teacher": (Role.TEACHER, Level.TEACHER),
    "counselor": (Role.SUPPORT_STAFF, Level.COUNSELOR),
    "principal": (Role.PRINCIPAL, Level.PRINCIPAL),
    "administrator": (Role.DISTRICT_ADMIN, Level.STAFF),
    "districtadministrator": (Role.DISTRICT_ADMIN, Level.STAFF),
}
DISTRICT_WIDE = frozenset({"administrator", "districtadministrator"})
BY_HAND = "Nobody was added; give them an account under Manage people if they need one."


def take(plan: Plan) -> None:
    """Every member of staff of the file who gets an account, or has one."""
    known = _Accounts(plan)
    taken: dict[str, int] = {}
    for person in plan.roster.people.values():
        held = _position(plan, person)
        if held is None:
            continue
        username = _username(plan, person, taken)
        account = known.find(person, username)
        if account is None and shared_names.is_shared(username):
            plan.warn_of(person, "email", shared_names.WHY, f"{BY_HAND} {shared_names.INSTEAD}")
            continue
        if account is None and username in known.taken:
            plan.problem_of(
                person,
                "email",
                "Somebody else signs in with this name already.",
                "Correct the e-mail address or the username.",
            )
        plan.staff[person.source_id] = _write(plan, person, held, username, account)
    plan.changes.counts["staff"] = len(plan.staff)


class _Accounts:
    """The district's accounts by sourcedId, and those that no row of the file claims, by name."""

    def __init__(self, plan: Plan) -> None:
        in_file = plan.roster.people
        self.by_source = {user.source_id: user for user in plan.known.users if user.source_id}
        self.unclaimed = {
            user.username: user for user in plan.known.users if user.source_id not in in_file
        }
        self.taken = plan.known.foreign_usernames.union(user.username for user in plan.known.users)

    def find(self, person: Person, username: str) -> KnownUser | None:
        return self.by_source.get(person.source_id) or self.unclaimed.get(username)


def _position(plan: Plan, person: Person) -> Membership | None:
    """The first role that makes somebody staff, the primary one before others."""
    others = [held for held in person.memberships if held.role not in ADULTS]
    if not others or not person.enabled:
        return None
    if STUDENT in person.roles:
        if any(held.role != STUDENT for held in others):
            plan.warn_of(person, "role", "A student has a role of staff too.", BY_HAND)
        return None
    found = next((held for held in others if _gets_account(plan, held)), None)
    if found is None:
        plan.warn_of(
            person, "role", f"The role {others[0].role[:40]} gets no account here.", BY_HAND
        )
    return found


def _gets_account(plan: Plan, held: Membership) -> bool:
    ended = held.days.last is not None and held.days.last < plan.today
    at_school = plan.roster.school_of(held.place) is not None
    return held.role in ROLES and not ended and not (held.role in DISTRICT_WIDE and at_school)


def _username(plan: Plan, person: Person, taken: dict[str, int]) -> str:
    name = (person.email or person.username).strip().lower()
    if not name:
        plan.problem_of(
            person, "username", "There is neither e-mail address nor username.", "Fill one in."
        )
    elif name in taken:
        plan.problem_of(
            person,
            "email",
            f"The person in row {taken[name]} has the same sign-in name.",
            "Correct the e-mail address or the username of one of them.",
        )
    taken.setdefault(name, person.row)
    return name


def _write(
    plan: Plan, person: Person, held: Membership, username: str, known: KnownUser | None
) -> Key:
    school = plan.roster.school_of(held.place)
    school_id = plan.schools.get(school) if school else None
    if known is None:
        role, level = ROLES[held.role]
        plan.changes.counts["staff_new"] += 1
        return plan.changes.add(
            User,
            organization_id=plan.district_id,
            source_id=person.source_id,
            username=username,
            name=person.name,
            email=person.email,
            role=role,
            level=level,
            school_id=school_id,
            active_from=plan.midnight(plan.today),
            active_until=_until(plan, person),
        )
    _remark(plan, person, held, known)
    plan.changes.alter(
        User,
        known,
        source_id=person.source_id,
        name=person.name,
        email=person.email or known.email,
        school_id=school_id,
        active_until=known.active_until if has_ended(plan, known) else _until(plan, person),
    )
    return known.id


def _until(plan: Plan, person: Person) -> datetime | None:
    """The district's midnight after the last day of the last role; None without such a day."""
    ends = [plan.end(held.days) for held in person.memberships if _gets_account(plan, held)]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def has_ended(plan: Plan, known: KnownUser) -> bool:
    """Is the account over already?"""
    return known.active_until is not None and known.active_until <= plan.at


def _remark(plan: Plan, person: Person, held: Membership, known: KnownUser) -> None:
    if known.role is not ROLES[held.role][0]:
        plan.warn_of(
            person,
            "role",
            "The role in the file is not the one in the portal.",
            "The portal's stays; change it under Manage people if the file is right.",
        )
    if has_ended(plan, known):
        plan.warn_of(
            person,
            "role",
            "The account has ended in the portal.",
            "It stays so; open it under Manage people if they are back.",
        )
