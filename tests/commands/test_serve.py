"""`portal serve`, `portal migrate` and `portal create-admin`: what they refuse, and say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from portal.access import unit_of_work
from portal.cli import app
from portal.commands import serve
from portal.config import INSECURE_KEY, Settings, settings
from portal.store.ledger import Installation
from portal.store.people import User

KEY = "k" * 32
PASSWORD = "vex quilt jumbo frock"
ADMIN = [
    "create-admin",
    "--district-code=0990099",
    "--district-name=Elsewhere Schools",
    "--name=Nora First",
    "--email=nora@example.org",
    "--password-stdin",
]


@pytest.fixture(autouse=True)
def own_database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The commands use a database of this test's own; nothing is opened to the world."""
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite_url)
    monkeypatch.setattr(serve, "_run", lambda port: None)
    settings.cache_clear()
    unit_of_work.engine.cache_clear()
    yield
    unit_of_work.engine().dispose()
    unit_of_work.engine.cache_clear()
    settings.cache_clear()


def portal(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, words, input=typed)


def a_demo() -> None:
    with unit_of_work.unit_of_work() as session:
        people = [{"name": "Ana Sample", "username": "ana@example.org", "role": "social worker"}]
        session.add(Installation(name="demo", value="true"))
        session.add(Installation(name="demo_people", value=json.dumps(people)))
        session.add(Installation(name="demo_password", value=PASSWORD))


def test_it_refuses_a_database_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'no' / 'folder.db'}")
    settings.cache_clear()

    answer = portal("serve")
    assert answer.exit_code == 1
    assert "Check PORTAL_DATABASE_URL" in answer.output
    assert "Traceback" not in answer.output


def test_it_refuses_an_old_database_until_it_is_migrated() -> None:
    assert "Run `portal migrate`" in portal("serve").output

    assert portal("migrate").exit_code == 0
    assert "PORTAL_SECRET_KEY" in portal("serve").output


def test_a_demonstration_opens_as_it_is_and_says_whom_to_sign_in_as() -> None:
    portal("migrate")
    a_demo()

    answer = portal("serve", "--port=8777")
    assert answer.exit_code == 0
    for said in ("http://localhost:8777", "every person here is made up", "ana@example.org"):
        assert said in answer.output
    assert PASSWORD in answer.output


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "PORTAL_SECRET_KEY"),
        ({"secret_key": INSECURE_KEY}, "PORTAL_SECRET_KEY"),
        ({"secret_key": "k" * 31}, "PORTAL_SECRET_KEY"),
        ({"secret_key": KEY, "second_factor": "offered"}, "PORTAL_SECOND_FACTOR"),
        ({"secret_key": KEY, "public_host": ""}, "PORTAL_PUBLIC_HOST"),
        ({"secret_key": KEY, "address": "0.0.0.0"}, "PORTAL_PUBLIC_HOST"),
        ({"secret_key": KEY, "public_host": "portal.example.org"}, "PORTAL_SECURE_COOKIES"),
        (
            {"secret_key": KEY, "public_host": "portal.example.org", "secure_cookies": True},
            "PORTAL_PUBLIC_URL",
        ),
    ],
)
def test_real_data_is_not_served_with_unsafe_settings(given: dict[str, str], says: str) -> None:
    safe = {"second_factor": "required"}
    assert says in serve.settings_problem(Settings(**safe | given), demo=False)


def test_safe_settings_are_accepted() -> None:
    by_name = Settings(
        secret_key=KEY,
        public_host="portal.example.org",
        public_url="https://portal.example.org",
        secure_cookies=True,
        second_factor="required",
    )
    here = Settings(secret_key=KEY, second_factor="required")

    assert serve.settings_problem(by_name, demo=False) == ""
    assert serve.settings_problem(here, demo=False) == ""


def test_the_first_administrator_is_made_and_only_once() -> None:
    portal("migrate")

    answer = portal(*ADMIN, typed=f"{PASSWORD}\n")
    assert (answer.exit_code, answer.output) == (
        0,
        "Nora First can sign in as nora@example.org.\n",
    )
    again = portal(*ADMIN, typed=f"{PASSWORD}\n")
    assert again.exit_code == 2
    assert "needs a service account's token" in again.output
    with unit_of_work.unit_of_work() as session:
        (user,) = session.scalars(select(User)).all()
    assert PASSWORD not in (user.password_hash or "")


@pytest.mark.parametrize("typed", ["", "\n", "admin\n", "passwordpassword\n"])
def test_no_password_and_a_bad_one_are_refused_in_a_sentence(typed: str) -> None:
    portal("migrate")

    answer = portal(*ADMIN, typed=typed)
    assert answer.exit_code == 1
    assert "The password" in answer.output
    assert "Traceback" not in answer.output


def test_the_password_is_asked_for_twice() -> None:
    portal("migrate")

    differing = portal(*ADMIN[:-1], typed=f"{PASSWORD}\nanother\n{PASSWORD}\n{PASSWORD}\n")
    assert "do not match" in differing.output
    assert "can sign in" in differing.output
    assert PASSWORD not in differing.output
