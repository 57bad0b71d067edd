"""Read a scenario, one JSON object, or say which field is malformed.

Only the shape is checked. A consent or an emergency that the services would
refuse to create can be put into a scenario: the gate must not trust that
creation checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)

from portal.errors import BadFile, Problem
from portal.vocabulary import (
    CourtRight,
    Detail,
    Direction,
    FormKind,
    LegalKind,
    Level,
    OrganizationKind,
    RelationKind,
    SignatureMethod,
    SignerKind,
    Statement,
)

FORMAT = "docs/reference/gate.md"
LONGEST_CODE = 40
FIRST_YEAR, LAST_YEAR = 2, 9900
"""Of a day: its midnight, and its 18th anniversary, are then within every zone's calendar."""


def _instant(value: Any) -> datetime:
    """From ISO 8601 with an offset, to the microsecond, in UTC."""
    try:
        told = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("is not an instant in ISO 8601") from None
    if told.tzinfo is None:
        raise ValueError("has no offset from UTC")
    try:
        return told.astimezone(UTC)
    except OverflowError:
        raise ValueError("is outside the calendar") from None


def _day(value: Any) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("is not a day in ISO 8601") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("is outside the calendar")
    return day


def _beginning(value: Any) -> Any:
    """A span, or the instant or the day from which an open one begins."""
    if isinstance(value, str):
        return _day(value) if len(value) <= len("2026-06-15") else _instant(value)
    try:
        return SPAN.validate_python(value)
    except ValidationError:
        raise ValueError("is not a span, an instant or a day") from None


def _storable(value: str) -> str:
    if "\0" in value:
        raise ValueError("holds a NUL character")
    return value


def _code(value: str) -> str:
    if not value or any(letter.isspace() for letter in value):
        raise ValueError("is not one code, without a space in it")
    return value


def _some(value: frozenset[str]) -> frozenset[str]:
    """Empty, it could be read as "none" and as "any"."""
    if not value:
        raise ValueError("is empty; left out, it is any purpose")
    return value


def _some_level(value: frozenset[Level]) -> frozenset[Level]:
    if not value:
        raise ValueError("is empty; left out, it is any level")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not an IANA time zone") from None
    return value


Text = Annotated[str, AfterValidator(_storable)]
Code = Annotated[Text, AfterValidator(_code)]
Instant = Annotated[datetime, PlainValidator(_instant)]
Span = tuple[Instant, Instant | None]
SPAN: TypeAdapter[tuple[datetime, datetime | None]] = TypeAdapter(Span)
Beginning = Annotated[
    tuple[datetime, datetime | None] | datetime | date, PlainValidator(_beginning)
]
Categories = frozenset[Text]


def _instant_as_written(value: str) -> str:
    _instant(value)
    return value


class Part(BaseModel):
    """A row of a scenario: no field but these."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Policy(Part):
    """tz: IANA name of the zone of local midnights."""

    tz: Annotated[str, AfterValidator(_zone)] = "America/New_York"


class Org(Part):
    """An organization. hipaa, part2: which health laws bind the records it gives."""

    id: Text
    kind: OrganizationKind
    active: Span
    hipaa: bool = False
    part2: bool = False


class User(Part):
    """A user."""

    id: Text
    org: Text
    level: Level
    active: Span
    building: Text | None = None


class Student(Part):
    """postsecondary: a span, or an instant or a day from which on the student attends."""

    id: Text
    born: Annotated[date, PlainValidator(_day)] | None
    postsecondary: Beginning | None = None


class Enrollment(Part):
    """A span in a building."""

    student: Text
    building: Text
    span: Span


class Program(Part):
    """A span of special-education or Section 504 status."""

    student: Text
    span: Span


class Relation(Part):
    """How a user stands to a student."""

    kind: RelationKind
    user: Text
    student: Text
    span: Span


class Grant(Part):
    """A written grant; or, with emergency, what the user opened in one, with the reason."""

    user: Text
    student: Text
    categories: Categories
    approved: bool
    span: Span
    emergency: bool = False
    reason: Text = ""


class Guardian(Part):
    """A span of a guardian's educational rights."""

    id: Text
    student: Text
    rights: Span


class Order(Part):
    """A court order that limits a right of one guardian."""

    guardian: Text
    student: Text
    limits: CourtRight
    span: Span


