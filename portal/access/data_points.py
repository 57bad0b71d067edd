"""Which of a district's own data points go to partners, named where families and partners read it.

A consent form, its receipt and an agreement's schedule name them beside their kind of record:
the gate opens an answer only by a consent that was signed after its question was told.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from portal.store.records import Audience
from portal.store.support import DataAnswer, DataPoint, DataPointVersion
from portal.vocabulary import Category

ENGLISH = "en"

Labels = Mapping[str, str]
"""A question by language, English among them."""

Named = Mapping[Category, Sequence[Labels]]


def shared(session: Session, district_id: uuid.UUID) -> Named:
    """The questions whose answers may leave this district, by their kind of record.

    Retired ones too, as long as there are answers to them.
    """
    answered = exists(select(DataAnswer.record_id).where(DataAnswer.data_point_id == DataPoint.id))
    rows = session.execute(
        select(DataPoint.category, DataPointVersion.labels)
        .join(
            DataPointVersion,
            and_(
                DataPointVersion.data_point_id == DataPoint.id,
                DataPointVersion.number == DataPoint.current,
            ),
        )
        .join(Audience, Audience.id == DataPoint.audience_id)
        .where(
            DataPoint.district_id == district_id,
            Audience.inside_only.is_(False),
            or_(DataPoint.retired_at.is_(None), answered),
        )
        .order_by(DataPoint.position, DataPoint.code)
    ).all()
    found: dict[Category, list[Labels]] = defaultdict(list)
    for category, labels in rows:
        found[category].append(labels)
    return dict(found)


def told(named: Named, category: Category, language: str = ENGLISH) -> str:
    """The questions of a kind in this language, or in English; empty where there is none."""
    return "; ".join(labels.get(language) or labels[ENGLISH] for labels in named.get(category, ()))
