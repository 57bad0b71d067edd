"""Which of a district's own questions go to partners, and how they are named."""

from __future__ import annotations

from typing import Any

from portal.access import data_points
from portal.store.people import User
from portal.store.places import Organization
from portal.store.records import Audience
from portal.store.support import DataAnswer, DataPoint, DataPointVersion
from portal.vocabulary import AnswerKind, AskedWhere, Category
from tests import factories as make
from tests.people import NOW, Cast


def a_point(cast: Cast, code: str, position: int, inside: bool = False, **about: Any) -> DataPoint:
    """Asked the second time with the label it is known by; of school health unless said so."""
    of: Organization = about.pop("of", cast.district)
    audience = make.stored(cast.session, Audience(organization_id=of.id, inside_only=inside))
    values = {"asked": AskedWhere.STUDENT, "category": Category.HEALTH, "current": 2} | about
    told = {"district_id": of.id, "code": code, "position": position, "audience_id": audience.id}
    row = make.stored(cast.session, DataPoint(**told | values))
    for number, label in ((1, "old"), (2, code), (3, "draft")):
        a_version(cast, row, number, label, cast.dina)
    return row


def a_version(cast: Cast, row: DataPoint, number: int, label: str, by: User) -> DataPointVersion:
    told = {"kind": AnswerKind.TEXT, "written_at": NOW, "written_by": by.id}
    version = DataPointVersion(
        data_point_id=row.id, number=number, labels={"en": label, "es": f"{label}?"}, **told
    )
    return make.stored(cast.session, version)


def answered(cast: Cast, row: DataPoint) -> None:
    version = a_version(cast, row, 9, "as answered", cast.dina)
    record = make.record(cast.session, cast.luis, Category.HEALTH)
    about = {"record_id": record.id, "data_point_id": row.id, "version_id": version.id}
    make.stored(cast.session, DataAnswer(**about, value="yes"))


def test_what_leaves_the_district_is_named_as_it_is_asked_now_in_the_districts_order(
    cast: Cast,
) -> None:
    a_point(cast, "Third", 2)
    a_point(cast, "Second", 1)
    a_point(cast, "First", 1, retired_at=None)
    a_point(cast, "Of visits", 0, category=Category.VISITS)
    a_point(cast, "Inside", 0, inside=True)
    a_point(cast, "Elsewhere", 0, of=cast.hilltop)
    a_point(cast, "Retired", 0, retired_at=NOW)
    answered(cast, a_point(cast, "Retired with answers", 3, retired_at=NOW))

    named = data_points.shared(cast.session, cast.district.id)

    assert type(named) is dict
    assert named == {
        Category.HEALTH: [
            {"en": label, "es": f"{label}?"}
            for label in ("First", "Second", "Third", "Retired with answers")
        ],
        Category.VISITS: [{"en": "Of visits", "es": "Of visits?"}],
    }


def test_questions_are_told_in_a_language_or_in_english() -> None:
    named = {Category.HEALTH: ({"en": "Plan", "es": "Plan?"}, {"en": "Inhaler"})}
    assert data_points.told(named, Category.HEALTH) == "Plan; Inhaler"
    assert data_points.told(named, Category.HEALTH, "es") == "Plan?; Inhaler"
    assert data_points.told(named, Category.VISITS, "es") == ""
