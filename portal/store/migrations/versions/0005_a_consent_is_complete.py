"""A consent is complete: its form, its signature, its two directions, and what became of it.

What is signed never changes from here on, and both engines see to it. A revocation that stood
on the consent becomes an event of its own; a paper that counted until today stays confirmed.
"""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _new_tables()
    _wider_tables()
    _events_of_yesterday()
    _without_revocations()
    if op.get_bind().dialect.name == "sqlite":
        _guards_of_sqlite()
    else:
        _guards_of_postgres()


def _new_tables() -> None:
    op.create_table(
        "consent_form_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_consent_form_version_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["portal_user.id"], name=op.f("fk_consent_form_version_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["portal_user.id"], name=op.f("fk_consent_form_version_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_form_version")),
        sa.UniqueConstraint(
            "district_id",
            "kind",
            "version",
            name=op.f("uq_consent_form_version_district_id_kind_version"),
        ),
    )
    op.create_index(
        op.f("ix_consent_form_version_published_by"),
        "consent_form_version",
        ["published_by"],
        unique=False,
    )
    op.create_index(
        op.f("ix_consent_form_version_written_by"),
        "consent_form_version",
        ["written_by"],
        unique=False,
    )

    op.create_table(
        "family_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("signer_kind", sa.String(length=40), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identity_check", sa.String(length=40), nullable=True),
        sa.Column("identity_by", sa.Uuid(), nullable=True),
        sa.Column("pass_sha256", sa.String(length=64), nullable=False),
        sa.Column("pass_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_family_link_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["identity_by"], ["portal_user.id"], name=op.f("fk_family_link_identity_by")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["portal_user.id"], name=op.f("fk_family_link_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_family_link_token_sha256")),
    )
    op.create_index(op.f("ix_family_link_signer_id"), "family_link", ["signer_id"], unique=False)

    op.create_table(
        "consent_form_recall",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("element", sa.String(length=40), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["consent_form_version.id"],
            name=op.f("fk_consent_form_recall_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["portal_user.id"], name=op.f("fk_consent_form_recall_written_by")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_consent_form_recall")),
    )
    op.create_index(
        op.f("ix_consent_form_recall_written_by"),
        "consent_form_recall",
        ["written_by"],
        unique=False,
    )

    op.create_table(
        "consent_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("form_version_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("signer_kind", sa.String(length=40), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("interpreter", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_consent_request_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["form_version_id"],
            ["consent_form_version.id"],
            name=op.f("fk_consent_request_form_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["family_link.id"], name=op.f("fk_consent_request_link_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["portal_user.id"], name=op.f("fk_consent_request_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["document.id"], name=op.f("fk_consent_request_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_request")),
        sa.UniqueConstraint("number", name=op.f("uq_consent_request_number")),
    )
    op.create_index(
        op.f("ix_consent_request_district_id"), "consent_request", ["district_id"], unique=False
    )
    op.create_index(
        op.f("ix_consent_request_link_id"), "consent_request", ["link_id"], unique=False
    )
    op.create_index(
        op.f("ix_consent_request_signer_id"), "consent_request", ["signer_id"], unique=False
    )

    op.create_table(
        "consent_signing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("form_version_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("typed_name", sa.Text(), nullable=False),
        sa.Column("strokes", sa.JSON(), nullable=False),
        sa.Column("identity_check", sa.String(length=40), nullable=True),
        sa.Column("identity_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("translation", sa.Text(), nullable=False),
        sa.Column("interpreter", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("agreed_sha256", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("pdf_id", sa.Uuid(), nullable=True),
        sa.Column("docx_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["docx_id"], ["document.id"], name=op.f("fk_consent_signing_docx_id")
        ),
        sa.ForeignKeyConstraint(
            ["form_version_id"],
            ["consent_form_version.id"],
            name=op.f("fk_consent_signing_form_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["identity_by"], ["portal_user.id"], name=op.f("fk_consent_signing_identity_by")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organization.id"], name=op.f("fk_consent_signing_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["pdf_id"], ["document.id"], name=op.f("fk_consent_signing_pdf_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["consent_request.id"], name=op.f("fk_consent_signing_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_consent_signing_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_signing")),
        sa.UniqueConstraint("code", name=op.f("uq_consent_signing_code")),
        sa.UniqueConstraint("number", name=op.f("uq_consent_signing_number")),
    )
    op.create_index(
        op.f("ix_consent_signing_docx_id"), "consent_signing", ["docx_id"], unique=False
    )
    op.create_index(
        op.f("ix_consent_signing_partner_id"), "consent_signing", ["partner_id"], unique=False
    )
    op.create_index(op.f("ix_consent_signing_pdf_id"), "consent_signing", ["pdf_id"], unique=False)
    op.create_index(
        op.f("ix_consent_signing_request_id"), "consent_signing", ["request_id"], unique=False
    )
    op.create_index(
        op.f("ix_consent_signing_student_id"), "consent_signing", ["student_id"], unique=False
    )

    op.create_table(
        "consent_cosigner",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_consent_cosigner_consent_id")
        ),
        sa.PrimaryKeyConstraint("consent_id", "name", name=op.f("pk_consent_cosigner")),
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("lifts_id", sa.Uuid(), nullable=True),
        sa.Column("reference_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'hold_lifted') = (lifts_id is not null)",
            name=op.f("ck_consent_event_a_lift_names_it"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["portal_user.id"], name=op.f("fk_consent_event_by_id")),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_consent_event_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["lifts_id"], ["consent_event.id"], name=op.f("fk_consent_event_lifts_id")
        ),
        sa.ForeignKeyConstraint(
            ["reference_id"], ["consent.id"], name=op.f("fk_consent_event_reference_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
    )
    op.create_index(
        op.f("ix_consent_event_consent_id_kind"),
        "consent_event",
        ["consent_id", "kind"],
        unique=False,
    )
    op.create_index(op.f("ix_consent_event_lifts_id"), "consent_event", ["lifts_id"], unique=False)

    op.create_table(
        "consent_person",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_consent_person_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_consent_person_user_id")
        ),
        sa.PrimaryKeyConstraint("consent_id", "user_id", name=op.f("pk_consent_person")),
    )
    op.create_table(
        "consent_request_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=False),
        sa.Column("renews_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organization.id"], name=op.f("fk_consent_request_part_partner_id")
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"], ["consent.id"], name=op.f("fk_consent_request_part_renews_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["consent_request.id"], name=op.f("fk_consent_request_part_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_consent_request_part_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_request_part")),
        sa.UniqueConstraint(
            "request_id",
            "student_id",
            "partner_id",
            name=op.f("uq_consent_request_part_request_id_student_id_partner_id"),
        ),
    )
    op.create_index(
        op.f("ix_consent_request_part_partner_id"),
        "consent_request_part",
        ["partner_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_consent_request_part_student_id"),
        "consent_request_part",
        ["student_id"],
        unique=False,
    )

    op.create_table(
        "consent_statement",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_consent_statement_consent_id")
        ),
        sa.PrimaryKeyConstraint("consent_id", "statement", name=op.f("pk_consent_statement")),
    )


def _wider_tables() -> None:
    with op.batch_alter_table("consent") as batch_op:
        for column in _columns_of_a_consent():
            batch_op.add_column(column)
        batch_op.alter_column("recipient_id", existing_type=sa.Uuid(), nullable=True)
        for table, name in (
            ("consent_form_version", "form_version_id"),
            ("consent_signing", "signing_id"),
        ):
            key = batch_op.f(f"fk_consent_{name}")
            batch_op.create_foreign_key(key, table, [name], ["id"])
    for name in ("form_version_id", "signer_id", "signing_id"):
        op.create_index(op.f(f"ix_consent_{name}"), "consent", [name], unique=False)
    op.add_column("consent_category", _text("initials", 12))
    op.add_column("organization", _flag("is_hipaa"))
    op.add_column("organization", _flag("is_part2"))
    op.add_column(
        "organization", sa.Column("privileges", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("referral", _text("hold_reason", 40))


def _columns_of_a_consent() -> list[sa.Column[Any]]:
    return [
        _text("instrument", 40, "ferpa"),
        _text("form_kind", 40, "standard"),
        sa.Column("form_version_id", sa.Uuid(), nullable=True),
        sa.Column("signing_id", sa.Uuid(), nullable=True),
        sa.Column("ends_on_event", sa.Text(), nullable=False, server_default=""),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False, server_default=""),
        sa.Column("identity_check", sa.String(length=40), nullable=True),
        _text("signed_sha256", 64),
    ]


def _text(name: str, length: int, default: str = "") -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default=default)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


CONSENT = sa.table(
    "consent",
    *(sa.column(name, sa.Uuid()) for name in ("id", "revoked_by", "recorded_by")),
    *(
        sa.column(name, sa.DateTime(timezone=True))
        for name in ("revoked_at", "recorded_at", "signed_at")
    ),
    *(sa.column(name, sa.Text()) for name in ("revoked_how", "method", "identity_check")),
)
EVENT = sa.table(
    "consent_event",
    *(sa.column(name, sa.Uuid()) for name in ("id", "consent_id", "by_id")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("at", "written_at")),
    *(sa.column(name, sa.Text()) for name in ("kind", "category", "by_name", "how")),
)


def _events_of_yesterday() -> None:
    bind = op.get_bind()
    events = []
    for row in bind.execute(sa.select(CONSENT)):
        if row.revoked_at is not None:
            events.append(
                _event(row.id, "revoked", row.revoked_at, row.revoked_by, row.revoked_how)
            )
        if row.method == "paper" and row.signed_at is not None:
            at = row.recorded_at or row.signed_at
            how = "Counted before a second person had to compare a scan with its paper."
            events.append(_event(row.id, "confirmed", at, row.recorded_by, how))
    if events:
        bind.execute(sa.insert(EVENT), events)
    typed = sa.update(CONSENT).where(CONSENT.c.method == "typed")
    bind.execute(typed.values(identity_check="in_person"))


def _event(consent_id: object, kind: str, at: object, by: object, how: str) -> dict[str, object]:
    return {
        "id": uuid.uuid4(),
        "consent_id": consent_id,
        "kind": kind,
        "at": at,
        "category": "",
        "by_id": by,
        "by_name": "",
        "how": how,
        "written_at": at,
    }


def _without_revocations() -> None:
    op.drop_index(op.f("ix_consent_revoked_by"), table_name="consent")
    with op.batch_alter_table("consent") as batch_op:
        batch_op.drop_constraint(op.f("ck_consent_revoked_by_has_instant"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_consent_revoked_by"), type_="foreignkey")
        for column in ("revoked_at", "revoked_by", "revoked_how"):
            batch_op.drop_column(column)


# What is signed, published or written down stays as it is

NEVER_CHANGED = ("consent_event", "consent_form_recall", "consent_signing")
TICKS = ("consent_category", "consent_purpose", "consent_statement", "consent_person")
SIGNED = "(SELECT signed_at FROM consent WHERE id = {row}.consent_id) IS NOT NULL"


def _guarded() -> list[tuple[str, str, str]]:
    """Table, act, and when it is refused."""
    found = [(table, act, "1 = 1") for table in NEVER_CHANGED for act in ("UPDATE", "DELETE")]
    for act in ("UPDATE", "DELETE"):
        found.append(("consent", act, "OLD.signed_at IS NOT NULL"))
        found.append(("consent_form_version", act, "OLD.published_at IS NOT NULL"))
    for table in TICKS:
        found.append((table, "INSERT", SIGNED.format(row="NEW")))
        found += [(table, act, SIGNED.format(row="OLD")) for act in ("UPDATE", "DELETE")]
    found.append(("consent_cosigner", "INSERT", SIGNED.format(row="NEW")))
    found.append(("consent_cosigner", "UPDATE", "OLD.signed_at IS NOT NULL"))
    found.append(("consent_cosigner", "DELETE", SIGNED.format(row="OLD")))
    return found


def _guards_of_sqlite() -> None:
    for table, act, when in _guarded():
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is signed and never changes'); END"
        )


def _guards_of_postgres() -> None:
    op.execute(
        "CREATE FUNCTION signed_never_changes() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is signed and never changes', TG_TABLE_NAME; END $$"
    )
    for table, act, when in _guarded():
        # A condition on another table cannot stand in WHEN: such a trigger asks within.
        if "SELECT" in when:
            _asking_guard(table, act, when)
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} FOR EACH ROW "
                f"WHEN ({when}) EXECUTE FUNCTION signed_never_changes()"
            )


def _asking_guard(table: str, act: str, when: str) -> None:
    name = f"{table}_no_{act.lower()}"
    going_on = "NEW" if act != "DELETE" else "OLD"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when} THEN RAISE EXCEPTION '{table} is signed and never changes'; END IF; "
        f"RETURN {going_on}; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
