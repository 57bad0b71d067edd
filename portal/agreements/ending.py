"""End an agreement: at once, or by notice; and see to what the partner received.

From the instant of a termination the gate opens nothing under it. What is left to do is listed:
open referrals, so that no student is left without care, and the return or destruction of what
the partner has (CGS 10-234bb(a)(7)).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements import closings, desk, queries
from portal.agreements.content import from_json
from portal.agreements.drafting import reason_problems
from portal.agreements.settling import OVER
from portal.agreements.status import Act, between
from portal.config import settings
from portal.errors import NotReady, Problem
from portal.policy import spans
from portal.policy.papers import may_change_agreement, scan_problems, scan_type
from portal.policy.spans import midnight_after
from portal.store.agreements import AgreementPaper, Settlement
from portal.store.papers import Agreement
from portal.store.places import Organization
from portal.vocabulary import (
    AgreementEventKind,
    AgreementStatus,
    DocumentKind,
    EndedHow,
    SettledHow,
)
from portal.word.values import clean

GOING_ON = frozenset({AgreementStatus.SIGNED, AgreementStatus.IN_FORCE})


def terminate(
    session: Session,
    me: Actor,
    paper_id: uuid.UUID,
    reason: str,
    at: datetime,
    partners: Collection[uuid.UUID] = (),
) -> AgreementPaper:
    """End it now, between the district and these partners, or all of them.

    From this instant the gate opens nothing under it.
    """
    paper = desk.ours(session, me, paper_id, Act.END, "agreement.terminated", at)
    told = clean(reason)
    desk.or_not_ready(reason_problems(told))
    pairs = _chosen(session, paper, partners, at)
    for pair in pairs:
        _close(session, pair, at, EndedHow.TERMINATED, told)
    desk.happened(session, me, paper, AgreementEventKind.TERMINATED, at, text=told)
    due = settle_by(session, paper, at)
    kind = AgreementEventKind.DESTRUCTION_ASKED
    desk.happened(session, me, paper, kind, at, text=f"By {due:%B} {due.day}, {due.year}.")
    ended = sorted(pair.number for pair in pairs)
    desk.told(session, me, "agreement.terminated", paper, at, ended=ended, due=due.isoformat())
    return paper


def settle_by(session: Session, paper: AgreementPaper, over: datetime) -> date:
    """The last day for returning or destroying what was received, when it is over at `over`."""
    tz = session.get_one(Organization, paper.district_id).tz
    days = from_json(paper.content).clocks.destroy_days
    return spans.last_day(over, tz) + timedelta(days=days)


def give_notice(
    session: Session,
    me: Actor,
    paper_id: uuid.UUID,
    last_day: date | None,
    reason: str,
    at: datetime,
    partners: Collection[uuid.UUID] = (),
) -> AgreementPaper:
    """End it by notice: last_day is the last on which it is in force."""
    paper = desk.ours(session, me, paper_id, Act.END, "agreement.notice_given", at)
    told, tz = clean(reason), session.get_one(Organization, paper.district_id).tz
    days = from_json(paper.content).clocks.notice_days
    today = queries.local_day(at, tz)
    desk.or_not_ready([*reason_problems(told), *notice_problems(last_day, today, days)])
    if last_day is None:
        raise AssertionError("notice_problems lets no such notice pass")
    over = midnight_after(last_day, tz)
    pairs = _chosen(session, paper, partners, at)
    desk.or_not_ready(_sooner_problems(pairs, over))
    for pair in pairs:
        _close(session, pair, over, EndedHow.NOTICE, told)
    desk.happened(session, me, paper, AgreementEventKind.NOTICE_GIVEN, at, text=told)
    desk.told(session, me, "agreement.notice_given", paper, at, last_day=last_day.isoformat())
    return paper


def notice_problems(last_day: date | None, today: date, days: int) -> list[Problem]:
    """Why notice cannot be given for this last day. days: of notice, as the agreement says."""
    if last_day is None:
        return [Problem("The last day is missing.", "Say when it ends.", "Last day")]
    earliest = today + timedelta(days=days)
    if last_day < earliest:
        return [
            Problem(
                f"The agreement asks for {days} days of notice.",
                f"Choose {earliest:%B} {earliest.day} or later, or end it at once with its reason.",
                "Last day",
            )
        ]
    return []


def _sooner_problems(pairs: Sequence[Agreement], over: datetime) -> list[Problem]:
    if any(pair.ends_at is None or over < pair.ends_at for pair in pairs):
        return []
    return [
        Problem(
            "By then it has ended anyway.", "Choose an earlier day, or let it expire.", "Last day"
        )
    ]


def _chosen(
    session: Session, paper: AgreementPaper, partners: Collection[uuid.UUID], at: datetime
) -> list[Agreement]:
    """The rows of these partners, or of all, under which something is still open."""
    pairs = [
        pair
        for pair in queries.pairs(session, paper.id)
        if (not partners or pair.b_id in partners)
        and between(queries.as_pair(pair), at) in GOING_ON
    ]
    if not pairs:
        raise NotReady([Problem("With this partner it has ended.", "Open it again.", "Partner")])
    return pairs


def _close(session: Session, pair: Agreement, over: datetime, how: EndedHow, reason: str) -> None:
    pair.terminated_at, pair.ended_how, pair.terminated_reason = over, how, reason
    session.flush()
    closings.noted(session, pair)


# Returned or destroyed


@dataclass(frozen=True)
class Certificate:
    """What a partner certifies. what: which records, in words, without a name of a student."""

    done_on: date | None
    how: SettledHow
    what: str
    signed_by: str
    scan: bytes = field(default=b"", repr=False)


def certificate_problems(told: Certificate, over_on: date, today: date) -> list[Problem]:
    """Why this cannot be recorded. over_on: the first day on which it was over."""
    found = []
    if told.done_on is None:
        found.append(Problem("The date is missing.", "Copy it from the certificate.", "Done on"))
    elif told.done_on > today:
        found.append(Problem("The date is in the future.", "Copy it again.", "Done on"))
    elif told.done_on < over_on:
        found.append(
            Problem(
                "The date is before the agreement ended.",
                "Check that the certificate is of this agreement, and its date.",
                "Done on",
            )
        )
    if not told.what.strip():
        found.append(
            Problem(
                "What was returned or destroyed is missing.",
                "Say which kinds of record, and how; name no student.",
                "What",
            )
        )
    if not told.signed_by.strip():
        found.append(Problem("The signer is missing.", "Write who certified it.", "Signed by"))
    if told.scan:
        found += scan_problems(told.scan, settings().upload_megabytes, "Scan")
    return found


def certify(
    session: Session, me: Actor, agreement_id: uuid.UUID, told: Certificate, at: datetime
) -> Settlement:
    """Record that a partner returned or destroyed what it had. agreement_id: the gate's row."""
    pair = session.get(Agreement, agreement_id)
    paper_id = pair.paper_id if pair and pair.paper_id else uuid.uuid4()
    paper = desk.visible(session, me, paper_id, "agreement.settled", at)
    decision = may_change_agreement(str(me.organization_id), me.role, str(paper.district_id))
    desk.or_refuse(session, me, decision, "agreement.settled", paper, at)
    if pair is None:
        raise AssertionError("a paper that is visible has its row")
    _can_be_settled(session, paper, pair, at)
    tz = session.get_one(Organization, paper.district_id).tz
    over_on = queries.local_day(queries.over_at(pair, at), tz)
    desk.or_not_ready(certificate_problems(told, over_on, queries.local_day(at, tz)))
    if told.done_on is None:
        raise AssertionError("certificate_problems lets no such certificate pass")
    settled = Settlement(
        agreement_id=pair.id,
        done_on=told.done_on,
        how=told.how,
        what=clean(told.what),
        signed_by=clean(told.signed_by),
        recorded_at=at,
        recorded_by=me.id,
        document_id=_scan(session, me, paper, told.scan, at),
    )
    session.add(settled)
    kind = AgreementEventKind.DESTRUCTION_CERTIFIED
    desk.happened(session, me, paper, kind, at, text=settled.what)
    desk.told(session, me, "agreement.settled", paper, at, how=told.how)
    return settled


def _can_be_settled(session: Session, paper: AgreementPaper, pair: Agreement, at: datetime) -> None:
    """With this partner it is over, whatever it still is with the others of the same paper."""
    if session.get(Settlement, pair.id) is not None:
        raise NotReady([Problem("This is recorded already.", "Open the agreement again.")])
    if paper.executed_at is None or between(queries.as_pair(pair), at) not in OVER:
        raise NotReady(
            [
                Problem(
                    "With this partner the agreement is not over, or another goes on in its place.",
                    "Record the certificate when it has ended.",
                )
            ]
        )


def _scan(
    session: Session, me: Actor, paper: AgreementPaper, scan: bytes, at: datetime
) -> uuid.UUID | None:
    kind = scan_type(scan)
    if kind is None:
        return None
    name = f"Agreement-{paper.number}-settled{kind.ending}"
    document = desk.keep(
        session,
        me,
        paper,
        DocumentKind.DESTRUCTION_CERTIFICATE,
        name,
        kind.media_type,
        scan,
        at,
        to_partners=True,
    )
    return document.id
