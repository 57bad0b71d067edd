"""`portal audit`: the ledger is whole, broken at a named line, or cannot be proved."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from portal.access import gate, unit_of_work
from portal.access.actor import Actor
from portal.access.consents import as_facts
from portal.agreements import closings, ending, queries
from portal.cli import app
from portal.commands import opening, serve
from portal.config import settings
from portal.consents import life
from portal.errors import NotFound
from portal.policy.tasks import Task
from portal.stewardship.ledger import checkpoints
from portal.stewardship.ledger.checkpoints import Keeper
from portal.store.consents import Consent
from portal.store.ledger import TrailLine
from portal.store.papers import Agreement
from portal.store.people import Student
from portal.vocabulary import Category, Purpose
from tests import factories as make
from tests.agreements.papers import signed
from tests.engines import migrated
from tests.people import NOW, Cast, store_cast
from tests.stewardship.ledger import FAKE, unprotect


@dataclass(frozen=True)
class Place:
    """A portal on a database of its own, with an outside folder of its own."""

    url: str
    outside: Path
    cast: Cast
    ana: Actor
    dina: Actor
    agreement: Agreement

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    def open_luis(self) -> None:
        with unit_of_work.unit_of_work() as session:
            gate.open_student(session, self.ana, self.cast.luis.id, Task.SEE_STUDENT, NOW)

    def terminate(self) -> None:
        with unit_of_work.unit_of_work() as session:
            paper_id = self.agreement.paper_id
            assert paper_id is not None
            ending.terminate(session, self.dina, paper_id, "The clinic closes.", NOW)

    def restore(self, backup: Path) -> None:
        unit_of_work.engine().dispose()
        _copy(backup, self.file)

    def back_up(self, to: Path) -> Path:
        _copy(self.file, to)
        return to


def _copy(database: Path, to: Path) -> None:
    with closing(sqlite3.connect(database)) as one, closing(sqlite3.connect(to)) as other:
        one.backup(other)


@pytest.fixture
def place(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with placed(empty_url, tmp_path, monkeypatch) as place:
        yield place


@pytest.fixture
def file(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A portal on a file, which is quick to back up and to restore."""
    with placed(sqlite_url, tmp_path, monkeypatch) as place:
        yield place


