"""Random small worlds near "allow": each fact is as it should be, but for a few that are not.

Drawn naively, hardly any world would open anything, and a rule that leaks would
go unseen. Instants lie within a microsecond of the question or far away; there
are few people and few categories, so that they collide.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from portal.vocabulary import SPECIAL, SUBJECT_ONLY, FormKind, Statement

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
"""Midnight in Connecticut: birthdays begin here."""

TICK = timedelta(microseconds=1)
FAR = timedelta(days=400)
NEAR = (
    *(-TICK, timedelta(0), timedelta(0), TICK),
    *(-timedelta(hours=72), timedelta(hours=1), -FAR / 2, FAR / 2),
)
CATEGORIES = (
    "visits",
    "attendance",
    "hiv",
    "sud",
    "psychiatric",
    "own_care",
    "identity",
    "mandated_report",
    "visit_notes",
)
PURPOSES = ("coordinate", "evaluate")
LEVELS = (
    "teacher",
    "counselor",
    "clinician",
    "principal",
    "personnel",
    "special_education",
    "superintendent",
)
World = dict[str, Any]


class Drawing:
    """One world being drawn; `slip` is the chance that a fact is not as it should be.

    Most of it is about one category, one pair of organizations, and one student.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.slip = random.choice((*[0.0] * 4, 0.01, 0.02, 0.05, 0.15))
        self.main = random.choice(CATEGORIES)
        self.pair = random.choice(PAIRS)
        self.adult = random.random() < 0.3
        self.level = {name: random.choice(levels) for name, _org, levels in USERS}

    def slips(self) -> bool:
        return self.random.random() < self.slip

    def pick(self, usual: Any, *others: Any) -> Any:
        return self.random.choice(others) if self.slips() else usual

    def instant(self) -> str:
        return at(NOW + self.random.choice(NEAR))

    def past(self) -> str:
        return self.instant() if self.slips() else at(NOW - FAR)

    def past_or_none(self) -> str | None:
        return None if self.slips() else self.past()

    def bound(self) -> str | None:
        """Often just after the consents were signed: only a line that was added minds."""
        return at(NOW - FAR + TICK) if self.random.random() < 0.15 else self.past_or_none()

    def span(self) -> list[str | None]:
        start = self.past()
        end = self.random.choice((None, at(NOW + FAR)))
        return [start, self.instant() if self.slips() else end]

    def never(self) -> str | None:
        """An instant that usually does not come: a revocation, a termination."""
        return self.instant() if self.slips() else self.random.choice((None, None, at(NOW + FAR)))

    def categories(self) -> list[str]:
        listed = {self.main, self.random.choice(CATEGORIES), self.random.choice(CATEGORIES)}
        return [] if self.slips() else sorted(listed - ({self.main} if self.slips() else set()))

    def parties(self) -> tuple[str, str]:
        """Who gives and who receives."""
        return self.pair if self.random.random() < 0.7 else self.random.choice(PAIRS)

    def sometimes(self) -> bool:
        """For what is neither usual nor a fault."""
        return self.random.random() < 0.2

    def some(self, least: int, most: int) -> range:
        return range(self.random.randint(least, most))


def at(instant: datetime) -> str:
    return instant.isoformat()


def a_world(random: Random) -> World:
    """One scenario, as `portal decide` takes it."""
    d = Drawing(random)
    world = _drawn(d)
    if not d.slip:
        flips = (_flip_lines, _flip_lines, _flip_one, _flip_one, _flip_one, _flip_record)
        d.random.choice(flips)(d, world)
    return world


def _drawn(d: Drawing) -> World:
    return {
        "id": f"w{d.random.randrange(10**9)}",
        "policy": {"tz": "America/New_York"},
        "orgs": [_org(d, name, kind) for name, kind in ORGS],
        "users": [_user(d, name, org) for name, org, _levels in USERS],
        "students": [_student(d, "s1"), _student(d, "s2")],
        "enrollments": [_belongs(d, {"building": d.pick("B1", "B2")}) for _ in d.some(1, 2)],
        "special_education": [_belongs(d, {}) for _ in d.some(0, 2)],
        "relations": [_relation(d, user) for user in RELATED for _ in range(1) if not d.slips()],
        "grants": [_grant(d) for _ in d.some(0, 2)],
        "guardians": [_guardian(d) for _ in d.some(1, 2)],
        "orders": [_order(d) for _ in range(2) if d.sometimes() or d.slips()],
        "records": [_record(d, number) for number in range(1, 4)],
        "agreements": [_agreement(d, number) for number in d.some(1, 3)],
        "consents": [_consent(d, number) for number in d.some(1, 3)],
        "legal": [_legal(d, number) for number in d.some(0, 3)],
        "blocks": [_block(d) for _ in range(1) if d.slips()],
        "locks": [_lock(d) for _ in range(2) if d.slips()],
        "questions": [_question(d) for _ in range(4)],
    }


