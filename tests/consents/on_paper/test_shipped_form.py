"""The form that comes with the portal becomes a district's first, when it can be published."""

from __future__ import annotations

import pytest

from portal.consents.forms import publishing
from portal.consents.forms import service as forms
from portal.errors import NotReady
from portal.vocabulary import FormKind
from tests.people import NOW, Cast


@pytest.mark.parametrize("kind", list(FormKind))
def test_it_is_published_with_the_district_as_its_office(cast: Cast, kind: FormKind) -> None:
    form = forms.in_use(cast.session, cast.district.id, kind, NOW)

    assert (form.row.version, form.row.published_at) == (1, NOW)
    assert form.definition.office.office == "Harbor Point Public Schools"
    assert form.definition.office.email == cast.district.email
    assert publishing.problems(form.definition) == []


def test_it_is_made_once(cast: Cast) -> None:
    first = forms.in_use(cast.session, cast.district.id, FormKind.STANDARD, NOW)
    second = forms.in_use(cast.session, cast.district.id, FormKind.STANDARD, NOW)

    assert first.row.id == second.row.id


def test_a_district_that_cannot_be_reached_is_told_what_its_form_lacks(cast: Cast) -> None:
    cast.district.address = cast.district.email = ""

    with pytest.raises(NotReady) as refused:
        forms.in_use(cast.session, cast.district.id, FormKind.STANDARD, NOW)

    told = [problem.what for problem in refused.value.problems]
    assert told[0] == "The district's consent form is not complete."
    assert any("does not name the office" in what for what in told)


def test_an_address_of_several_lines_becomes_one(cast: Cast) -> None:
    cast.district.address = "1 Sample Street\nHarbor Point, CT"
    form = forms.in_use(cast.session, cast.district.id, FormKind.STANDARD, NOW)

    assert form.definition.office.address == "1 Sample Street, Harbor Point, CT"
