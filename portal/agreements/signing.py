"""Sign an issued agreement, in order; or refuse. With the last signature it binds.

A name is typed by the signer whom the paper names, signed in; what was signed by hand is
recorded by the district with its scan.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements import certificate, closings, desk, queries
from portal.agreements.content import PaperSignature, Signature, TypedSignature
from portal.agreements.drafting import reason_problems
from portal.agreements.status import REPLACED, Act
from portal.config import settings
from portal.errors import NotReady, Problem
from portal.policy.papers import (
    may_change_agreement,
    may_sign_agreement,
    same_name,
    scan_problems,
    scan_type,
)
from portal.policy.spans import local_midnight
from portal.store.agreements import AgreementPaper, AgreementSignature
from portal.store.papers import Agreement, Document
from portal.store.places import Organization
from portal.vocabulary import (
    AgreementEventKind,
    DocumentKind,
    EndedHow,
    Following,
    SigningMethod,
)
from portal.word.values import clean


def sign(
    session: Session,
    me: Actor,
    paper_id: uuid.UUID,
    place: int,
    signature: Signature,
    at: datetime,
) -> AgreementPaper:
    """Sign at one place of an issued agreement: the signer's typed name, or a scan.

    Raises NotFound, Refused, and NotReady when it is not that place's turn.
    """
    paper = desk.visible(session, me, paper_id, "agreement.signed", at)
    row = _place(session, paper, place)
    side = may_sign_agreement(str(me.organization_id), me.role, str(row.organization_id))
    desk_side = may_change_agreement(str(me.organization_id), me.role, str(paper.district_id))
    by_hand = isinstance(signature, PaperSignature)
    desk.or_refuse(session, me, desk_side if by_hand else side, "agreement.signed", paper, at)
    desk.require(session, paper, Act.SIGN, at)
    desk.or_not_ready(replaced_problems(session, paper))
    desk.or_not_ready(turn_problems(queries.signatures(session, paper.id), place))
    row.sha256 = queries.document_sha256(session, paper.document_id)  # first: signed, it is shut
    if isinstance(signature, TypedSignature):
        desk.or_not_ready(typed_problems(signature, row.name, me.name))
        row.method, row.user_id = SigningMethod.TYPED, me.id
        row.signed_at, row.signed_as = at, f"{me.name}, {row.title}"
    else:
        _by_hand(session, me, paper, row, signature, at)
    desk.happened(session, me, paper, AgreementEventKind.SIGNED, at, text=row.signed_as)
    desk.told(session, me, "agreement.signed", paper, at, place=place, signer=row.signed_as)
    _execute_when_complete(session, me, paper, at)
    return paper


def refuse(
    session: Session, me: Actor, paper_id: uuid.UUID, place: int, reason: str, at: datetime
) -> AgreementPaper:
    """Say for my side that it does not sign, and why; then nobody can sign it any more."""
    paper = desk.visible(session, me, paper_id, "agreement.refused", at)
    row = _place(session, paper, place)
    decision = may_sign_agreement(str(me.organization_id), me.role, str(row.organization_id))
    desk.or_refuse(session, me, decision, "agreement.refused", paper, at)
    desk.require(session, paper, Act.SIGN, at)
    told = clean(reason)
    if row.signed_at is not None:
        raise NotReady([SIGNED_ALREADY])
    desk.or_not_ready(reason_problems(told))
    row.refused_at, row.refused_reason, row.user_id = at, told, me.id
    desk.happened(session, me, paper, AgreementEventKind.REFUSED, at, text=told)
    desk.told(session, me, "agreement.refused", paper, at, place=place)
    return paper


def reminded(
    session: Session, me: Actor, paper_id: uuid.UUID, at: datetime
) -> tuple[AgreementPaper, AgreementSignature]:
    """Write down that the signer whose turn it is was reminded; the caller sends the e-mail."""
    paper = desk.ours(session, me, paper_id, Act.REMIND, "agreement.reminded", at)
    row = next_place(queries.signatures(session, paper.id))
    if row is None or not row.email.strip():
        raise NotReady(
            [
                Problem(
                    "The next signer has no e-mail address on this agreement.",
                    "Call them; an address is given in the step “People and signers”.",
                )
            ]
        )
    row.reminded_at = at
    desk.happened(session, me, paper, AgreementEventKind.REMINDED, at, text=row.name)
    desk.told(session, me, "agreement.reminded", paper, at, place=row.place)
    return paper, row


def replaced_problems(session: Session, paper: AgreementPaper) -> list[Problem]:
    """Another took the place of the one that this amends or renews, since it was begun.

    It would compare itself with an agreement that is no more, and so widen what the newer one
    narrowed.
    """
    if paper.follows_id is None or paper.executed_at is not None:
        return []
    mine = set(queries.partner_ids(session, paper.id))
    pairs = [pair for pair in queries.pairs(session, paper.follows_id) if pair.b_id in mine]
    if not any(pair.ended_how in REPLACED for pair in pairs):
        return []
    earlier = session.get_one(AgreementPaper, paper.follows_id)
    return [
        Problem(
            f"Another agreement has taken the place of {earlier.number}, which this one follows.",
            "Take this one back, and amend or renew the newer one instead.",
        )
    ]


SIGNED_ALREADY = Problem("This place is signed already.", "Open the agreement again.")


def next_place(places: Sequence[AgreementSignature]) -> AgreementSignature | None:
    """Whose turn it is; None when all have signed."""
    return next((row for row in places if row.signed_at is None), None)


def turn_problems(places: Sequence[AgreementSignature], place: int) -> list[Problem]:
    """Why this place cannot be signed now. places: in order."""
    row = next(row for row in places if row.place == place)
    turn = next_place(places)
    if row.signed_at is not None:
        return [SIGNED_ALREADY]
    if turn is not None and turn.place < place:
        return [
            Problem(
                f"{turn.name} signs first.",
                "The order of signing is that of the agreement. Wait for that signature.",
            )
        ]
    return []


def _place(session: Session, paper: AgreementPaper, place: int) -> AgreementSignature:
    row = session.get(AgreementSignature, (paper.id, place))
    if row is None:
        raise NotReady(
            [Problem("Nobody signs at this place.", "Open the agreement again.", "Signature")]
        )
    return row


# A signature


def typed_problems(signature: TypedSignature, named: str, me: str) -> list[Problem]:
    """Why a typed name is no signature. named: by the paper; me: whoever is signed in."""
    found = []
    if not same_name(me, named):
        found.append(
            Problem(
                f"The paper names {named} as the signer, and you are {me}.",
                f"Have {named} sign, here or on paper, or ask for an agreement naming you.",
                "Your name",
            )
        )
    elif not same_name(signature.name, me):
        found.append(
            Problem(
                "The typed name is not yours.", f"Type your name as it is here: {me}.", "Your name"
            )
        )
    if not signature.attests:
        found.append(
            Problem(
                "The box is not ticked.",
                "Read the agreement, then tick that typing your name is your signature.",
                "Signature",
            )
        )
    return found


def paper_problems(
    signature: PaperSignature, issued_on: date, today: date, most_megabytes: int
) -> list[Problem]:
    """Why a paper signed by hand cannot be recorded."""
    found = scan_problems(signature.scan, most_megabytes, "Scan")
    if not signature.name.strip():
        found.append(Problem("The signer is missing.", "Write who signed.", "Signer"))
    if signature.signed_on is None:
        found.append(Problem("The date is missing.", "Copy it from the paper.", "Signed on"))
    elif signature.signed_on > today:
        found.append(Problem("The date is in the future.", "Copy it from the paper.", "Signed on"))
    elif signature.signed_on < issued_on:
        found.append(
            Problem(
                "The date is before the agreement was issued.",
                "Check that the scan is of this agreement, and the date on it.",
                "Signed on",
            )
        )
    return found


def _by_hand(
    session: Session,
    me: Actor,
    paper: AgreementPaper,
    row: AgreementSignature,
    signature: PaperSignature,
    at: datetime,
) -> None:
    """The day on the paper, though never before the paper was printed."""
    issued = session.get_one(Document, paper.document_id).made_at
    tz = session.get_one(Organization, paper.district_id).tz
    issued_on, today = (queries.local_day(moment, tz) for moment in (issued, at))
    most = settings().upload_megabytes
    desk.or_not_ready(paper_problems(signature, issued_on, today, most))
    kind, day = scan_type(signature.scan), signature.signed_on
    if kind is None or day is None:
        raise AssertionError("paper_problems lets no such signature pass")
    kept = desk.keep(
        session,
        me,
        paper,
        DocumentKind.SIGNED_AGREEMENT,
        f"Agreement-{paper.number}-signed{kind.ending}",
        kind.media_type,
        signature.scan,
        at,
        to_partners=True,
    )
    told = (clean(signature.name), clean(signature.title))
    row.signed_as = ", ".join(part for part in told if part)
    row.signed_at = max(local_midnight(day, tz), issued)
    row.method, row.user_id, row.scan_id = SigningMethod.BY_HAND, me.id, kept.id


# When all have signed


def _execute_when_complete(
    session: Session, me: Actor, paper: AgreementPaper, at: datetime
) -> None:
    places = queries.signatures(session, paper.id)
    if next_place(places) is not None:
        return
    instants = [row.signed_at for row in places if row.signed_at is not None]
    paper.executed_at = max(instants)
    pairs = queries.pairs(session, paper.id)
    for pair in pairs:
        _bind(pair, places, paper.executed_at, several=len(pairs) > 1)
    session.flush()
    _take_the_place(session, me, paper, pairs, at)
    desk.happened(session, me, paper, AgreementEventKind.EXECUTED, at)
    desk.told(session, me, "agreement.executed", paper, at)
    certificate.at_once(session, me, paper, at)


def _bind(
    pair: Agreement,
    places: Sequence[AgreementSignature],
    executed: datetime,
    *,
    several: bool,
) -> None:
    """From now on the gate reads it. With several partners nobody is bound before all are."""
    for side, organization in (("a", pair.a_id), ("b", pair.b_id)):
        own = [row for row in places if row.organization_id == organization]
        instants = [row.signed_at for row in own if row.signed_at is not None]
        names = "; ".join(row.signed_as for row in own)
        setattr(pair, f"{side}_signed_at", executed if several else max(instants))
        setattr(pair, f"{side}_signer", names)


def _take_the_place(
    session: Session, me: Actor, paper: AgreementPaper, pairs: Sequence[Agreement], at: datetime
) -> None:
    """What it amends or renews stops for the same partners when this one begins."""
    if paper.follows_id is None or paper.executed_at is None:
        return
    how = EndedHow.AMENDED if paper.follows_how is Following.AMENDS else EndedHow.SUPERSEDED
    followed = {pair.b_id: pair for pair in queries.pairs(session, paper.follows_id)}
    for pair in pairs:
        old, begins = followed.get(pair.b_id), max(pair.starts_at, paper.executed_at)
        if old is None or queries.over_at(old, datetime.max.replace(tzinfo=UTC)) <= begins:
            continue  # it has run its course by then, or was stopped; notice may end it later
        old.terminated_at, old.ended_how = begins, how
        old.terminated_reason = f"Agreement {paper.number} takes its place."
        closings.noted(session, old)
        earlier = session.get_one(AgreementPaper, paper.follows_id)
        kind = AgreementEventKind.REPLACED
        desk.happened(session, me, earlier, kind, at, text=paper.number)
        desk.told(session, me, "agreement.replaced", earlier, at, by=paper.number)
