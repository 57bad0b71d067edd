"""The second factor: an authenticator on one's phone (TOTP, RFC 6238), and codes for its loss.

    offer = second_factor.offer(me, at)                           # shown as a QR code; nothing kept
    codes = second_factor.confirm(session, me, held.id, sealed, code, at)   # the first right code
    right = second_factor.show(session, me, held.id, code, address, at)     # at each sign-in

Six digits, thirty seconds, SHA-1, as every authenticator knows it. A code of the step before or
after now is taken as well (clocks differ); no step is taken twice, and none before one that was.
Wrong codes are counted like wrong passwords (`service.must_wait`).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.accounts import keys, queries, service
from portal.accounts.keys import Kept, NotOurs
from portal.errors import NotReady, Problem
from portal.store.accounts import RecoveryCode, SecondFactor, SignInAttempt, UserSession
from portal.store.people import User

ISSUER = "Student support portal"
SECONDS = 30
BESIDE = (0, -1, 1)
"""Steps beside now whose code is taken."""

CODES = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_GROUPS, CODE_GROUP = 4, 4
"""Sixteen letters of thirty-one: 79 bits, so that their plain SHA-256 tells nothing."""

OFFER_LASTS = timedelta(minutes=15)

WRONG = Problem(
    "That code is not the right one.",
    "Type the six digits that your authenticator shows now. Each code works once.",
    field="code",
)
TOO_OLD = Problem(
    "This page is too old.", "Scan the square anew, then type the digits.", field="code"
)


@dataclass(frozen=True)
class Offer:
    """An authenticator not yet set up. secret: in groups of four letters, to type by hand.

    sealed: the same for the form to bring back, readable to nobody.
    """

    uri: str
    secret: str
    sealed: str


def offer(session: Session, me: Actor, at: datetime) -> Offer:
    """A new secret, kept nowhere: until it is confirmed, an older authenticator goes on working."""
    return _offered(session, me, pyotp.random_base32(), at)


def offer_again(session: Session, me: Actor, sealed: str, at: datetime) -> Offer:
    """The same secret once more, after a wrong code; a new one when it is too old."""
    secret = _unsealed(me, sealed, at)
    return _offered(session, me, secret, at, sealed) if secret else offer(session, me, at)


def _offered(session: Session, me: Actor, secret: str, at: datetime, sealed: str = "") -> Offer:
    name = session.get_one(User, me.id).username
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    grouped = " ".join(re.findall(".{1,4}", secret))
    return Offer(uri, grouped, sealed or keys.seal(f"{me.id} {secret}", Kept.SECOND_FACTOR, at))


def _unsealed(me: Actor, sealed: str, at: datetime) -> str:
    try:
        told = keys.unseal(sealed, Kept.SECOND_FACTOR, at, OFFER_LASTS)
    except NotOurs:
        return ""
    owner, _, secret = told.partition(" ")
    return secret if owner == str(me.id) else ""


def confirm(
    session: Session, me: Actor, session_id: uuid.UUID, sealed: str, code: str, at: datetime
) -> list[str]:
    """Keep the authenticator whose first code is right; its recovery codes, shown this once.

    Raises NotReady when the code is wrong or the offer too old.
    """
    secret = _unsealed(me, sealed, at)
    if not secret:
        raise NotReady([TOO_OLD])
    step = _step_of(secret, tidy(code), at, after=0)
    if step is None:
        raise NotReady([WRONG])
    kept = keys.seal(f"{me.id} {secret}", Kept.SECOND_FACTOR, at)
    row = queries.factor_of(session, me.id)
    if row is None:
        row = SecondFactor(user_id=me.id)
        session.add(row)
    elif row.last_step >= step and _secret(row, at) == secret:
        raise NotReady([WRONG])  # the form was sent twice
    row.secret, row.made_at, row.confirmed_at, row.last_step = kept, at, at, step
    session.get_one(UserSession, session_id).second_factor_at = at
    session.flush()
    trail.write(session, me, trail.Entry("account.second_factor_set", True, at))
    return new_codes(session, me, at)


def show(
    session: Session, me: Actor, session_id: uuid.UUID, code: str, address: str, at: datetime
) -> bool:
    """Is this the code of now, or a recovery code not yet used? Counts the try either way."""
    row, key = queries.factor_of(session, me.id), count_key(me.id)
    if row is None or row.confirmed_at is None or service.must_wait(session, key, address, at):
        return False
    found = _used_recovery(session, me, tidy(code), at) or _used_step(row, tidy(code), at)
    session.add(SignInAttempt(name_key=key, address=address[:60], at=at, succeeded=bool(found)))
    session.flush()
    if not found:
        told = {"address": address[:60]}
        trail.write(session, me, trail.Entry("account.code_wrong", False, at, detail=told))
        if service.must_wait(session, key, address, at):
            trail.write(session, me, trail.Entry("account.code_locked", False, at, detail=told))
        return False
    session.get_one(UserSession, session_id).second_factor_at = at
    trail.write(session, me, trail.Entry(found, True, at))
    return True


def new_codes(session: Session, me: Actor, at: datetime) -> list[str]:
    """Ten recovery codes, shown this once; the older ones stop working."""
    for old in queries.recovery_codes(session, me.id):
        old.used_at = at
    codes = [_code() for _ in range(CODES)]
    session.add_all(
        RecoveryCode(user_id=me.id, code_sha256=_hashed(tidy(code)), made_at=at) for code in codes
    )
    session.flush()
    trail.write(session, me, trail.Entry("account.recovery_codes_made", True, at))
    return codes


def forget(session: Session, user_id: uuid.UUID, at: datetime) -> bool:
    """Take away somebody's authenticator and recovery codes; was there one? Who may, the caller
    has asked."""
    row = queries.factor_of(session, user_id)
    if row is None:
        return False
    session.delete(row)
    for code in queries.recovery_codes(session, user_id):
        code.used_at = at
    session.flush()
    return True


def count_key(user_id: uuid.UUID) -> str:
    """What the count of wrong codes knows a person by."""
    return service.name_key(f"second factor of {user_id}")


def tidy(code: str) -> str:
    """A code as it is compared: without spaces and dashes, in small letters."""
    folded = unicodedata.normalize("NFKC", code[:100]).casefold()
    return re.sub(r"[\s\-\u2010-\u2015]", "", folded)


def _used_step(row: SecondFactor, code: str, at: datetime) -> str:
    step = _step_of(_secret(row, at), code, at, after=row.last_step)
    if step is None:
        return ""
    row.last_step = step
    return "account.code_right"


def _secret(row: SecondFactor, at: datetime) -> str:
    """Empty when the portal's key was changed since: then a recovery code or a reset helps."""
    try:
        owner, _, secret = keys.unseal(row.secret, Kept.SECOND_FACTOR, at).partition(" ")
    except NotOurs:
        return ""
    return secret if owner == str(row.user_id) else ""


def _step_of(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """The step whose code this is, near now and later than `after`."""
    if not secret or not re.fullmatch("[0-9]{6}", code):
        return None
    totp, now = pyotp.TOTP(secret, interval=SECONDS), int(at.timestamp()) // SECONDS
    near = (now + beside for beside in BESIDE)
    right = [step for step in near if hmac.compare_digest(totp.generate_otp(step), code)]
    return next((step for step in right if step > after), None)


def _used_recovery(session: Session, me: Actor, code: str, at: datetime) -> str:
    wanted = _hashed(code)
    for row in queries.recovery_codes(session, me.id):
        if hmac.compare_digest(row.code_sha256, wanted):
            row.used_at = at
            return "account.recovery_code_used"
    return ""


def _code() -> str:
    groups = (
        "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS)
    )
    return "-".join(groups)


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
