"""What whoever looks after accounts does: add, invite, sign out everywhere, end, reopen.

Who looks after whom is `policy.people`'s to say; `portal account` is for whom nobody here may.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.accounts import queries, second_factor, service, single_sign_on
from portal.accounts.authenticator import PortalValidator
from portal.config import settings
from portal.errors import NotReady, Problem, Refused
from portal.policy import shared_names
from portal.policy.decision import SENTENCES, Decision, Reason
from portal.policy.people import (
    LEVELS_OF_ROLE,
    Managed,
    Manager,
    may_empower,
    may_manage,
    roles_of,
)
from portal.policy.single_sign_on import may_use_password
from portal.policy.tasks import Task
from portal.store.accounts import Invitation
from portal.store.people import User
from portal.store.places import Organization, School
from portal.vocabulary import Level, Role

LINK_HOURS = 72
LONGEST_NAME = 200

NO_SECOND_FACTOR = Problem("They have no second factor.", "There is nothing to reset.")
NOBODY = Refused(*SENTENCES[Reason.USER_UNKNOWN], [Reason.USER_UNKNOWN])


@dataclass(frozen=True)
class PersonDraft:
    """Somebody to add. school_id: the building of a principal."""

    organization_id: uuid.UUID
    name: str
    email: str
    role: Role
    level: Level
    title: str = ""
    school_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Letter:
    """A mail to somebody about their account; it names no student."""

    to: str
    subject: str
    text: str


def add_person(session: Session, me: Actor, draft: PersonDraft, at: datetime) -> User:
    """Add somebody to my organization or to an agency; they cannot sign in before invited."""
    me.may(Task.MANAGE_PEOPLE).or_refuse()
    organization = session.get_one(Organization, draft.organization_id)
    _may(session, me, may_empower, queries.managed(session, organization, draft.role, at), at)
    problems = _problems(session, draft, organization)
    if problems:
        raise NotReady(problems)
    user = User(
        organization_id=organization.id,
        username=service.fold(draft.email),
        name=draft.name.strip(),
        title=draft.title.strip(),
        email=draft.email.strip(),
        role=draft.role,
        level=draft.level,
        school_id=draft.school_id if draft.role is Role.PRINCIPAL else None,
        active_from=at,
    )
    session.add(user)
    session.flush()
    told = {"role": str(user.role), "level": str(user.level)}
    _write(session, me, "account.added", user, at, told)
    return user


def invite(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> str:
    """The token of a link to set a password, shown this once; earlier links stop working.

    Raises Refused for whoever signs in by their district's own sign-in and nothing else.
    """
    user = _managed(session, me, user_id, at, may_empower)
    if provider := signs_in_with(session, user, at):
        raise signs_in_elsewhere(user, provider)
    token, link_id = new_link(session, user.id, me.id, at)
    _write(session, me, "account.invited", user, at, {"invitation": link_id})
    return token


def new_link(
    session: Session, user_id: uuid.UUID, by: uuid.UUID | None, at: datetime
) -> tuple[str, str]:
    """The token of a new link to set a password, and the link's id; earlier ones stop working.

    by: None at the command line.
    """
    for link in queries.open_invitations(session, user_id):
        link.used_at = at
    token = service.new_token()
    link = Invitation(
        token_sha256=service.token_hash(token),
        user_id=user_id,
        made_by=by,
        made_at=at,
        expires_at=at + timedelta(hours=LINK_HOURS),
    )
    session.add(link)
    session.flush()
    return token, str(link.id)


def address_of(token: str) -> str:
    """Where the link of this token leads, as it stands in a letter."""
    return f"{settings().public_url.rstrip('/')}/welcome/{token}"


def signs_in_elsewhere(user: User, provider: str) -> Refused:
    """Why there is no link for whoever must use this single sign-on."""
    return Refused(
        f"Whoever must sign in with {provider} sets no password here.",
        f"Tell {user.name} to open {settings().public_url} and use that button.",
    )


def signs_in_with(session: Session, user: User, at: datetime) -> str:
    """The single sign-on by which alone this person may come in; empty when there is none."""
    provider = queries.required_provider(session, user.organization_id, at)
    if provider is None or may_use_password(user.role, required=True):
        return ""
    return provider.name


def forget_subject(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> None:
    """Forget who somebody is at their district's own sign-in, as when they got another account.

    They are found by their verified e-mail address again the next time.
    """
    user = _managed(session, me, user_id, at)
    if not single_sign_on.forget(session, user.id):
        raise NotReady([Problem("Nothing is known to forget.", "They sign in by password.")])
    _write(session, me, "account.unbound", user, at, {})


def welcome_letter(
    session: Session, me: Actor, user_id: uuid.UUID, token: str, at: datetime
) -> Letter:
    """The mail with the link of `invite`, to be sent once it is committed."""
    user = _managed(session, me, user_id, at, may_empower)
    words = WELCOME.format(
        name=me.name,
        organization=me.organization_name,
        url=settings().public_url.rstrip("/"),
        link=address_of(token),
        hours=LINK_HOURS,
    )
    return Letter(user.email or user.username, WELCOME_SUBJECT, words)


WELCOME_SUBJECT = "Your account in the student support portal"
WELCOME = """{name} of {organization} has made an account for you in the student support portal.

