"""Write an agreement, issue it, sign it, end it.

Until it is issued it can be revised; from then on its document is kept as exact
bytes and neither it nor its schedule changes. The gate reads the same rows.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy.orm import Session

from portal.access import documents, once, trail
from portal.access.actor import Actor
from portal.access.numbers import new_number
from portal.agreements import closings, queries, rules
from portal.agreements import documents as paper
from portal.agreements.drafts import (
    AgreementDraft,
    PaperSignature,
    Signature,
    Terms,
    TypedSignature,
)
from portal.agreements.rules import Act, Side
from portal.config import settings
from portal.errors import NotFound, NotReady, Problem
from portal.policy.decision import Decision, Reason
from portal.policy.papers import may_change_agreement, may_sign_agreement, scan_type
from portal.policy.spans import local_midnight, midnight_after
from portal.policy.tasks import Task
from portal.store.papers import Agreement, AgreementLine, Document
from portal.store.places import Organization
from portal.vocabulary import DocumentKind
from portal.word.render import MEDIA_TYPE
from portal.word.values import clean

NOT_FOUND = NotFound(
    "There is no agreement here that you may open.",
    "Open it from the list of agreements, or ask your administrator.",
)


def draft(
    session: Session, me: Actor, drafted: AgreementDraft, at: datetime, key: str
) -> Agreement:
    """Begin an agreement between my district and an agency; it may still have gaps.

    key: the form's; a second click with the same key finds the first one's agreement.
    Raises Refused, and NotReady when no active agency is chosen.
    """
    me.may(Task.MAKE_AGREEMENT).or_refuse()
    _raise(rules.draft_problems(drafted, _known(session, me, drafted, at)))
    agreement_id = uuid.uuid4()
    earlier = once.first_result(session, me, "agreement.drafted", key, agreement_id, at)
    if earlier is not None:
        return session.get_one(Agreement, earlier)
    agreement = Agreement(
        id=agreement_id,
        number=new_number(session, Agreement.number, "M"),
        a_id=me.organization_id,
        written_by=me.id,
        written_at=at,
    )
    _fill(session, me, agreement, drafted, at)
    _told(session, me, "agreement.drafted", agreement, at)
    return agreement


def revise(
    session: Session, me: Actor, agreement_id: uuid.UUID, drafted: AgreementDraft, at: datetime
) -> Agreement:
    """Change a draft; what has been issued cannot be changed."""
    agreement = _to_change(session, me, agreement_id, "agreement.revised", at)
    _require(session, agreement, Act.REVISE, at)
    _raise(rules.draft_problems(drafted, _known(session, me, drafted, at)))
    for line in queries.lines(session, agreement.id):
        session.delete(line)
    session.flush()
    _fill(session, me, agreement, drafted, at)
    _told(session, me, "agreement.revised", agreement, at)
    return agreement


def issue(session: Session, me: Actor, agreement_id: uuid.UUID, at: datetime) -> Agreement:
    """Print it, keep the exact bytes with their hash, and open it for signature.

    Raises NotReady with everything that is missing.
    """
    agreement = _to_change(session, me, agreement_id, "agreement.issued", at)
    _require(session, agreement, Act.ISSUE, at)
    printed = queries.parties(session, agreement)
    drafted = queries.draft_of(printed)
    _raise(rules.problems(drafted, _known(session, me, drafted, at)))
    content = paper.render(printed, at)
    kept = documents.keep(
        session,
        me.id,
        agreement.a_id,
        DocumentKind.AGREEMENT,
        f"Agreement-{agreement.number}.docx",
        MEDIA_TYPE,
        content,
        at,
    )
    agreement.document_id = kept.id
    _bind(session.get_one(Organization, agreement.b_id), drafted.terms)
    _told(session, me, "agreement.issued", agreement, at, sha256=kept.sha256)
    return agreement


def _bind(partner: Organization, terms: Terms) -> None:
    """The gate asks of this partner's records what the laws named in the paper ask.

    A paper may add a law and never takes one away: that would open what was closed.
    """
    partner.is_hipaa = partner.is_hipaa or terms.is_hipaa
    partner.is_part2 = partner.is_part2 or terms.is_part2


def sign_for_district(
    session: Session, me: Actor, agreement_id: uuid.UUID, signature: Signature, at: datetime
) -> Agreement:
    """The superintendent's typed name, or what was signed by hand, recorded with its scan."""
    return _sign(session, me, agreement_id, Side.DISTRICT, signature, at)


def sign_for_partner(
    session: Session, me: Actor, agreement_id: uuid.UUID, signature: Signature, at: datetime
) -> Agreement:
    """The agency administrator's typed name; or the district records what the agency signed."""
    return _sign(session, me, agreement_id, Side.PARTNER, signature, at)


def terminate(
    session: Session, me: Actor, agreement_id: uuid.UUID, reason: str, at: datetime
) -> Agreement:
    """End it now; from this instant the gate opens nothing under it."""
    agreement = _to_change(session, me, agreement_id, "agreement.terminated", at)
    _require(session, agreement, Act.END, at)
    _raise(rules.end_problems(clean(reason)))
    agreement.terminated_at, agreement.terminated_reason = at, clean(reason)
    closings.noted(session, agreement)
    _told(session, me, "agreement.terminated", agreement, at)
    return agreement


# Whose agreement it is


def _ours(
    session: Session, me: Actor, agreement_id: uuid.UUID, event: str, at: datetime
) -> Agreement:
    """An agreement that this person may see; a foreign one and a missing one look alike."""
    agreement = session.get(Agreement, agreement_id)
    if agreement is None or not queries.is_visible(me, agreement):
        _not_found(session, me, event, at)
    return agreement


