"""OpenID Connect: send somebody to their district's sign-in, and prove what comes back.

    under_way, address = oidc.begin(client)              # the browser goes to `address`
    who = oidc.identify(client, under_way, answer, at)   # who came back; raises NotIdentified

Code flow with PKCE S256, state and nonce (OpenID Connect Core 1.0 3.1, RFC 7636, RFC 9207).
Everything is fetched anew and over https; http is for this machine alone. A token counts when a
public key of the issuer has signed it: never unsigned, never with the client's own secret.
This module asks no database; whose account it is, `single_sign_on` says.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import KeySet

SECONDS = 5
LEEWAY = 60
"""Seconds by which two clocks may differ."""

MOST_BYTES = 200_000
LONGEST_SUBJECT = 255
SCOPE = "openid email profile"
DISCOVERY = "/.well-known/openid-configuration"
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
PUBLIC_KEYS = frozenset({"RSA", "EC"})
ALGORITHMS = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)]
MICROSOFT = "https://login.microsoftonline.com/"


class Why(StrEnum):
    """Why nobody is signed in, for the trail; the person reads one sentence whatever it is."""

    NOT_BEGUN_HERE = "NOT_BEGUN_HERE"
    OTHER_STATE = "OTHER_STATE"
    PROVIDER_SAID_NO = "PROVIDER_SAID_NO"
    PROVIDER_UNREACHABLE = "PROVIDER_UNREACHABLE"
    NOT_SAFE = "NOT_SAFE"
    NO_TOKEN = "NO_TOKEN"  # noqa: S105
    NOT_SIGNED = "NOT_SIGNED"
    WRONG_ISSUER = "WRONG_ISSUER"
    WRONG_AUDIENCE = "WRONG_AUDIENCE"
    WRONG_NONCE = "WRONG_NONCE"
    EXPIRED = "EXPIRED"
    WRONG_CLAIM = "WRONG_CLAIM"
    EMAIL_NOT_VERIFIED = "EMAIL_NOT_VERIFIED"
    NOT_OURS = "NOT_OURS"
    OTHER_SUBJECT = "OTHER_SUBJECT"
    USED_BEFORE = "USED_BEFORE"
    PASSWORD_ONLY = "PASSWORD_ONLY"  # noqa: S105


OF_CLAIM = {
    "iss": Why.WRONG_ISSUER,
    "aud": Why.WRONG_AUDIENCE,
    "azp": Why.WRONG_AUDIENCE,
    "nonce": Why.WRONG_NONCE,
    "exp": Why.EXPIRED,
}


class NotIdentified(Exception):
    """Nobody is identified. `why` is for the trail."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Client:
    """The portal as a provider knows it."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True)
class UnderWay:
    """What must come back as it was sent: kept by the browser, sealed."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is. email: empty unless the provider has verified it."""

    subject: str
    email: str
    amr: tuple[str, ...] = ()
    acr: str = ""


@dataclass(frozen=True)
class _Places:
    authorization: str
    token: str
    keys: str
    userinfo: str
    basic: bool
    tells_issuer: bool


def begin(client: Client) -> tuple[UnderWay, str]:
    """What to keep, and the address at the provider. Raises NotIdentified when it has none."""
    places = _discover(client.issuer)
    under_way = UnderWay(*(secrets.token_urlsafe(32) for _ in range(3)))
    with _session(client, places) as session:
        address, _state = session.create_authorization_url(
            places.authorization,
            state=under_way.state,
            nonce=under_way.nonce,
            code_verifier=under_way.verifier,
        )
    return under_way, str(address)


def identify(
    client: Client, under_way: UnderWay, answer: Mapping[str, str], at: datetime
) -> Identity:
    """Who came back. answer: the parameters of the redirect URI. Raises NotIdentified."""
    if not hmac.compare_digest(answer.get("state", "").encode(), under_way.state.encode()):
        raise NotIdentified(Why.OTHER_STATE)
    if answer.get("error") or not answer.get("code"):
        raise NotIdentified(Why.PROVIDER_SAID_NO)
    places = _discover(client.issuer)
    if places.tells_issuer or "iss" in answer:  # RFC 9207: another provider's answer, mixed up
        _must(answer.get("iss") == client.issuer, Why.WRONG_ISSUER)
    token = _token(client, places, under_way, answer["code"])
    claims = _claims(client, token, _keys(places), under_way, at)
    return _identity(client, claims, _told_apart(places, token, claims))


def _must(holds: object, why: Why) -> None:
    if not holds:
        raise NotIdentified(why)


def _discover(issuer: str) -> _Places:
    """What the provider publishes about itself (OpenID Connect Discovery 1.0, 4)."""
    told = _fetch(issuer.rstrip("/") + DISCOVERY)
    _must(told.get("issuer") == issuer, Why.WRONG_ISSUER)
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _must(is_safe(told.get(name)), Why.NOT_SAFE)
    userinfo = told.get("userinfo_endpoint")
    methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return _Places(
        authorization=told["authorization_endpoint"],
        token=told["token_endpoint"],
        keys=told["jwks_uri"],
        userinfo=str(userinfo) if is_safe(userinfo) else "",
        basic="client_secret_basic" in methods,
        tells_issuer=told.get("authorization_response_iss_parameter_supported") is True,
    )


