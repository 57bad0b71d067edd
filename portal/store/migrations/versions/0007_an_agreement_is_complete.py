"""An agreement is complete: its versions, what was said of it, its signatures, its settlement.

What the gate reads stays where it was and is no longer changed after it is issued; both engines
see to that. An agreement of yesterday gets a paper with what was filled in; a draft of yesterday
leaves the gate's table, where only what was issued belongs.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _new_tables()
    _wider_tables()
    _papers_of_yesterday()
    _narrower_tables()
    op.drop_table("board_vote")
    _guards()


def _new_tables() -> None:
    op.create_table(
        "district_clause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_district_clause_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["portal_user.id"], name=op.f("fk_district_clause_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_district_clause")),
        sa.UniqueConstraint(
            "district_id",
            "code",
            "version",
            name=op.f("uq_district_clause_district_id_code_version"),
        ),
    )
    op.create_index(
        op.f("ix_district_clause_written_by"), "district_clause", ["written_by"], unique=False
    )

    op.create_table(
        "renewal_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bundle_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["portal_user.id"], name=op.f("fk_renewal_run_begun_by")
        ),
        sa.ForeignKeyConstraint(
            ["bundle_id"], ["document.id"], name=op.f("fk_renewal_run_bundle_id")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_renewal_run_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_run")),
    )
    op.create_index(op.f("ix_renewal_run_begun_by"), "renewal_run", ["begun_by"], unique=False)
    op.create_index(op.f("ix_renewal_run_bundle_id"), "renewal_run", ["bundle_id"], unique=False)
    op.create_index(
        op.f("ix_renewal_run_district_id"), "renewal_run", ["district_id"], unique=False
    )

    op.create_table(
        "word_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("content_id", sa.Uuid(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["brought_by"], ["portal_user.id"], name=op.f("fk_word_template_brought_by")
        ),
        sa.ForeignKeyConstraint(
            ["content_id"], ["document.id"], name=op.f("fk_word_template_content_id")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_word_template_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["document.id"], name=op.f("fk_word_template_original_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["portal_user.id"], name=op.f("fk_word_template_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_template")),
        sa.UniqueConstraint(
            "district_id", "name", "version", name=op.f("uq_word_template_district_id_name_version")
        ),
    )
    op.create_index(
        op.f("ix_word_template_brought_by"), "word_template", ["brought_by"], unique=False
    )
    op.create_index(
        op.f("ix_word_template_content_id"), "word_template", ["content_id"], unique=False
    )
    op.create_index(
        op.f("ix_word_template_original_id"), "word_template", ["original_id"], unique=False
    )
    op.create_index(
        op.f("ix_word_template_published_by"), "word_template", ["published_by"], unique=False
    )

    op.create_table(
        "agreement_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("follows_how", sa.String(length=40), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_reason", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("pdf_id", sa.Uuid(), nullable=True),
        sa.Column("executed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(follows_id is null) = (follows_how is null)",
            name=op.f("ck_agreement_paper_follows_somehow"),
        ),
        sa.CheckConstraint(
            "(issued_at is null) = (document_id is null)",
            name=op.f("ck_agreement_paper_issued_is_kept"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["document.id"], name=op.f("fk_agreement_paper_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_agreement_paper_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_agreement_paper_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["agreement_paper.id"], name=op.f("fk_agreement_paper_follows_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["portal_user.id"], name=op.f("fk_agreement_paper_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["agreement_paper.id"], name=op.f("fk_agreement_paper_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["pdf_id"], ["document.id"], name=op.f("fk_agreement_paper_pdf_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["word_template.id"], name=op.f("fk_agreement_paper_template_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["portal_user.id"], name=op.f("fk_agreement_paper_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_paper")),
        sa.UniqueConstraint("number", name=op.f("uq_agreement_paper_number")),
    )
    op.create_index(
        op.f("ix_agreement_paper_certificate_id"),
        "agreement_paper",
        ["certificate_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_agreement_paper_district_id"), "agreement_paper", ["district_id"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_paper_document_id"), "agreement_paper", ["document_id"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_paper_follows_id"), "agreement_paper", ["follows_id"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_paper_issued_by"), "agreement_paper", ["issued_by"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_paper_parent_id"), "agreement_paper", ["parent_id"], unique=False
    )
    op.create_index(op.f("ix_agreement_paper_pdf_id"), "agreement_paper", ["pdf_id"], unique=False)
    op.create_index(
        op.f("ix_agreement_paper_template_id"), "agreement_paper", ["template_id"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_paper_written_by"), "agreement_paper", ["written_by"], unique=False
    )

    op.create_table(
        "agreement_document",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("to_partners", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_agreement_document_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["agreement_paper.id"], name=op.f("fk_agreement_document_paper_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_agreement_document")),
    )
    op.create_index(
        op.f("ix_agreement_document_paper_id"), "agreement_document", ["paper_id"], unique=False
    )

    op.create_table(
        "agreement_partner",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_agreement_partner_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["agreement_paper.id"], name=op.f("fk_agreement_partner_paper_id")
        ),
        sa.PrimaryKeyConstraint("paper_id", "organization_id", name=op.f("pk_agreement_partner")),
    )
    op.create_index(
        op.f("ix_agreement_partner_organization_id"),
        "agreement_partner",
        ["organization_id"],
        unique=False,
    )

    op.create_table(
        "agreement_signature",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_as", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("scan_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_reason", sa.Text(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(signed_at is null) = (method is null)",
            name=op.f("ck_agreement_signature_signed_somehow"),
        ),
        sa.CheckConstraint(
            "signed_at is null or refused_at is null",
            name=op.f("ck_agreement_signature_signed_or_refused"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_agreement_signature_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["agreement_paper.id"], name=op.f("fk_agreement_signature_paper_id")
        ),
        sa.ForeignKeyConstraint(
            ["scan_id"], ["document.id"], name=op.f("fk_agreement_signature_scan_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_agreement_signature_user_id")
        ),
        sa.PrimaryKeyConstraint("paper_id", "place", name=op.f("pk_agreement_signature")),
    )
    op.create_index(
        op.f("ix_agreement_signature_organization_id"),
        "agreement_signature",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_agreement_signature_scan_id"), "agreement_signature", ["scan_id"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_signature_user_id"), "agreement_signature", ["user_id"], unique=False
    )

    op.create_table(
        "agreement_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_agreement_version_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["portal_user.id"], name=op.f("fk_agreement_version_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_agreement_version_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["agreement_paper.id"], name=op.f("fk_agreement_version_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_version")),
        sa.UniqueConstraint(
            "paper_id", "number", name=op.f("uq_agreement_version_paper_id_number")
        ),
    )
    op.create_index(
        op.f("ix_agreement_version_document_id"), "agreement_version", ["document_id"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_version_made_by"), "agreement_version", ["made_by"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_version_organization_id"),
        "agreement_version",
        ["organization_id"],
        unique=False,
    )

    op.create_table(
        "renewal_item",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["agreement_paper.id"], name=op.f("fk_renewal_item_paper_id")
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["agreement_paper.id"], name=op.f("fk_renewal_item_result_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["renewal_run.id"], name=op.f("fk_renewal_item_run_id")
        ),
        sa.PrimaryKeyConstraint("run_id", "paper_id", name=op.f("pk_renewal_item")),
    )
    op.create_index(op.f("ix_renewal_item_paper_id"), "renewal_item", ["paper_id"], unique=False)
    op.create_index(op.f("ix_renewal_item_result_id"), "renewal_item", ["result_id"], unique=False)

    op.create_table(
        "agreement_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("clause", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_agreement_event_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["agreement_paper.id"], name=op.f("fk_agreement_event_paper_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_agreement_event_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["agreement_version.id"], name=op.f("fk_agreement_event_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_event")),
        sa.UniqueConstraint("paper_id", "number", name=op.f("uq_agreement_event_paper_id_number")),
    )
    op.create_index(
        op.f("ix_agreement_event_organization_id"),
        "agreement_event",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_agreement_event_user_id"), "agreement_event", ["user_id"], unique=False
    )
    op.create_index(
        op.f("ix_agreement_event_version_id"), "agreement_event", ["version_id"], unique=False
    )

    op.create_table(
        "settlement",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_settlement_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_settlement_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["portal_user.id"], name=op.f("fk_settlement_recorded_by")
        ),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("pk_settlement")),
    )
    op.create_index(op.f("ix_settlement_document_id"), "settlement", ["document_id"], unique=False)
    op.create_index(op.f("ix_settlement_recorded_by"), "settlement", ["recorded_by"], unique=False)


def _wider_tables() -> None:
    with op.batch_alter_table("agreement") as batch_op:
        batch_op.add_column(sa.Column("paper_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("ended_how", sa.String(length=40), nullable=True))
        batch_op.create_index(batch_op.f("ix_agreement_paper_id"), ["paper_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_agreement_paper_id"), "agreement_paper", ["paper_id"], ["id"]
        )
    for name, kind, usual in (
        ("purposes", sa.Text(), ""),
        ("basis", sa.String(length=40), ""),
        ("detail", sa.String(length=40), "full"),
        ("added", sa.Boolean(), sa.false()),
    ):
        op.add_column("agreement_line", sa.Column(name, kind, nullable=False, server_default=usual))
    op.add_column("agreement_line", sa.Column("since", sa.DateTime(timezone=True), nullable=True))


def _narrower_tables() -> None:
    gone = ("document_id", "a_scan_id", "b_scan_id", "written_by")
    with op.batch_alter_table("agreement") as batch_op:
        for name in gone:
            batch_op.drop_index(batch_op.f(f"ix_agreement_{name}"))
            batch_op.drop_constraint(batch_op.f(f"fk_agreement_{name}"), type_="foreignkey")
        for name in (*gone, "written_at", "terms"):
            batch_op.drop_column(name)


# What was there before


def _papers_of_yesterday() -> None:
    connection, metadata = op.get_bind(), sa.MetaData()
    tables = _Tables(connection, metadata)
    for row in connection.execute(sa.select(tables["agreement"])).mappings().all():
        if row["terminated_at"] is not None:
            tables.change("agreement", row["id"], ended_how="terminated")
        if row["written_by"] is None:
            continue
        issued = row["document_id"] is not None
        lines = tables.lines_of(row["id"])
        _paper(tables, row, lines, issued=issued)
        if issued:
            tables.change("agreement", row["id"], paper_id=row["id"])
            _papers_kept(tables, row)
            _signatures(tables, row)
        else:
            tables.remove(row["id"])


class _Tables:
    """The tables as they are at this step of the way, by name."""

    def __init__(self, connection: sa.Connection, metadata: sa.MetaData) -> None:
        self._connection, self._metadata = connection, metadata

    def __getitem__(self, name: str) -> sa.Table:
        return sa.Table(name, self._metadata, autoload_with=self._connection)

    def add(self, name: str, /, **values: Any) -> None:
        self._connection.execute(sa.insert(self[name]).values(**values))

    def change(self, name: str, key: Any, /, **values: Any) -> None:
        table = self[name]
        self._connection.execute(sa.update(table).where(table.c.id == key).values(**values))

    def lines_of(self, key: Any) -> list[dict[str, Any]]:
        table = self["agreement_line"]
        rows = self._connection.execute(sa.select(table).where(table.c.agreement_id == key))
        return [dict(row) for row in rows.mappings()]

    def remove(self, key: Any) -> None:
        lines, agreements = self["agreement_line"], self["agreement"]
        self._connection.execute(sa.delete(lines).where(lines.c.agreement_id == key))
        self._connection.execute(sa.delete(agreements).where(agreements.c.id == key))

    def document_of(self, key: Any) -> Any:
        table = self["document"]
        return self._connection.execute(sa.select(table).where(table.c.id == key)).mappings().one()

    def zone_of(self, key: Any) -> str:
        table = self["organization"]
        zone: str = self._connection.scalar(sa.select(table.c.tz).where(table.c.id == key)) or ""
        return zone


def _paper(tables: _Tables, row: Any, lines: list[dict[str, Any]], *, issued: bool) -> None:
    both = row["a_signed_at"] is not None and row["b_signed_at"] is not None
    document = tables.document_of(row["document_id"]) if issued else None
    discarded = not issued and row["terminated_at"] is not None
    tables.add(
        "agreement_paper",
        id=row["id"],
        number=row["number"],
        kind="mou",
        district_id=row["a_id"],
        content=_content(tables, row, lines),
        revision=1,
        written_at=row["written_at"],
        written_by=row["written_by"],
        discarded_at=row["terminated_at"] if discarded else None,
        discarded_reason=row["terminated_reason"] if discarded else "",
        issued_at=document["made_at"] if document else None,
        issued_by=document["made_by"] if document else None,
        document_id=row["document_id"],
        executed_at=max(row["a_signed_at"], row["b_signed_at"]) if both else None,
    )
    tables.add("agreement_partner", paper_id=row["id"], organization_id=row["b_id"], place=1)


def _papers_kept(tables: _Tables, row: Any) -> None:
    for name in ("document_id", "a_scan_id", "b_scan_id"):
        if row[name] is not None:
            tables.add(
                "agreement_document", document_id=row[name], paper_id=row["id"], to_partners=True
            )


def _signatures(tables: _Tables, row: Any) -> None:
    terms, document = _told(row["terms"]), tables.document_of(row["document_id"])
    for place, side, named in ((1, "b", "partner_signer"), (2, "a", "district_signer")):
        signed_at, scan = row[f"{side}_signed_at"], row[f"{side}_scan_id"]
        signer = terms.get(named) or {}
        tables.add(
            "agreement_signature",
            paper_id=row["id"],
            place=place,
            organization_id=row[f"{side}_id"],
            name=signer.get("name", ""),
            title=signer.get("title", ""),
            capacity="",
            email="",
            signed_at=signed_at,
            signed_as=row[f"{side}_signer"],
            method=None if signed_at is None else "by_hand" if scan else "typed",
            scan_id=scan,
            sha256="" if signed_at is None else document["sha256"],
            refused_reason="",
        )


def _told(stored: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else (stored or {})
    return told


SAME = ("purpose", "schools", "review_on", "district_liaison", "records_contact", "costs")
CLOCKS = (
    "breach_student_days",
    "breach_other_days",
    "breach_notice_hours",
    "destroy_days",
    "review_days",
    "notice_days",
)
OF_THE_PARTNER = ("is_hipaa", "is_part2", "response_days", "insurance")


def _content(tables: _Tables, row: Any, lines: list[dict[str, Any]]) -> dict[str, Any]:
    terms = _told(row["terms"])
    partner = {name: terms[name] for name in OF_THE_PARTNER if name in terms}
    partner |= {
        "agency_id": str(uuid.UUID(str(row["b_id"]))),
        "services": [{"name": name} for name in terms.get("services", [])],
        "lines": [_line(line) for line in lines],
        "waive_team": bool(row["waive_team"]),
        "liaison": terms.get("partner_liaison") or {},
        "signers": [terms.get("partner_signer") or {}],
    }
    first, last = _days(row, tables.zone_of(row["a_id"]))
    content = {name: terms[name] for name in SAME if name in terms}
    content |= {
        "kind": "mou",
        "starts_on": first,
        "ends_on": last,
        "partners": [partner],
        "district_signers": [terms.get("district_signer") or {}],
        "special_known": bool(terms.get("special_known")),
        "clocks": {name: terms[name] for name in CLOCKS if name in terms},
    }
    return content


def _line(line: dict[str, Any]) -> dict[str, str]:
    told = {name: str(line[name]) for name in ("direction", "category")}
    return told | {name: line[name] for name in ("frequency", "method", "retention") if line[name]}


def _days(row: Any, tz: str) -> tuple[str, str | None]:
    """The first and the last day, both in force, by the district's calendar."""
    zone = ZoneInfo(tz)
    first = _aware(row["starts_at"]).astimezone(zone).date()
    if row["ends_at"] is None:
        return first.isoformat(), None
    end = _aware(row["ends_at"]) - timedelta(microseconds=1)
    return first.isoformat(), end.astimezone(zone).date().isoformat()


