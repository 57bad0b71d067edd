"""The questions about forms: which version is in use, which there are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from portal.access import papers
from portal.access.actor import Actor
from portal.policy.tasks import Task
from portal.store.consents import Consent, ConsentFormRecall, ConsentFormVersion
from portal.vocabulary import FormKind


def draft_of(session: Session, district_id: uuid.UUID, kind: FormKind) -> ConsentFormVersion | None:
    """The version that is being written; None when nobody writes one."""
    return session.scalar(
        select(ConsentFormVersion)
        .where(
            ConsentFormVersion.district_id == district_id,
            ConsentFormVersion.kind == kind,
            ConsentFormVersion.published_at.is_(None),
        )
        .order_by(ConsentFormVersion.version.desc())
        .limit(1)
    )


def last_number(session: Session, district_id: uuid.UUID, kind: FormKind) -> int:
    """The number of the last version; 0 when there is none."""
    found = session.scalar(
        select(func.max(ConsentFormVersion.version)).where(
            ConsentFormVersion.district_id == district_id, ConsentFormVersion.kind == kind
        )
    )
    return found or 0


def going_on(
    session: Session, me: Actor, version_ids: Collection[uuid.UUID], at: datetime
) -> dict[uuid.UUID, int]:
    """How many consents each version would close if it were recalled now. Counts, and nobody."""
    me.may(Task.KEEP_FORMS).or_refuse()
    rows = session.execute(
        select(Consent.form_version_id, func.count())
        .where(
            Consent.form_version_id.in_(version_ids),
            Consent.signed_at <= at,
            or_(Consent.ends_at.is_(None), at < Consent.ends_at),
            papers.not_ended(literal(""), at),
        )
        .group_by(Consent.form_version_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def versions(
    session: Session, me: Actor
) -> Sequence[tuple[ConsentFormVersion, ConsentFormRecall | None]]:
    """Every version of every form of my district with its recall, the newest first."""
    me.may(Task.KEEP_FORMS).or_refuse()
    rows = session.execute(
        select(ConsentFormVersion, ConsentFormRecall)
        .outerjoin(ConsentFormRecall, ConsentFormRecall.version_id == ConsentFormVersion.id)
        .where(ConsentFormVersion.district_id == me.organization_id)
        .order_by(ConsentFormVersion.kind, ConsentFormVersion.version.desc())
    )
    return [(row, recall) for row, recall in rows]
