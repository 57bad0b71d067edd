"""The ledger is whole, or the first line that is not as it was written is named."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.access import outside, trail
from portal.access.actor import Actor
from portal.access.trail import Entry
from portal.errors import NotReady
from portal.stewardship.ledger import checkpoints, queries, workers
from portal.stewardship.ledger.checkpoints import Keeper
from portal.stewardship.ledger.pieces import Course
from portal.stewardship.ledger.proof import prove
from portal.store import chain
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.vocabulary import Level, OrganizationKind, Role
from tests.engines import migrated, rolled_back
from tests.people import NOW, Cast, store_cast
from tests.stewardship.ledger import FAKE, Ledger, a_ledger


@pytest.fixture
def ledger(session: Session, cast: Cast, tmp_path: Path) -> Ledger:
    return a_ledger(session, cast, tmp_path)


def test_a_ledger_that_nobody_touched_is_whole(ledger: Ledger) -> None:
    found = ledger.proof()

    assert found.broken is None
    assert (found.chains, found.lines, found.checkpoints) == (3, 7, 3)


def test_each_line_is_hashed_from_all_its_columns_and_the_line_before() -> None:
    assert {*chain.COLUMNS, "hash"} == {column.name for column in TrailLine.__table__.columns}


EDITS = {
    "id": "id + 1000",
    "at": "'2001-01-01 00:00:00.000000'",
    "event": "'record.closed'",
    "allowed": "NOT allowed",
    "user_id": "NULL",
    "user_name": "'Somebody Else'",
    "organization_id": "NULL",
    "organization_name": "''",
    "subject": "subject || ' '",
    "purpose": "'research'",
    "opened": "'[\"visits\"]'",
    "closed": "'[\"visits\"]'",
    "codes": "'[\"REVOKED\"]'",
    "basis": "'[ ]'",
    "detail": "'{\"items\": 0}'",
    "students": "'[]'",
    "chain": "'ffff'",
    "position": "position + 1000",
    "hash": f"'{FAKE}'",
}


def test_an_edit_of_any_column_of_a_line_is_found_and_the_line_named(ledger: Ledger) -> None:
    assert set(EDITS) == {column.name for column in TrailLine.__table__.columns}
    key = ledger.id_at(3)
    for column, value in EDITS.items():
        with ledger.session.begin_nested() as tampering:
            ledger.sql(f"UPDATE trail_line SET {column} = {value} WHERE id = :key", key=key)
            broken = ledger.broken()
            tampering.rollback()
        assert (broken.chain, broken.position) == (ledger.chain, 3), column

    assert ledger.proof().broken is None


def test_a_line_moved_to_another_chain_is_missed_in_its_own(ledger: Ledger) -> None:
    ledger.sql(
        "UPDATE trail_line SET chain = '' , position = 2 WHERE id = :key", key=ledger.id_at(5)
    )

    broken = ledger.broken()
    assert (broken.chain, broken.position) == ("", 2)
    assert "put in" in broken.what

    ledger.sql("UPDATE trail_head SET position = 2 WHERE chain = ''")
    assert "or not where" in ledger.broken().what


def test_a_deleted_line_is_missed_at_its_place(ledger: Ledger) -> None:
    ledger.sql("DELETE FROM trail_student WHERE line_id = :key", key=ledger.id_at(2))
    ledger.sql("DELETE FROM trail_line WHERE id = :key", key=ledger.id_at(2))

    broken = ledger.broken()
    assert (broken.chain, broken.position, broken.id) == (ledger.chain, 2, None)
    assert "missing" in broken.what


def test_two_lines_that_changed_places_are_found_at_the_first(ledger: Ledger) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        ledger.sql(
            "UPDATE trail_line SET position = :new WHERE chain = :chain AND position = :old",
            old=old,
            new=new,
        )

    broken = ledger.broken()
    assert (broken.position, broken.id) == (2, str(ledger.id_at(2)))


COPY = (
    "INSERT INTO trail_line SELECT 5000, at, event, allowed, user_id, user_name, "
    "organization_id, organization_name, subject, purpose, opened, closed, codes, basis, "
    "detail, students, chain, :position, hash FROM trail_line WHERE id = :key"
)


def test_a_line_put_in_after_the_last_is_found(ledger: Ledger) -> None:
    ledger.sql(COPY, position=6, key=ledger.id_at(5))

    broken = ledger.broken()
    assert (broken.position, broken.id) == (6, "5000")
    assert "put in" in broken.what


def test_a_line_put_in_before_the_first_is_found(ledger: Ledger) -> None:
    ledger.sql(COPY, position=0, key=ledger.id_at(5))

    assert (ledger.broken().position, ledger.broken().id) == (0, "5000")


def test_lines_whose_ids_lie_the_other_way_round_than_their_places_are_whole(
    ledger: Ledger,
) -> None:
    first, second, third = (ledger.id_at(position) for position in (2, 3, 4))
    for old, new in ((first, 900), (second, 800), (third, 700)):
        for table, key in (("trail_line", "id"), ("trail_student", "line_id")):
            ledger.sql(f"UPDATE {table} SET {key} = :new WHERE {key} = :old", old=old, new=new)
    ledger.rebuild()
    ledger.checkpoints.unlink()
    ledger.keep()

    assert ledger.proof().broken is None


def test_a_chain_of_which_nothing_follows_is_given_up_early(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Course, "MOST", 2)
    ledger.sql("UPDATE trail_line SET event = 'x' WHERE id = :key", key=ledger.id_at(2))

    assert ledger.broken().position == 2


def test_a_line_put_in_between_is_found_where_it_stands(ledger: Ledger) -> None:
    for old in (5, 4, 3):
        ledger.sql(
            "UPDATE trail_line SET position = position + 1 "
            "WHERE chain = :chain AND position = :old",
            old=old,
        )
    ledger.sql(COPY, position=3, key=ledger.id_at(2))
    ledger.sql("UPDATE trail_head SET position = 6 WHERE chain = :chain")

    assert (ledger.broken().position, ledger.broken().id) == (3, "5000")


def test_a_cut_tail_shows_in_the_outside_folder_alone(ledger: Ledger) -> None:
    ledger.sql("DELETE FROM trail_student WHERE line_id = :key", key=ledger.id_at(5))
    ledger.sql("DELETE FROM trail_line WHERE id = :key", key=ledger.id_at(5))
    missing = ledger.broken()
    ledger.rebuild()

    cut = ledger.broken()
    assert (missing.position, cut.position, cut.id) == (5, 5, None)
    assert "cut" in cut.what


def test_a_chain_hashed_anew_shows_in_the_outside_folder_alone(ledger: Ledger) -> None:
    ledger.sql("UPDATE trail_line SET user_name = 'Nobody' WHERE id = :key", key=ledger.id_at(2))
    edited = ledger.broken()
    ledger.rebuild()

    anew = ledger.broken()
    assert (edited.position, anew.position, anew.id) == (2, 5, str(ledger.id_at(5)))
    assert "anew" in anew.what
    ledger.checkpoints.unlink()
    with pytest.raises(NotReady, match="cut tail"):
        ledger.proof()


def test_a_chain_taken_out_with_its_head_is_missed(ledger: Ledger) -> None:
    ledger.sql("DELETE FROM trail_student")
    ledger.sql("DELETE FROM trail_line WHERE chain = :chain")
    ledger.sql("DELETE FROM trail_head WHERE chain = :chain")

    assert (ledger.broken().chain, ledger.broken().position) == (ledger.chain, 5)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE trail_student SET line_id = line_id - 1 WHERE line_id = :key",
        "DELETE FROM trail_student WHERE line_id = :key",
        "INSERT INTO trail_student SELECT line_id, user_id FROM trail_line, "
        "trail_student WHERE id = line_id AND id = :key",
    ],
)
def test_students_other_than_those_written_are_found(ledger: Ledger, tampering: str) -> None:
    ledger.sql(tampering, key=ledger.id_at(2))

    assert "students" in ledger.broken().what


def test_a_student_noted_for_no_line_is_found(ledger: Ledger) -> None:
    ledger.sql("INSERT INTO trail_student SELECT 7000, student_id FROM trail_student LIMIT 1")

    assert ledger.broken().id == "7000"


def test_a_head_that_was_changed_is_found(ledger: Ledger) -> None:
    ledger.sql(f"UPDATE trail_head SET hash = '{FAKE}' WHERE chain = :chain")
    assert (ledger.broken().position, "head" in ledger.broken().what) == (5, True)

    ledger.sql("DELETE FROM trail_head WHERE chain = :chain")
    assert (ledger.broken().position, "put in" in ledger.broken().what) == (1, True)


@pytest.mark.parametrize("tampering", ["user_name || char(0) || 'x'", "CAST(user_name AS BLOB)"])
def test_bytes_that_sqlite_does_not_show_are_found(
    sqlite_url: str, tmp_path: Path, tampering: str
) -> None:
    with migrated(sqlite_url) as engine, rolled_back(engine) as session:
        ledger = a_ledger(session, store_cast(session), tmp_path)
        changed = f"UPDATE trail_line SET user_name = {tampering} WHERE id = :key"
        ledger.sql(changed, key=ledger.id_at(2))

        assert (ledger.broken().position, ledger.broken().chain) == (2, ledger.chain)


def test_a_kept_document_whose_bytes_changed_is_found(ledger: Ledger) -> None:
    key = uuid.uuid4()
    cast, session = ledger.cast, ledger.session
    session.add(
        Document(
            id=key,
            owner_id=cast.district.id,
            kind="agreement",
            file_name="a.docx",
            media_type="application/x",
            sha256=hashlib.sha256(b"as kept").hexdigest(),
            content=b"as kept",
            made_at=NOW,
            made_by=cast.dina.id,
        )
    )
    session.flush()
    assert (ledger.proof().broken, ledger.proof().documents) == (None, 1)

    ledger.sql("UPDATE document SET content = :content", content=b"as changed")
    assert ledger.broken().id == str(key)


def test_nobody_is_told_apart_from_any_text_in_the_place_of_an_id(ledger: Ledger) -> None:
    assert [chain.TOLD[chain.KEY](key) for key in (None, uuid.UUID(int=0))] == ["-", "=" + "0" * 32]


def test_a_text_that_holds_the_separator_is_written_without_it(ledger: Ledger) -> None:
    ledger.write(Entry("account.not_signed_in", False, NOW, subject="a\x1fb\0c"))

    assert ledger.proof().broken is None
    assert ledger.session.scalar(text("SELECT max(subject) FROM trail_line")) in ("abc", "C")


# The outside folder


def test_only_heads_that_moved_are_written_again(ledger: Ledger) -> None:
    before = ledger.checkpoints.read_text().splitlines()
    ledger.keep()
    assert ledger.checkpoints.read_text().splitlines() == before
    ledger.add()
    ledger.keep()

    (new,) = ledger.checkpoints.read_text().splitlines()[len(before) :]
    assert (json.loads(new)["chain"], json.loads(new)["position"]) == (ledger.chain, 6)
    assert ledger.proof().broken is None


@pytest.mark.parametrize("tampering", ["edited", "removed"])
def test_a_checkpoint_file_that_was_changed_is_found(ledger: Ledger, tampering: str) -> None:
    first, *rest = ledger.checkpoints.read_text().splitlines()
    kept = [] if tampering == "removed" else [first.replace('"position": 1', '"position": 2')]
    ledger.checkpoints.write_text("\n".join([*kept, *rest]) + "\n")

    assert "does not follow" in ledger.broken().what


def test_a_checkpoint_cut_short_by_a_full_disk_does_no_harm(ledger: Ledger) -> None:
    with ledger.checkpoints.open("a") as stream:
        stream.write('{"at": "2026')
    ledger.add()
    ledger.keep()

    assert ledger.proof().broken is None


def test_a_restored_backup_is_told_as_such_once_somebody_says_so(ledger: Ledger) -> None:
    with ledger.session.begin_nested() as lost:
        ledger.add(2)
        ledger.keep()
        lost.rollback()
    assert ledger.broken().position == 7
    assert ledger.keep() == [ledger.chain]

    told = checkpoints.acknowledge(ledger.session, ledger.checkpoints, "disk broke", NOW)
    ledger.add(3, "others")

    assert (told, ledger.keep(), ledger.proof().broken) == ({ledger.chain: 7}, [], None)
    assert ledger.proof().set_aside == 1
    assert checkpoints.acknowledge(ledger.session, ledger.checkpoints, "again", NOW) == {}


def test_what_a_restore_set_aside_excuses_nothing_that_comes_after(ledger: Ledger) -> None:
    with ledger.session.begin_nested() as lost:
        ledger.add(2)
        ledger.keep()
        lost.rollback()
    checkpoints.acknowledge(ledger.session, ledger.checkpoints, "disk broke", NOW)
    ledger.add(3, "others")
    ledger.keep()

    ledger.sql("UPDATE trail_line SET user_name = 'Nobody' WHERE id = :key", key=ledger.id_at(2))
    ledger.rebuild()
    assert ledger.broken().position == 5


def test_checkpoints_newer_than_the_proof_are_not_looked_at(ledger: Ledger) -> None:
    until = outside.size(ledger.checkpoints)
    with ledger.session.begin_nested() as elsewhere:
        ledger.add(1, "others")
        ledger.keep()
        elsewhere.rollback()

    assert prove(ledger.session, ledger.checkpoints, until).broken is None


def test_an_empty_ledger_needs_no_checkpoint(session: Session, tmp_path: Path) -> None:
    found = prove(session, tmp_path / "none.jsonl", 0)

    assert (found.broken, found.lines) == (None, 0)


# Whatever is written is whole

WORDS = st.text(max_size=12)
ENTRIES = st.builds(
    Entry,
    event=st.sampled_from(["record.opened", "account.not_signed_in"]),
    allowed=st.booleans(),
    at=st.datetimes(min_value=NOW.replace(tzinfo=None), timezones=st.timezones()),
    students=st.lists(st.uuids(), max_size=3).map(tuple),
    subject=WORDS,
    purpose=st.sampled_from(["", "coordinate"]),
    opened=st.lists(WORDS, max_size=2),
    detail=st.dictionaries(WORDS, st.one_of(WORDS, st.integers(), st.none()), max_size=3),
)
Lines = list[tuple[Entry, uuid.UUID | None]]
ORGANIZATIONS = [uuid.UUID(int=number) for number in range(1, 4)]


LINES = st.lists(st.tuples(ENTRIES, st.sampled_from([None, *ORGANIZATIONS])), max_size=8)


@hypothesis_settings(max_examples=50)
@given(lines=LINES, more=LINES)
def test_whatever_is_written_is_whole(engine: Engine, lines: Lines, more: Lines) -> None:
    with rolled_back(engine) as session, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoints.jsonl"
        for some in (lines, more):
            for entry, organization in some:
                trail.write(session, somebody_of(organization), entry)
            trail.settle(session)
            Keeper(path).write(session, NOW)

        found = prove(session, path, outside.size(path))

        assert (found.broken, found.lines) == (None, len(lines) + len(more))


def somebody_of(organization: uuid.UUID | None) -> Actor | None:
    if organization is None:
        return None
    return Actor(
        id=uuid.UUID(int=9),
        name="Sam Sample",
        title="",
        role=Role.TEACHER,
        level=Level.TEACHER,
        school_id=None,
        organization_id=organization,
        organization_name="Sample\x1f Clinic",
        organization_kind=OrganizationKind.DISTRICT,
        tz="America/New_York",
    )


# Shared out to processes


def test_a_ledger_proved_in_pieces_by_processes_is_whole(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LINES", 2)
    with migrated(empty_url) as engine:
        with Session(engine) as session:
            ledger = a_ledger(session, store_cast(session), tmp_path)
            session.commit()
        with Session(engine) as session:
            found = prove(
                session, ledger.checkpoints, outside.size(ledger.checkpoints), processes=2
            )

    assert (found.broken, found.lines, found.checkpoints) == (None, 7, 3)


def test_a_line_edited_is_named_whichever_process_comes_upon_it(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LINES", 2)
    with migrated(empty_url) as engine, Session(engine) as session:
        ledger = a_ledger(session, store_cast(session), tmp_path)
        key, organization = ledger.id_at(4), ledger.chain
        ledger.sql("UPDATE trail_line SET subject = 'x' WHERE id = :key", key=key)
        session.commit()
        until = outside.size(ledger.checkpoints)
        broken = prove(session, ledger.checkpoints, until, processes=2).broken

    assert broken is not None
    assert (broken.chain, broken.position, broken.id) == (organization, 4, str(key))


def test_a_process_that_ends_before_its_time_proves_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "instant", lambda _session: "")
    monkeypatch.setattr(workers, "COMMAND", [sys.executable, "-c", "import sys; sys.stdin.read(1)"])

    with pytest.raises(NotReady, match="ended before its time"):
        prove(ledger.session, ledger.checkpoints, 1, processes=2)


def test_a_database_that_a_process_cannot_read_is_told_as_such(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "instant", lambda _session: "")
    monkeypatch.setattr(queries, "url", lambda _session: "sqlite:///nowhere/at.all")

    with pytest.raises(DBAPIError, match="unable to open"):
        prove(ledger.session, ledger.checkpoints, 1, processes=2)


def test_lines_whose_ids_lie_far_apart_are_read_in_pieces_all_the_same(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "LINES", 2)
    ledger.sql("DELETE FROM trail_student WHERE line_id = :key", key=ledger.id_at(5))
    ledger.sql(
        "UPDATE trail_line SET id = 4000000000000000000 WHERE id = :key", key=ledger.id_at(5)
    )

    assert len(workers._spans(ledger.session, 7)) == 4
    assert ledger.broken().position == 5


def test_text_that_is_copied_out_with_escapes_is_hashed_as_it_was_written(ledger: Ledger) -> None:
    strange = "a\\b\tc\nd\re\bf\fg\vh\\.\\N é"
    ledger.write(Entry("record.opened", True, NOW, subject=strange, detail={"told": strange}))

    assert ledger.proof().broken is None


@pytest.mark.parametrize("column", ["user_name", "chain", "hash", "at", "students"])
def test_bytes_that_are_no_text_are_found(sqlite_url: str, tmp_path: Path, column: str) -> None:
    with migrated(sqlite_url) as engine, rolled_back(engine) as session:
        ledger = a_ledger(session, store_cast(session), tmp_path)
        changed = f"UPDATE trail_line SET {column} = CAST(x'ff' AS TEXT) WHERE id = :key"
        ledger.sql(changed, key=ledger.id_at(2))

        assert (ledger.broken().position, ledger.broken().chain) == (2, ledger.chain)
