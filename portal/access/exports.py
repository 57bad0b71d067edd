"""Data that is taken out: its right and purpose asked, kept, marked, written down, and flagged.

What is in a file comes from questions that `access.visible` narrowed; this is the door through
which it leaves. Every page of the file says who took it, when, what for, and its number.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import documents, exported, once, sheets, trail
from portal.access.actor import Actor
from portal.access.exported import EVENT
from portal.access.numbers import new_number
from portal.config import settings
from portal.errors import NotReady, Problem
from portal.languages import catalog as languages
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.policy import exports as rules
from portal.policy.decision import Decision
from portal.policy.proper_use import PROPER_USE
from portal.store.accounts import UserSession
from portal.store.ledger import Installation
from portal.store.oversight import DataExport, UseFlag
from portal.store.papers import Document
from portal.vocabulary import (
    EXPORT_KIND_LABELS,
    EXPORT_PURPOSE_LABELS,
    DocumentKind,
    ExportKind,
    ExportPurpose,
    ExportShape,
    UseFlagKind,
)

NUMBER = "E"
MOST_ROWS = 5000
MOST_ROWS_ON_PAPER = 1000
DO_NOT_PASS_ON = "Do not pass on: 34 CFR 99.33."  # noqa: S105


@dataclass(frozen=True)
class Table:
    """What a file holds, as text. students: everybody who is in it, for the trail."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    students: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to take out, and why.

    words: the purpose in their own words. period: in words, such as the days; empty for none.
    asked: the same in codes, without a name.
    """

    kind: ExportKind
    shape: ExportShape
    purpose: ExportPurpose | None
    words: str
    period: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)


def keep_export(
    session: Session, me: Actor, wanted: Wanted, table: Table, at: datetime, key: str
) -> Document:
    """The rows as a kept file with its mark, open to me alone for a day at /doc/{id}.

    key: of the form; a second click gives the same file. Raises Refused without the right or
    the second factor, NotReady without a purpose or a row, or with too many.
    """
    may_ask(session, me, wanted, at)
    if problems := _amount_problems(table, wanted.shape):
        raise NotReady(problems)
    document_id = uuid.uuid4()
    if earlier := once.first_result(session, me, EVENT, key, document_id, at):
        return session.get_one(Document, earlier)
    if wanted.kind not in rules.OF_ONESELF:
        stay_in_bounds(session, me, wanted.kind, len(table.rows), table.students, at)
    number = new_number(session, DataExport.number, NUMBER)
    kept = _kept(session, me, document_id, _Marked(wanted, table, number, me, at))
    _write_down(session, me, wanted, table, kept, number)
    return kept


def hand_out(
    session: Session, me: Actor, wanted: Wanted, students: frozenset[uuid.UUID], at: datetime
) -> str:
    """A file of one row that leaves at once and is not kept: the number that it bears.

    The caller has decided who may take it, and writes its line with the number and the hash.
    Raises NotReady without a purpose, Refused when it makes the day's much.
    """
    state(wanted.kind, wanted.purpose, wanted.words)
    stay_in_bounds(session, me, wanted.kind, 1, students, at)
    number = new_number(session, DataExport.number, NUMBER)
    session.add(_row(me, wanted, 1, len(students), number, at))
    return number


def stay_in_bounds(
    session: Session,
    me: Actor,
    what: str,
    rows: int,
    students: frozenset[uuid.UUID],
    at: datetime,
) -> None:
    """With this file the day is not yet much; or the second factor is shown, and it is flagged.

    what: the kind, for the line of a refusal. Raises Refused without the second factor.
    """
    day = exported.of_the_day(session, me, at).with_more(rows, students)
    if rules.is_much(len(day.students), day.rows):
        _or_refused(session, me, what, _much(session, me, at), at)
        flag_bulk(session, me, at, students=len(day.students), rows=day.rows)


def may_ask(session: Session, me: Actor, wanted: Wanted, at: datetime) -> None:
    """The right and the purpose, before any row is read; a refusal is written down."""
    decision = rules.may_take_out(me.role, me.level, wanted.kind)
    _or_refused(session, me, wanted.kind, decision, at)
    state(wanted.kind, wanted.purpose, wanted.words)


def state(kind: ExportKind, purpose: ExportPurpose | None, words: str) -> None:
    """The purpose is one of the list and is told in words. Raises NotReady with what is missing."""
    if problems := rules.purpose_problems(kind, purpose, words):
        raise NotReady(problems)


def _or_refused(session: Session, me: Actor, what: str, decision: Decision, at: datetime) -> None:
    if not decision:
        codes = [str(code) for code in decision.codes]
        entry = trail.Entry(EVENT, False, at, subject=what, codes=codes)
        trail.write_refusal(session, me, entry)
        decision.or_refuse()


def _amount_problems(table: Table, shape: ExportShape) -> list[Problem]:
    if not table.rows:
        return [Problem("There is nothing to take out in this time.", "Choose other days.")]
    if len(table.rows) > MOST_ROWS:
        return [Problem(f"These are more than {MOST_ROWS:,} rows.", "Choose a shorter time.")]
    if shape is ExportShape.PDF and len(table.rows) > MOST_ROWS_ON_PAPER:
        return [
            Problem(
                f"These are more than {MOST_ROWS_ON_PAPER:,} rows, too many for a paper.",
                "Choose a shorter time, or the spreadsheet.",
            )
        ]
    return []


def _much(session: Session, me: Actor, at: datetime) -> Decision:
    mine = session.get(UserSession, me.session_id) if me.session_id else None
    shown_at = mine.second_factor_at if mine and mine.user_id == me.id else None
    return rules.may_take_much(shown_at, at, required=asks_for_second_factor(session))


def asks_for_second_factor(session: Session) -> bool:
    """Is the second factor asked for before much leaves? In a demonstration only when it is set."""
    demo = session.get(Installation, "demo")
    made_up = demo is not None and demo.value == "true"
    return settings().asks_for_second_factor(demo=made_up)


# The file


@dataclass(frozen=True)
class _Marked:
    """What a file is made of."""

    wanted: Wanted
    table: Table
    number: str
    me: Actor
    at: datetime

    @property
    def made_at(self) -> str:
        """The instant, in the words of its maker's zone."""
        return languages.instant(self.at, self.me.tz, languages.ENGLISH)

    @property
    def made_by(self) -> str:
        """Name and title."""
        return ", ".join(part for part in (self.me.name, self.me.title) if part)

    @property
    def purpose(self) -> str:
        """The purpose of the list and the words beside it."""
        label = EXPORT_PURPOSE_LABELS[ExportPurpose(str(self.wanted.purpose))]
        return f"{label}: {' '.join(self.wanted.words.split())}"

    @property
    def mark(self) -> str:
        """Who, when, what for and which: on every page, and first and last in a spreadsheet."""
        return (
            f"Export {self.number}, taken out by {self.made_by} ({self.me.organization_name}) "
            f"on {self.made_at}. For: {self.purpose}. {self.limit}".rstrip()
        )

    @property
    def limit(self) -> str:
        """What is about its maker alone goes where its maker likes."""
        return "" if self.wanted.kind in rules.OF_ONESELF else DO_NOT_PASS_ON