Set your password here. The link works once, and for {hours} hours:

{link}

Then sign in at {url}/ with this e-mail address. You may be asked to set up a second factor, and
to accept the duty of confidentiality.

The link is for you alone. Has it run out? Ask {name} to send it again.
"""


@dataclass(frozen=True)
class StandingDraft:
    """What somebody is to be from now on. school_id: the building of a principal."""

    role: Role
    level: Level
    school_id: uuid.UUID | None = None


def change_standing(
    session: Session, me: Actor, user_id: uuid.UUID, draft: StandingDraft, at: datetime
) -> None:
    """Change what somebody may do and see, from this instant on; nobody changes their own.

    Raises NotReady when the level does not go with the role, the role not with the organization,
    or a principal has no building.
    """
    user = _managed(session, me, user_id, at)
    if user.id == me.id:
        raise Refused(
            "You cannot change your own role or level.", "Ask another administrator to do it."
        )
    organization = session.get_one(Organization, user.organization_id)
    for role in (user.role, draft.role):  # else whoever may not have the link gives the role later
        _may(session, me, may_empower, queries.managed(session, organization, role, at), at)
    school_id = draft.school_id if draft.role is Role.PRINCIPAL else None
    if problems := _standing_problems(session, draft, organization):
        raise NotReady(problems)
    before, after = (user.role, user.level, user.school_id), (draft.role, draft.level, school_id)
    if before == after:
        raise NotReady([Problem("This is what they are already.", "Choose another role or level.")])
    user.role, user.level, user.school_id = after
    told = {"before": _as_told(before), "after": _as_told(after)}
    _write(session, me, "account.changed", user, at, told)


def _as_told(standing: tuple[Role, Level, uuid.UUID | None]) -> list[str]:
    return [str(part) for part in standing if part is not None]


def sign_out_everywhere(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> int:
    """End every session of this person at once; how many there were."""
    user = _managed(session, me, user_id, at)
    ended = service.end_all_sessions(session, user.id, at)
    _write(session, me, "account.sessions_ended", user, at, {"sessions": ended})
    return ended


def deactivate(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> None:
    """End the account now: nobody is deleted, but they see nothing from this instant on."""
    user = _managed(session, me, user_id, at)
    if user.id == me.id:
        raise Refused("You cannot end your own account.", "Ask another administrator to do it.")
    if user.active_until is None or user.active_until > at:
        user.active_until = at
    service.end_all_sessions(session, user.id, at)
    for link in queries.open_invitations(session, user.id):
        link.used_at = at
    _write(session, me, "account.ended", user, at, {})


def reopen(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> None:
    """Open an ended account again; they sign in with the password they had."""
    user = _managed(session, me, user_id, at)
    user.active_until = None
    _write(session, me, "account.reopened", user, at, {})


def reset_second_factor(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> Letter:
    """Take away a lost authenticator and its recovery codes; the person is out everywhere.

    Returns the mail that tells them, to be sent once this is committed. Raises NotReady when
    there is none. Nobody resets their own: else a session left open would be enough.
    """
    user = _managed(session, me, user_id, at)
    if user.id == me.id:
        raise Refused(
            "You cannot reset your own second factor.", "Ask another administrator to do it."
        )
    if not second_factor.forget(session, user.id, at):
        raise NotReady([NO_SECOND_FACTOR])
    ended = service.end_all_sessions(session, user.id, at)
    _write(session, me, "account.second_factor_reset", user, at, {"sessions": ended})
    return Letter(user.email, RESET_SUBJECT, RESET.format(name=me.name, url=settings().public_url))


RESET_SUBJECT = "Your second factor was reset"
RESET = """{name} has reset the second factor of your account in the portal, and signed you out.