ORGS = (
    ("D1", "district"),
    ("D2", "district"),
    ("P1", "provider"),
    ("C1", "child_welfare"),
    ("J1", "court_support"),
)
USERS = (
    ("ours", "D1", LEVELS),
    ("theirs", "D2", LEVELS),
    ("partner", "P1", ("staff", "agency_admin")),
    ("colleague", "P1", ("staff", "agency_admin")),
    ("caseworker", "C1", ("staff",)),
    ("probation", "J1", ("staff",)),
)
RELATED = ("ours", "theirs", "partner", "caseworker", "probation")
KINDS = {
    "teacher": ("class",),
    "counselor": ("counselor",),
    "clinician": ("service", "evaluation"),
    "staff": ("team",),
    "agency_admin": ("team",),
}
"""The relations by which each level reaches a student; the other levels need none."""

EVERY_KIND = ("class", "counselor", "service", "evaluation", "team")
PAIRS = (("D1", "P1"), ("D1", "C1"), ("P1", "D1"), ("D1", "D2"), ("D1", "J1"), ("D1", "D1"))
WHO_RECEIVES = {
    "D1": ("ours",),
    "D2": ("theirs",),
    "P1": ("partner", "partner", "colleague"),
    "C1": ("caseworker",),
    "J1": ("probation",),
}


def _org(d: Drawing, name: str, kind: str) -> World:
    bound = {"hipaa": d.random.random() < 0.4, "part2": d.random.random() < 0.3}
    return {"id": name, "kind": kind, "active": d.span(), **bound}


def _user(d: Drawing, name: str, org: str) -> World:
    building = d.random.choice(("B1", None)) if org.startswith("D") else None
    return {
        "id": name,
        "org": org,
        "level": d.level[name],
        "active": d.span(),
        "building": d.pick("B1", None) if d.level[name] == "principal" else building,
    }


def _student(d: Drawing, name: str) -> World:
    born = "2001-01-01" if d.adult else "2012-01-01"
    edge = d.random.choice(("2008-06-14", "2008-06-15", "2008-06-16", "2008-02-29"))
    attends = d.random.choice((d.past(), d.span())) if d.slips() else None
    return {"id": name, "born": d.pick(born, edge), "postsecondary": attends}


def _belongs(d: Drawing, more: World) -> World:
    return {"student": d.pick("s1", "s2"), "span": d.span(), **more}


def _relation(d: Drawing, user: str) -> World:
    kind = d.random.choice(KINDS.get(d.level[user], EVERY_KIND))
    return _belongs(d, {"user": user, "kind": d.pick(kind, *EVERY_KIND)})


def _grant(d: Drawing) -> World:
    approved = not d.slips()
    grant = {"user": "ours", "categories": d.categories(), "approved": approved}
    if d.random.random() < 0.5:
        return _belongs(d, grant)
    reason = d.pick("A threat.", "", " \t\u00a0")
    declared = {"span": _emergency_span(d), "emergency": True, "reason": reason}
    return _belongs(d, grant) | declared


def _guardian(d: Drawing) -> World:
    return {"id": d.pick("g1", "g2"), "student": d.pick("s1", "s2"), "rights": d.span()}


def _order(d: Drawing) -> World:
    """Usually about somebody else, or about seeing only, or over; all of that limits nobody."""
    harmless = d.random.choice(
        (
            {"guardian": "g2", "limits": "both"},
            {"limits": "access"},
            {"student": "s2", "limits": "consent"},
            {"span": [at(NOW - 2 * FAR), at(NOW - FAR)]},
        )
    )
    limiting = {"guardian": "g1", "student": "s1", "limits": d.random.choice(("consent", "both"))}
    span = d.random.choice(([d.instant(), None], [at(NOW - FAR - TICK), d.instant()]))
    return limiting | {"span": span} | d.pick(harmless, {})


