"""Remind the signer whose turn it is: when, how often, and in which words.

with unit_of_work() as session:
    letter = reminding.remind(session, me, paper_id, at)
mail.send(letter.to, letter.subject, letter.text)     # after the commit
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements import addresses, desk, queries, signing
from portal.agreements.content import from_json
from portal.agreements.printing import listed, told
from portal.agreements.queries import AgreementView
from portal.agreements.status import Act
from portal.errors import Problem
from portal.policy.tasks import Task
from portal.store.agreements import AgreementPaper, AgreementSignature
from portal.store.places import Organization
from portal.vocabulary import AGREEMENT_KIND_LABELS, AgreementEventKind, AgreementStatus

AFTER = (7, 14)
"""Days after which a signer whose turn it is is reminded by itself."""


@dataclass(frozen=True)
class Letter:
    """An e-mail to a signer. before: when they had been reminded before this."""

    to: str
    subject: str
    text: str
    paper_id: uuid.UUID
    place: int
    organization: str
    before: datetime | None


def remind(session: Session, me: Actor, paper_id: uuid.UUID, at: datetime) -> Letter:
    """Write down that the next signer is reminded, and the e-mail to be sent after the commit.

    Raises NotFound, Refused, and NotReady when it is nobody's turn, when the signer has no
    e-mail address, or was reminded today.
    """
    paper = desk.ours(session, me, paper_id, Act.REMIND, "agreement.reminded", at)
    turn = signing.next_place(queries.signatures(session, paper.id))
    if turn is not None:
        session.refresh(turn, with_for_update=True)  # the second of two clicks finds it done
    before = turn.reminded_at if turn else None
    desk.or_not_ready(once_a_day(before, at, me.tz))
    paper, row = signing.reminded(session, me, paper_id, at)
    return _letter(session, me, paper, row, before)


def not_sent(session: Session, me: Actor, letter: Letter, at: datetime) -> None:
    """The mail server did not take it: the signer may be reminded again, and the history says so.

    Nothing is taken out of the history: it is only added to.
    """
    paper = desk.visible(session, me, letter.paper_id, "agreement.reminder_failed", at)
    row = session.get_one(AgreementSignature, (paper.id, letter.place))
    if row.signed_at is None:
        row.reminded_at = letter.before
    text = f"The mail server did not take the e-mail to {row.name}."
    desk.happened(session, me, paper, AgreementEventKind.REMINDED, at, text=text)
    desk.told(session, me, "agreement.reminder_failed", paper, at, place=row.place)


def once_a_day(before: datetime | None, at: datetime, tz: str) -> list[Problem]:
    """Why a signer is not reminded again now; tz: of whoever reminds."""
    if before is None or queries.local_day(before, tz) < queries.local_day(at, tz):
        return []
    return [
        Problem(
            "This signer was reminded today already.", "Call them, or send a reminder tomorrow."
        )
    ]


# By itself


def due(
    session: Session, me: Actor, at: datetime, after: Collection[int] = AFTER
) -> list[AgreementView]:
    """My district's agreements whose next signer should be reminded now, the oldest first.

    after: days of waiting. Each of them reminds once, however often this is asked.
    """
    me.may(Task.MAKE_AGREEMENT).or_refuse()
    found = [view for view in queries.ours(session, me, at) if is_due(view, at, after)]
    return sorted(found, key=lambda view: (view.issued_at or at, view.number))


def is_due(view: AgreementView, at: datetime, after: Collection[int] = AFTER) -> bool:
    """Has the signer whose turn it is waited so long, and not been reminded since?"""
    turn, since = view.turn, turn_began(view)
    if view.status is not AgreementStatus.OUT_FOR_SIGNATURE or turn is None or since is None:
        return False
    passed = [since + timedelta(days=days) for days in after if since + timedelta(days=days) <= at]
    if not view.we_wrote_it or not turn.email.strip() or not passed:
        return False
    return turn.reminded_at is None or turn.reminded_at < max(passed)


def turn_began(view: AgreementView) -> datetime | None:
    """Since when the next signature is awaited: the one before it, or the issue."""
    signed = [place.signed_at for place in view.places if place.signed_at is not None]
    return max([*signed, view.issued_at] if view.issued_at else signed, default=None)


# The words


def _letter(
    session: Session,
    me: Actor,
    paper: AgreementPaper,
    row: AgreementSignature,
    before: datetime | None,
) -> Letter:
    """No name of a student is known here, and none can stand in it."""
    district = session.get_one(Organization, paper.district_id)
    names = [
        session.get_one(Organization, id_).name for id_ in queries.partner_ids(session, paper.id)
    ]
    kind = AGREEMENT_KIND_LABELS[paper.kind].lower()
    issued = paper.issued_at or paper.written_at
    content = from_json(paper.content)
    text = f"""Dear {row.name},

Agreement {paper.number}, a {kind} between {district.name} and {listed(names)}, was issued on \
{told(queries.local_day(issued, district.tz))} and waits for your signature. It is to be in force \
from {told(content.starts_on)} through {told(content.ends_on)}.

Sign in to the portal, read it, and sign it there:

{addresses.signing_url()}

If you sign on paper instead, send the signed paper to {district.name}, which keeps a scan of it.

{me.name} of {district.name} asks for it.
"""
    return Letter(
        to=row.email.strip(),
        subject=f"Agreement {paper.number} waits for your signature",
        text=text,
        paper_id=paper.id,
        place=row.place,
        organization=session.get_one(Organization, row.organization_id).name,
        before=before,
    )