Sign in again with your password. If your work needs a second factor, you are asked to set it up:

{url}/

You did not ask for this? Tell your administrator at once.
"""


Rule = Callable[[Manager, Managed], Decision]


def _managed(
    session: Session, me: Actor, user_id: uuid.UUID, at: datetime, rule: Rule = may_manage
) -> User:
    me.may(Task.MANAGE_PEOPLE).or_refuse()
    user = session.get(User, user_id)
    if user is None:
        raise NOBODY
    organization = session.get_one(Organization, user.organization_id)
    them = queries.managed(session, organization, user.role, at)
    _may(session, me, rule, replace(them, id=str(user.id)), at)
    return user


def _may(session: Session, me: Actor, rule: Rule, them: Managed, at: datetime) -> None:
    decision = rule(queries.manager(me), them)
    if not decision:
        codes = [str(code) for code in decision.codes]
        refused = trail.Entry("account.refused", False, at, subject=them.id, codes=codes)
        trail.write_refusal(session, me, refused)
        decision.or_refuse()


def _write(
    session: Session, me: Actor, event: str, user: User, at: datetime, told: dict[str, Any]
) -> None:
    trail.write(session, me, trail.Entry(event, True, at, subject=str(user.id), detail=told))


def _problems(session: Session, draft: PersonDraft, organization: Organization) -> list[Problem]:
    standing = StandingDraft(draft.role, draft.level, draft.school_id)
    return [
        *naming_problems(session, draft.name, draft.email),
        *_standing_problems(session, standing, organization),
    ]


def _standing_problems(
    session: Session, draft: StandingDraft, organization: Organization
) -> list[Problem]:
    found = []
    if draft.role not in roles_of(organization.kind):
        found.append(
            Problem(
                "This role does not exist in that organization.",
                "Choose a role of a school for the district and a role of an agency for an agency.",
                field="role",
            )
        )
    elif draft.level not in LEVELS_OF_ROLE[draft.role]:
        found.append(
            Problem("This level does not go with the role.", "Choose another level.", field="level")
        )
    if draft.role is Role.PRINCIPAL and not _is_school_of(session, draft.school_id, organization):
        found.append(
            Problem("A principal needs a building.", "Choose their school.", field="school")
        )
    return found


def _is_school_of(
    session: Session, school_id: uuid.UUID | None, organization: Organization
) -> bool:
    school = session.get(School, school_id) if school_id else None
    return school is not None and school.district_id == organization.id


def naming_problems(session: Session, name: str, email: str) -> list[Problem]:
    """What is wrong with the name and the address of somebody new."""
    found = []
    if not 1 < len(name.strip()) <= LONGEST_NAME:
        found.append(Problem("The name is missing.", "Write first and last name.", field="name"))
    username = service.fold(email)
    if not PortalValidator().validate_email(username):
        found.append(
            Problem(
                "The e-mail address is not complete.", "Write it as name@place.org.", field="email"
            )
        )
    elif shared_names.is_shared(username):
        found.append(Problem(shared_names.WHY, shared_names.INSTEAD, field="email"))
    elif queries.user_named(session, username) is not None:
        found.append(
            Problem(
                "Somebody signs in with this e-mail address already.",
                "Find them in the list, or use another address.",
                field="email",
            )
        )
    return found
