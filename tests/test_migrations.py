"""All migrations applied to an empty database give exactly the tables of the models."""

import uuid
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.access import outside, trail
from portal.stewardship.ledger.checkpoints import Keeper
from portal.stewardship.ledger.proof import prove
from portal.store.engine import make_engine
from portal.store.ledger import TrailLine
from portal.store.migrate import is_current, upgrade, upgrade_engine
from portal.store.tables import metadata


def test_the_migrated_schema_is_that_of_the_models(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_an_empty_database_is_not_current_until_it_is_migrated_and_twice_does_no_harm(
    empty_url: str,
):
    engine = make_engine(empty_url)
    before = is_current(engine)
    upgrade(empty_url)
    upgrade(empty_url)
    after = is_current(engine)
    engine.dispose()

    assert (before, after) == (False, True)


OLD = (
    "INSERT INTO trail_line (id, at, event, allowed, user_id, user_name, organization_id, "
    "organization_name, subject, purpose, opened, closed, codes, basis, detail) VALUES "
    "(:id, :at, 'record.opened', true, NULL, 'Ríta River', :organization, 'Riverside', '', '', "
    "'[\"visits\"]', '[]', '[]', '[]', '{\"items\":  1}')"
)


def old_lines(engine: Engine) -> None:
    """Six lines of two organizations and of nobody; the third is about two students."""
    sqlite = engine.dialect.name == "sqlite"
    keys = [uuid.UUID(int=number).hex if sqlite else uuid.UUID(int=number) for number in (2, 1)]
    with engine.begin() as connection:
        for number, organization in enumerate([*keys, *keys, None, keys[0]], start=1):
            given = {"id": number, "at": f"2026-09-0{number} 12:00:00.000000"}
            if not sqlite:
                given["at"] += "+00"
            connection.execute(text(OLD), given | {"organization": organization})
        if not sqlite:
            connection.execute(text("SELECT setval('trail_line_id_seq', 6)"))
        for student in keys:
            about = text("INSERT INTO trail_student VALUES (3, :student)")
            connection.execute(about, {"student": student})


def test_lines_written_before_the_chain_are_chained_as_they_stand(empty_url: str, tmp_path: Path):
    engine = make_engine(empty_url)
    upgrade_engine(engine, "0003")
    old_lines(engine)
    upgrade(empty_url)

    path = tmp_path / "checkpoints.jsonl"
    with Session(engine, expire_on_commit=False) as session:
        lines = session.scalars(select(TrailLine).order_by(TrailLine.id)).all()
        Keeper(path).write(session, lines[0].at)
        trail.write(session, None, trail.Entry("import.agencies", True, lines[0].at))
        session.commit()
        proof = prove(session, path, outside.size(path))
        with pytest.raises(DBAPIError, match="only added to"):
            session.execute(text("UPDATE trail_line SET hash = ''"))
    engine.dispose()

    assert (proof.broken, proof.lines, proof.checkpoints) == (None, 7, 3)
    assert [(line.chain[-1:], line.position) for line in lines] == [
        *(("2", 1), ("1", 1), ("2", 2), ("1", 2), ("", 1), ("2", 3)),
    ]
    assert lines[2].students == [uuid.UUID(int=number).hex for number in (1, 2)]