def _record(d: Drawing, number: int) -> World:
    category = d.main if number == 1 else d.random.choice((*CATEGORIES, d.main))
    # Somebody else's record beside the one that the papers are about: it must stay closed.
    neighbor = number > 1 and d.random.random() < 0.4
    return {
        "id": f"r{number}",
        "student": "s2" if neighbor else d.pick("s1", "s2"),
        "custodian": d.pair[0] if d.random.random() < 0.7 else d.random.choice(("D1", "P1")),
        "category": d.pick(category, "gossip"),
        "event": d.past(),
        "author": d.random.choice(("ours", "partner", None)),
        "draft": d.slips(),
        "sealed": d.span() if d.slips() else None,
        "restricted": d.random.random() < 0.1 or d.slips(),
        "told_to": d.random.choice(("ours", "partner", None)) if d.sometimes() else None,
        "audience": _audience(d) if d.sometimes() else None,
    }


def _audience(d: Drawing) -> World:
    """Usually one that narrows nothing; else a level, the inside or the day of the signatures."""
    told = d.random.choice((None, d.past(), at(NOW - FAR + TICK)))
    audience = {"inside_only": d.slips(), "told_from": d.pick(told, d.instant())}
    levels = sorted({*d.level.values()} - ({d.level["ours"]} if d.sometimes() else set()))
    return audience | d.random.choice(({}, {"levels": levels or ["teacher"]}))


def _agreement(d: Drawing, number: int) -> World:
    a, b = d.parties()
    if d.random.random() < 0.3:
        a, b = b, a
    listed = {"a_to_b": d.categories(), "b_to_a": d.categories()}
    return {
        "id": f"m{number}",
        "a": a,
        "b": b,
        **listed,
        "lines": [
            _line(d, direction, category, receiver)
            for direction, receiver in (("a_to_b", b), ("b_to_a", a))
            for category in listed[direction]
            if d.random.random() < 0.5
        ],
        "span": d.span(),
        "a_signed": d.bound(),
        "b_signed": d.bound(),
        "terminated": d.never(),
        "waive_team": d.random.random() < 0.3,
    }


def _line(d: Drawing, direction: str, category: str, receiver: str) -> World:
    """Refined, and usually open all the same: on the ground by which its receiver is given."""
    named = d.random.choice((None, ["coordinate"], list(PURPOSES)))
    ground = "child_welfare" if receiver == "C1" and d.sometimes() else "consent"
    line = {
        "direction": direction,
        "category": category,
        "basis": d.pick(d.random.choice(("", "", ground)), *GROUNDS),
        "detail": d.random.choice(("full", "full", "summary")),
        "added": d.random.random() < 0.3,
        "since": d.random.choice((None, None, at(NOW - FAR), at(NOW - FAR + TICK))),
    }
    purposes = d.pick(named, ["evaluate"], ["placement"])
    return line if purposes is None else line | {"purposes": purposes}


def _consent(d: Drawing, number: int) -> World:
    discloser, recipient = d.parties()
    by_student = (d.adult or d.main in SUBJECT_ONLY) != d.slips()
    categories = d.categories()
    return {
        "id": f"c{number}",
        "student": d.pick("s1", "s2"),
        "discloser": discloser,
        "recipient": d.pick(recipient, None),
        "named": _named(d, recipient),
        "categories": categories,
        "special": [] if d.slips() else [c for c in categories if c in SPECIAL],
        "purposes": d.pick(["coordinate"], [], ["evaluate"], list(PURPOSES)),
        "records": d.span(),
        "span": d.span(),
        "signer_kind": "student" if by_student else "guardian",
        "signer": d.pick("s1" if by_student else "g1", "s2", "g2", "nobody"),
        "signed_at": d.past_or_none(),
        "revoked_at": d.never(),
        "detail": d.random.choice(("full", "summary")),
        **_paper(d),
        **_life(d),
    }


def _named(d: Drawing, recipient: str) -> list[str]:
    everybody = sorted({*WHO_RECEIVES[recipient], "nobody"})
    return d.pick(d.random.choice(([], [], everybody)), ["colleague"], ["nobody"], ["partner"])


