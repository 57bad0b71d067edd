"""Which consent form of a district is in use. It is about no student."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.consents import ConsentFormRecall, ConsentFormVersion
from portal.vocabulary import FormKind


def newest_published(
    session: Session, district_id: uuid.UUID, kind: FormKind, at: datetime
) -> ConsentFormVersion | None:
    """The newest version that is published and not recalled at `at`."""
    recalled = select(ConsentFormRecall.version_id).where(ConsentFormRecall.at <= at)
    return session.scalar(
        select(ConsentFormVersion)
        .where(
            ConsentFormVersion.district_id == district_id,
            ConsentFormVersion.kind == kind,
            ConsentFormVersion.published_at <= at,
            ConsentFormVersion.id.not_in(recalled),
        )
        .order_by(ConsentFormVersion.version.desc())
    )