class Audience(Part):
    """Who may open a record at most. levels: inside; left out for any of them.

    told_from: a consent signed before does not open it.
    """

    levels: Annotated[frozenset[Level], AfterValidator(_some_level)] | None = None
    inside_only: bool = False
    told_from: Instant | None = None


class Record(Part):
    """An item on the shelf. sealed: a span, or an instant or a day from which on."""

    id: Text
    student: Text
    custodian: Text
    category: Text
    event: Instant
    author: Text | None = None
    draft: bool = False
    sealed: Beginning | None = None
    restricted: bool = False
    told_to: Text | None = None
    audience: Audience | None = None


class Line(Part):
    """What the line of a listed category carries; a category without one carries all.

    purposes: left out, and so empty, for any that the consent names. basis: empty for any ground.
    since: an earlier agreement added it then.
    """

    direction: Direction
    category: Text
    purposes: Annotated[frozenset[Code], AfterValidator(_some)] = frozenset()
    basis: Annotated[Text, Field(max_length=LONGEST_CODE)] = ""
    detail: Detail = Detail.FULL
    added: bool = False
    since: Instant | None = None


class Agreement(Part):
    """An agreement between a and b. lines: what is told of the categories listed, one by one."""

    id: Text
    a: Text
    b: Text
    a_to_b: Categories = frozenset()
    b_to_a: Categories = frozenset()
    lines: list[Line] = Field(default_factory=list)
    span: Span
    a_signed: Instant | None = None
    b_signed: Instant | None = None
    terminated: Instant | None = None
    waive_team: bool = False

    def listed(self) -> Iterator[Line]:
        """A line for each category that is listed, in either direction."""
        told = {(line.direction, line.category): line for line in self.lines}
        for direction in Direction:
            for category in getattr(self, direction):
                usual = Line(direction=direction, category=category)
                yield told.get((direction, category), usual)


class Consent(Part):
    """A consent: its ticks, its paper and what became of it.

    recipient null: it names nobody. named: users of the recipient, and nobody else.
    withdrawn: kinds of record taken back by themselves, each with its instant. holds: spans.
    cosigned: when each of the others whose signature is needed signed; null for not yet.
    review_at, reviews: an event ends it, and until when somebody made sure it has not happened.
    """

    id: Text
    student: Text
    discloser: Text
    recipient: Text | None
    categories: Categories
    special: Categories = frozenset()
    purposes: Categories
    records: Span
    span: Span
    signer_kind: SignerKind
    signer: Text
    signed_at: Instant | None = None
    revoked_at: Instant | None = None
    detail: Detail = Detail.FULL
    named: frozenset[Text] = frozenset()
    method: SignatureMethod | None = None
    identity_checked: bool = False
    authority: Text = ""
    form: FormKind = FormKind.STANDARD
    statements: frozenset[Statement] = frozenset()
    cosigned: list[Instant | None] = Field(default_factory=list)
    form_recalled_at: Instant | None = None
    text_matches: bool = True
    withdrawn: dict[Text, Instant] = Field(default_factory=dict)
    holds: list[Span] = Field(default_factory=list)
    confirmed_at: Instant | None = None
    ended_at: Instant | None = None
    known_false_at: Instant | None = None
    superseded_at: Instant | None = None
    review_at: Instant | None = None
    reviews: list[Span] = Field(default_factory=list)


class Legal(Part):
    """A legal basis without consent."""

    id: Text
    kind: LegalKind
    student: Text
    custodian: Text
    recipient: Text
    categories: Categories
    span: Span
    named_users: frozenset[Text] = frozenset()
    reason: Text = ""
    ended_at: Instant | None = None


class Block(Part):
    """A stop on sharing; org null stops every organization."""

    student: Text
    org: Text | None = None
    span: Span


class Lock(Part):
    """A conflict of interest between a user and a student."""

    user: Text
    student: Text
    span: Span


class Question(Part):
    """Who asks for what; without a record, for every record. An unknown name is an answer.

    `at` stays as written, for the answer to repeat; `instant` is what it means.
    """

    user: Text
    record: Text | None = None
    purpose: Text = ""
    at: Annotated[str, AfterValidator(_instant_as_written)]

    @property
    def instant(self) -> datetime:
        """When the question is asked, in UTC."""
        return _instant(self.at)


