"""Who is asking is loaded afresh, and only while they are active."""

from __future__ import annotations

import uuid

import pytest

from portal.access.actor import Actor, load
from portal.policy.tasks import Task
from portal.vocabulary import Level, OrganizationKind, Role
from tests.people import NOW, Cast
from tests.policy.values import TICK


def test_an_actor_knows_their_place(cast: Cast):
    cast.omar.title = "Principal of North"
    cast.session.flush()

    assert load(cast.session, cast.omar.id, NOW) == Actor(
        id=cast.omar.id,
        name="Omar Keys",
        title="Principal of North",
        role=Role.PRINCIPAL,
        level=Level.PRINCIPAL,
        school_id=cast.north.id,
        organization_id=cast.district.id,
        organization_name="Harbor Point Public Schools",
        organization_kind=OrganizationKind.DISTRICT,
        tz="America/New_York",
    )


def test_an_actor_knows_the_sign_in_they_act_in(cast: Cast):
    key = uuid.uuid4()

    assert load(cast.session, cast.omar.id, NOW, key).session_id == key
    assert load(cast.session, cast.omar.id, NOW).session_id is None


def test_nobody_is_nobody(cast: Cast):
    assert load(cast.session, uuid.uuid4(), NOW) is None


@pytest.mark.parametrize("whose", ["the account", "the organization"])
def test_from_the_instant_of_ending_there_is_no_actor(cast: Cast, whose):
    row = cast.rita if whose == "the account" else cast.riverside
    row.active_from, row.active_until = NOW - TICK, NOW + TICK
    cast.session.flush()

    found = [load(cast.session, cast.rita.id, NOW + n * TICK) for n in (-2, -1, 0, 1)]

    assert [actor is not None for actor in found] == [False, True, True, False]


def test_an_actor_may_do_what_the_role_does(cast: Cast):
    tom = load(cast.session, cast.tom.id, NOW)

    assert tom.may(Task.SEE_STUDENT)
    assert tom.may(Task.LOG_VISIT).codes == ("NO_SUCH_TASK",)
