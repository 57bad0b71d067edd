"""`portal consent …`: take a consent along as a FHIR file, and see what somebody else's file asks.

Both meet the rules of the pages: an export is made for somebody who may take that consent, and
is in the trail under their name; a check reads a file and writes nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from portal import clock
from portal.access import actor, taking
from portal.access.unit_of_work import unit_of_work
from portal.accounts import queries
from portal.accounts.service_accounts import Admitted
from portal.commands import authority
from portal.consents.fhir.answering import Asks, SaysNo, answer
from portal.consents.fhir.opening import MOST_BYTES
from portal.consents.fhir.service import Exported, Stated, export_consent
from portal.errors import BadFile, NotReady, PortalError
from portal.vocabulary import CATEGORY_LABELS, PURPOSE_LABELS, ExportPurpose, Scope

app = typer.Typer(no_args_is_help=True, help="Consents as FHIR R4 files, out and in.")


@app.command("export-fhir")
def export_fhir(
    number: Annotated[str, typer.Argument(help="The consent's number, such as C-234567.")],
    out: Annotated[Path, typer.Option(help="The file to write; one that is there stays.")],
    on_behalf_of: Annotated[
        str, typer.Option("--as", help="User name of whoever takes it along; the trail names them.")
    ],
    purpose: Annotated[
        ExportPurpose,
        typer.Option(
            help="What for: care_record for the record "
            "system of whoever the consent is for, records_request for a lawful request."
        ),
    ],
    words: Annotated[
        str, typer.Option(metavar="WHY", help="The same in your own words; it stands in the file.")
    ],
) -> None:
    """Write a consent as a FHIR R4 Consent, for somebody who may take it along."""
    by = authority.require(Scope.CONSENT)
    try:
        exported = _exported(number, on_behalf_of, Stated(purpose, words), by)
    except NotReady as lacking:
        _stop(" ".join(f"{problem.what} {problem.do_next}" for problem in lacking.problems))
    except PortalError as refusal:
        _stop(f"{refusal.what} {refusal.do_next}")
    try:
        with out.open("xb") as file:
            file.write(exported.content)
    except OSError as error:
        _stop(f"{out}: {error.strerror}. Name a file that is not there yet.")
    typer.echo(f"{out}: SHA-256 {exported.sha256}")


def _exported(number: str, user_name: str, stated: Stated, by: Admitted | None) -> Exported:
    at = clock.now()
    with unit_of_work() as session:
        user = queries.user_named(session, user_name.strip().lower())
        me = actor.load(session, user.id, at) if user else None
        key = taking.id_of(session, number)
        if me is None or key is None:
            raise taking.NOT_FOUND
        authority.of_organization(by, me.organization_id)
        return export_consent(session, me, key, stated, at)


@app.command("check-fhir")
def check_fhir(
    file: Annotated[Path, typer.Argument(help="A FHIR R4 Consent as JSON.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Say what a FHIR Consent would ask a family for, that it is a no, or all that is wrong.

    Exit status: 0 it could be asked, 1 it could not. Nothing is written.
    """
    try:
        told = answer(_read(file), clock.now())
    except BadFile as bad:
        lines = [f"{problem.where} {problem.what} {problem.do_next}" for problem in bad.problems]
        _tell({"problems": [asdict(problem) for problem in bad.problems]}, lines, as_json=as_json)
        raise typer.Exit(1) from None
    if isinstance(told, SaysNo):
        no = {"number": told.number, "says_no": list(told.sentences), "do_next": told.do_next}
        _tell(no, [*told.sentences, told.do_next], as_json=as_json)
        raise typer.Exit(1)
    _tell({"asks": _as_json(told)}, _in_words(told), as_json=as_json)


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        _stop(f"{file}: {error.strerror}. Name a FHIR Consent as JSON.")


def _as_json(asks: Asks) -> dict[str, Any]:
    """Without the patient: what a command prints may be kept in a log."""
    return {
        "number": asks.number,
        "discloser": asks.discloser.name,
        "recipient": asks.recipient.name,
        "records": sorted(asks.categories),
        "purposes": sorted(asks.purposes),
        "detail": str(asks.detail),
        "starts_on": asks.starts_on.isoformat() if asks.starts_on else None,
        "ends_on": asks.ends_on.isoformat(),
        "records_from": asks.records_from.isoformat() if asks.records_from else None,
    }


def _in_words(asks: Asks) -> list[str]:
    kinds = ", ".join(CATEGORY_LABELS[kind] for kind in sorted(asks.categories))
    purposes = ", ".join(PURPOSE_LABELS[purpose] for purpose in sorted(asks.purposes))
    begins = f"from {asks.starts_on} " if asks.starts_on else ""
    return [
        f"It would ask the family: may {asks.discloser.name} give {asks.recipient.name}",
        f"  {kinds}",
        f"  to: {purposes}",
        f"  {begins}through {asks.ends_on}"
        + (f", records from {asks.records_from}" if asks.records_from else ""),
        "It opens nothing until the family signs the portal's own form.",
    ]


def _tell(told: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for line in lines:
        typer.echo(line)


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