def _kept(session: Session, me: Actor, document_id: uuid.UUID, file: _Marked) -> Document:
    pdf_wanted = file.wanted.shape is ExportShape.PDF
    return documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.DATA_EXPORT,
        f"{file.wanted.kind}-{file.number}.{file.wanted.shape}",
        render.MEDIA_TYPE if pdf_wanted else sheets.MEDIA_TYPE,
        _paper(file) if pdf_wanted else _sheet(file),
        file.at,
        document_id=document_id,
    )


def _sheet(file: _Marked) -> bytes:
    return sheets.written(file.table.columns, file.table.rows, mark=[file.mark, PROPER_USE])


def _paper(file: _Marked) -> bytes:
    paper = pdf.Export(
        title=EXPORT_KIND_LABELS[file.wanted.kind],
        number=file.number,
        district=file.me.organization_name,
        foot=f"{file.me.name}, {file.made_at}. {DO_NOT_PASS_ON}",
        mark=f"{file.me.name} · {file.made_at} · {file.number}",
        warning=f"Confidential. {DO_NOT_PASS_ON} Shred it afterwards.",
        made_by=file.made_by,
        made_at=file.made_at,
        purpose=file.purpose,
        period=file.wanted.period,
        amount=_amount(file.table),
        columns=file.table.columns,
        rows=file.table.rows,
        proper_use=PROPER_USE,
    )
    return render.make(pdf.order(paper, language=languages.ENGLISH, at=file.at))


def _amount(table: Table) -> str:
    rows = "1 row" if len(table.rows) == 1 else f"{len(table.rows):,} rows"
    if not table.students:
        return rows
    many = len(table.students)
    return f"{rows} about {'1 student' if many == 1 else f'{many:,} students'}"


# What is written down


def _row(
    me: Actor, wanted: Wanted, rows: int, students: int, number: str, at: datetime
) -> DataExport:
    return DataExport(
        organization_id=me.organization_id,
        number=number,
        user_id=me.id,
        kind=wanted.kind,
        purpose=f"{wanted.purpose}: {' '.join(wanted.words.split())}",
        asked={**wanted.asked, "shape": wanted.shape},
        rows=rows,
        students=students,
        made_at=at,
    )


def _write_down(
    session: Session, me: Actor, wanted: Wanted, table: Table, kept: Document, number: str
) -> None:
    row = _row(me, wanted, len(table.rows), len(table.students), number, kept.made_at)
    row.document_id = kept.id
    session.add(row)
    # The words may hold a student's name, so the line has the purpose's code alone.
    told = {"kind": wanted.kind, "number": number, "rows": row.rows, "sha256": kept.sha256}
    entry = trail.Entry(
        EVENT,
        True,
        kept.made_at,
        tuple(sorted(table.students)),
        subject=str(kept.id),
        purpose=str(wanted.purpose),
        detail=told | row.asked,
    )
    trail.write(session, me, entry)


def flag_bulk(session: Session, me: Actor, at: datetime, *, students: int, rows: int) -> None:
    """Let a person look at it: one flag a day, with all that left on that day until now.

    What was settled before on that day was about less, and is looked at again.
    """
    day = at.astimezone(ZoneInfo(me.tz)).date()
    wanted = select(UseFlag).where(
        UseFlag.organization_id == me.organization_id,
        UseFlag.user_id == me.id,
        UseFlag.kind == UseFlagKind.BULK_EXPORT,
        UseFlag.day == day,
    )
    flag = session.scalar(wanted)
    if flag is None:
        flag = UseFlag(
            organization_id=me.organization_id,
            user_id=me.id,
            kind=UseFlagKind.BULK_EXPORT,
            day=day,
            found_at=at,
        )
        session.add(flag)
    flag.count, flag.detail = rows, {"students": students, "rows": rows}
    flag.settled_at = flag.settled_by = flag.outcome = flag.told_at = None
