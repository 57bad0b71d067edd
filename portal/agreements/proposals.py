"""What a new agreement begins with: what the portal knows, and what the last one said."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements import queries
from portal.agreements.content import (
    Contact,
    Content,
    Line,
    PartnerTerms,
    Service,
    Signer,
    Special,
    from_json,
)
from portal.agreements.queries import Agency
from portal.agreements.rules import bases_of
from portal.store.agreements import AgreementPaper
from portal.store.people import User
from portal.vocabulary import AgreementKind, Category, Direction, Frequency

USUALLY_SHARED = (
    (Direction.A_TO_B, Category.ATTENDANCE),
    (Direction.A_TO_B, Category.VISITS),
    (Direction.A_TO_B, Category.REFERRALS),
    (Direction.B_TO_A, Category.SERVICE_STATUS),
)
"""What a new agreement begins with; the writer adds and takes out."""

AS_AGREED = "As agreed"
"""When a service that an agency lists is given, until somebody says it better."""

REVIEW_BEFORE_END = timedelta(days=90)


def proposed(
    session: Session,
    me: Actor,
    kind: AgreementKind,
    agency_ids: Sequence[uuid.UUID],
    at: datetime,
) -> Content:
    """A new agreement of this kind with these agencies, with what the portal knows filled in.

    What the last agreement of the same kind with an agency said about it is taken over.
    """
    agencies = {agency.id: agency for agency in queries.possible_partners(session, at)}
    last = queries.last_with(session, me.organization_id, kind, agency_ids)
    today = queries.local_day(at, me.tz)
    content = _known_of_us(session, me, kind, at)
    if last is not None:
        content = _as_before(content, from_json(last.content))
    ends_on = date(today.year + 1, 6, 30)  # the end of the next school year
    content = replace(
        content,
        starts_on=today,
        ends_on=ends_on,
        review_on=max(today, ends_on - REVIEW_BEFORE_END),
        partners=tuple(
            _known_of(kind, key, agencies.get(key), _terms_before(last, key)) for key in agency_ids
        ),
    )
    library = queries.library(session, me.organization_id)
    return replace(content, clauses=library.usual(content))


def _known_of_us(session: Session, me: Actor, kind: AgreementKind, at: datetime) -> Content:
    writer = session.get_one(User, me.id)
    contact = Contact(writer.name, writer.email)
    ours = [signer for _id, signer in queries.signers(session, [me.organization_id], at)]
    return Content(
        kind=kind,
        schools=tuple(queries.school_names(session, me.organization_id)),
        district_signers=(next(iter(ours), Signer()),),
        district_liaison=contact,
        records_contact=contact,
    )


def _as_before(content: Content, before: Content) -> Content:
    """What the parties have agreed on once and the portal does not know better."""
    return replace(
        before,
        kind=content.kind,
        schools=content.schools,
        district_signers=content.district_signers,
        board_vote_on=None,
        order=(),
        special=Special(),
        special_known=False,
    )


def _terms_before(last: AgreementPaper | None, agency_id: uuid.UUID) -> PartnerTerms | None:
    return from_json(last.content).partner(agency_id) if last is not None else None


def _known_of(
    kind: AgreementKind, key: uuid.UUID, agency: Agency | None, before: PartnerTerms | None
) -> PartnerTerms:
    return before if before is not None else terms_of(kind, key, agency)


def terms_of(kind: AgreementKind, key: uuid.UUID, agency: Agency | None) -> PartnerTerms:
    """What the portal knows of an agency with which there was no such agreement."""
    if agency is None:
        return PartnerTerms(agency_id=key)
    return PartnerTerms(
        agency_id=key,
        is_hipaa=True,
        is_part2=agency.is_part2,
        services=tuple(Service(name, days=AS_AGREED) for name in agency.services),
        lines=_lines(kind, agency),
        liaison=Contact("", agency.email, agency.phone),
        signers=(next(iter(agency.signers), Signer()),),
    )


def _lines(kind: AgreementKind, agency: Agency) -> tuple[Line, ...]:
    basis = bases_of(kind, agency.kind)[0]
    often = Frequency.AS_IT_HAPPENS
    return tuple(
        Line(direction, category, basis=basis, frequency=often)
        for direction, category in USUALLY_SHARED
    )


def renewal(content: Content, first_day: date, last_day: date) -> Content:
    """The same agreement for another span; its review as long before its end."""
    kept = content.ends_on - content.review_on if content.ends_on and content.review_on else None
    review = last_day - (kept if kept is not None else REVIEW_BEFORE_END)
    return replace(
        content,
        starts_on=first_day,
        ends_on=last_day,
        review_on=max(first_day, min(review, last_day)),
        board_vote_on=None,
    )


def next_span(content: Content, today: date) -> tuple[date, date]:
    """The span of a renewal: the day after the last, for as long as before."""
    start, end = content.starts_on or today, content.ends_on or today
    first = max(end + timedelta(days=1), today)
    length = end - start
    if _whole_years(start, end):
        last = _years_later(end, max(1, end.year - start.year))
        return first, max(last, first)
    return first, first + max(length, timedelta(days=1))


def _whole_years(start: date, end: date) -> bool:
    """From a day to the eve of that day in a later year, or to the same last day of June."""
    after = end + timedelta(days=1)
    return (after.month, after.day) == (start.month, start.day) or (end.month, end.day) == (6, 30)


def _years_later(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, 2, 28) if leap else day.replace(year=day.year + years)


def amendment(content: Content, today: date) -> Content:
    """The same agreement, to be changed: it begins when all have signed it, and ends as before."""
    return replace(content, starts_on=today, board_vote_on=None)


def without(content: Content, agency_ids: Collection[uuid.UUID]) -> Content:
    """The same agreement without these partners, unless none were left."""
    kept = tuple(terms for terms in content.partners if terms.agency_id not in agency_ids)
    if not kept or len(kept) == len(content.partners):
        return content
    return replace(content, partners=kept, order=())
