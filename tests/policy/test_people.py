"""Which districts an agency serves, and which roles whoever looks after accounts may give."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.policy.people import AGENCY_ROLES, DISTRICT_ROLES, Tie, roles_to_give, serves
from portal.vocabulary import OrganizationKind, Role
from tests.people import NOW

TICK = timedelta(microseconds=1)
HEADS = {Role.DISTRICT_ADMIN, Role.SUPERINTENDENT}


@pytest.mark.parametrize(
    ("tie", "counts"),
    [
        (Tie("D1"), True),
        (Tie("D1", over=NOW + TICK), True),
        (Tie("D1", over=NOW), False),
        (Tie("D1", discarded=True), False),
        (Tie("D1", over=NOW + TICK, discarded=True), False),
    ],
)
def test_an_agency_serves_until_the_instant_that_its_paper_is_over(tie: Tie, counts: bool) -> None:
    assert serves([tie], NOW) == ({"D1"} if counts else set())
    assert serves([Tie("D2"), tie, Tie("D2", over=NOW)], NOW) == (
        {"D1", "D2"} if counts else {"D2"}
    )


def test_an_administrator_gives_any_role_but_those_that_decide_about_them() -> None:
    district, agency = OrganizationKind.DISTRICT, OrganizationKind.PROVIDER
    below = tuple(role for role in DISTRICT_ROLES if role not in HEADS)
    assert roles_to_give(Role.DISTRICT_ADMIN, district) == below
    assert roles_to_give(Role.SUPERINTENDENT, district) == DISTRICT_ROLES
    assert roles_to_give(Role.DISTRICT_ADMIN, agency) == AGENCY_ROLES
    assert roles_to_give(Role.AGENCY_ADMIN, agency) == AGENCY_ROLES
    assert roles_to_give(Role.SUPERINTENDENT, agency) == ()
