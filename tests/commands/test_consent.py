"""`portal consent …`: the same rules as the pages, and files of every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fhir.resources.R4B.consent import Consent as FhirConsent
from sqlalchemy import select
from typer.testing import CliRunner

from portal.cli import app
from portal.consents.fhir import export
from portal.store.ledger import TrailLine
from portal.vocabulary import ConsentStatus
from tests import factories as make
from tests.consents.fhir import samples
from tests.pages.conftest import PortalDb, cast_file, portal_db

__all__ = ["cast_file", "portal_db"]

run = CliRunner().invoke
WHY = ("--purpose", "care_record", "--words", "For the clinic's own record")


@pytest.fixture
def number(portal_db: PortalDb) -> Iterator[str]:
    """Maria's consent for Luis to Riverside."""
    cast = portal_db.cast
    with portal_db.writing() as session:
        consent = make.consent(session, cast.luis, cast.riverside, cast.maria)
        told = consent.number
    yield told


def test_a_consent_is_written_for_somebody_who_may_take_it(portal_db, number, tmp_path: Path):
    file = tmp_path / "consent.json"
    user = portal_db.cast.ana.username.upper()

    told = run(app, ["consent", "export-fhir", number, "--out", str(file), "--as", user, *WHY])

    assert told.exit_code == 0, told.output
    FhirConsent.model_validate_json(file.read_bytes())
    with portal_db.writing() as session:
        line = session.scalars(select(TrailLine).where(TrailLine.event == "consent.exported")).one()
    assert line.user_name == "Ana Counts"
    assert line.detail["sha256"] in told.output


def test_without_a_purpose_in_words_no_file_is_written(portal_db, number, tmp_path: Path):
    file, user = tmp_path / "consent.json", portal_db.cast.ana.username
    args = ["consent", "export-fhir", number, "--out", str(file), "--as", user, *WHY[:-1], "short"]

    told = run(app, args)

    assert (told.exit_code, file.exists()) == (1, False)
    assert "in your own words" in told.stderr


@pytest.mark.parametrize("who", ["tom", "hugo"])
def test_nobody_else_gets_a_file(portal_db, number, tmp_path: Path, who: str):
    file, user = tmp_path / "consent.json", getattr(portal_db.cast, who).username

    told = run(app, ["consent", "export-fhir", number, "--out", str(file), "--as", user, *WHY])

    assert (told.exit_code, file.exists()) == (1, False)
    assert "may take along" in told.stderr


def test_an_unknown_number_and_an_unknown_person_are_told(portal_db, number, tmp_path: Path):
    for which, user in (("C-000000", portal_db.cast.ana.username), (number, "nobody")):
        args = ["consent", "export-fhir", which, "--out", str(tmp_path / "x"), "--as", user, *WHY]
        assert run(app, args).exit_code == 1


def test_a_file_that_is_there_stays(portal_db, number, tmp_path: Path):
    file = tmp_path / "consent.json"
    file.write_text("mine")
    user = portal_db.cast.ana.username

    told = run(app, ["consent", "export-fhir", number, "--out", str(file), "--as", user, *WHY])

    assert told.exit_code == 1
    assert file.read_text() == "mine"


def check(tmp_path: Path, content: bytes, *options: str):
    file = tmp_path / "theirs.json"
    file.write_bytes(content)
    return run(app, ["consent", "check-fhir", str(file), *options])


def future(**changes):
    return export.write(
        samples.told(samples.a_scope(span=samples.FAR_SPAN, records=samples.FAR_SPAN), **changes)
    )


def test_a_check_says_what_the_family_would_be_asked(tmp_path: Path):
    told, as_json = check(tmp_path, future()), check(tmp_path, future(), "--json")

    assert (told.exit_code, as_json.exit_code) == (0, 0)
    assert "Harbor Point Public Schools give Riverside Clinic" in told.output
    assert "opens nothing until the family signs" in told.output
    assert json.loads(as_json.output)["asks"]["records"] == ["attendance", "visits"]
    assert "Luis" not in told.output + as_json.output


def test_a_check_says_that_a_no_is_a_no(tmp_path: Path):
    content = future(status=ConsentStatus.TAKEN_BACK)
    told, as_json = check(tmp_path, content), check(tmp_path, content, "--json")

    assert (told.exit_code, as_json.exit_code) == (1, 1)
    assert "status is inactive" in told.output
    assert json.loads(as_json.output)["says_no"]


def test_a_check_says_all_that_is_wrong(tmp_path: Path):
    told, as_json = check(tmp_path, b"{}"), check(tmp_path, b"{}", "--json")

    assert (told.exit_code, as_json.exit_code) == (1, 1)
    assert "no Consent" in told.output
    assert json.loads(as_json.output)["problems"][0]["do_next"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    told = run(app, ["consent", "check-fhir", str(tmp_path / "none.json")])

    assert told.exit_code == 1
    assert "No such file" in told.stderr
