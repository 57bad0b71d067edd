"""How a request that goes by a link reaches the family: the letter, and the e-mail.

Both hold the link, of which only a digest is kept, so they are made at once. The e-mail is handed
over and kept nowhere. The letter leaves as any paper does, by its address: it is kept, readable
for whoever may ask this family, until the link has served. Nothing is sent from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import documents
from portal.access.actor import Actor
from portal.consents import papers
from portal.consents.forms import service as forms
from portal.consents.requests import queries
from portal.consents.requests.drafts import Channel
from portal.consents.requests.service import Sent
from portal.store.places import Organization
from portal.vocabulary import DocumentKind


@dataclass(frozen=True)
class Out:
    """A request that goes out. mail: to be sent once this is saved; None for another way."""

    sent: Sent
    mail: papers.Mail | None = None


def prepare(session: Session, me: Actor, sent: Sent, at: datetime) -> Out:
    """The e-mail, or the letter kept to be printed, in the transaction that asks.

    A second click has no link to send, and gets neither.
    """
    request = sent.request
    if not sent.token:
        return Out(sent)
    if request.channel == Channel.LETTER:
        request.paper_id = documents.keep(
            session,
            me.id,
            me.organization_id,
            DocumentKind.CONSENT_FORM,
            f"Letter-{request.number}.pdf",
            papers.PDF,
            letter(session, me, sent, at),
            at,
            student_id=queries.parts(session, request)[0].student_id,
        ).id
        session.flush()
    return Out(sent, mail(session, me, sent, at) if request.channel == Channel.EMAIL else None)


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
