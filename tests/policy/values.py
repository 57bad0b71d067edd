"""A small world of plain values, in which everything is as it should be.

A row of the truth table changes one thing in it. Everybody is there once:

    ana      clinician of the district (D1), serves Luis
    cora     his counselor
    tom      his teacher
    omar     principal of his school (B1)
    dina     special education: Luis has a 504 plan
    sue      superintendent
    paula    personnel, bea budget, curt curriculum, stan without a level
    rita     of Riverside (P1), on Luis's case team
    rob      of Riverside, on nobody's team
    alma     Riverside's administrator
    charlie  of Hilltop (P2): an agreement, no consent, on no team. Must see nothing.
    cass     caseworker of the child-welfare agency (C1)
    jo       of court support (J1), on Luis's case team
    dee      clinician of another district (D2), serves Luis; dan a teacher there

Luis is 13; his mother Maria holds the rights. On the shelf lies one item of each
category, named after it, held by D1; `theirs` and `name_at_riverside` lie at Riverside.
Mei is 12, nobody's student here; `meis` is a visit of hers, `name_of_mei` her name.
Consent c1 (D1 to P1) ticks everything that can be shared, for coordination, in full;
agreement m1 lists the same. The other agreements (m2: P2, m3: C1, m4: J1, m5: D2) list
everything too, and no consent stands beside them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.policy.facts import (
    AgreementFacts,
    AudienceFacts,
    BlockFacts,
    ConsentFacts,
    EnrollmentFacts,
    Facts,
    GrantFacts,
    GuardianshipFacts,
    LegalFacts,
    LifeFacts,
    LineFacts,
    OrderFacts,
    OrganizationFacts,
    PaperFacts,
    RecordFacts,
    RelationFacts,
    StudentFacts,
    UserFacts,
)
from portal.policy.spans import Span, local_midnight
from portal.scenarios import reading
from portal.scenarios.keys import CLERK
from portal.scenarios.reading import Scenario
from portal.vocabulary import SHAREABLE, SPECIAL, Category, Direction, Statement

T = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""The instant of the questions: 20 November 2026, 10:00 in Connecticut."""

TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
LONG_AGO = T - 300 * DAY
FAR_OFF = T + 300 * DAY

World = dict[str, Any]
Change = Callable[[World], None]


def iso(told: Any) -> Any:
    """Instants as a scenario writes them, however deep; the rest as it is."""
    if isinstance(told, datetime):
        return told.isoformat()
    if isinstance(told, (list, tuple)):
        return [iso(item) for item in told]
    if isinstance(told, dict):
        return {key: iso(item) for key, item in told.items()}
    return told


EVER = iso([LONG_AGO, None])
SHARED = [str(category) for category in SHAREABLE]

KINDS = {
    "D1": "district",
    "D2": "district",
    "P1": "provider",
    "P2": "provider",
    "C1": "child_welfare",
    "J1": "court_support",
}
PEOPLE = {
    "ana": ("D1", "clinician", "service"),
    "cora": ("D1", "counselor", "counselor"),
    "tom": ("D1", "teacher", "class"),
    "omar": ("D1", "principal", None),
    "dina": ("D1", "special_education", None),
    "sue": ("D1", "superintendent", None),
    "paula": ("D1", "personnel", None),
    "bea": ("D1", "budget", None),
    "curt": ("D1", "curriculum", None),
    "stan": ("D1", "staff", None),
    "rita": ("P1", "staff", "team"),
    "rob": ("P1", "staff", None),
    "alma": ("P1", "agency_admin", None),
    "charlie": ("P2", "staff", None),
    "cass": ("C1", "staff", None),
    "jo": ("J1", "staff", "team"),
    "dee": ("D2", "clinician", "service"),
    "dan": ("D2", "teacher", "class"),
}


def usual() -> World:
    """The world before any change."""
    return {
        "id": "usual",
        "orgs": [{"id": name, "kind": kind, "active": EVER} for name, kind in KINDS.items()],
        "users": [_user(name, org, level) for name, (org, level, _relation) in PEOPLE.items()],
        "students": [{"id": "luis", "born": "2013-05-05"}, {"id": "mei", "born": "2014-02-02"}],
        "enrollments": [{"student": "luis", "building": "B1", "span": EVER}],
        "special_education": [{"student": "luis", "span": EVER}],
        "relations": [
            {"kind": relation, "user": name, "student": "luis", "span": EVER}
            for name, (_org, _level, relation) in PEOPLE.items()
            if relation
        ],
        "grants": [],
        "guardians": [{"id": "maria", "student": "luis", "rights": EVER}],
        "orders": [],
        "records": [
            *(a_record(str(category), str(category)) for category in Category),
            a_record("theirs", "service_status", custodian="P1", author="rita"),
            a_record("name_at_riverside", "identity", custodian="P1"),
            a_record("meis", "visits", student="mei"),
            a_record("name_of_mei", "identity", student="mei"),
        ],
        "agreements": [
            an_agreement("m1", "P1", b_to_a=["service_status"]),
            an_agreement("m2", "P2"),
            an_agreement("m3", "C1"),
            an_agreement("m4", "J1"),
            an_agreement("m5", "D2"),
        ],
        "consents": [a_consent("c1")],
        "legal": [],
        "blocks": [],
        "locks": [],
    }


