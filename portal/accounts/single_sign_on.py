"""Sign in with the district's own account: whose it is here, and the session that begins.

A try is three steps, as one by password is, so that nothing is held while the provider is asked:

    with unit_of_work() as session:
        attempt = single_sign_on.open_try(session, provider_id, address, at)  # None: must wait
    found = ...                                        # oidc.identify, over the network
    with unit_of_work() as session:
        token = single_sign_on.close_try(session, attempt, found, state, beginning, at)

No account is ever made here. The first time, the verified e-mail address has to be that of one
active account of the provider's own district; from then on the provider's `sub` is that person,
whatever their address becomes. Whatever the reason, who is refused reads NOT_KNOWN.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import actor, once, trail
from portal.access.actor import Actor
from portal.accounts import keys, queries, service
from portal.accounts.keys import Kept, NotOurs
from portal.accounts.oidc import Client, Identity, Why
from portal.accounts.service import Beginning
from portal.config import settings
from portal.errors import NotFound
from portal.policy.single_sign_on import may_use_provider, shows_second_factor
from portal.store.accounts import SignInAttempt, SignInProvider, SignInSubject
from portal.store.people import User
from portal.vocabulary import SessionHow

NOT_KNOWN = (
    "That did not sign you in. Your district's sign-in must know you by the e-mail address of "
    "your account here. Administrators and superintendents sign in with their password. Try again, "
    "or ask your administrator."
)
NO_PROVIDER = NotFound(
    "There is no such sign-in.", "Start again from the first page of the portal."
)
EVENT = "account.single_sign_on"


@dataclass(frozen=True)
class Attempt:
    """A try that has been counted and not yet decided."""

    id: uuid.UUID
    provider_id: uuid.UUID


def client(session: Session, provider_id: uuid.UUID, at: datetime, *, trying: bool) -> Client:
    """The portal as this provider knows it; raises NotFound. trying: also before it is live."""
    row = queries.provider(session, provider_id, at, also_untried=trying)
    if row is None:
        raise NO_PROVIDER
    try:
        secret = keys.unseal(row.client_secret, Kept.CLIENT_SECRET, at)
    except NotOurs:  # PORTAL_SECRET_KEY is another: the district enters the secret anew
        raise NO_PROVIDER from None
    return Client(row.issuer, row.client_id, secret, redirect_uri(row.id))


def redirect_uri(provider_id: uuid.UUID) -> str:
    """The one address to which a provider may send people back."""
    return f"{settings().public_url.rstrip('/')}/sso/{provider_id}/back"


def open_try(
    session: Session, provider_id: uuid.UUID, address: str, at: datetime, *, begun: bool = True
) -> Attempt | None:
    """Count a try; None when the address has had too many.

    begun: here, in this browser. Any page of the web can send a browser back to us with an answer
    to nothing; those are counted apart, so that a whole school does not wait because of them.
    """
    counted = (address if begun else f"unasked {address}")[:60]
    if service.address_must_wait(session, counted, at):
        return None
    key = service.name_key(f"single sign-on {provider_id}")
    row = SignInAttempt(name_key=key, address=counted, at=at, succeeded=False)
    session.add(row)
    session.flush()
    return Attempt(row.id, provider_id)


def close_try(
    session: Session,
    attempt: Attempt,
    found: Identity | Why,
    state: str,
    beginning: Beginning,
    at: datetime,
) -> str | None:
    """The token of a new session when the person is known here; None when they are not."""
    decided = _decided(session, attempt, found, state, at)
    if isinstance(decided, Why):
        _note_refusal(session, attempt, decided, beginning, at)
        return None
    me, second_factor = decided
    session.get_one(SignInAttempt, attempt.id).succeeded = True
    begun = replace(beginning, how=SessionHow.SINGLE_SIGN_ON, second_factor=second_factor)
    return service.begin(session, me, begun, at)


def whose(session: Session, row: SignInProvider, found: Identity, at: datetime) -> User | Why:
    """The account that this identity is, or would be the first time; nothing is bound."""
    bound = queries.subject(session, row.id, found.subject)
    if bound is not None:
        return session.get_one(User, bound.user_id)
    if not found.email:
        return Why.EMAIL_NOT_VERIFIED
    user = queries.user_with_address(session, row.organization_id, _as_kept(found.email), at)
    if user is None:
        return Why.NOT_OURS
    return Why.OTHER_SUBJECT if queries.subject_of(session, row.id, user.id) else user


def forget(session: Session, user_id: uuid.UUID) -> int:
    """Who this person was at their provider is forgotten; they are found by address again."""
    known = queries.subjects_of(session, user_id)
    for row in known:
        session.delete(row)
    session.flush()
    return len(known)


def _decided(
    session: Session, attempt: Attempt, found: Identity | Why, state: str, at: datetime
) -> tuple[Actor, bool] | Why:
    """The person, bound to the provider's `sub` from now on, and whether two factors were shown."""
    row = queries.provider(session, attempt.provider_id, at)
    if row is None:
        return Why.NOT_BEGUN_HERE
    if isinstance(found, Why):
        return found
    user = whose(session, row, found, at)
    if isinstance(user, Why):
        return user
    me = actor.load(session, user.id, at)
    if me is None or me.organization_id != row.organization_id:
        return Why.NOT_OURS
    if not may_use_provider(me.role):
        return Why.PASSWORD_ONLY
    if once.first_result(session, me, EVENT, state, attempt.id, at) is not None:
        return Why.USED_BEFORE
    if queries.subject(session, row.id, found.subject) is None:
        _bind(session, row, found.subject, me, at)
    trusted = row.trusts_second_factor
    return me, shows_second_factor(trusted=trusted, amr=found.amr, acr=found.acr)


def _bind(session: Session, row: SignInProvider, subject: str, me: Actor, at: datetime) -> None:
    bound = SignInSubject(provider_id=row.id, subject=subject, user_id=me.id, bound_at=at)
    session.add(bound)
    told = {"provider": str(row.id)}
    entry = trail.Entry("account.bound", True, at, subject=str(me.id), detail=told)
    trail.write(session, me, entry)


def _note_refusal(
    session: Session, attempt: Attempt, why: Why, beginning: Beginning, at: datetime
) -> None:
    entry = trail.Entry(
        "account.not_signed_in",
        False,
        at,
        subject=str(attempt.provider_id),
        codes=[str(why)],
        detail={"address": beginning.address, "how": str(SessionHow.SINGLE_SIGN_ON)},
    )
    trail.write(session, None, entry)


def _as_kept(email: str) -> str:
    """As sign-in names are kept; capitals of other alphabets are not ours to guess."""
    return service.fold(email) if email.isascii() else email