def _aware(moment: Any) -> datetime:
    read: datetime = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


# What is issued, said or signed stays


def _guarded() -> list[tuple[str, str, str]]:
    """Table, act, and when it is refused."""
    found = [
        (table, act, "1 = 1")
        for table in ("agreement_line", "agreement_event", "agreement_version")
        for act in ("UPDATE", "DELETE")
    ]
    found.append(("agreement_paper", "DELETE", "OLD.issued_at IS NOT NULL"))
    found.append(
        (
            "agreement_paper",
            "UPDATE",
            "OLD.issued_at IS NOT NULL AND (NEW.document_id <> OLD.document_id "
            "OR NEW.issued_at IS NULL OR NEW.issued_at <> OLD.issued_at "
            "OR NEW.document_id IS NULL OR NEW.revision <> OLD.revision)",
        )
    )
    signed = "OLD.signed_at IS NOT NULL"
    found += [("agreement_signature", act, signed) for act in ("UPDATE", "DELETE")]
    return found


def _guards() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION agreement_never_changes() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is kept and never changes', TG_TABLE_NAME; END $$"
        )
    for table, act, when in _guarded():
        name = f"{table}_no_{act.lower()}"
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is kept and never changes'); END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN ({when}) "
                "EXECUTE FUNCTION agreement_never_changes()"
            )
