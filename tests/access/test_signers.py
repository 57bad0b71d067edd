"""Who may sign, for many students at once, is what is read of each by itself."""

from __future__ import annotations

import json

from hypothesis import given
from sqlalchemy import Engine

from portal.access import facts as facts_of
from portal.access.signers import rights_of
from portal.policy.facts import Facts, GuardianshipFacts, UserFacts
from portal.policy.spans import Span
from portal.scenarios import reading
from portal.scenarios.shelving import shelve
from portal.store.people import CourtOrder, Student
from portal.store.places import Organization
from portal.vocabulary import CourtRight, Level
from tests.engines import rolled_back
from tests.people import LONG_AGO, Cast
from tests.policy.drawn import worlds
from tests.scenarios.worlds import a_world


@given(random=worlds)
def test_the_facts_of_many_students_are_those_of_each(engine: Engine, random):
    scenario = reading.read(json.dumps(a_world(random)), "a drawn world")
    with rolled_back(engine) as session:
        keys = shelve(session, scenario)
        anybody = keys.of("users", scenario.users[0].id)
        students = [session.get_one(Student, keys.of("students", s.id)) for s in scenario.students]
        for student in students:
            district = session.get_one(Organization, student.district_id)
            found = rights_of(session, district, students)
            alone = facts_of.load_known(session, anybody, student.id)
            assert about_rights(found[student.id]) == about_rights(alone)


def about_rights(facts: Facts) -> tuple[object, ...]:
    return facts.student, sorted(facts.guardianships, key=repr), sorted(facts.orders, key=repr)


def test_rights_and_court_orders_are_told_of_the_student_they_are_about(cast: Cast):
    order = CourtOrder(
        student_id=cast.luis.id,
        guardian_id=cast.maria.id,
        limits=CourtRight.CONSENT,
        starts_at=LONG_AGO,
        document_reference="Docket",
        checked_by=cast.ana.id,
    )
    cast.session.add(order)
    cast.session.flush()

    district = cast.session.get_one(Organization, cast.luis.district_id)
    found = rights_of(cast.session, district, [cast.luis, cast.mei])

    assert found[cast.luis.id].orders == (facts_of.of_order(order),)
    assert found[cast.mei.id].orders == ()
    rights = GuardianshipFacts(str(cast.maria.id), str(cast.luis.id), Span(LONG_AGO))
    assert found[cast.luis.id].guardianships == (rights,)
    assert found[cast.mei.id].guardianships == ()
    nobody = UserFacts("", str(district.id), Level.STAFF, Span(LONG_AGO))
    assert {facts.user for facts in found.values()} == {nobody}
