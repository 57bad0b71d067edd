"""Each hole of streamlit-authenticator 0.4.2, held shut. When the library changes, these tell."""

from __future__ import annotations

import ast
import importlib.metadata
from pathlib import Path

import pytest
from streamlit_authenticator.controllers import CookieController
from streamlit_authenticator.models.cloud import CloudModel
from streamlit_authenticator.utilities import Hasher, Validator

import portal
from portal.accounts import passwords
from portal.accounts.authenticator import Authenticator, PortalHasher, PortalValidator
from portal.errors import NotReady

PASSPHRASE = "harbor lantern quiet maple"
LONG = "vex quilt jumbo frock " * 5


def test_the_library_is_the_one_that_was_read() -> None:
    assert importlib.metadata.version("streamlit-authenticator") == "0.4.2"


def test_its_cap_of_20_characters_and_its_classes_are_gone() -> None:
    assert not Validator().validate_password(PASSPHRASE)  # the hole, still there
    assert Validator().validate_password("Passw0rd!")

    assert PortalValidator().validate_password(PASSPHRASE)
    assert not PortalValidator().validate_password("Passw0rd!")
    assert "Use at least 15" in PortalValidator().diagnose_password("Passw0rd!")


def test_more_than_72_bytes_count() -> None:
    with pytest.raises(ValueError, match="72"):
        Hasher.hash(LONG)

    stored = PortalHasher.hash(LONG)
    assert PortalHasher.is_hash(stored)
    assert Authenticator("ana", stored).check_credentials("ana", LONG)
    assert not Authenticator("ana", stored).check_credentials("ana", LONG[:72])


@pytest.mark.parametrize("known", [True, False])
def test_a_known_and_an_unknown_name_cost_the_same_work(
    known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = passwords.hashed(PASSPHRASE) if known else None
    passwords.nobodys_hash()
    done: list[str] = []
    check = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda p, s: (done.append(s), check(p, s))[1])

    assert not Authenticator("ana", stored).check_credentials("ana", "wrong but long enough")

    assert len(done) == 1
    assert _costs(done[0]) == _costs(passwords.hashed("any"))


def _costs(stored: str) -> str:
    return stored.rsplit("$", 2)[0]


def test_what_matches_nobodys_hash_still_signs_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "nobodys_hash", lambda: passwords.hashed(PASSPHRASE))

    assert not Authenticator("nobody", None).check_credentials("nobody", PASSPHRASE)


def test_no_key_cookie_or_mail_service_is_ever_made(monkeypatch: pytest.MonkeyPatch) -> None:
    for unsafe in (CookieController, CloudModel):
        monkeypatch.setattr(unsafe, "__init__", _must_not_run)

    model = Authenticator("ana", passwords.hashed(PASSPHRASE))

    assert model.api_key is None
    assert model.cloud_model is None
    assert not hasattr(model, "secret_key")
    assert not hasattr(model, "encryptor")


def _must_not_run(*_args: object, **_options: object) -> None:
    raise AssertionError("this part of the library must not be built")


@pytest.mark.parametrize(
    "part",
    [
        "login",
        "guest_login",
        "logout",
        "forgot_password",
        "forgot_username",
        "generate_two_factor_auth_code",
        "send_email",
        "send_password",
        "send_username",
        "register_user",
        "_set_random_password",
    ],
)
def test_its_own_sign_in_and_its_mails_are_closed(part: str) -> None:
    with pytest.raises(NotImplementedError):
        getattr(Authenticator("ana", None), part)()


def test_it_counts_no_tries_in_memory() -> None:
    model = Authenticator("ana", passwords.hashed(PASSPHRASE))

    model.check_credentials("ana", "wrong but long enough")

    assert set(model.credentials["usernames"]["ana"]) == {"password"}


def test_a_password_is_changed_by_who_knows_the_present_one() -> None:
    model = Authenticator("ana", passwords.hashed(PASSPHRASE))

    assert passwords.matches(LONG, model.new_hash("ana", PASSPHRASE, LONG))
    with pytest.raises(NotReady):
        model.new_hash("ana", "not the present one", PASSPHRASE)


def test_only_the_adapter_uses_the_library() -> None:
    home = Path(portal.__file__).parent
    using = {
        str(file.relative_to(home))
        for file in [*home.rglob("*.py"), *(home.parent / "pages").glob("*.py")]
        if "streamlit_authenticator" in _imports(file)
    }
    assert using == {"accounts/authenticator.py"}


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found
