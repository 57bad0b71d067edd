"""Agreements as they were before they had a paper come over as they stood."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, insert, select
from sqlalchemy.orm import Session

from portal.agreements import queries
from portal.agreements.content import from_json
from portal.store.agreements import AgreementDocument, AgreementPaper, AgreementSignature
from portal.store.engine import make_engine
from portal.store.migrate import upgrade_engine
from portal.store.papers import Agreement, AgreementLine
from portal.vocabulary import AgreementStatus, EndedHow, Frequency, SigningMethod

THEN = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)
LATER = datetime(2026, 4, 1, 15, 0, tzinfo=UTC)
FIRST = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
END = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
TERMS = {
    "purpose": "To help.",
    "schools": ["North School"],
    "services": ["Counseling"],
    "district_signer": {"name": "Sue Perin", "title": "Superintendent"},
    "partner_signer": {"name": "Alma River", "title": "Director"},
    "district_liaison": {"name": "Dina Desk", "email": "d@example.org", "phone": ""},
    "is_part2": True,
    "response_days": 7,
    "notice_days": 60,
    "review_on": "2026-06-01",
    "special_known": True,
}


@pytest.fixture
def engine_of_yesterday(empty_url: str) -> Any:
    engine = make_engine(empty_url)
    upgrade_engine(engine, "0006")
    yield engine
    engine.dispose()


def put(engine: Any, name: str, *rows: dict[str, Any]) -> None:
    with engine.begin() as connection:
        table = Table(name, MetaData(), autoload_with=connection)
        connection.execute(insert(table), list(rows))


def yesterday(engine: Any) -> tuple[uuid.UUID, ...]:
    """A signed one, a draft, one that was terminated, and a row without any paper."""
    keys = tuple(uuid.uuid4() for _ in range(10))
    as_stored = [key.hex if engine.dialect.name == "sqlite" else key for key in keys]
    district, agency, person, paper, scan, *agreements, other = as_stored
    place = {
        "tz": "America/New_York", "active_from": THEN, "description": "", "address": "",
        "email": "", "phone": "", "website": "", "source": "", "source_id": "",
        "is_hipaa": False, "is_part2": False, "privileges": [],
    }  # fmt: skip
    put(
        engine,
        "organization",
        {"id": district, "kind": "district", "name": "Harbor", **place},
        {"id": agency, "kind": "provider", "name": "Riverside", **place},
    )
    user = {
        "organization_id": district, "username": "dina", "name": "Dina Desk", "title": "",
        "email": "", "role": "district_admin", "level": "special_education", "active_from": THEN,
        "password_hash": "", "failed_logins": 0,
    }  # fmt: skip
    with engine.connect() as connection:
        columns = {c.name for c in Table("portal_user", MetaData(), autoload_with=connection).c}
    put(engine, "portal_user", {"id": person} | {k: v for k, v in user.items() if k in columns})
    document = {
        "owner_id": district, "kind": "agreement", "file_name": "a.docx", "media_type": "a/b",
        "sha256": "0" * 64, "content": b"PK", "made_at": THEN, "made_by": person,
    }  # fmt: skip
    put(engine, "document", *({"id": key, **document} for key in (paper, scan, other)))
    usual = {
        "a_id": district, "b_id": agency, "starts_at": FIRST, "ends_at": END, "waive_team": True,
        "a_signer": "", "b_signer": "", "terminated_reason": "", "terms": TERMS,
        "a_signed_at": None, "b_signed_at": None, "terminated_at": None, "document_id": None,
        "a_scan_id": None, "b_scan_id": None, "written_by": person, "written_at": THEN,
    }  # fmt: skip
    both = {
        "document_id": paper, "a_signed_at": LATER, "a_signer": "Sue Perin, Superintendent",
        "b_signed_at": THEN, "b_signer": "Alma River, Director", "b_scan_id": scan,
    }  # fmt: skip
    ended = {"terminated_at": LATER, "terminated_reason": "Moved."}
    signed, draft, over, bare = agreements
    put(
        engine,
        "agreement",
        {"id": signed, "number": "M-1", **usual, **both},
        {"id": draft, "number": "M-2", **usual},
        {"id": over, "number": "M-3", **usual, **both, **ended}
        | {"document_id": other, "b_scan_id": None},
        {"id": bare, "number": "M-4", **usual, "written_by": None, "written_at": None},
    )
    line = {"direction": "a_to_b", "category": "visits", "method": "", "retention": ""}
    put(
        engine,
        "agreement_line",
        *({"agreement_id": key, "frequency": "weekly", **line} for key in agreements),
    )
    return keys


def test_each_stands_as_it_stood_before(engine_of_yesterday: Any) -> None:
    keys = yesterday(engine_of_yesterday)
    signed, draft, over, bare = keys[5:9]
    upgrade_engine(engine_of_yesterday)

    at = datetime(2026, 5, 1, tzinfo=UTC)
    with Session(engine_of_yesterday) as session:
        papers = {paper.id: paper for paper in session.scalars(select(AgreementPaper))}
        stands = {key: queries.status(session, paper, at) for key, paper in papers.items()}
        assert stands == {
            signed: AgreementStatus.IN_FORCE,
            draft: AgreementStatus.DRAFT,
            over: AgreementStatus.TERMINATED,
        }
        rows = {row.id: row for row in session.scalars(select(Agreement))}
        assert set(rows) == {signed, over, bare}
        assert (rows[signed].paper_id, rows[bare].paper_id) == (signed, None)
        assert rows[over].ended_how is EndedHow.TERMINATED
        assert papers[signed].executed_at == LATER


def test_what_was_filled_in_is_in_the_paper(engine_of_yesterday: Any) -> None:
    keys = yesterday(engine_of_yesterday)
    agency, draft = keys[1], keys[6]
    upgrade_engine(engine_of_yesterday)

    with Session(engine_of_yesterday) as session:
        content = from_json(session.get_one(AgreementPaper, draft).content)
        [terms] = content.partners
        [line] = terms.lines
        assert (content.starts_on, content.ends_on) == (date(2026, 3, 1), date(2026, 6, 30))
        assert (content.purpose, content.schools) == ("To help.", ("North School",))
        assert content.review_on == date(2026, 6, 1)
        assert content.clocks.notice_days == 60
        assert content.special_known
        assert content.district_signers[0].name == "Sue Perin"
        assert (terms.agency_id, terms.signers[0].name) == (agency, "Alma River")
        assert (terms.is_part2, terms.response_days, terms.waive_team) == (True, 7, True)
        assert [service.name for service in terms.services] == ["Counseling"]
        assert (line.category, line.frequency) == ("visits", Frequency.WEEKLY)


def test_signatures_scans_and_lines_come_along(engine_of_yesterday: Any) -> None:
    keys = yesterday(engine_of_yesterday)
    paper, scan, signed, draft = keys[3], keys[4], keys[5], keys[6]
    upgrade_engine(engine_of_yesterday)

    with Session(engine_of_yesterday) as session:
        places = queries.signatures(session, signed)
        told = [(row.signed_as, row.method, row.scan_id) for row in places]
        assert told == [
            ("Alma River, Director", SigningMethod.BY_HAND, scan),
            ("Sue Perin, Superintendent", SigningMethod.TYPED, None),
        ]
        assert (
            session.scalars(
                select(AgreementSignature).where(AgreementSignature.paper_id == draft)
            ).all()
            == []
        )
        kept = select(AgreementDocument.document_id).where(AgreementDocument.paper_id == signed)
        assert set(session.scalars(kept)) == {paper, scan}
        lines = select(AgreementLine).where(AgreementLine.agreement_id == draft)
        assert session.scalars(lines).all() == []
