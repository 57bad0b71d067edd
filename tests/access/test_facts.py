"""What the rules read is what the shelves hold: nothing lost, nothing added, on both databases."""

from __future__ import annotations

import json
import uuid
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.policy.facts import NOBODY, AudienceFacts, Facts, GrantFacts, OrganizationFacts
from portal.policy.spans import Span
from portal.scenarios import reading
from portal.scenarios.reading import Scenario
from portal.scenarios.shelving import Keys, shelve
from portal.store.papers import AgreementLine
from portal.store.people import AccessGrant, AccessGrantCategory, HiddenStudent
from portal.store.records import Audience, AudienceLevel, Record
from portal.vocabulary import Category, Direction, GrantKind, Level, OrganizationKind
from tests import factories as make
from tests.engines import rolled_back
from tests.people import LONG_AGO, NOW, Cast
from tests.policy.drawn import worlds
from tests.policy.values import (
    a_grant,
    a_legal_basis,
    add,
    alter,
    facts_about,
    iso,
    respan,
    world_with,
)
from tests.scenarios.worlds import a_world

ENDED = [LONG_AGO, NOW]


def a_full_world() -> Scenario:
    """Of every kind of fact one, and beside it one about Mei or about somebody else."""
    refined = {"direction": "a_to_b", "category": "visits", "purposes": ["coordinate", "evaluate"]}
    refined |= {"basis": "consent", "detail": "summary", "added": True, "since": iso(NOW)}
    audience = {"levels": ["clinician", "counselor"], "inside_only": True, "told_from": iso(NOW)}
    ordered = {"limits": "both", "guardian": "maria", "span": ENDED}
    return world_with(
        alter("users", "ana", active=ENDED),
        alter("users", "rita", active=ENDED),
        respan("relations", ENDED, user="ana"),
        alter("orgs", "P1", active=ENDED, hipaa=True, part2=True),
        alter("students", "luis", postsecondary=ENDED),
        *(add(about, student=student, span=ENDED) for student in ("luis", "mei")
          for about in ("special_education", "blocks")),
        add("enrollments", student="mei", building="B2", span=ENDED),
        add("blocks", student="luis", org="P1", span=ENDED),
        *(add("locks", user=who, student=student, span=ENDED)
          for who, student in (("ana", "luis"), ("ana", "mei"), ("tom", "luis"))),
        a_grant("ana"),
        a_grant("tom", student="mei"),
        a_grant("tom", approved=False, span=ENDED, emergency=True, reason="A threat."),
        a_grant("tom", categories=[]),
        add("guardians", id="anna", student="mei", rights=ENDED),
        *(add("orders", student=student, **ordered) for student in ("luis", "mei")),
        alter("records", "visits", sealed=ENDED, told_to="cora", audience=audience),
        alter("records", "attendance", draft=True, restricted=True, author=None),
        alter("agreements", "m1", span=ENDED, a_signed=NOW, terminated=NOW, lines=[refined]),
        alter("agreements", "m3", a="C1", b="D1", b_signed=None, waive_team=True),
        add("legal", **a_legal_basis("child_welfare", "C1", named_users=["cass"], ended_at=NOW)),
        add("legal", **a_legal_basis("court_order", "C1", id="b2", student="mei", categories=[])),
        add("legal", **a_legal_basis("emergency", "J1", id="b3", reason="")),
        alter("consents", "c1", special=["hiv"]),
    )  # fmt: skip


PAIRS = (
    *(("ana", "luis"), ("ana", "mei"), ("tom", "luis"), ("omar", "luis")),
    *(("rita", "luis"), ("cass", "luis"), ("jo", "luis"), ("rita", "mei")),
)


def test_the_facts_from_the_shelves_are_those_put_on_them(session: Session):
    scenario = a_full_world()
    keys = shelve(session, scenario)

    for who, whom in PAIRS:
        found = facts_of.load_known(session, keys.of("users", who), keys.of("students", whom))
        assert comparable(found, keys) == comparable(facts_about(scenario, who, whom), None)