def _paper(d: Drawing) -> World:
    """How it was signed, on which form, with which sentences."""
    method = d.random.choice((None, "typed", "drawn", "paper"))
    said = [str(statement) for statement in Statement]
    if d.sometimes():
        said.remove(d.random.choice(said))
    return {
        "method": method,
        "identity_checked": method in ("typed", "drawn") and not d.slips(),
        "confirmed_at": d.past_or_none() if method == "paper" else d.never(),
        "authority": d.pick("a parent", "", " \t\u00a0"),
        "form": d.pick("standard", *map(str, FormKind)),
        "statements": d.pick(said, [], said[:6], said[6:]),
        "cosigned": d.pick([at(NOW - FAR)] * d.random.choice((0, 0, 2)), [None], [d.instant()]),
        "form_recalled_at": d.never(),
        "text_matches": not d.slips(),
    }


def _life(d: Drawing) -> World:
    """What became of it: holds that are over, another kind taken back, a review in time."""
    over = [at(NOW - FAR), at(NOW - FAR / 2)]
    review_at = d.random.choice((None, at(NOW + FAR), d.instant(), at(NOW - FAR)))
    return {
        "withdrawn": {kind: d.instant() for kind in CATEGORIES if d.slips()},
        "holds": [over if d.sometimes() else d.span() for _ in range(2) if d.slips()]
        + d.random.choice(([], [], [over], [over, over])),
        "ended_at": d.never(),
        "known_false_at": d.never(),
        "superseded_at": d.never(),
        "review_at": review_at,
        "reviews": d.random.choice(([d.span()], [over, d.span()])) if review_at else [],
    }


def _flip_one(d: Drawing, world: World) -> None:
    """One condition of every consent at its edge, in a world that is otherwise as it should be."""
    edge, past = d.instant(), at(NOW - FAR)
    short = [str(statement) for statement in Statement]
    short.remove(d.random.choice(short))
    flips: tuple[World, ...] = (
        {"recipient": None},
        {"named": ["colleague"]},
        {"named": ["partner"]},
        {"signed_at": edge, "method": d.random.choice((None, "typed")), "identity_checked": True},
        {"signed_at": None, "method": d.random.choice(("paper", "drawn"))},
        {"method": d.random.choice(("typed", "drawn")), "identity_checked": False},
        {"method": "paper", "confirmed_at": d.random.choice((None, edge))},
        {"authority": d.random.choice(("", " \n", "\u00a0"))},
        {"form": d.random.choice([str(kind) for kind in FormKind])},
        {"statements": d.random.choice((short, short, short, []))},
        {"cosigned": d.random.choice(([None], [edge], [past, edge], [edge, past]))},
        {"form_recalled_at": edge},
        {"text_matches": False},
        {"withdrawn": {d.main: edge}},
        {"withdrawn": {kind: edge for kind in CATEGORIES if kind != d.main}},
        {"holds": [d.random.choice(([edge, None], [past, edge], [edge, at(NOW + FAR)]))]},
        {"holds": [[past, edge], [past, past]]},
        {"ended_at": edge},
        {"known_false_at": edge},
        {"superseded_at": edge},
        {"revoked_at": edge},
        {"review_at": edge, "reviews": []},
        {"review_at": past, "reviews": [d.random.choice(([edge, None], [past, edge]))]},
        {"categories": [], "special": []},
        {"special": []},
        {"purposes": []},
    )
    chosen = d.random.choice((*flips, None, None, None))
    if chosen is None:
        world["orders"].append(_order(d) | {"guardian": "g1", "student": "s1", "limits": "both"})
        return
    for consent in world["consents"]:
        consent.update(chosen)


def _flip_record(d: Drawing, world: World) -> None:
    """One condition of every record about the main category, or of everybody, at its edge."""
    signed = NOW - FAR + d.random.choice((-TICK, timedelta(0), TICK))
    level = d.random.choice(list(d.level.values()))
    flipped: World | None = d.random.choice(
        (
            {"restricted": True, "author": d.random.choice(("ours", "partner", None))},
            {"restricted": True, "author": None, "told_to": d.random.choice(("ours", "partner"))},
            {"audience": {"inside_only": True}},
            {"audience": {"told_from": at(signed)}},
            {"audience": {"told_from": at(signed), "levels": [level]}},
            {"audience": {"levels": [level]}, "restricted": d.random.random() < 0.5},
            None,
        )
    )
    if flipped is None:
        span = d.random.choice(([d.instant(), None], [at(NOW - FAR), d.instant()]))
        whom = d.random.choice(("s1", "s1", "s1", "s2"))
        world["locks"] = [{"user": u, "student": whom, "span": span} for u, _org, _levels in USERS]
        return
    for record in world["records"]:
        if record["category"] == d.main or d.random.random() < 0.5:
            record.update(flipped)