def is_safe(address: object) -> bool:
    """Is this an address over https, or on this very machine?"""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in HERE)


def _fetch(address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A JSON object from there, without following it elsewhere."""
    _must(is_safe(address), Why.NOT_SAFE)
    try:
        with requests.get(
            address, headers=headers, timeout=SECONDS, allow_redirects=False, stream=True
        ) as response:
            _must(response.status_code == 200, Why.PROVIDER_UNREACHABLE)
            body = response.raw.read(MOST_BYTES + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise NotIdentified(Why.PROVIDER_UNREACHABLE) from error
    _must(len(body) <= MOST_BYTES, Why.PROVIDER_UNREACHABLE)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotIdentified(Why.PROVIDER_UNREACHABLE) from error
    _must(isinstance(told, dict), Why.PROVIDER_UNREACHABLE)
    return dict(told)


def _session(client: Client, places: _Places) -> OAuth2Session:
    session = OAuth2Session(
        client.client_id,
        client.client_secret,
        token_endpoint_auth_method="client_secret_basic" if places.basic else "client_secret_post",
        scope=SCOPE,
        redirect_uri=client.redirect_uri,
        code_challenge_method="S256",
        default_timeout=SECONDS,
    )
    session.max_redirects = 0
    return session


def _token(client: Client, places: _Places, under_way: UnderWay, code: str) -> dict[str, Any]:
    """The code, exchanged for tokens: it works once, and only with our verifier."""
    try:
        with _session(client, places) as session:
            told = session.fetch_token(
                places.token,
                grant_type="authorization_code",
                code=code,
                code_verifier=under_way.verifier,
                allow_redirects=False,
            )
    except (AuthlibBaseError, requests.RequestException, OSError, ValueError) as error:
        raise NotIdentified(Why.NO_TOKEN) from error
    _must(isinstance(told.get("id_token"), str), Why.NO_TOKEN)
    return dict(told)


def _keys(places: _Places) -> Any:
    """The issuer's public keys; a secret among them would be no proof."""
    found = _fetch(places.keys).get("keys")
    keys = [
        key
        for key in (found if isinstance(found, list) else ())
        if isinstance(key, dict) and key.get("kty") in PUBLIC_KEYS and key.get("use") != "enc"
    ]
    _must(keys, Why.NOT_SIGNED)
    return {"keys": keys}


def _claims(
    client: Client, token: Mapping[str, Any], keys: Any, under_way: UnderWay, at: datetime
) -> CodeIDToken:
    """The claims of the id token, proved (OpenID Connect Core 1.0, 3.1.3.7)."""
    try:
        known = KeySet.import_key_set(keys)
        signed = jwt.decode(token["id_token"], known, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotIdentified(Why.NOT_SIGNED) from error
    claims = CodeIDToken(
        signed.claims,
        signed.header,
        {
            "iss": {"essential": True, "value": client.issuer},
            "aud": {"essential": True, "value": client.client_id},
        },
        {
            "nonce": under_way.nonce,
            "client_id": client.client_id,
            "access_token": token.get("access_token"),
        },
    )
    try:
        claims.validate(int(at.timestamp()), LEEWAY)
    except ClaimError as error:
        raise NotIdentified(OF_CLAIM.get(error.claim, Why.WRONG_CLAIM)) from error
    except (JoseError, ValueError, TypeError) as error:
        raise NotIdentified(Why.WRONG_CLAIM) from error
    return claims


def _told_apart(
    places: _Places, token: Mapping[str, Any], claims: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The claims, with those that the provider tells only when asked (Core 1.0, 5.3)."""
    if "email" in claims or not places.userinfo:
        return claims
    told = _fetch(places.userinfo, {"Authorization": f"Bearer {token.get('access_token')}"})
    _must(told.get("sub") == claims["sub"], Why.OTHER_SUBJECT)
    return told


def _identity(client: Client, claims: Mapping[str, Any], about: Mapping[str, Any]) -> Identity:
    subject, email = claims["sub"], about.get("email")
    _must(isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT, Why.WRONG_CLAIM)
    amr, acr = claims.get("amr"), claims.get("acr")
    return Identity(
        subject,
        email if isinstance(email, str) and _is_verified(client, about) else "",
        tuple(str(way) for way in amr) if isinstance(amr, list) else (),
        acr if isinstance(acr, str) else "",
    )


def _is_verified(client: Client, about: Mapping[str, Any]) -> bool:
    """Has the provider proved that the address is theirs?

    Microsoft sends no `email_verified`; it tells whether the domain's owner is the tenant
    (`xms_edov`, an optional claim that the district's application must ask for). Without it an
    address there is whatever somebody typed.
    """
    names = ["email_verified"]
    if client.issuer.startswith(MICROSOFT):
        names.append("xms_edov")
    return any(about.get(name) in (True, "true", "1") for name in names)
