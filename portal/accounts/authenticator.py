"""The one place that uses streamlit-authenticator (0.4.2, pinned): its credentials, its check of
them, its change of password and its rules for names and addresses.

What is unsafe in it is replaced or closed here, and tests/accounts/test_authenticator.py holds
every such hole shut when the library changes:

    its 20-character cap and demand for classes    our rule (passwords.py)
    bcrypt, which stops at 72 bytes                argon2id
    no work at all for a name it does not know     the same work
    a counter of wrong tries in memory             SignInAttempt rows
    its cookie, valid after signing out            UserSession rows; its own is never built
    a default key, mail through a third party      neither is ever given
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from streamlit_authenticator.models.authentication_model import AuthenticationModel
from streamlit_authenticator.utilities import CredentialsError, Hasher, Validator

from portal.accounts import passwords
from portal.errors import NotReady, Problem

WRONG = Problem("That is not your present password.", "Type it again.", field="password")


class PortalHasher(Hasher):  # type: ignore[misc]
    """The library's hasher, with argon2id inside."""

    @classmethod
    def check_pw(cls, password: str, hashed_password: str) -> bool:
        """Does the whole password match?"""
        return passwords.matches(password, hashed_password)

    @classmethod
    def hash(cls, password: str) -> str:
        """What is kept of a password."""
        return passwords.hashed(password)

    @classmethod
    def is_hash(cls, hash_string: str) -> bool:
        """Is this an argon2id hash, and not a password in the clear?"""
        return hash_string.startswith("$argon2id$")


class PortalValidator(Validator):  # type: ignore[misc]
    """The library's rules for names and e-mail addresses; for passwords ours."""

    def __init__(self, about: Iterable[str] = ()) -> None:
        super().__init__()
        self.about = tuple(about)

    def validate_password(self, password: str) -> bool:
        """Is it good enough for this person?"""
        return not passwords.problems(password, self.about)

    def diagnose_password(self, password: str) -> str:
        """What stands against it, in plain sentences."""
        found = passwords.problems(password, self.about)
        return " ".join(f"{problem.what} {problem.do_next}" for problem in found)


class Authenticator(AuthenticationModel):  # type: ignore[misc]
    """The library's model of one person's credentials.

    password_hash is None for a name that nobody has, or who has set no password.
    """

    def __init__(self, username: str, password_hash: str | None) -> None:
        # Not the library's own __init__: that writes identity into st.session_state, hashes
        # whatever looks unhashed, and falls back on a key that everybody knows.
        self.path = self.config = self.api_key = self.cloud_model = None
        self.validator = PortalValidator()
        known = {} if password_hash is None else {username: {"password": password_hash}}
        self.credentials: dict[str, Any] = {"usernames": known}

    def check_credentials(self, username: str, password: str) -> bool:
        """Is it this person's password? One hash is computed whatever the answer."""
        stored = self.credentials["usernames"].get(username, {}).get("password")
        right = PortalHasher.check_pw(password, stored or passwords.nobodys_hash())
        return right and stored is not None

    def new_hash(self, username: str, password: str, new_password: str) -> str:
        """What to keep of a new password, given by somebody who knows the present one."""
        try:
            self.reset_password(username, password, new_password)
        except CredentialsError as error:
            raise NotReady([WRONG]) from error
        return str(self.credentials["usernames"][username]["password"])

    def _update_password(self, username: str, password: str) -> None:
        self.credentials["usernames"][username]["password"] = PortalHasher.hash(password)

    def _record_failed_login_attempts(self, username: str, reset: bool = False) -> None:
        """Tries are counted in the database, for names we do not know as well."""

    def _closed(self, *_args: object, **_options: object) -> NoReturn:
        raise NotImplementedError("This part of streamlit-authenticator is not used here.")

    login = guest_login = logout = _closed
    forgot_password = forgot_username = _set_random_password = _closed
    generate_two_factor_auth_code = send_email = send_password = send_username = _closed
    register_user = _closed