GROUNDS = ("consent", "child_welfare", "court_order", "studies")


PLACEMENT = {
    "kind": "child_welfare",
    "student": "s1",
    "custodian": "D1",
    "recipient": "C1",
    "span": [at(NOW - FAR), None],
}


def _flip_lines(d: Drawing, world: World) -> None:
    """One condition at its edge, in every line about the main category or in one agreement's."""
    flipped: World = d.random.choice(
        (
            {"purposes": d.random.choice((["evaluate"], ["placement"], ["Coordinate"]))},
            {"basis": d.random.choice(GROUNDS[:2])},
            {"basis": d.random.choice((*GROUNDS[2:], "Consent"))},
            {"detail": "summary"},
            {"added": True},
            {"added": True},
            {"added": True, "detail": "summary"},
            {"since": at(NOW - FAR + d.random.choice((-TICK, timedelta(0), TICK)))},
        )
    )
    if d.pair == ("D1", "C1") and d.random.random() < 0.7:
        # Child welfare alone: hardly ever is it drawn with all that it needs.
        world["consents"] = []
        world["legal"] = [_legal(d, 1) | PLACEMENT | {"categories": [d.main]}]
    every = world["agreements"]
    for agreement in d.random.choice((every, every, every, every[:1])):
        agreement["lines"] = [
            {"direction": direction, "category": d.main, **flipped}
            for direction in ("a_to_b", "b_to_a")
            if d.main in agreement[direction]
        ]
        if "added" in flipped:
            edge = NOW - FAR + d.random.choice((-TICK, timedelta(0), TICK, TICK))
            agreement[d.random.choice(("a_signed", "b_signed"))] = at(edge)


def _legal(d: Drawing, number: int) -> World:
    kind, recipient = d.random.choice(
        (("child_welfare", "C1"), ("court_order", "J1"), ("emergency", "P1"), ("emergency", "D2"))
    )
    return {
        "id": f"b{number}",
        "kind": kind,
        "student": d.pick("s1", "s2"),
        "custodian": d.pick("D1", "P1"),
        "recipient": d.pick(recipient, "C1", "P1"),
        "categories": d.categories(),
        "span": _emergency_span(d) if kind == "emergency" else d.span(),
        "named_users": d.pick(["caseworker", "partner", "theirs"], [], ["ours"]),
        "reason": d.pick("a threat in words", "", " \t\n", "\u00a0"),
        "ended_at": d.never(),
    }


def _emergency_span(d: Drawing) -> list[str | None]:
    start = NOW - d.random.choice((TICK, timedelta(hours=1), timedelta(hours=72)))
    end = start + timedelta(hours=72) + d.pick(timedelta(0), TICK, -TICK, timedelta(hours=1))
    return [at(start), d.pick(at(end), None)]


def _block(d: Drawing) -> World:
    return {"student": "s1", "org": d.random.choice((None, "P1", "C1")), "span": d.span()}


def _lock(d: Drawing) -> World:
    """Often over, or of a colleague, or about the other student."""
    span = d.random.choice((d.span(), [at(NOW - FAR), d.instant()], [d.instant(), None]))
    return {
        "user": d.random.choice([name for name, _org, _levels in USERS]),
        "student": d.pick("s1", "s2"),
        "span": span,
    }


def _question(d: Drawing) -> World:
    anybody = [name for name, _org, _levels in USERS]
    user = d.random.choice(WHO_RECEIVES[d.pair[1]] if d.random.random() < 0.5 else anybody)
    return {
        "user": d.pick(user, "nobody"),
        "purpose": d.pick("coordinate", "evaluate", "curiosity", ""),
        "at": at(NOW + d.pick(timedelta(0), TICK, -TICK, timedelta(days=1))),
    }
