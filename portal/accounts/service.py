"""Sign in, stay signed in, sign out.

A try to sign in is three steps, so that no lock is held while the password is checked:

    with unit_of_work() as session:
        attempt = service.open_try(session, name, address, at)      # None: the name must wait
    right = attempt.check(password)                                 # slow on purpose
    with unit_of_work() as session:
        token = service.close_try(session, attempt, right, at, ...)  # None: not signed in

A try counts as wrong from the moment it is opened, so that many at once cannot pass the limit.
A refused try returns None instead of raising: its rows must be saved. Whatever the reason,
the person reads NOT_SIGNED_IN.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access import actor, trail
from portal.access.actor import Actor
from portal.accounts import confidentiality, queries, unusual
from portal.accounts.authenticator import Authenticator
from portal.config import settings
from portal.errors import NotFound
from portal.policy import signing_in
from portal.policy.signing_in import Standing
from portal.policy.single_sign_on import may_use_password
from portal.store.accounts import SignInAttempt, UserSession
from portal.store.people import User
from portal.vocabulary import SessionHow

NOT_SIGNED_IN = (
    "That name and password do not match, or there were too many tries. "
    "Check both. After five wrong tries a name waits 15 minutes."
)
ADDRESS_FACTOR = 10
"""A whole school may share one address, so it may be wrong this many times as often as a name."""

KNOWN_FOR = timedelta(days=30)
"""How long an address is one from which somebody has signed in."""

SEEN_AGAIN = timedelta(minutes=1)
"""How exactly we note that somebody is still here; each note costs a write."""

LINK_ENDED = NotFound(
    "This link has been used or has run out.",
    "Ask your administrator for a new one.",
)


@dataclass(frozen=True)
class Try:
    """A try to sign in that has been counted and not yet decided."""

    id: uuid.UUID
    username: str
    user_id: uuid.UUID | None
    password_hash: str | None

    def check(self, password: str) -> bool:
        """Is it the password? The work is the same for a name that nobody has."""
        return Authenticator(self.username, self.password_hash).check_credentials(
            self.username, password
        )


def open_try(session: Session, name: str, address: str, at: datetime) -> Try | None:
    """Count a try; None when the name or the address has had too many, known to us or not."""
    username = fold(name)
    key, address = name_key(username), address[:60]
    if must_wait(session, key, address, at):
        return None
    attempt = SignInAttempt(name_key=key, address=address, at=at, succeeded=False)
    session.add(attempt)
    session.flush()
    user = queries.user_named(session, username)
    if user is None:
        return Try(attempt.id, username, None, None)
    return Try(attempt.id, username, user.id, user.password_hash)


def close_try(
    session: Session, attempt: Try, right: bool, at: datetime, agent: str = "", old_token: str = ""
) -> str | None:
    """The token of a new session when the password was right and the account is active.

    old_token: the session this browser had before; it ends, so that signing in always changes
    the token.
    """
    row = session.get_one(SignInAttempt, attempt.id)
    me = actor.load(session, attempt.user_id, at) if right and attempt.user_id else None
    if me is None or not _may_use_password(session, me, at):
        _note_failure(session, row, at)
        return None
    row.succeeded = True
    return begin(session, me, Beginning(row.address, agent, old_token), at)


def _may_use_password(session: Session, me: Actor, at: datetime) -> bool:
    required = queries.required_provider(session, me.organization_id, at) is not None
    return may_use_password(me.role, required=required)


@dataclass(frozen=True)
class Beginning:
    """Where a session begins, and how the person showed who they are.

    old_token: the session this browser had before; it ends. second_factor: shown already,
    to the district's own sign-in.
    """

    address: str = ""
    agent: str = ""
    old_token: str = ""
    how: SessionHow = SessionHow.PASSWORD
    second_factor: bool = False


def begin(session: Session, me: Actor, beginning: Beginning, at: datetime) -> str:
    """The token of a new session, however the person showed who they are."""
    if beginning.old_token:
        end_session(session, beginning.old_token, at)
    token, started = _start(session, me, beginning, at)
    told = {"session": str(started.id), "address": beginning.address, "how": str(beginning.how)}
    trail.write(session, me, trail.Entry("account.signed_in", True, at, detail=told))
    unusual.note(session, me, started, at)
    return token


def must_wait(session: Session, key: str, address: str, at: datetime) -> bool:
    """Were there too many wrong tries for this name, or from this address?

    Where the person has lately signed in from, only what was wrong there counts: else anybody who
    knows a name could keep its owner out for good, by guessing from elsewhere.
    """
    limit, since = settings().lock_after, at - timedelta(minutes=settings().lock_minutes)
    known = queries.was_right_here(session, key, address, at - KNOWN_FOR)
    if queries.failures_of_name(session, key, since, address if known else "") >= limit:
        return True
    return address_must_wait(session, address, at)


def address_must_wait(session: Session, address: str, at: datetime) -> bool:
    """Have there been too many wrong tries from this address, for whichever names?"""
    since = at - timedelta(minutes=settings().lock_minutes)
    wrong = queries.failures_of_address(session, address, since)
    return wrong >= settings().lock_after * ADDRESS_FACTOR


def _note_failure(session: Session, row: SignInAttempt, at: datetime) -> None:
    told = {"address": row.address}
    refused = trail.Entry("account.not_signed_in", False, at, subject=row.name_key, detail=told)
    trail.write(session, None, refused)
    if must_wait(session, row.name_key, row.address, at):
        locked = trail.Entry("account.locked", False, at, subject=row.name_key, detail=told)
        trail.write(session, None, locked)


def _start(
    session: Session, me: Actor, beginning: Beginning, at: datetime
) -> tuple[str, UserSession]:
    token = new_token()
    started = UserSession(
        token_sha256=token_hash(token),
        user_id=me.id,
        started_at=at,
        seen_at=at,
        expires_at=at + timedelta(hours=settings().session_hours),
        address=beginning.address[:60],
        agent=beginning.agent[:200],
        how=beginning.how,
        remote=signing_in.is_remote(beginning.address, settings().home),
        second_factor_at=at if beginning.second_factor else None,
    )
    session.add(started)
    session.flush()
    return token, started


def who_holds(
    session: Session, token: str, at: datetime, address: str = ""
) -> queries.LiveSession | None:
    """The session of this token when it still holds, and what is still to be done in it.

    address: from where it is used now; a sign-in that is carried outside counts as outside.
    """
    held = queries.live_session(session, token_hash(token), at, confidentiality.WORDS_SHA256)
    if held is None:
        return None
    remote = held.remote or (bool(address) and signing_in.is_remote(address, settings().home))
    standing = Standing(
        locked=signing_in.is_idle(held.seen_at, at, settings().session_minutes),
        has_factor=held.has_factor,
        factor_shown=held.factor_at is not None,
        factor_required=signing_in.needs_factor(
            held.role, remote=remote, required=settings().asks_for_second_factor(demo=held.demo)
        ),
        acknowledged=signing_in.still_acknowledged(held.acknowledged_at, at),
    )
    return replace(held, step=signing_in.step_due(standing))


def note_seen(session: Session, held: queries.LiveSession, at: datetime) -> None:
    """The person did something: the idle time begins anew."""
    session.get_one(UserSession, held.id).seen_at = at


def unlock(
    session: Session, held: queries.LiveSession, attempt: Try, right: bool, at: datetime
) -> bool:
    """Open a sign-in that was idle for too long; `right`: it was its owner's password.

    What began by the district's own sign-in is not opened by a password that was set before.
    """
    row = session.get_one(SignInAttempt, attempt.id)
    me = actor.load(session, held.user_id, at, held.id)
    by_password = session.get_one(UserSession, held.id).how is SessionHow.PASSWORD
    if me is None or not right or not by_password or attempt.user_id != held.user_id:
        _note_failure(session, row, at)
        return False
    row.succeeded = True
    open_again(session, me, held, at)
    return True


def open_again(session: Session, me: Actor, held: queries.LiveSession, at: datetime) -> None:
    """Its owner showed again who they are: the sign-in is not locked any more."""
    note_seen(session, held, at)
    trail.write(session, me, trail.Entry("account.unlocked", True, at))


def sign_out(session: Session, me: Actor, token: str, at: datetime) -> None:
    """End this session, in every tab and for whoever copied the cookie."""
    end_session(session, token, at)
    trail.write(session, me, trail.Entry("account.signed_out", True, at))


def end_session(session: Session, token: str, at: datetime) -> None:
    """End the session of this token, if there is one."""
    row = queries.session_with_token(session, token_hash(token))
    if row is not None and row.ended_at is None:
        row.ended_at = at


def end_all_sessions(session: Session, user_id: uuid.UUID, at: datetime) -> int:
    """End every session of this person; how many there were."""
    rows = queries.open_sessions(session, user_id)
    for row in rows:
        row.ended_at = at
    session.flush()
    return len(rows)


def note_wrong(session: Session, attempt: Try, at: datetime) -> None:
    """It was not the password: the try stays counted, and the ledger says so."""
    _note_failure(session, session.get_one(SignInAttempt, attempt.id), at)


def note_right(session: Session, attempt: Try) -> None:
    """It was the password, whatever else is wrong: the try no longer counts against its owner."""
    session.get_one(SignInAttempt, attempt.id).succeeded = True


def keep_new_password(
    session: Session, me: Actor, attempt: Try, password_hash: str, at: datetime
) -> None:
    """Keep a password that its owner changed, and end all of their sessions.

    attempt: in which they typed the present one.
    """
    note_right(session, attempt)
    session.get_one(User, me.id).password_hash = password_hash
    end_all_sessions(session, me.id, at)
    trail.write(session, me, trail.Entry("account.password_changed", True, at))


def invited(session: Session, token: str, at: datetime) -> User:
    """Whom this welcome link is for; raises NotFound when it no longer works."""
    found = queries.invitation(session, token_hash(token), at)
    if found is None:
        raise LINK_ENDED
    return found[1]


def accept_invitation(session: Session, token: str, password_hash: str, at: datetime) -> None:
    """Keep the first (or a new) password; the link is used up and older sessions end."""
    found = queries.invitation(session, token_hash(token), at)
    if found is None:
        raise LINK_ENDED
    link, user = found
    user.password_hash = password_hash
    link.used_at = at
    end_all_sessions(session, user.id, at)
    me = actor.load(session, user.id, at)
    entry = trail.Entry("account.password_set", True, at, subject=str(link.id))
    trail.write(session, me, entry)


def new_token() -> str:
    """256 random bits, fit for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def fold(name: str) -> str:
    """A name as it is compared: no capitals, no spaces around it, nothing unprintable."""
    return "".join(letter for letter in name if letter.isprintable()).strip().lower()


def name_key(username: str) -> str:
    """What the count of tries knows a name by: people type passwords into the wrong field."""
    key = settings().secret_key.encode()
    return hmac.new(key, username.encode(), hashlib.sha256).hexdigest()
