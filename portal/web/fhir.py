"""/fhir/consent/{id}: a consent is taken along as a FHIR file, for a stated purpose."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from portal import clock
from portal.access import taking
from portal.access.unit_of_work import unit_of_work
from portal.accounts.queries import LiveSession
from portal.consents.fhir.service import Exported, Stated, export_consent, number_of
from portal.errors import NotFound, NotReady, PortalError, Problem
from portal.policy import exports as rules
from portal.vocabulary import EXPORT_PURPOSE_LABELS, ExportKind, ExportPurpose
from portal.web import forms, plain
from portal.web.files import file
from portal.web.sign_in import run
from portal.web.steps import me_of

FIELDS = {rules.FIELD_PURPOSE: "purpose", rules.FIELD_WORDS: "words"}
"""Where the page shows what a rule calls so."""


async def fhir_consent(request: Request) -> Response:
    """What it is for is asked first; the answer to that is the file."""
    held: LiveSession = request.state.held
    asked = request.path_params["consent_id"]
    try:
        if request.method != "POST":
            return await run(_page, held, asked, {}, ())
        form = await forms.read(request)
        try:
            found = await run(_export, held, asked, form)
        except NotReady as lacking:
            return await run(_page, held, asked, form, lacking.problems)
    except NotFound as missing:
        return plain.message(404, "Consent not found", missing.what, missing.do_next)
    except PortalError as refusal:
        return plain.refused(refusal)
    return file(found.file_name, found.media_type, found.content)


def _page(
    held: LiveSession, asked: str, form: Mapping[str, str], problems: Sequence[Problem]
) -> Response:
    purposes = rules.purposes_of(ExportKind.CONSENT)
    with unit_of_work() as session:
        at = clock.now()
        number = number_of(session, me_of(session, held, at), _key(asked), at)
    return plain.page(
        "fhir.html",
        422 if problems else 200,
        number=number,
        address=f"/fhir/consent/{asked}",
        purposes=[(one, EXPORT_PURPOSE_LABELS[one]) for one in purposes],
        most=rules.LONGEST_PURPOSE,
        form=form,
        problems={FIELDS[problem.field]: problem for problem in problems},
    )


def _export(held: LiveSession, asked: str, form: Mapping[str, str]) -> Exported:
    chosen = form.get("purpose", "")
    purpose = ExportPurpose(chosen) if chosen in set(ExportPurpose) else None
    with unit_of_work() as session:
        at = clock.now()
        me = me_of(session, held, at)
        return export_consent(session, me, _key(asked), Stated(purpose, form.get("words", "")), at)


def _key(asked: str) -> uuid.UUID:
    try:
        return uuid.UUID(asked)
    except ValueError:
        raise taking.NOT_FOUND from None
