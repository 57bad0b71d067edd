"""An OpenID provider of one room: real http, real keys, and told to misbehave where a test asks.

with running_provider() as provider:
    provider.person = {"sub": "1", "email": "ana@example.org", "email_verified": True}
    provider.claims["nonce"] = "another"      # what its next token says instead
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "portal-of-harbor-point", "a-secret-shared-with-the-provider-alone"

Json = dict[str, Any]
KEY = RSAKey.generate_key(2048, {"kid": "today", "use": "sig"})
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "today", "use": "sig"})


class Provider(ThreadingHTTPServer):
    """What it answers. `now` tells the time; `codes` are those not yet exchanged.

    signs: how the id token is signed: `rs256`, `foreign` (somebody else's key), `hs256` (with the
    client's secret), `none`. published: what discovery says instead.
    """

    daemon_threads = True

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.now = now
        self.person: Json = {}
        self.claims: Json = {}
        self.published: Json = {}
        self.userinfo: Json | None = None
        self.signs = "rs256"
        self.answers: dict[str, str] = {}
        self.codes: dict[str, Json] = {}
        self.asked: list[str] = []

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def discovery(self) -> Json:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo" if self.userinfo else None,
            "authorization_response_iss_parameter_supported": True,
        } | self.published

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to; the person here agrees at once."""
        assert asked["client_id"] == CLIENT_ID
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.issuer} | self.answers
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str], basic: str) -> Json | None:
        """Tokens for a code, once, for whoever knows the secret and the verifier."""
        begun = self.codes.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        right = (
            begun is not None
            and basic == f"Basic {known}"
            and begun["code_challenge"] == challenge
            and begun["redirect_uri"] == form.get("redirect_uri")
        )
        if not right or begun is None:
            return None
        return {"access_token": "at", "token_type": "Bearer", "id_token": self._id_token(begun)}

    def _id_token(self, begun: Json) -> str:
        now = int(self.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
        }
        claims = {k: v for k, v in (claims | self.person | self.claims).items() if v is not None}
        if self.signs == "none":
            head = _text({"alg": "none"})
            return f"{head}.{_text(claims)}."
        if self.signs == "hs256":
            key = OctKey.import_key(CLIENT_SECRET)
            return jwt.encode({"alg": "HS256"}, claims, key, algorithms=["HS256"])
        key = FOREIGN_KEY if self.signs == "foreign" else KEY
        return jwt.encode({"alg": "RS256", "kid": "today"}, claims, key)


def _text(part: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            self._say(self.server.discovery())
        elif parts.path == "/keys":
            self._say({"keys": [KEY.as_dict(private=False)]})
        elif parts.path == "/userinfo" and self.server.userinfo is not None:
            self._say(self.server.userinfo)
        elif parts.path == "/authorize":
            self.send_response(303)
            self.send_header("Location", self.server.authorize(dict(parse_qsl(parts.query))))
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        told = self.server.token(form, self.headers.get("Authorization", ""))
        self._say(told or {"error": "invalid_grant"}, 200 if told else 400)

    def _say(self, told: Json, status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Tests are quiet."""


@contextmanager
def running_provider(now: Callable[[], datetime]) -> Iterator[Provider]:
    """A provider on this machine, until the block ends."""
    with Provider(now) as provider:
        threading.Thread(target=provider.serve_forever, args=(0.02,), daemon=True).start()
        yield provider
        provider.shutdown()
