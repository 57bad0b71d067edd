"""By what right a command runs: a service account's token, in PORTAL_SERVICE_TOKEN.

    by = authority.require(Scope.IMPORT)          # stops with status 2 when it may not
    authority.of_district(by, "0990011")          # and when it is another district's

Nobody's password is asked for at the command line. In a demonstration, and as long as nobody
can sign in (no password is set and no service account made), a command needs none. What a
command writes to the trail names the service account; so does a line of its own, also when it
was turned away.
"""

from __future__ import annotations

import uuid
from typing import NoReturn

import typer

from portal import clock
from portal.access import trail
from portal.access.unit_of_work import unit_of_work
from portal.accounts import service_accounts
from portal.accounts.service_accounts import Admitted, Unfit
from portal.commands.serve import database_problem
from portal.config import settings
from portal.policy.people import Managed, may_let_in
from portal.vocabulary import SCOPE_LABELS, Scope

TURNED_AWAY = 2

WHY = {
    Unfit.NO_TOKEN: "This command needs a service account's token in PORTAL_SERVICE_TOKEN.",
    Unfit.UNKNOWN_TOKEN: "PORTAL_SERVICE_TOKEN is not the token of a service account.",
    Unfit.ENDED: "The service account of PORTAL_SERVICE_TOKEN was ended.",
    Unfit.EXPIRED: "The service account of PORTAL_SERVICE_TOKEN has run out.",
    Unfit.OTHER_SCOPE: "The service account of PORTAL_SERVICE_TOKEN may not do this.",
    Unfit.OTHER_DISTRICT: "The service account of PORTAL_SERVICE_TOKEN is another district's.",
}
ASK = "An administrator makes one on the page Service accounts; tick “{}”."


def require(scope: Scope) -> Admitted | None:
    """The service account of this command; None when none is needed. Else stops, status 2."""
    if problem := database_problem():
        _stop(problem)
    with unit_of_work() as session:
        found: Admitted | Unfit | None = None
        if settings().service_token or service_accounts.is_needed(session):
            token = settings().service_token
            found = service_accounts.admitted(session, token, scope, clock.now())
    if isinstance(found, Unfit):
        _turn_away(found, scope)
    if found is not None:
        trail.acting.set(f"Service account {found.name}")
    return found


def of_district(by: Admitted | None, code: str) -> None:
    """Stop when the account belongs to another district than the one with this code."""
    if by is not None and by.district_code != code:
        _stop(f"{WHY[Unfit.OTHER_DISTRICT]} Use one of the district {code}.")


def of_organization(by: Admitted | None, organization_id: uuid.UUID) -> None:
    """Stop when somebody of another organization is to act by this account."""
    if by is not None and by.organization_id != organization_id:
        _stop(f"{WHY[Unfit.OTHER_DISTRICT]} Name somebody of the account's own district.")


def of_people(by: Admitted | None, them: Managed) -> None:
    """Stop when the account's district does not let such people in."""
    if by is not None and not may_let_in(str(by.organization_id), them):
        _stop(f"{WHY[Unfit.OTHER_DISTRICT]} Use one of a district that the agency serves.")


def over() -> None:
    """The command has ended: lines of the trail name its service account no longer."""
    trail.acting.set("")


def _turn_away(why: Unfit, scope: Scope) -> NoReturn:
    _stop(f"{WHY[why]} {ASK.format(SCOPE_LABELS[scope])}")


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(TURNED_AWAY)
