"""Commands run by the token of a service account, and by no more than it may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from portal.access import trail
from portal.accounts import service, service_accounts
from portal.accounts.service_accounts import Draft
from portal.cli import app
from portal.config import settings
from portal.errors import NotReady
from portal.store.accounts import SecondFactor, ServiceAccount
from portal.store.ledger import Installation, TrailLine
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import Level, OrganizationKind, Role, Scope
from tests import factories as make
from tests.pages.conftest import PortalDb, cast_file, portal_db
from tests.people import NOW

__all__ = ["cast_file", "portal_db"]

SHOW = ["audit", "show", "--purpose=access_review"]
WHY = ["--purpose=care_record"]

COMMANDS = {
    Scope.IMPORT: ["import", "oneroster", "nowhere.zip", "--district=0990011"],
    Scope.DIGEST: ["digest"],
    Scope.AUDIT: [*SHOW, "--since=2026-01-01"],
    Scope.CHECKPOINT: ["audit", "checkpoint"],
    Scope.YEAR: ["year", "close", "2026-2027", "--as=x"],
    Scope.CONSENT: [
        "consent",
        "export-fhir",
        "C-1",
        "--out=x",
        "--as=x",
        "--purpose=care_record",
        "--words=x",
    ],
    Scope.AGREEMENT: ["agreement", "remind", "--as=x"],
    Scope.ACCOUNTS: ["service-account", "list", "--district=0990011"],
}


@pytest.fixture
def real(portal_db: PortalDb, monkeypatch: pytest.MonkeyPatch) -> Iterator[PortalDb]:
    """An installation with real people: Dina can sign in."""
    with portal_db.writing() as session:
        session.get_one(User, portal_db.cast.dina.id).password_hash = "$argon2id$x"
    monkeypatch.setattr(settings(), "smtp_url", "smtp://localhost:1")
    monkeypatch.setattr(settings(), "mail_from", "portal@example.org")
    yield portal_db


def run(token: str, arguments: list[str]) -> Result:
    settings().service_token = token
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def an_account(db: PortalDb, *scopes: Scope, days: int = 90, name: str = "Nightly") -> str:
    dina = db.who(db.cast.dina)
    with db.writing() as session:
        return service_accounts.make(session, dina, Draft(name, frozenset(scopes), days), NOW)


def lines(db: PortalDb, event: str) -> list[TrailLine]:
    with db.writing() as session:
        asked = select(TrailLine).where(TrailLine.event == event).order_by(TrailLine.id)
        return list(session.scalars(asked))


def test_each_command_asks_for_its_own_scope_and_for_no_password(real: PortalDb) -> None:
    everything_else = {s: an_account(real, *(set(Scope) - {s}), name=f"No {s}") for s in COMMANDS}
    for scope, arguments in COMMANDS.items():
        told = run("", arguments)
        assert (told.exit_code, "needs a service account" in told.output) == (2, True), scope
        told = run(everything_else[scope], arguments)
        assert (told.exit_code, "may not do this" in told.output) == (2, True), scope
        told = run(an_account(real, scope, name=f"Only {scope}"), arguments)
        assert "PORTAL_SERVICE_TOKEN" not in told.output, (scope, told.output)


def test_a_token_that_is_made_up_ended_or_too_old_runs_nothing(real: PortalDb) -> None:
    token = an_account(real, Scope.AUDIT)
    command = COMMANDS[Scope.AUDIT]
    assert run(token, command).exit_code == 0
    assert "is not the token" in run(token[:-1], command).output

    real.at(NOW + timedelta(days=90))
    assert "has run out" in run(token, command).output
    real.at(NOW)
    dina = real.who(real.cast.dina)
    with real.writing() as session:
        row = session.scalars(select(ServiceAccount)).one()
        assert token not in str(vars(row))
        service_accounts.end(session, dina, row.id, NOW)
    assert "was ended" in run(token, command).output

    refused = [line.codes for line in lines(real, "service_account.refused")]
    assert refused == [["UNKNOWN_TOKEN"], ["EXPIRED"], ["ENDED"]]


def test_the_trail_names_the_service_account(real: PortalDb) -> None:
    run(an_account(real, Scope.AUDIT), COMMANDS[Scope.AUDIT])

    (used,) = lines(real, "service_account.used")
    assert (used.user_name, used.organization_id) == ("Nightly", real.cast.district.id)
    with real.writing() as session:
        row = session.scalars(select(ServiceAccount)).one()
        last = session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert row.last_used_at == NOW
    assert last is not None
    assert last.detail["by"] == "Service account Nightly"


def test_another_districts_token_is_turned_away(real: PortalDb) -> None:
    token = an_account(real, Scope.IMPORT, Scope.ACCOUNTS)
    for command in (
        ["import", "oneroster", "nowhere.zip", "--district=0990099"],
        ["service-account", "list", "--district=0990099"],
    ):
        told = run(token, command)
        assert (told.exit_code, "another district" in told.output) == (2, True)


def test_an_auditor_reads_what_is_their_own_districts_and_nobodys(real: PortalDb) -> None:
    luis = str(real.cast.luis.id)
    ours = an_account(real, Scope.AUDIT)
    with real.writing() as session:
        elsewhere = make.organization(session, "Other Schools")
        maker = service_accounts.Maker(elsewhere.id)
        draft = Draft("Theirs", frozenset({Scope.AUDIT}), 90)
        theirs = service_accounts.make_for(session, maker, draft, NOW)
        wrong = trail.Entry("account.not_signed_in", False, NOW, subject="somebody")
        trail.write(session, None, wrong)
        family = trail.Entry("consent.opened", True, NOW, (real.cast.luis.id,))
        trail.write(session, None, family)

    read = run(theirs, [*SHOW, "--since=2026-01-01"]).stdout
    assert ("account.not_signed_in" in read, "consent.opened" in read) == (True, False)
    assert real.cast.dina.name not in read
    refused = run(theirs, [*SHOW, f"--student={luis}"])
    assert (refused.exit_code, "No student has this number." in refused.output) == (2, True)
    assert "consent.opened" in run(ours, [*SHOW, f"--student={luis}"]).stdout


def test_the_superintendent_of_a_new_district_comes_before_anybody_can_sign_in(
    portal_db: PortalDb,
) -> None:
    new = ["account", "superintendent", "--district-code=0990099", *SOMEBODY]
    assert "--district-name" in run("", new).output
    told = run("", [*new, "--district-name=Elsewhere Schools"])
    assert told.exit_code == 0, told.output
    with portal_db.writing() as session:
        sue = session.scalars(select(User).where(User.name == "Nora First")).one()
        assert session.get_one(Organization, sue.organization_id).name == "Elsewhere Schools"


def test_a_demonstration_and_a_portal_that_nobody_can_enter_need_none(
    portal_db: PortalDb,
) -> None:
    assert run("", COMMANDS[Scope.AUDIT]).exit_code == 0
    with portal_db.writing() as session:
        session.get_one(User, portal_db.cast.dina.id).password_hash = "$argon2id$x"
    assert run("", COMMANDS[Scope.AUDIT]).exit_code == 2
    with portal_db.writing() as session:
        make.stored(session, Installation(name="demo", value="true"))
    assert run("", COMMANDS[Scope.AUDIT]).exit_code == 0


def test_the_command_line_makes_no_account_that_may_more_than_its_own(real: PortalDb) -> None:
    token = an_account(real, Scope.ACCOUNTS, Scope.DIGEST)
    begin = ["service-account", "make", "Morning mail", "--district=0990011"]
    assert "may not do more" in run(token, [*begin, "--scope=audit"]).output

    made = run(token, [*begin, "--scope=digest", "--days=30"])
    assert made.exit_code == 0
    theirs = made.stdout.splitlines()[-1]
    assert "PORTAL_SERVICE_TOKEN" not in run(theirs, COMMANDS[Scope.DIGEST]).output
    listed = run(token, COMMANDS[Scope.ACCOUNTS]).output
    assert "Morning mail | digest | ends 2026-12-20 | last used 2026-11-20" in listed

    assert run(token, ["service-account", "end", "Morning mail", "--district=0990011"]).output
    assert run(theirs, COMMANDS[Scope.DIGEST]).exit_code == 2
    gone = run(token, ["service-account", "end", "Morning mail", "--district=0990011"])
    assert (gone.exit_code, "no such" in gone.output) == (1, True)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(" ", frozenset({Scope.AUDIT}), 30), "name"),
        (Draft("night\nly", frozenset({Scope.AUDIT}), 30), "name"),
        (Draft("NIGHTLY", frozenset({Scope.AUDIT}), 30), "name"),
        (Draft("Other", frozenset(), 30), "scopes"),
        (Draft("Other", frozenset({Scope.AUDIT}), 366), "days"),
        (Draft("Other", frozenset({Scope.AUDIT}), 0), "days"),
    ],
)
def test_an_account_has_a_name_a_scope_and_an_end_within_a_year(
    portal_db: PortalDb, draft: Draft, field: str
) -> None:
    an_account(portal_db, Scope.AUDIT)
    dina = portal_db.who(portal_db.cast.dina)
    with portal_db.writing() as session, pytest.raises(NotReady) as told:
        service_accounts.make(session, dina, draft, NOW)
    assert [problem.field for problem in told.value.problems] == [field]


SUPERINTENDENT = ["account", "superintendent", "--district-code=0990011"]
AGENCY_ADMIN = ["account", "agency-admin", "--agency=riverside clinic"]
SOMEBODY = ["--name=Nora First", "--email=nora@example.org"]


@pytest.mark.parametrize("command", [SUPERINTENDENT, AGENCY_ADMIN])
def test_those_whom_nobody_else_lets_in_come_by_a_link_of_the_operator(
    real: PortalDb, command: list[str]
) -> None:
    told = run(an_account(real, Scope.ACCOUNTS), [*command, *SOMEBODY])
    assert told.exit_code == 0, told.output
    with real.writing() as session:
        user = service.invited(session, told.stdout.strip().rpartition("/")[2], NOW)
        assert (user.name, str(user.role)) == ("Nora First", command[1].replace("-", "_")[:14])
    added, invited = lines(real, "account.added")[-1], lines(real, "account.invited")[-1]
    assert added.subject == invited.subject == str(user.id)
    assert invited.detail["by"] == "Service account Nightly"

    again = run(an_account(real, Scope.ACCOUNTS, name="Again"), [*command, *SOMEBODY])
    assert (again.exit_code, "signs in with this e-mail" in again.output) == (1, True)


def test_a_head_who_cannot_come_in_gets_a_new_link_and_loses_a_lost_second_factor(
    real: PortalDb,
) -> None:
    sue, token = real.cast.sue, an_account(real, Scope.ACCOUNTS)
    link = ["account", "link", sue.username.upper()]
    assert "no second factor" in run(token, [*link, "--reset-second-factor"]).output
    with real.writing() as session:
        session.add(SecondFactor(user_id=sue.id, secret="x", made_at=NOW, confirmed_at=NOW))
    told = run(token, [*link, "--reset-second-factor"])
    with real.writing() as session:
        found = service.invited(session, told.stdout.strip().rpartition("/")[2], NOW)
        assert found.id == sue.id
        assert session.get(SecondFactor, sue.id) is None
    assert lines(real, "account.second_factor_reset")[-1].subject == str(sue.id)

    for nobody in ("ana.counts", "nobody@example.org"):  # an administrator lets others in
        assert run(token, ["account", "link", nobody]).exit_code == 1


@pytest.mark.parametrize(
    ("districts", "status"), [(["theirs"], 2), (["ours", "theirs"], 0), (["ours"], 0), ([], 0)]
)
def test_a_token_lets_the_heads_of_an_agency_in_that_its_district_has_to_do_with(
    real: PortalDb, districts: list[str], status: int
) -> None:
    with real.writing() as session:
        agency = make.organization(session, "Lakeside", OrganizationKind.PROVIDER)
        other = make.organization(session, "Elsewhere Schools", code="0990099")
        admin = make.user(session, agency, "Lea Lake", Role.AGENCY_ADMIN, Level.AGENCY_ADMIN)
        for whose in districts:
            make.agreement(session, other if whose == "theirs" else real.cast.district, agency)
    token = an_account(real, Scope.ACCOUNTS)
    assert run(token, ["account", "link", admin.username]).exit_code == status
    command = ["account", "agency-admin", "--agency=Lakeside", *SOMEBODY]
    assert run(token, command).exit_code == status


def test_a_place_that_is_not_there_is_told(real: PortalDb) -> None:
    token = an_account(real, Scope.ACCOUNTS)
    told = run(token, ["account", "agency-admin", "--agency=Nowhere", *SOMEBODY])
    assert (told.exit_code, "not exactly one agency" in told.output) == (1, True)
    told = run(token, ["account", "superintendent", "--district-code=0990099", *SOMEBODY])
    assert (told.exit_code, "another district" in told.output) == (2, True)
