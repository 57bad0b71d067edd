"""Reading what we wrote gives back exactly the scope that the gate reads; and nothing is wider."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from fhir.resources.R4B.consent import Consent
from hypothesis import given
from hypothesis import strategies as st

from portal.consents.fhir import codes, export, reading
from portal.consents.fhir.values import TOLD, ByEvent, Happened, Party, Person, Scope
from portal.policy.spans import Span
from portal.vocabulary import SPECIAL, Category, ConsentStatus, Detail, Instrument, Purpose
from tests.consents.fhir import samples

DAY = timedelta(days=1)
FIRST = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)

instants = st.integers(0, 4_000_000).map(lambda n: FIRST + timedelta(seconds=7 * n)) | st.integers(
    0, 10**9
).map(lambda n: FIRST + timedelta(microseconds=n))
names = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30)
parties = st.builds(
    Party, names, st.uuids().map(str) | st.just(""), st.from_regex(r"[0-9]{7}", fullmatch=True)
)
people = st.builds(Person, names, st.uuids().map(str))


@st.composite
def spans(draw: Any, *, ended: bool = False) -> Span:
    start = draw(instants)
    end = start + draw(st.integers(1, 400)) * DAY + draw(st.sampled_from([timedelta(0), DAY / 7]))
    return Span(start, end if ended else draw(st.sampled_from([None, end])))


@st.composite
def happenings(draw: Any) -> Happened:
    kind, at = draw(st.sampled_from(TOLD)), draw(instants)
    return Happened(kind, at, draw(st.sampled_from([None, at + DAY])) if kind == "held" else None)


@st.composite
def scopes(draw: Any) -> Scope:
    categories = draw(st.frozensets(st.sampled_from(Category)))
    recipient = draw(st.none() | parties)
    taken_back = draw(st.dictionaries(st.sampled_from(Category), instants, max_size=6))
    special = categories & SPECIAL
    return Scope(
        discloser=draw(parties),
        recipient=recipient,
        categories=categories,
        special=draw(st.frozensets(st.sampled_from(sorted(special)))) if special else special,
        purposes=draw(st.frozensets(st.sampled_from(Purpose))),
        records=draw(spans()),
        span=draw(spans()),
        detail=draw(st.sampled_from(Detail)),
        people=tuple(draw(st.lists(people, max_size=2))) if recipient else (),
        by_event=draw(st.none() | st.builds(ByEvent, names, st.none() | instants)),
        withdrawn={kind: at for kind, at in taken_back.items() if kind in categories},
        happened=tuple(draw(st.lists(happenings(), max_size=3))),
    )


def read_back(scope: Scope, imported: reading.Imported) -> Scope:
    assert imported.starts and imported.records_from
    assert imported.discloser
    return Scope(
        discloser=imported.discloser,
        recipient=imported.recipient,
        categories=imported.categories,
        special=imported.special,
        purposes=imported.purposes,
        records=Span(imported.records_from, imported.records_until),
        span=Span(imported.starts, imported.ends),
        detail=imported.detail,
        people=imported.people,
        by_event=imported.by_event,
        withdrawn=dict(imported.withdrawn),
        happened=imported.happened,
    )


@given(scopes(), st.sampled_from(ConsentStatus), st.sampled_from(Instrument))
def test_reading_what_was_written_gives_back_exactly_the_scope(scope, status, instrument):
    written = export.write(samples.told(scope, status=status, instrument=instrument))

    imported = reading.read(written)

    assert imported.problems == ()
    assert read_back(scope, imported) == scope
    assert (imported.status == "active") == (
        codes.STATUS[status] == "active"
        and bool(imported.open_kinds and scope.purposes and scope.recipient)
    )


@given(scopes())
def test_a_reader_that_skips_every_exception_still_sees_nothing_more(scope):
    made = export.resource(samples.told(scope))
    Consent.model_validate(made)
    rule = made["provision"]
    kinds = {c["coding"][0]["code"] for c in rule.get("code", [])}

    assert kinds <= scope.categories - scope.withdrawn.keys() - (SPECIAL - scope.special)
    if rule["type"] == "permit":
        assert kinds and rule["purpose"] and rule["actor"] and rule["period"]["start"]
    if scope.people:
        assert {a["reference"]["reference"] for a in rule["actor"]} == {
            f"#person-{n + 1}" for n in range(len(scope.people))
        }


@given(scopes())
def test_the_same_consent_is_written_in_the_same_bytes(scope):
    assert export.write(samples.told(scope)) == export.write(samples.told(scope))
    assert json.loads(export.write(samples.told(scope)))["resourceType"] == "Consent"


@given(st.dictionaries(st.sampled_from(Category), st.just(("MINOR_SIGNATURE_NEEDED",))))
def test_what_the_rules_close_is_not_permitted(closed):
    told = samples.told(
        samples.a_scope(categories=frozenset(Category), special=SPECIAL), closed=closed
    )

    imported = reading.read(export.write(told))

    assert imported.open_kinds == set(Category) - closed.keys()
    assert imported.denied.keys() == closed.keys()