def _user(name: str, org: str, level: str) -> World:
    building = "B1" if level == "principal" else None
    return {"id": name, "org": org, "level": level, "active": EVER, "building": building}


def a_record(name: str, category: str, **changes: Any) -> World:
    usually = {
        "id": name,
        "student": "luis",
        "custodian": "D1",
        "category": category,
        "event": T - 10 * DAY,
        "author": "ana",
    }
    return {key: iso(value) for key, value in (usually | changes).items()}


def an_agreement(name: str, other: str, **changes: Any) -> World:
    """Between D1 and `other`, in force, listing from D1 everything that can be shared."""
    usually = {
        "id": name,
        "a": "D1",
        "b": other,
        "a_to_b": SHARED,
        "b_to_a": [],
        "span": EVER,
        "a_signed": LONG_AGO,
        "b_signed": LONG_AGO,
    }
    return {key: iso(value) for key, value in (usually | changes).items()}


def a_consent(name: str, **changes: Any) -> World:
    """Maria's, for Luis, from D1 to P1, in force, for everything that she can share."""
    usually = {
        "id": name,
        "student": "luis",
        "discloser": "D1",
        "recipient": "P1",
        "categories": SHARED,
        "special": [str(category) for category in SPECIAL],
        "purposes": ["coordinate"],
        "records": EVER,
        "span": EVER,
        "signer_kind": "guardian",
        "signer": "maria",
        "signed_at": LONG_AGO,
        "statements": [str(statement) for statement in Statement],
    }
    return {key: iso(value) for key, value in (usually | changes).items()}


def a_legal_basis(kind: str, recipient: str, **changes: Any) -> World:
    """For Luis, from D1, in force and within what the law asks of its kind."""
    usually = {
        "id": "b1",
        "kind": kind,
        "student": "luis",
        "custodian": "D1",
        "recipient": recipient,
        "categories": SHARED,
        "span": [T - DAY, T + DAY],
        "named_users": [],
        "reason": "A reason in words.",
    }
    return {key: iso(value) for key, value in (usually | changes).items()}


# Changes


def alter(table: str, name: str, /, **changes: Any) -> Change:
    """The one row of this table and id with other values."""

    def change(world: World) -> None:
        row = next(row for row in world[table] if row["id"] == name)
        row.update({key: iso(value) for key, value in changes.items()})

    return change


def add(table: str, /, **row: Any) -> Change:
    """One row more."""
    return lambda world: world[table].append({key: iso(value) for key, value in row.items()})


def drop(table: str, /, **match: Any) -> Change:
    """Without the rows that have these values."""

    def change(world: World) -> None:
        world[table] = [
            row
            for row in world[table]
            if any(row.get(key) != value for key, value in match.items())
        ]

    return change


def respan(table: str, span: Any, /, **match: Any) -> Change:
    """The rows that have these values, with another span."""

    def change(world: World) -> None:
        for row in world[table]:
            if all(row.get(key) == value for key, value in match.items()):
                row["span"] = iso(span)

    return change


def stands(who: str, kind: str) -> tuple[Change, ...]:
    return drop("relations", user=who), add(
        "relations", kind=kind, user=who, student="luis", span=EVER
    )


def enrolled(building: str, span: Any) -> Change:
    def change(world):
        drop("enrollments", student="luis")(world)
        add("enrollments", student="luis", building=building, span=span)(world)

    return change


def a_grant(who: str, **changes: Any) -> Change:
    usually = {
        "user": who,
        "student": "luis",
        "categories": ["visits"],
        "approved": True,
        "span": EVER,
    }
    return add("grants", **usually | changes)


def everything_listed() -> tuple[Change, ...]:
    every = [str(category) for category in Category]
    return alter("consents", "c1", categories=every, special=every), alter(
        "agreements", "m1", a_to_b=every
    )


def rights(start: datetime, end: datetime | None) -> Change:
    def change(world):
        drop("guardians", id="maria")(world)
        add("guardians", id="maria", student="luis", rights=[start, end])(world)

    return change


def world_with(*changes: Change) -> Scenario:
    """The usual world with some changes, as a scenario."""
    world = usual()
    for change in changes:
        change(world)
    return reading.read(json.dumps(world), "a test's world")


# As the rules see it


