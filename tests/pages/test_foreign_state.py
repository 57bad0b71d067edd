"""A page that is told an id of somebody else's shows what it shows for one that there is not."""

from __future__ import annotations

import re
import uuid

import pytest

from portal.ui.agreement_views import IN_ADDRESS
from portal.ui.pick_student import CHOSEN
from tests.pages.conftest import PortalDb, everything

SAME = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}")
"""Ids and keys of this one run, which differ from run to run."""


def alike(told: str) -> str:
    return SAME.sub("…", told)


@pytest.mark.parametrize("name", ["ana", "tom", "omar", "dina"])
def test_a_student_out_of_reach_and_none_at_all_look_alike(portal_db: PortalDb, name: str) -> None:
    told = []
    for student in (portal_db.cast.zoe.id, uuid.uuid4(), portal_db.cast.district.id, "-1"):
        page = portal_db.page("see_student.py", getattr(portal_db.cast, name))
        page.session_state[CHOSEN] = student
        page.run()
        assert not page.exception, student
        told.append(alike(everything(page)))

    assert len(set(told)) == 1
    assert "Elsewhere" not in told[0]


@pytest.mark.parametrize(
    "odd", ["-1", "1e9", "__proto__", "../x", "\0", "x" * 100_000, "\u202e", "<script>"]
)
def test_an_odd_agreement_in_the_address_is_one_that_there_is_not(
    portal_db: PortalDb, odd: str
) -> None:
    told = []
    for wanted in (odd, str(uuid.uuid4()), str(portal_db.cast.luis.id)):
        page = portal_db.page("make_agreement.py", portal_db.cast.dina)
        page.query_params[IN_ADDRESS] = wanted
        page.run()
        assert not page.exception
        told.append(alike(everything(page)))

    assert len(set(told)) == 1
