"""Which consent form a district uses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.access.forms import newest_published
from portal.store.consents import ConsentFormRecall
from portal.vocabulary import FormKind
from tests import factories as make
from tests.people import NOW, Cast

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("published", "recalled", "version"),
    [
        (NOW, None, 2),
        (NOW + TICK, None, 1),  # not yet
        (None, None, 1),  # a draft
        (NOW - TICK, NOW + TICK, 2),
        (NOW - TICK, NOW, 1),
    ],
)
def test_a_form_is_in_use_from_its_publication_until_it_is_recalled(
    cast: Cast, published, recalled, version
):
    session = cast.session
    make.form_version(session, cast.district)
    second = make.form_version(session, cast.district, version=2, published_at=published)
    if recalled:
        why = {"element": "expiry", "written_by": cast.dina.id, "written_at": NOW}
        make.stored(session, ConsentFormRecall(version_id=second.id, at=recalled, **why))

    found = newest_published(session, cast.district.id, FormKind.STANDARD, NOW)

    assert found is not None and found.version == version


def test_the_form_of_another_district_or_of_another_kind_is_not_theirs(cast: Cast):
    elsewhere = make.organization(cast.session, "Elm Valley", code="0990012")
    theirs = make.form_version(cast.session, elsewhere, version=7)
    other = next(kind for kind in FormKind if kind is not FormKind.STANDARD)
    make.form_version(cast.session, cast.district, version=8, kind=other)

    def of(district) -> object:
        return newest_published(cast.session, district.id, FormKind.STANDARD, NOW)

    assert of(cast.district) is None
    assert of(elsewhere) is theirs
