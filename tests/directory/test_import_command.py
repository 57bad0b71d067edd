"""`portal import …`: report, exit status, and nothing written when refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from portal import clock
from portal.access import actor, unit_of_work
from portal.accounts import service
from portal.accounts.service import Beginning
from portal.cli import app
from portal.config import settings
from portal.store.accounts import UserSession
from portal.store.ledger import TrailLine
from portal.store.people import User
from portal.store.places import Organization
from tests.directory.files import CODE, Files, roster
from tests.directory.test_agencies import files as agencies


@pytest.fixture(autouse=True)
def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands use a database file of this test's own, not yet made."""
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    unit_of_work.engine.cache_clear()
    yield
    unit_of_work.engine().dispose()
    unit_of_work.engine.cache_clear()
    settings.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(roster(), tmp_path / "roster")


def written(files: Files, folder: Path) -> Path:
    folder.mkdir()
    for name, content in files.package().files.items():
        (folder / name).write_bytes(content)
    return folder


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["import", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def organizations() -> int | None:
    with unit_of_work.unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Organization))


def test_a_roster_is_accepted_on_a_machine_without_a_database(folder: Path) -> None:
    code, output = run("oneroster", folder, "--district", CODE)

    assert (code, organizations()) == (0, 1)
    assert output.endswith("Accepted.\n")
    assert "students" in output


def test_json_tells_everything_and_a_dry_run_writes_nothing(folder: Path) -> None:
    code, output = run("oneroster", folder, "--district", CODE, "--dry-run", "--json")

    told = json.loads(output)
    assert (code, told["accepted"], told["problems"]) == (0, True, [])
    assert told["counts"]["students"] == 3
    assert organizations() == 0


def test_a_refused_file_ends_with_status_1_and_writes_nothing(tmp_path: Path) -> None:
    files = roster()
    files["demographics.csv"][0]["birthDate"] = "5/5/2013"
    folder = written(files, tmp_path / "bad")

    code, output = run("oneroster", folder, "--district", CODE, "--json")
    assert code == 1
    (problem,) = json.loads(output)["problems"]
    assert set(problem) == {"file", "row", "column", "what", "do_next"}
    assert (problem["file"], problem["row"]) == ("demographics.csv", 2)

    code, output = run("oneroster", folder, "--district", CODE)
    assert code == 1
    assert "Refused: 1 problem. Nothing was written." in output
    assert organizations() == 0


def test_a_path_to_nothing_is_told_the_same_way(tmp_path: Path) -> None:
    for command in (("oneroster", tmp_path / "no.zip", "--district", CODE), ("agencies", tmp_path)):
        code, output = run(*command, "--json")
        assert code == 1
        assert json.loads(output)["accepted"] is False


def test_whoever_left_is_out_of_every_open_tab_once_the_file_has_come_in(
    folder: Path, tmp_path: Path
) -> None:
    run("oneroster", folder, "--district", CODE)
    at = clock.now()
    with unit_of_work.unit_of_work() as session:
        cora = session.scalars(select(User).where(User.source_id == "cora")).one()
        me = actor.load(session, cora.id, at)
        assert me is not None
        token = service.begin(session, me, Beginning(), at)
    with unit_of_work.unit_of_work() as session:
        assert service.who_holds(session, token, at)

    run("oneroster", written(roster().without("cora"), tmp_path / "after"), "--district", CODE)

    with unit_of_work.unit_of_work() as session:
        assert not service.who_holds(session, token, clock.now())
        assert session.scalars(select(UserSession)).one().ended_at is not None
        session.get_one(User, cora.id).active_until = None  # opened again by hand
        line = session.scalars(select(TrailLine).where(TrailLine.event == "account.ended")).one()
    assert line.subject == str(cora.id)
    with unit_of_work.unit_of_work() as session:
        assert not service.who_holds(session, token, clock.now())


@pytest.mark.parametrize("code", ["", " ", "x" * 30])
def test_a_district_code_that_is_none(folder: Path, code: str) -> None:
    status, output = run("oneroster", folder, "--district", code, "--json")

    assert status == 1
    assert "code" in json.loads(output)["problems"][0]["what"]


def test_agencies_are_accepted(tmp_path: Path) -> None:
    for name, content in agencies().files.items():
        (tmp_path / name).write_bytes(content)

    code, output = run("agencies", tmp_path, "--json")

    assert code == 0
    assert json.loads(output)["counts"] == {"agencies": 1, "services": 2, "sites": 1, "rows": 4}


def test_a_large_change_needs_its_option(tmp_path: Path) -> None:
    files = roster()
    for n in range(20):
        row = files.user("luis") | {"sourcedId": f"x{n}", "userIds": "", "identifier": ""}
        files["users.csv"].append(row | {"givenName": f"Number{n}", "agentSourcedIds": ""})
    run("oneroster", written(files, tmp_path / "before"), "--district", CODE)
    after = written(roster(), tmp_path / "after")

    assert run("oneroster", after, "--district", CODE)[0] == 1
    assert run("oneroster", after, "--district", CODE, "--allow-large-change")[0] == 0