def _to_change(
    session: Session, me: Actor, agreement_id: uuid.UUID, event: str, at: datetime
) -> Agreement:
    agreement = _ours(session, me, agreement_id, event, at)
    decision = may_change_agreement(str(me.organization_id), me.role, str(agreement.a_id))
    _or_refuse(session, me, decision, event, agreement, at)
    return agreement


def _not_found(session: Session, me: Actor, event: str, at: datetime) -> NoReturn:
    entry = trail.Entry(event, False, at, codes=[Reason.NO_RELATION])
    trail.write_refusal(session, me, entry)
    raise NOT_FOUND


def _or_refuse(
    session: Session,
    me: Actor,
    decision: Decision,
    event: str,
    agreement: Agreement,
    at: datetime,
) -> None:
    if not decision:
        entry = trail.Entry(event, False, at, subject=agreement.number, codes=decision.codes)
        trail.write_refusal(session, me, entry)
    decision.or_refuse()


# What is written


def _known(session: Session, me: Actor, drafted: AgreementDraft, at: datetime) -> rules.Known:
    active = queries.is_active_partner(session, drafted.agency_id, at)
    return rules.Known(active, queries.local_day(at, me.tz))


def _require(session: Session, agreement: Agreement, act: Act, at: datetime) -> None:
    _raise(rules.act_problems(queries.status(session, agreement, at), act))


def _raise(found: list[Problem]) -> None:
    if found:
        raise NotReady(found)


def _fill(
    session: Session, me: Actor, agreement: Agreement, drafted: AgreementDraft, at: datetime
) -> None:
    if drafted.agency_id is not None:
        agreement.b_id = drafted.agency_id
    first = drafted.starts_on or queries.local_day(at, me.tz)
    agreement.starts_at = local_midnight(first, me.tz)
    agreement.ends_at = midnight_after(drafted.ends_on, me.tz) if drafted.ends_on else None
    agreement.waive_team = drafted.waive_team
    agreement.terms = queries.TERMS.dump_python(drafted.terms, mode="json")
    session.add(agreement)
    session.flush()
    for line in drafted.lines:
        session.add(
            AgreementLine(
                agreement_id=agreement.id,
                direction=line.direction,
                category=line.category,
                frequency=line.frequency,
                method=line.method,
                retention=line.retention,
            )
        )
    session.flush()


def _sign(
    session: Session,
    me: Actor,
    agreement_id: uuid.UUID,
    side: Side,
    signature: Signature,
    at: datetime,
) -> Agreement:
    agreement = _ours(session, me, agreement_id, "agreement.signed", at)
    decision = _may_sign(me, agreement, side, signature)
    _or_refuse(session, me, decision, "agreement.signed", agreement, at)
    _require(session, agreement, Act.SIGN, at)
    if getattr(agreement, f"{side}_signed_at") is not None:
        _raise([Problem("This side has signed already.", "Open the agreement again.")])
    if isinstance(signature, TypedSignature):
        signer, signed_at, scan_id = _typed(session, me, agreement, side, signature), at, None
    else:
        signer, signed_at, scan_id = _on_paper(session, me, agreement, signature, at)
    setattr(agreement, f"{side}_signer", signer)
    setattr(agreement, f"{side}_signed_at", signed_at)
    setattr(agreement, f"{side}_scan_id", scan_id)
    _told(session, me, "agreement.signed", agreement, at, side=side, signer=signer)
    return agreement


def _may_sign(me: Actor, agreement: Agreement, side: Side, signature: Signature) -> Decision:
    """A name is typed by the side's own signer; a scan is recorded by the agreement's writer."""
    organization = str(me.organization_id)
    if isinstance(signature, PaperSignature):
        return may_change_agreement(organization, me.role, str(agreement.a_id))
    signing = agreement.a_id if side is Side.DISTRICT else agreement.b_id
    return may_sign_agreement(organization, me.role, str(signing))


def _typed(
    session: Session, me: Actor, agreement: Agreement, side: Side, signature: TypedSignature
) -> str:
    terms = queries.parties(session, agreement).terms
    named = terms.district_signer if side is Side.DISTRICT else terms.partner_signer
    _raise(rules.typed_problems(signature, named, me.name))
    return f"{me.name}, {named.title}"


def _on_paper(
    session: Session, me: Actor, agreement: Agreement, signature: PaperSignature, at: datetime
) -> tuple[str, datetime, uuid.UUID]:
    """The day on the paper, though never before the paper was printed."""
    printed = session.get_one(Document, agreement.document_id)
    tz = session.get_one(Organization, agreement.a_id).tz
    issued_on, today = (queries.local_day(moment, tz) for moment in (printed.made_at, at))
    most = settings().upload_megabytes
    _raise(rules.paper_problems(signature, issued_on, today, most))
    kind, day = scan_type(signature.scan), signature.signed_on
    if kind is None or day is None:
        raise AssertionError("paper_problems lets no such signature pass")
    kept = documents.keep(
        session,
        me.id,
        agreement.a_id,
        DocumentKind.SIGNED_AGREEMENT,
        f"Agreement-{agreement.number}-signed{kind.ending}",
        kind.media_type,
        signature.scan,
        at,
    )
    told = (clean(signature.name), clean(signature.title))
    return (
        ", ".join(part for part in told if part),
        max(local_midnight(day, tz), printed.made_at),
        kept.id,
    )


def _told(
    session: Session, me: Actor, event: str, agreement: Agreement, at: datetime, **detail: Any
) -> None:
    session.flush()
    entry = trail.Entry(event, True, at, subject=agreement.number, detail=detail)
    trail.write(session, me, entry)
