"""Ask each question of a scenario by rule and by query, and compare."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import URL, Engine, Select, Uuid, bindparam, make_url, text
from sqlalchemy import select as question
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import visible
from portal.policy.decision import Decision, Reason, refuse
from portal.policy.facts import Facts
from portal.policy.gate import may_open
from portal.scenarios.keys import Keys
from portal.scenarios.reading import Question, Scenario
from portal.scenarios.shelving import shelve
from portal.store.base import Instant
from portal.store.engine import make_engine
from portal.store.migrate import upgrade_engine
from portal.store.people import Student, User
from portal.store.places import Organization
from portal.store.records import Record
from portal.vocabulary import Level, OrganizationKind

Answer = dict[str, Any]


@contextmanager
def throwaway(url: str) -> Iterator[Engine]:
    """An engine on tables of its own that are gone afterwards.

    PostgreSQL: a schema with a random name in the database of `url`. SQLite: in
    memory, whatever file `url` names, so that no file is ever touched. Raises
    SQLAlchemy's ArgumentError for a URL that is neither.
    """
    kind = make_url(url).get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise ArgumentError(f"the portal runs on sqlite and postgresql, not on {kind}.")
    place: AbstractContextManager[str | URL] = (
        nullcontext("sqlite://") if kind == "sqlite" else _schema(url)
    )
    with place as own, ExitStack() as at_the_end:
        engine = make_engine(own)
        at_the_end.callback(engine.dispose)
        upgrade_engine(engine)
        yield engine


@contextmanager
def _schema(url: str) -> Iterator[str | URL]:
    name = f"portal_decide_{uuid.uuid4().hex}"
    engine = make_engine(url)
    with ExitStack() as at_the_end:
        at_the_end.callback(engine.dispose)
        _run(engine, f"CREATE SCHEMA {name}")
        at_the_end.callback(_run, engine, f"DROP SCHEMA {name} CASCADE")
        yield make_url(url).update_query_dict({"options": _options(name)})


def _run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def _options(schema: str) -> str:
    """The schema, instants in UTC (another zone's calendar ends earlier), and quick plans.

    The plan of a statement is thrown away with each scenario, so that thinking
    long about it costs more than it saves on a handful of rows.
    """
    told = {
        "search_path": schema,
        "timezone": "UTC",
        "join_collapse_limit": 1,
        "from_collapse_limit": 1,
        "jit": "off",
    }
    return " ".join(f"-c{name}={value}" for name, value in told.items())


def answer(engine: Engine, scenario: Scenario) -> Answer:
    """The answers to every question, and where rule and query disagree."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, autoflush=False) as session:
            keys = shelve(session, scenario)
            told = _Told(session, scenario, keys)
            answers = [line for asked in scenario.questions for line in told.lines(asked)]
        transaction.rollback()
    disagreements = [found for line in answers if (found := _disagreement(line))]
    for line in answers:
        del line["by_query"], line["fields_by_query"]
    return {"id": scenario.id, "answers": answers, "disagreements": disagreements}


def _disagreement(line: Answer) -> Answer | None:
    if (line["allow"], line["fields"]) == (line["by_query"], line["fields_by_query"]):
        return None
    asked = {key: line[key] for key in ("user", "record", "purpose", "at")}
    return {
        **asked,
        "by_rule": {"allow": line["allow"], "fields": line["fields"]},
        "by_query": {"allow": line["by_query"], "fields": line["fields_by_query"]},
    }


class _Told:
    """A stored scenario and what has been asked of it so far."""

    def __init__(self, session: Session, scenario: Scenario, keys: Keys) -> None:
        self.session = session
        self.scenario = scenario
        self.keys = keys
        self.users = {user.id for user in scenario.users}
        # The session keeps what it has loaded only as long as somebody else does.
        kept = (User, Organization, Student)
        self._kept = [session.scalars(question(table)).all() for table in kept]
        self.records = {record.id: record for record in scenario.records}
        self._facts: dict[tuple[str, str], Facts] = {}

    def lines(self, asked: Question) -> Iterator[Answer]:
        """One answer for the record asked for, or for every record."""
        wanted = [asked.record] if asked.record is not None else list(self.records)
        in_part, in_full = self._by_query(asked)
        for record in wanted:
            decision = self._by_rule(asked, record)
            yield {
                "user": asked.user,
                "record": record,
                "purpose": asked.purpose,
                "at": asked.at,
                "allow": decision.allowed,
                "fields": [str(field) for field in decision.fields],
                "basis": sorted(self.keys.name(uuid.UUID(paper)) for paper in decision.papers),
                "reasons": [str(code) for code in decision.codes],
                "by_query": record in in_part,
                "fields_by_query": _fields(record, in_part, in_full),
            }

    def _by_rule(self, asked: Question, record: str) -> Decision:
        unknown = []
        if asked.user not in self.users:
            unknown.append(Reason.USER_UNKNOWN)
        if record not in self.records:
            unknown.append(Reason.RECORD_UNKNOWN)
        if unknown:
            return refuse(unknown)
        facts = self._facts_about(asked.user, self.records[record].student)
        key = str(self.keys.of("records", record))
        item = next(item for item in facts.shelf if item.id == key)
        return may_open(facts, item, asked.purpose, asked.instant)

    def _facts_about(self, user: str, student: str) -> Facts:
        if (user, student) not in self._facts:
            keys = (self.keys.of("users", user), self.keys.of("students", student))
            self._facts[user, student] = facts_of.load_known(self.session, *keys)
        return self._facts[user, student]

    def _by_query(self, asked: Question) -> tuple[set[str], set[str]]:
        if asked.user not in self.users:
            return set(), set()
        user = self.session.get_one(User, self.keys.of("users", asked.user))
        kind = self.session.get_one(Organization, user.organization_id).kind
        values = {
            "me": user.id,
            "ours": user.organization_id,
            "building": user.school_id,
            "at": asked.instant,
        }
        found = (
            self.session.scalars(_select(kind, user.level, asked.purpose, in_full), values)
            for in_full in (False, True)
        )
        in_part, in_full = ({self.keys.name(key) for key in keys} for keys in found)
        return in_part, in_full


def _fields(record: str, in_part: set[str], in_full: set[str]) -> list[str]:
    if record in in_full:
        return ["what", "when", "who", "narrative"]
    return ["what", "when"] if record in in_part else []


@dataclass(frozen=True)
class _Asking:
    """A viewer whose keys are parameters, so that one SELECT serves all of a kind."""

    id: Any
    organization_id: Any
    organization_kind: OrganizationKind
    level: Level
    school_id: Any


@lru_cache(maxsize=1000)
def _select(kind: OrganizationKind, level: Level, purpose: str, in_full: bool) -> Select[uuid.UUID]:
    me = _Asking(
        id=bindparam("me", type_=Uuid()),
        organization_id=bindparam("ours", type_=Uuid()),
        organization_kind=kind,
        level=level,
        school_id=bindparam("building", type_=Uuid()),
    )
    at: datetime = bindparam("at", type_=Instant())  # type: ignore[assignment]
    return question(Record.id).where(visible.records(me, purpose, at, in_full=in_full))