@given(random=worlds)
def test_the_facts_from_the_shelves_are_those_of_the_world_put_on_them(engine: Engine, random):
    scenario = reading.read(json.dumps(a_world(random)), "a drawn world")
    with rolled_back(engine) as session:
        keys = shelve(session, scenario)
        for user in scenario.users:
            for student in scenario.students:
                found = facts_of.load_known(
                    session, keys.of("users", user.id), keys.of("students", student.id)
                )
                expected = facts_about(scenario, user.id, student.id)
                assert comparable(found, keys) == comparable(expected, None)


def comparable(facts: Facts, keys: Keys | None) -> dict[str, Any]:
    """By the scenario's names, without regard to order, and without the students' own district."""
    told = {field.name: _told(getattr(facts, field.name), keys) for field in fields(facts)}
    told["organizations"] = {
        name: org for name, org in told["organizations"].items() if name in _met(told)
    }
    # A scenario does not name its grants; the order among equal ones is then by nothing else.
    told["grants"] = sorted((grant | {"id": ""} for grant in told["grants"]), key=repr)
    return told


def _met(told: dict[str, Any]) -> set[str]:
    return {told["user"]["organization"], *(record["custodian"] for record in told["shelf"])}


def _told(value: Any, keys: Keys | None) -> Any:
    if is_dataclass(value):
        return {field.name: _told(getattr(value, field.name), keys) for field in fields(value)}
    if isinstance(value, (tuple, list, frozenset)):
        return sorted((_told(item, keys) for item in value), key=repr)
    if isinstance(value, dict):
        return {_told(key, keys): _told(item, keys) for key, item in value.items()}
    return _named(value, keys) if type(value) is str and keys else value


def _named(value: str, keys: Keys) -> str:
    try:
        return keys.name(uuid.UUID(value))
    except ValueError:
        return value


def test_there_are_no_facts_about_nobody(cast: Cast):
    nobody = uuid.uuid4()

    assert facts_of.load(cast.session, cast.ana.id, cast.luis.id) is not None
    assert facts_of.load(cast.session, nobody, cast.luis.id) is None
    assert facts_of.load(cast.session, cast.ana.id, nobody) is None


def test_facts_come_from_as_many_questions_however_many_records_there_are(cast: Cast):
    def asked() -> int:
        cast.session.expire_all()
        statements: list[str] = []
        listen = (cast.session.connection(), "before_cursor_execute")

        def count(_connection, _cursor, statement, *_rest):
            statements.append(statement)

        event.listen(*listen, count)
        facts_of.load(cast.session, cast.rita.id, cast.luis.id)
        event.remove(*listen, count)
        return len(statements)

    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)
    few = asked()
    for _ in range(20):
        make.record(cast.session, cast.luis, "visits")
        make.consent(cast.session, cast.luis, cast.riverside, cast.maria)

    assert asked() == few <= 24


def test_the_organizations_are_ours_the_student_s_district_and_whoever_holds_a_record(cast: Cast):
    elsewhere = make.organization(cast.session, "Elm Valley", code="0990012")
    make.record(cast.session, cast.luis, "visits", custodian=elsewhere)
    make.record(cast.session, cast.mei, "visits", custodian=cast.hilltop)
    cast.riverside.is_hipaa, cast.riverside.active_until = True, NOW

    found = facts_of.load_known(cast.session, cast.rita.id, cast.luis.id).organizations

    assert found.keys() == {str(org.id) for org in (cast.riverside, cast.district, elsewhere)}
    assert found[str(cast.riverside.id)] == OrganizationFacts(
        str(cast.riverside.id), cast.riverside.kind, Span(LONG_AGO, NOW), hipaa=True, part2=False
    )


