"""The certificate of signing of an agreement: its link; made now when it was not made at once."""

from __future__ import annotations

import uuid

from portal import clock
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.agreements import certificate
from portal.agreements.queries import AgreementView
from portal.errors import BadFile, NotReady
from portal.ui import parts

LATER = "The certificate of signing is not made yet. {told} The signatures are kept all the same."


def draw(view: AgreementView, me: Actor) -> None:
    """What the detail of an agreement that all have signed shows of it."""
    if view.executed_at is None:
        return
    try:
        key = view.certificate_id or _made(view, me)
    except (NotReady, BadFile) as error:
        parts.muted(LATER.format(told=f"{error.what} {error.do_next}"))
        return
    parts.document(f"Certificate of signing of agreement {view.number} (PDF)", key)


def _made(view: AgreementView, me: Actor) -> uuid.UUID:
    with unit_of_work() as session:
        return certificate.certificate(session, me, view.id, clock.now())