def facts_about(scenario: Scenario, user: str, student: str) -> Facts:
    """What `access.facts` would bring from the database, brought from the scenario itself."""
    tz = scenario.policy.tz
    who = next(u for u in scenario.users if u.id == user)
    whom = next(s for s in scenario.students if s.id == student)
    return Facts(
        user=UserFacts(who.id, who.org, who.level, Span(*who.active), who.building),
        student=StudentFacts(whom.id, whom.born, tz, _from(whom.postsecondary, tz)),
        organizations={
            org.id: OrganizationFacts(org.id, org.kind, Span(*org.active), org.hipaa, org.part2)
            for org in scenario.orgs
        },
        relations=tuple(
            RelationFacts(r.kind, Span(*r.span))
            for r in scenario.relations
            if (r.user, r.student) == (user, student)
        ),
        enrollments=tuple(
            EnrollmentFacts(e.building, Span(*e.span))
            for e in scenario.enrollments
            if e.student == student
        ),
        programs=tuple(
            Span(*p.span) for p in scenario.special_education if p.student == student
        ),
        grants=tuple(
            GrantFacts(g.categories, g.approved, Span(*g.span), "", g.emergency, g.reason)
            for g in scenario.grants
            if (g.user, g.student) == (user, student)
        ),
        guardianships=tuple(
            GuardianshipFacts(g.id, g.student, Span(*g.rights))
            for g in scenario.guardians
            if g.student == student
        ),
        agreements=tuple(
            AgreementFacts(
                a.id, a.a, a.b, _lines(a, Direction.A_TO_B), _lines(a, Direction.B_TO_A),
                Span(*a.span), a.a_signed, a.b_signed, a.terminated, a.waive_team,
            )
            for a in scenario.agreements
            if who.org in (a.a, a.b)
        ),
        orders=tuple(
            OrderFacts(o.guardian, o.student, o.limits, Span(*o.span))
            for o in scenario.orders
            if o.student == student
        ),
        consents=tuple(
            _consent(scenario, c)
            for c in scenario.consents
            if c.student == student and c.recipient in (None, who.org)
        ),
        legal=tuple(
            LegalFacts(
                b.id, b.kind, b.student, b.custodian, b.recipient, b.categories, Span(*b.span),
                b.named_users & {u.id for u in scenario.users}, b.reason, b.ended_at,
            )
            for b in scenario.legal
            if (b.student, b.recipient) == (student, who.org)
        ),
        blocks=tuple(
            BlockFacts(b.org, Span(*b.span)) for b in scenario.blocks if b.student == student
        ),
        locks=tuple(
            Span(*k.span) for k in scenario.locks if (k.user, k.student) == (user, student)
        ),
        shelf=tuple(_record(scenario, r) for r in scenario.records if r.student == student),
    )  # fmt: skip


def _lines(a: reading.Agreement, direction: Direction) -> dict[str, LineFacts]:
    return {
        line.category: LineFacts(line.purposes, line.basis, line.detail, line.added, line.since)
        for line in a.listed()
        if line.direction is direction
    }


def _consent(scenario: Scenario, c: reading.Consent) -> ConsentFacts:
    known = {user.id for user in scenario.users}
    return ConsentFacts(
        c.id, c.student, c.discloser, c.recipient or "", c.categories,
        c.special & c.categories, c.purposes, Span(*c.records), Span(*c.span),
        c.signer_kind, c.signer, c.signed_at, c.revoked_at, c.detail,
        frozenset(name if name in known else CLERK[1] for name in c.named),
        PaperFacts(
            c.method, c.identity_checked, c.authority, c.form,
            frozenset(str(s) for s in c.statements), tuple(c.cosigned),
            c.form_recalled_at, c.text_matches,
        ),
        LifeFacts(
            c.withdrawn, tuple(Span(*h) for h in c.holds), c.confirmed_at, c.ended_at,
            c.known_false_at, c.superseded_at, c.review_at, tuple(Span(*r) for r in c.reviews),
        ),
    )  # fmt: skip


def _record(scenario: Scenario, r: reading.Record) -> RecordFacts:
    known = {user.id for user in scenario.users}
    return RecordFacts(
        id=r.id,
        student=r.student,
        custodian=r.custodian,
        category=r.category,
        event=r.event,
        author=r.author if r.author in known else None,
        draft=r.draft,
        sealed=_from(r.sealed, scenario.policy.tz),
        restricted=r.restricted,
        told_to=r.told_to if r.told_to in known else None,
        audience=_audience(r.audience),
    )


def _audience(told: reading.Audience | None) -> AudienceFacts | None:
    if told is None:
        return None
    levels = None if told.levels is None else frozenset(map(str, told.levels))
    return AudienceFacts(levels, told.inside_only, told.told_from)


def _from(told: Any, tz: str) -> Span | None:
    if told is None or isinstance(told, tuple):
        return None if told is None else Span(*told)
    return Span(told if isinstance(told, datetime) else local_midnight(told, tz))