class Scenario(BaseModel):
    """One world and the questions asked of it. Other keys at the top (a note) are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    id: Text
    policy: Policy = Policy()
    orgs: list[Org] = Field(default_factory=list)
    users: list[User] = Field(default_factory=list)
    students: list[Student] = Field(default_factory=list)
    enrollments: list[Enrollment] = Field(default_factory=list)
    special_education: list[Program] = Field(default_factory=list)
    relations: list[Relation] = Field(default_factory=list)
    grants: list[Grant] = Field(default_factory=list)
    guardians: list[Guardian] = Field(default_factory=list)
    orders: list[Order] = Field(default_factory=list)
    records: list[Record] = Field(default_factory=list)
    agreements: list[Agreement] = Field(default_factory=list)
    consents: list[Consent] = Field(default_factory=list)
    legal: list[Legal] = Field(default_factory=list)
    blocks: list[Block] = Field(default_factory=list)
    locks: list[Lock] = Field(default_factory=list)
    questions: list[Question] = Field(default_factory=list)


def read(line: str, where: str) -> Scenario:
    """The scenario in one line of JSON; raises BadFile with every malformed field."""
    try:
        scenario = Scenario.model_validate_json(line)
    except ValidationError as error:
        raise BadFile([_problem(e, where) for e in error.errors(include_url=False)]) from None
    problems = [
        *_doubles(scenario, where),
        *_danglers(scenario, where),
        *_strays(scenario, where),
    ]
    if problems:
        raise BadFile(problems)
    return scenario


def _problem(error: Any, where: str) -> Problem:
    return _malformed(where, _path(error["loc"]), error["msg"])


def _malformed(where: str, field: str, why: str) -> Problem:
    return Problem(
        what=f"{field}: {why}.", do_next=f"Write it as {FORMAT} says.", field=field, where=where
    )


def _path(steps: Sequence[int | str]) -> str:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.lstrip(".") or "scenario"


WITH_ID = ("orgs", "users", "students", "records", "agreements", "consents", "legal")

REFERENCES: dict[str, dict[str, str]] = {
    "users": {"org": "orgs"},
    "enrollments": {"student": "students"},
    "special_education": {"student": "students"},
    "relations": {"user": "users", "student": "students"},
    "grants": {"user": "users", "student": "students"},
    "guardians": {"student": "students"},
    "orders": {"student": "students"},
    "records": {"student": "students", "custodian": "orgs"},
    "agreements": {"a": "orgs", "b": "orgs"},
    "consents": {"student": "students", "discloser": "orgs", "recipient": "orgs"},
    "legal": {"student": "students", "custodian": "orgs", "recipient": "orgs"},
    "blocks": {"student": "students", "org": "orgs"},
    "locks": {"user": "users", "student": "students"},
}
"""Which field names which kind of thing. A signer, an author and a named user may be anybody."""


def _doubles(scenario: Scenario, where: str) -> Iterable[Problem]:
    for kind in WITH_ID:
        seen: set[str] = set()
        for index, row in enumerate(getattr(scenario, kind)):
            if row.id in seen:
                yield _malformed(where, f"{kind}[{index}].id", f"{row.id!r} is used twice")
            seen.add(row.id)


def _danglers(scenario: Scenario, where: str) -> Iterable[Problem]:
    known = {kind: {row.id for row in getattr(scenario, kind)} for kind in WITH_ID}
    for kind, fields in REFERENCES.items():
        for index, row in enumerate(getattr(scenario, kind)):
            for field, target in fields.items():
                named = getattr(row, field)
                if named is not None and named not in known[target]:
                    path = f"{kind}[{index}].{field}"
                    yield _malformed(where, path, f"there is no {named!r} in {target}")


def _strays(scenario: Scenario, where: str) -> Iterable[Problem]:
    """Lines about what their agreement does not list, and a second line about one category."""
    for index, agreement in enumerate(scenario.agreements):
        seen: set[tuple[Direction, str]] = set()
        for number, line in enumerate(agreement.lines):
            path = f"agreements[{index}].lines[{number}].category"
            if line.category not in getattr(agreement, line.direction):
                yield _malformed(where, path, f"{line.category!r} is not in {line.direction}")
            if (line.direction, line.category) in seen:
                yield _malformed(where, path, f"{line.category!r} has two lines")
            seen.add((line.direction, line.category))
