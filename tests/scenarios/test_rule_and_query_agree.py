"""The rule and the SELECT are two tellings of one gate: on both databases they must agree."""

import json

from hypothesis import given
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.access import visible
from portal.scenarios import reading
from portal.scenarios.answering import answer
from portal.scenarios.shelving import shelve
from portal.store.people import User
from portal.store.places import Organization
from portal.store.records import Record
from tests.policy.drawn import worlds
from tests.scenarios.worlds import a_world


def viewer(session: Session, user: User) -> visible.Viewer:
    """Whoever it is, active or not: the query asks that for itself."""
    kind = session.get_one(Organization, user.organization_id).kind
    return visible.Viewer(user.id, user.organization_id, kind, user.level, user.school_id)


@given(random=worlds)
def test_the_rule_and_the_query_open_the_same_records_in_the_same_fields(engine: Engine, random):
    scenario = reading.read(json.dumps(a_world(random)), "a drawn world")

    told = answer(engine, scenario)

    assert told["disagreements"] == []
    assert len(told["answers"]) == len(scenario.questions) * len(scenario.records)


@given(random=worlds)
def test_the_newest_are_the_first_of_all_that_the_query_opens(engine: Engine, random):
    scenario = reading.read(json.dumps(a_world(random)), "a drawn world")
    most, in_full = random.choice((1, 2, 3, 50)), random.choice((False, True))
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection) as session:
            shelve(session, scenario)
            users = session.scalars(select(User).order_by(User.username)).all()
            for asked in random.sample(scenario.questions, 2):
                about = (viewer(session, random.choice(users)), asked.purpose, asked.instant)
                every = (
                    select(Record.id)
                    .where(visible.records(*about, in_full=in_full))
                    .order_by(Record.event_at.desc(), Record.id)
                )
                listed = session.scalars(visible.newest(*about, most, in_full=in_full)).all()
                assert listed == session.scalars(every).all()[:most]
        transaction.rollback()