@contextmanager
def placed(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("PORTAL_DATABASE_URL", url)
    monkeypatch.setenv("PORTAL_OUTSIDE_FOLDER", str(folder / "outside"))
    monkeypatch.setenv("PORTAL_SECRET_KEY", "k" * 32)
    monkeypatch.setattr(serve, "_run", lambda port: None)
    settings.cache_clear()
    unit_of_work.engine.cache_clear()
    with migrated(url) as engine, Session(engine, expire_on_commit=False) as session:
        cast = store_cast(session)
        people = cast.who(cast.ana), cast.who(cast.dina)
        [agreement] = queries.pairs(session, signed(cast).id)
        place = Place(url, folder / "outside", cast, *people, agreement)
        session.commit()
        yield place
    unit_of_work.engine().dispose()
    unit_of_work.engine.cache_clear()
    settings.cache_clear()


def portal(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_a_whole_ledger_is_told_in_a_sentence_and_as_json(place: Place) -> None:
    place.open_luis()
    assert portal("audit", "checkpoint").exit_code == 0

    told, as_json = portal("audit", "verify"), portal("audit", "verify", "--json")
    assert (told.exit_code, as_json.exit_code) == (0, 0)
    assert told.output.startswith("The ledger is whole: ")
    found = json.loads(as_json.output)
    assert (found["whole"], found["broken"], found["documents"]) == (True, None, 2)


def test_a_broken_ledger_names_its_first_broken_line(place: Place) -> None:
    place.open_luis()
    portal("audit", "checkpoint")
    with unit_of_work.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE trail_head SET hash = 'f'")

    told, as_json = portal("audit", "verify"), portal("audit", "verify", "--json")
    assert (told.exit_code, as_json.exit_code) == (1, 1)
    for said in ("The ledger is broken.", "chain", "position", "id", "head"):
        assert said in told.output
    broken = json.loads(as_json.output)["broken"]
    assert broken["chain"] == min(place.cast.district.id.hex, place.cast.riverside.id.hex)


def test_without_a_checkpoint_it_cannot_be_proved(place: Place) -> None:
    told = portal("audit", "verify")
    as_json = portal("audit", "verify", "--json")

    assert (told.exit_code, as_json.exit_code) == (2, 2)
    assert "portal audit checkpoint" in told.output
    assert json.loads(as_json.output)["whole"] is None


def test_without_a_database_or_an_outside_folder_it_cannot_be_proved(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.outside.write_text("a file where the folder should be")
    for command in ("verify", "checkpoint"):
        told = portal("audit", command)
        assert (told.exit_code, "PORTAL_OUTSIDE_FOLDER" in told.output) == (2, True)
    place.outside.unlink()

    unit_of_work.engine().dispose()
    unit_of_work.engine.cache_clear()
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{place.outside / 'no' / 'file.db'}")
    settings.cache_clear()
    for command in ("verify", "checkpoint"):
        told = portal("audit", command)
        assert (told.exit_code, "PORTAL_DATABASE_URL" in told.output) == (2, True)


def test_a_refused_folder_keeps_the_door_shut(place: Place) -> None:
    place.outside.write_text("a file where the folder should be")

    told = portal("serve")
    assert (told.exit_code, "PORTAL_OUTSIDE_FOLDER" in told.output) == (1, True)


def test_opening_the_portal_writes_a_checkpoint_and_what_the_journal_lacks(place: Place) -> None:
    place.terminate()
    (place.outside / "journal.jsonl").unlink()

    assert portal("serve").exit_code == 0
    assert str(place.agreement.id) in (place.outside / "journal.jsonl").read_text()
    assert portal("audit", "verify").exit_code == 0


def test_what_was_terminated_stays_so_though_yesterdays_backup_is_restored(
    file: Place, tmp_path: Path
) -> None:
    backup = file.back_up(tmp_path / "yesterday.db")
    file.terminate()
    assert portal("serve").exit_code == 0
    file.restore(backup)

    opened = portal("serve")

    assert opened.exit_code == 0
    assert "Closed again, as the journal of closings says: 1." in opened.output
    assert opening.DIFFERS in opened.output
    with unit_of_work.unit_of_work() as session:
        agreement = session.get_one(Agreement, file.agreement.id)
        line = session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert (agreement.terminated_at, agreement.terminated_reason) == (NOW, closings.REASON)
    assert line is not None
    assert (line.event, line.subject) == ("journal.closed_again", agreement.number)


def test_a_consent_taken_back_stays_so_though_yesterdays_backup_is_restored(
    file: Place, tmp_path: Path
) -> None:
    with unit_of_work.unit_of_work() as session:
        cast = replace(file.cast, session=session)
        make.record(session, cast.luis, Category.VISITS)
        consent = make.consent(
            session, cast.luis, cast.riverside, cast.maria, recorded_by=cast.ana.id
        )
    backup = file.back_up(tmp_path / "yesterday.db")
    with unit_of_work.unit_of_work() as session:
        life.revoke(session, file.ana, consent.id, "A letter from the mother", NOW)
    file.restore(backup)

    assert portal("serve").exit_code == 0
    with unit_of_work.unit_of_work() as session:
        [facts] = as_facts(session, [session.get_one(Consent, consent.id)])
    assert facts.revoked_at == NOW
    with unit_of_work.unit_of_work() as session, pytest.raises(NotFound):
        rita = replace(cast, session=session).who(cast.rita)
        gate.open_record(session, rita, cast.luis.id, Purpose.COORDINATE, NOW)
    assert "letter" not in (file.outside / "journal.jsonl").read_text()


def test_a_restored_backup_breaks_the_proof_until_somebody_says_so(
    file: Place, tmp_path: Path
) -> None:
    backup = file.back_up(tmp_path / "yesterday.db")
    file.open_luis()
    portal("audit", "checkpoint")
    file.restore(backup)
    assert portal("audit", "verify").exit_code == 1
    assert portal("audit", "checkpoint").exit_code == 1

    told = portal("audit", "checkpoint", "--restored", "the disk broke")
    assert (told.exit_code, "Lost with the backup" in told.output) == (0, True)
    whole = portal("audit", "verify")
    assert (whole.exit_code, "as written down: 1 checkpoints" in whole.output) == (0, True)


def test_while_the_portal_runs_a_checkpoint_that_fails_is_reported_and_tried_again(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(checkpoints.file())
    place.outside.write_text("a file where the folder should be")
    opening.checkpoint(keeper)
    assert "failure" in caplog.text
    place.outside.unlink()

    opening.checkpoint(keeper)
    assert portal("audit", "verify").exit_code == 0


def test_while_the_portal_runs_a_ledger_written_anew_is_noticed_once(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(checkpoints.file())
    opening.checkpoint(keeper)
    assert caplog.text == ""
    with unit_of_work.unit_of_work() as session:
        unprotect(session)
        for table in ("trail_line", "trail_head"):
            session.connection().exec_driver_sql(f"UPDATE {table} SET hash = '{FAKE}'")

    for _ in range(2):
        opening.checkpoint(keeper)
    assert caplog.text.count(opening.DIFFERS) == 1


# Who saw what


def asked(*options: str) -> Result:
    return CliRunner().invoke(app, ["audit", "show", "--purpose=access_review", *options])


def lines_of(result: Result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("number", ["sasid", "local_id", "id"])
def test_an_auditor_asks_by_a_students_number_and_reads_ids_and_codes(
    file: Place, number: str
) -> None:
    file.open_luis()
    with unit_of_work.unit_of_work() as session:
        session.get_one(Student, file.cast.luis.id).local_id = "L-1"
    luis = file.cast.luis
    told = {"sasid": luis.sasid, "local_id": "L-1", "id": str(luis.id)}[number]
    result = asked("--student", told, "--json")

    assert result.exit_code == 0
    [line] = lines_of(result)
    assert (line["event"], line["person"], line["students"]) == (
        "student.see_student",
        "Ana Counts",
        [luis.id.hex],
    )
    assert "Luis" not in result.stdout


def test_an_auditor_says_what_for_and_the_answer_bears_it(file: Place) -> None:
    nothing = CliRunner().invoke(app, ["audit", "show", "--person", "Ana Counts"])
    wrong = asked("--person", "Ana Counts", "--purpose=own_work")

    assert (nothing.exit_code, wrong.exit_code) == (2, 2)
    assert "--purpose" in nothing.stderr
    assert "For: A review or an audit of who has access." in asked("--person", "x").stderr


def test_that_an_auditor_asked_is_itself_a_line(file: Place) -> None:
    asked("--student", file.cast.luis.sasid)

    again = lines_of(asked("--student", file.cast.luis.sasid, "--json"))
    assert [(line["event"], line["person"], line["purpose"]) for line in again] == [
        ("disclosures.accounted", "An auditor, by command", "access_review")
    ]


def test_an_auditor_asks_by_person_and_by_day(file: Place) -> None:
    file.open_luis()
    by_name = asked("--person", "Ana Counts").stdout
    by_account = asked("--person", file.cast.ana.username).stdout
    by_id = asked("--person", str(file.cast.ana.id), "--since", "2026-11-20").stdout

    assert by_name == by_account == by_id
    assert "| allowed | student.see_student | Ana Counts, Harbor Point Public Schools" in by_name
    assert asked("--person", "Ana Counts", "--since", "2026-11-21").stdout == ""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "Nothing was asked for"),
        (["--student", "9999999999"], "No student has this number"),
        (["--student", "L-1"], "Several students have this number"),
    ],
)
def test_what_cannot_be_answered_ends_with_2_and_says_why(
    file: Place, options: list[str], told: str
) -> None:
    with unit_of_work.unit_of_work() as session:
        for student in (file.cast.luis, file.cast.mei):
            session.get_one(Student, student.id).local_id = "L-1"
    result = asked(*options)

    assert result.exit_code == 2
    assert told in result.stderr
