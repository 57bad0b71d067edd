"""A district's single sign-on: enter it, try it, open it to everybody, end it.

A changed issuer or client is another provider: it has to be tried anew, and whom the old one
named is forgotten, for a `sub` means something at its own issuer and client only.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import actor, trail
from portal.access.actor import Actor
from portal.accounts import keys, oidc, queries, single_sign_on
from portal.accounts.keys import Kept
from portal.accounts.oidc import Identity, Why
from portal.errors import NotFound, NotReady, Problem, Refused
from portal.policy.single_sign_on import shows_second_factor
from portal.policy.tasks import Task
from portal.store.accounts import SignInProvider

LONGEST = 500
NOTHING_SET = NotFound("No single sign-on is set.", "Fill in the form and save it first.")
NOT_TRIED = Problem(
    "This sign-in has not been tried yet.", "Use “Try it” and come back from it signed in."
)
NEVER_HERE = Refused(
    "This is for the administrator who began it.", "Begin again on the page Single sign-on."
)


@dataclass(frozen=True)
class Draft:
    """What is entered. client_secret: empty keeps the one that is there."""

    name: str
    issuer: str
    client_id: str
    client_secret: str
    required: bool = False
    trusts_second_factor: bool = False


@dataclass(frozen=True)
class Standing:
    """The single sign-on as it is set; its secret is never shown again."""

    id: uuid.UUID
    name: str
    issuer: str
    client_id: str
    required: bool
    trusts_second_factor: bool
    tried_at: datetime | None
    live_since: datetime | None
    redirect_uri: str


@dataclass(frozen=True)
class Tried:
    """What came back when it was tried. account: whose it is here, or empty."""

    email: str
    account: str
    second_factor: bool


def standing(session: Session, me: Actor) -> Standing | None:
    """My district's single sign-on, live or being tried."""
    me.may(Task.SET_SIGN_IN).or_refuse()
    row = queries.provider_of(session, me.organization_id)
    if row is None:
        return None
    return Standing(
        row.id,
        row.name,
        row.issuer,
        row.client_id,
        row.required,
        row.trusts_second_factor,
        row.tried_at,
        row.active_from,
        single_sign_on.redirect_uri(row.id),
    )


def save(session: Session, me: Actor, draft: Draft, at: datetime) -> None:
    """Keep what was entered; raises NotReady with every problem."""
    me.may(Task.SET_SIGN_IN).or_refuse()
    row = queries.provider_of(session, me.organization_id)
    if problems := list(_problems(draft, has_secret=row is not None)):
        raise NotReady(problems)
    if row is None:
        row = SignInProvider(organization_id=me.organization_id, client_secret="")
        session.add(row)
    elif (row.issuer, row.client_id) != (draft.issuer.strip(), draft.client_id.strip()):
        _begin_anew(session, row)
    row.name, row.issuer = draft.name.strip(), draft.issuer.strip()
    row.client_id = draft.client_id.strip()
    row.required, row.trusts_second_factor = draft.required, draft.trusts_second_factor
    if draft.client_secret.strip():
        row.client_secret = keys.seal(draft.client_secret.strip(), Kept.CLIENT_SECRET, at)
    session.flush()
    told = {
        "issuer": row.issuer,
        "client": row.client_id,
        "required": row.required,
        "trusts_second_factor": row.trusts_second_factor,
    }
    _write(session, me, "sign_in.set", row, at, told)


def tried(
    session: Session,
    provider_id: uuid.UUID,
    user_id: uuid.UUID,
    found: Identity | Why,
    at: datetime,
) -> Tried | Why:
    """What came of trying it, written down; nobody is bound and no session begins."""
    me = actor.load(session, user_id, at)
    row = queries.provider(session, provider_id, at, also_untried=True)
    if me is None or row is None or row.organization_id != me.organization_id:
        raise NEVER_HERE
    me.may(Task.SET_SIGN_IN).or_refuse()
    if isinstance(found, Why):
        _write(session, me, "sign_in.tried", row, at, {}, found)
        return found
    row.tried_at = at
    account = single_sign_on.whose(session, row, found, at)
    _write(session, me, "sign_in.tried", row, at, {})
    return Tried(
        found.email,
        "" if isinstance(account, Why) else account.name,
        shows_second_factor(trusted=True, amr=found.amr, acr=found.acr),
    )


def go_live(session: Session, me: Actor, at: datetime) -> None:
    """Show its button to everybody who signs in."""
    row = _mine(session, me)
    if row.tried_at is None:
        raise NotReady([NOT_TRIED])
    if row.active_from is None:
        row.active_from = at
        _write(session, me, "sign_in.opened", row, at, {})


def end(session: Session, me: Actor, at: datetime) -> None:
    """Nobody signs in by it any more; who is in stays in, and signs in by password next time."""
    row = _mine(session, me)
    row.active_from, row.active_until = row.active_from or at, at
    _forget_subjects(session, row)
    _write(session, me, "sign_in.ended", row, at, {})


def _mine(session: Session, me: Actor) -> SignInProvider:
    me.may(Task.SET_SIGN_IN).or_refuse()
    row = queries.provider_of(session, me.organization_id)
    if row is None:
        raise NOTHING_SET
    return row


def _begin_anew(session: Session, row: SignInProvider) -> None:
    row.tried_at = row.active_from = None
    _forget_subjects(session, row)


def _forget_subjects(session: Session, row: SignInProvider) -> None:
    for known in queries.subjects_at(session, row.id):
        session.delete(known)


def _problems(draft: Draft, *, has_secret: bool) -> list[Problem]:
    found = []
    if not 0 < len(draft.name.strip()) <= 60:
        found.append(
            Problem("The name is missing.", "Write what its button says, as Google.", field="name")
        )
    issuer = draft.issuer.strip()
    if len(issuer) > LONGEST or not oidc.is_safe(issuer) or "?" in issuer:
        found.append(
            Problem(
                "The issuer is not an address that begins with https://.",
                "Copy it from the provider, as https://accounts.google.com.",
                field="issuer",
            )
        )
    if not 0 < len(draft.client_id.strip()) <= LONGEST:
        found.append(
            Problem("The client ID is missing.", "Copy it from the provider.", field="client_id")
        )
    if len(draft.client_secret) > LONGEST or not (has_secret or draft.client_secret.strip()):
        found.append(
            Problem(
                "The client secret is missing.", "Copy it from the provider.", field="client_secret"
            )
        )
    return found


def _write(
    session: Session,
    me: Actor,
    event: str,
    row: SignInProvider,
    at: datetime,
    told: dict[str, object],
    why: Why | None = None,
) -> None:
    codes = [str(why)] if why else []
    entry = trail.Entry(event, why is None, at, subject=str(row.id), codes=codes, detail=told)
    trail.write(session, me, entry)
