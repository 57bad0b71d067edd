"""Consents as they were before they were complete come over as they stood."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, Table, insert, select
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.store import migrate
from portal.store.consents import Consent, ConsentEvent
from portal.store.engine import make_engine

THEN = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
LATER = datetime(2026, 4, 1, 15, 0, tzinfo=UTC)


@pytest.fixture
def engine_of_yesterday(empty_url: str) -> Any:
    engine = make_engine(empty_url)
    config = Config()
    config.set_main_option("script_location", str(migrate.HERE))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    yield engine
    engine.dispose()


def fill(engine: Any, rows: list[tuple[str, list[dict[str, Any]]]]) -> None:
    metadata = MetaData()
    with engine.begin() as connection:
        for name, listed in rows:
            connection.execute(insert(Table(name, metadata, autoload_with=connection)), listed)


def yesterday(engine: Any) -> list[str]:
    keys = [uuid.uuid4() for _ in range(7)]
    district, agency, person, student, typed, paper, revoked = (
        [key.hex for key in keys] if engine.dialect.name == "sqlite" else keys
    )
    usual = {
        "student_id": student, "discloser_id": district, "recipient_id": agency,
        "recipient_name": "Riverside", "records_from": THEN, "starts_at": THEN,
        "signer_kind": "student", "signer_id": student, "signer_name": "A Student",
        "signed_at": THEN, "detail": "full", "language": "en", "revoked_how": "",
        "revoked_at": None, "revoked_by": None, "recorded_at": THEN, "recorded_by": person,
    }  # fmt: skip
    place = {
        "tz": "America/New_York", "active_from": THEN, "description": "", "address": "",
        "email": "", "phone": "", "website": "", "source": "", "source_id": "",
    }  # fmt: skip
    withdrawn = {"revoked_at": LATER, "revoked_by": person, "revoked_how": "A letter"}
    fill(
        engine,
        [
            ("organization", [
                place | {"id": district, "kind": "district", "name": "D"},
                place | {"id": agency, "kind": "provider", "name": "Riverside"},
            ]),
            ("portal_user", [{
                "id": person, "organization_id": district, "username": "a", "name": "Ana",
                "title": "", "email": "", "role": "support_staff", "level": "clinician",
                "active_from": THEN,
            }]),
            ("student", [{
                "id": student, "district_id": district, "local_id": "", "family_name": "S",
                "given_name": "A", "middle_name": "", "search_name": "s a", "search_given": "a",
                "grade": "", "language": "",
            }]),
            ("consent", [
                usual | {"id": typed, "number": "C-1", "method": "typed"},
                usual | {"id": paper, "number": "C-2", "method": "paper"},
                usual | {"id": revoked, "number": "C-3", "method": "typed"} | withdrawn,
            ]),
            ("consent_category", [
                {"consent_id": key, "category": "visits", "special": False}
                for key in (typed, paper, revoked)
            ]),
        ],
    )  # fmt: skip
    return ["C-1", "C-2", "C-3"]


def test_each_counts_as_it_counted_before(engine_of_yesterday):
    numbers = yesterday(engine_of_yesterday)
    migrate.upgrade_engine(engine_of_yesterday)

    with Session(engine_of_yesterday) as session:
        rows = session.scalars(select(Consent).order_by(Consent.number)).all()
        typed, paper, revoked = consent_facts.as_facts(session, rows)
        events = session.scalars(select(ConsentEvent).order_by(ConsentEvent.at)).all()
    assert [row.number for row in rows] == numbers
    assert typed.paper.identity_checked and typed.revoked_at is None
    assert paper.life.confirmed_at == THEN
    assert revoked.revoked_at == LATER
    assert [(event.kind, event.how) for event in events][-1] == ("revoked", "A letter")
    assert all(facts.categories == {"visits"} for facts in (typed, paper, revoked))