def test_for_how_long_a_student_is_hidden_is_told_of_that_student(cast: Cast):
    for student, until in ((cast.luis, NOW), (cast.mei, None)):
        span = {"starts_at": LONG_AGO, "ends_at": until, "set_by": cast.omar.id}
        make.stored(cast.session, HiddenStudent(student_id=student.id, **span))

    assert facts_of.load_known(cast.session, cast.ana.id, cast.luis.id).hidden == (
        Span(LONG_AGO, NOW),
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", set()),
        ("coordinate evaluate", {"coordinate", "evaluate"}),
        ("coordinate\tevaluate", {"coordinate\tevaluate"}),  # no purpose that anybody could name
    ],
)
def test_purposes_of_a_line_have_one_space_between_them(cast: Cast, written, read):
    partner = make.organization(cast.session, "Lakeside", OrganizationKind.PROVIDER)
    agreement = make.agreement(cast.session, cast.district, partner, [], [])
    listed = {"direction": Direction.A_TO_B, "category": Category.VISITS, "purposes": written}
    make.stored(cast.session, AgreementLine(agreement_id=agreement.id, **listed))

    [found] = facts_of.agreements_of(cast.session, partner.id)

    assert found.a_to_b["visits"].purposes == read


def test_the_shelf_is_in_the_order_of_events_and_then_of_ids(cast: Cast):
    about = {"student_id": cast.mei.id, "district_id": cast.district.id, "category": "visits"}
    for number, event_at in ((3, NOW), (1, NOW), (2, NOW), (4, LONG_AGO + timedelta(days=1))):
        key = uuid.UUID(int=number)
        row = Record(id=key, custodian_id=cast.district.id, event_at=event_at, **about)
        make.stored(cast.session, row)

    shelf = facts_of.load_known(cast.session, cast.ana.id, cast.mei.id).shelf

    assert [uuid.UUID(record.id).int for record in shelf[1:]] == [4, 1, 2, 3]


def test_a_grant_is_told_with_the_number_by_which_the_trail_names_it(cast: Cast):
    about = {"user_id": cast.tom.id, "student_id": cast.luis.id, "starts_at": LONG_AGO}
    row = AccessGrant(approved=True, kind=GrantKind.EMERGENCY, reason="A threat", **about)
    make.stored(cast.session, row)
    make.stored(cast.session, AccessGrantCategory(access_grant_id=row.id, category="visits"))

    opened = frozenset({"visits"})
    told = GrantFacts(opened, True, Span(LONG_AGO), str(row.id), emergency=True, reason="A threat")
    assert facts_of.load_known(cast.session, cast.tom.id, cast.luis.id).grants == (told,)


def test_a_record_has_the_audience_that_is_kept_or_nobody_where_it_was_not_asked_for(cast: Cast):
    limited = make.stored(
        cast.session, Audience(organization_id=cast.district.id, inside_only=True, told_from=NOW)
    )
    make.stored(cast.session, AudienceLevel(audience_id=limited.id, level=Level.CLINICIAN))
    anybody = make.stored(cast.session, Audience(organization_id=cast.district.id))
    rows = [make.record(cast.session, cast.luis, "visits") for _ in range(3)]
    rows[0].audience_id, rows[1].audience_id = limited.id, anybody.id
    cast.session.flush()

    expected = [AudienceFacts(frozenset({"clinician"}), True, NOW), AudienceFacts(), None]
    shelf = facts_of.load_known(cast.session, cast.ana.id, cast.luis.id).shelf
    on_it = {record.id: record.audience for record in shelf}
    assert [on_it[str(row.id)] for row in rows] == expected
    assert [facts_of.of_one(cast.session, row).audience for row in rows] == expected
    assert [facts_of.of_record(row).audience for row in rows] == [NOBODY, NOBODY, None]


def test_a_span_without_a_start_is_none():
    assert facts_of.optional_span(None, None) is None
    assert facts_of.optional_span(None, NOW) is None
    assert facts_of.optional_span(LONG_AGO, None) == Span(LONG_AGO)
    assert facts_of.optional_span(LONG_AGO, NOW) == Span(LONG_AGO, NOW)


def test_an_instant_keeps_its_microseconds(cast: Cast):
    instant = NOW - timedelta(days=1, microseconds=1)
    record = make.record(cast.session, cast.luis, "visits", event=instant)
    cast.session.expire_all()

    [found] = [
        item
        for item in facts_of.load_known(cast.session, cast.ana.id, cast.luis.id).shelf
        if item.id == str(record.id)
    ]
    assert found.event == instant
    assert found.event.tzinfo is not None
