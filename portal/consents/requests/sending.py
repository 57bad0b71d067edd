"""How a request that goes by a link reaches the family: the letter, and the e-mail.

Both hold the link, of which only a digest is kept: they are made at once, handed over, and kept
nowhere. Nothing is sent from here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.consents import papers
from portal.consents.forms import service as forms
from portal.consents.requests.service import Sent
from portal.store.places import Organization


def letter(session: Session, me: Actor, sent: Sent, at: datetime) -> bytes:
    """The letter to print, as a PDF. sent: what `ask` or `send` has just answered."""
    return papers.letter(_invitation(session, me, sent, at))


def mail(session: Session, me: Actor, sent: Sent, at: datetime) -> papers.Mail:
    """The e-mail to send to `sent.email`."""
    return papers.mail_text(_invitation(session, me, sent, at))


def _invitation(session: Session, me: Actor, sent: Sent, at: datetime) -> papers.Invitation:
    if not sent.token:
        raise ValueError("a request without its link cannot be sent")
    request = sent.request
    return papers.Invitation(
        form=forms.version(session, request.form_version_id).definition,
        district=session.get_one(Organization, request.district_id),
        number=request.number,
        to=request.signer_name,
        to_address="",
        language=request.language,
        token=sent.token,
        with_code=bool(sent.code),
        until=request.expires_at,
        signed_by=me.name,
        at=at,
    )
