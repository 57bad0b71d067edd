"""Accounts are complete; written requests, watching, reviews, exports and keeping have shelves.

Everybody who is there gets the standing they have, and it is written down since when standings
are known; every grant of yesterday was a written one.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

from portal import clock

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _sign_in_provider()
    _acknowledgment()
    _legal_hold()
    _recovery_code()
    _retention_rule()
    _second_factor()
    _service_account()
    _sign_in_subject()
    _use_flag()
    _user_standing()
    _access_request()
    _data_export()
    _destruction()
    _review()
    _service_account_scope()
    _access_request_category()
    _access_request_event()
    _access_request_student()
    _research_consent()
    _review_line()
    _unnamed_grant()
    _wider_grant()
    _wider_session()
    _standings()
    _stops()
    _guards()
    _held()


def _sign_in_provider() -> None:
    op.create_table(
        "sign_in_provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("trusts_second_factor", sa.Boolean(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_sign_in_provider_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_provider")),
    )
    op.create_index(
        op.f("ix_sign_in_provider_organization_id"),
        "sign_in_provider",
        ["organization_id"],
        unique=False,
    )


def _acknowledgment() -> None:
    op.create_table(
        "acknowledgment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_acknowledgment_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgment")),
    )
    op.create_index(op.f("ix_acknowledgment_user_id"), "acknowledgment", ["user_id"], unique=False)


def _legal_hold() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["portal_user.id"], name=op.f("fk_legal_hold_lifted_by")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_legal_hold_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["placed_by"], ["portal_user.id"], name=op.f("fk_legal_hold_placed_by")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_legal_hold_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_lifted_by"), "legal_hold", ["lifted_by"], unique=False)
    op.create_index(
        op.f("ix_legal_hold_organization_id"), "legal_hold", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_legal_hold_placed_by"), "legal_hold", ["placed_by"], unique=False)
    op.create_index(op.f("ix_legal_hold_student_id"), "legal_hold", ["student_id"], unique=False)


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_recovery_code_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_recovery_code_code_sha256")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"], unique=False)


def _retention_rule() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("kept_from", sa.String(length=40), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_retention_rule_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["portal_user.id"], name=op.f("fk_retention_rule_set_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_rule")),
        sa.UniqueConstraint(
            "organization_id", "what", name=op.f("uq_retention_rule_organization_id_what")
        ),
    )


def _second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_second_factor_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factor")),
    )


def _service_account() -> None:
    op.create_table(
        "service_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["portal_user.id"], name=op.f("fk_service_account_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_service_account_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_account")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_service_account_token_sha256")),
    )
    op.create_index(
        op.f("ix_service_account_organization_id"),
        "service_account",
        ["organization_id"],
        unique=False,
    )


def _sign_in_subject() -> None:
    op.create_table(
        "sign_in_subject",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["sign_in_provider.id"], name=op.f("fk_sign_in_subject_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_sign_in_subject_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_subject")),
        sa.UniqueConstraint(
            "provider_id", "subject", name=op.f("uq_sign_in_subject_provider_id_subject")
        ),
    )
    op.create_index(
        op.f("ix_sign_in_subject_user_id"), "sign_in_subject", ["user_id"], unique=False
    )


def _use_flag() -> None:
    op.create_table(
        "use_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_use_flag_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["portal_user.id"], name=op.f("fk_use_flag_settled_by")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["portal_user.id"], name=op.f("fk_use_flag_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_flag")),
        sa.UniqueConstraint("user_id", "kind", "day", name=op.f("uq_use_flag_user_id_kind_day")),
    )
    op.create_index(
        op.f("ix_use_flag_organization_id_settled_at"),
        "use_flag",
        ["organization_id", "settled_at"],
        unique=False,
    )
    op.create_index(op.f("ix_use_flag_settled_by"), "use_flag", ["settled_by"], unique=False)


def _user_standing() -> None:
    op.create_table(
        "user_standing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_user_standing_school_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_user_standing_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_standing")),
    )
    op.create_index(op.f("ix_user_standing_user_id"), "user_standing", ["user_id"], unique=False)


def _access_request() -> None:
    op.create_table(
        "access_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=True),
        sa.Column("applicant_name", sa.Text(), nullable=False),
        sa.Column("applicant_organization", sa.Text(), nullable=False),
        sa.Column("applicant_address", sa.Text(), nullable=False),
        sa.Column("information", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("view", sa.String(length=40), nullable=True),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("wanted_from", sa.Date(), nullable=False),
        sa.Column("wanted_until", sa.Date(), nullable=False),
        sa.Column("statement", sa.JSON(), nullable=False),
        sa.Column("agreement_number", sa.Text(), nullable=False),
        sa.Column("board_vote", sa.Text(), nullable=False),
        sa.Column("foia", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_form", sa.String(length=40), nullable=True),
        sa.Column("decided_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("letter_docx_id", sa.Uuid(), nullable=True),
        sa.Column("renews_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'staff') = (applicant_id is not null)",
            name=op.f("ck_access_request_staff_is_named"),
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["portal_user.id"], name=op.f("fk_access_request_applicant_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["portal_user.id"], name=op.f("fk_access_request_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["letter_docx_id"], ["document.id"], name=op.f("fk_access_request_letter_docx_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["document.id"], name=op.f("fk_access_request_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_access_request_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"], ["access_request.id"], name=op.f("fk_access_request_renews_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["portal_user.id"], name=op.f("fk_access_request_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
        sa.UniqueConstraint("number", name=op.f("uq_access_request_number")),
    )
    op.create_index(
        op.f("ix_access_request_applicant_id"), "access_request", ["applicant_id"], unique=False
    )
    op.create_index(
        op.f("ix_access_request_decided_by"), "access_request", ["decided_by"], unique=False
    )
    op.create_index(
        op.f("ix_access_request_organization_id_status"),
        "access_request",
        ["organization_id", "status"],
        unique=False,
    )
    op.create_index(
        op.f("ix_access_request_renews_id"), "access_request", ["renews_id"], unique=False
    )
    op.create_index(
        op.f("ix_access_request_written_by"), "access_request", ["written_by"], unique=False
    )


def _data_export() -> None:
    op.create_table(
        "data_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_data_export_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_data_export_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_data_export_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_export")),
        sa.UniqueConstraint("number", name=op.f("uq_data_export_number")),
    )
    op.create_index(
        op.f("ix_data_export_document_id"), "data_export", ["document_id"], unique=False
    )
    op.create_index(
        op.f("ix_data_export_organization_id_made_at"),
        "data_export",
        ["organization_id", "made_at"],
        unique=False,
    )
    op.create_index(op.f("ix_data_export_user_id"), "data_export", ["user_id"], unique=False)


def _destruction() -> None:
    op.create_table(
        "destruction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["portal_user.id"], name=op.f("fk_destruction_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_destruction_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_destruction_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["portal_user.id"], name=op.f("fk_destruction_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction")),
    )
    op.create_index(
        op.f("ix_destruction_organization_id"), "destruction", ["organization_id"], unique=False
    )


def _review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_review_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_review_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["portal_user.id"], name=op.f("fk_review_signed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint(
            "organization_id", "kind", "period", name=op.f("uq_review_organization_id_kind_period")
        ),
    )
    op.create_index(op.f("ix_review_organization_id"), "review", ["organization_id"], unique=False)
    op.create_index(op.f("ix_review_signed_by"), "review", ["signed_by"], unique=False)


def _service_account_scope() -> None:
    op.create_table(
        "service_account_scope",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["service_account.id"], name=op.f("fk_service_account_scope_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "scope", name=op.f("pk_service_account_scope")),
    )


def _access_request_category() -> None:
    op.create_table(
        "access_request_category",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["access_request.id"],
            name=op.f("fk_access_request_category_request_id"),
        ),
        sa.PrimaryKeyConstraint("request_id", "category", name=op.f("pk_access_request_category")),
    )


def _access_request_event() -> None:
    op.create_table(
        "access_request_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["portal_user.id"], name=op.f("fk_access_request_event_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_access_request_event_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_access_request_event_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request_event")),
    )
    op.create_index(
        op.f("ix_access_request_event_request_id"),
        "access_request_event",
        ["request_id"],
        unique=False,
    )


def _access_request_student() -> None:
    op.create_table(
        "access_request_student",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_access_request_student_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_access_request_student_student_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "student_id", name=op.f("pk_access_request_student")),
    )
    op.create_index(
        op.f("ix_access_request_student_student_id"),
        "access_request_student",
        ["student_id"],
        unique=False,
    )


def _research_consent() -> None:
    op.create_table(
        "research_consent",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=True),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_research_consent_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_research_consent_student_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["portal_user.id"], name=op.f("fk_research_consent_written_by")
        ),
        sa.PrimaryKeyConstraint("request_id", "student_id", name=op.f("pk_research_consent")),
    )
    op.create_index(
        op.f("ix_research_consent_student_id"), "research_consent", ["student_id"], unique=False
    )


def _review_line() -> None:
    op.create_table(
        "review_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["portal_user.id"], name=op.f("fk_review_line_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_line_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_line")),
        sa.UniqueConstraint(
            "review_id",
            "subject",
            "subject_id",
            name=op.f("uq_review_line_review_id_subject_subject_id"),
        ),
    )
    op.create_index(op.f("ix_review_line_decided_by"), "review_line", ["decided_by"], unique=False)
    op.create_index(op.f("ix_review_line_review_id"), "review_line", ["review_id"], unique=False)


def _unnamed_grant() -> None:
    op.create_table(
        "unnamed_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("view", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("fk_unnamed_grant_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_unnamed_grant_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unnamed_grant")),
    )
    op.create_index(
        op.f("ix_unnamed_grant_request_id"), "unnamed_grant", ["request_id"], unique=False
    )
    op.create_index(op.f("ix_unnamed_grant_user_id"), "unnamed_grant", ["user_id"], unique=False)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _refer(table: str, name: str, to: str) -> None:
    kind = "CHAR(32)" if _sqlite() else "UUID"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {name} {kind} "
        f"CONSTRAINT fk_{table}_{name} REFERENCES {to} (id)"
    )
    op.create_index(op.f(f"ix_{table}_{name}"), table, [name], unique=False)


def _wider_grant() -> None:
    instant = sa.DateTime(timezone=True)
    for column in (
        sa.Column("kind", sa.String(length=40), nullable=False, server_default="written"),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("told_at", instant, nullable=True),
        sa.Column("reviewed_at", instant, nullable=True),
        sa.Column("proper", sa.Boolean(), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("access_grant", column)
    _refer("access_grant", "request_id", "access_request")
    _refer("access_grant", "reviewed_by", "portal_user")


def _wider_session() -> None:
    op.add_column(
        "user_session",
        sa.Column("how", sa.String(length=40), nullable=False, server_default="password"),
    )
    op.add_column(
        "user_session", sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "user_session",
        sa.Column("remote", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def _standings() -> None:
    columns = ("role", "level", "school_id", "active_from", "active_until")
    person = sa.table("portal_user", sa.column("id"), *map(sa.column, columns))
    standing = sa.table(
        "user_standing",
        sa.column("id", sa.Uuid()),
        *map(
            sa.column,
            ("user_id", "role", "level", "school_id", "starts_at", "ends_at"),
        ),
    )
    bind = op.get_bind()
    rows = [
        {
            "id": uuid.uuid4(),
            "user_id": row.id,
            "role": row.role,
            "level": row.level,
            "school_id": row.school_id,
            "starts_at": row.active_from,
            "ends_at": row.active_until,
        }
        for row in bind.execute(sa.select(person))
    ]
    if rows:
        bind.execute(sa.insert(standing), rows)
        known = sa.table("installation", sa.column("name"), sa.column("value"))
        since = {"name": "standings_since", "value": clock.now().isoformat()}
        bind.execute(sa.insert(known), [since])


def _stops() -> None:
    stops = sa.text("event IN ('use.stopped', 'use.stop_lifted')")
    op.create_index(
        "ix_trail_line_stops",
        "trail_line",
        ["subject", "at"],
        sqlite_where=stops,
        postgresql_where=stops,
    )


# What happened, what was accepted and what left is only ever added


def _guards() -> None:
    if not _sqlite():
        op.execute(
            "CREATE FUNCTION oversight_never_changes() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is kept and never changes', TG_TABLE_NAME; END $$"
        )
    for table in ("access_request_event", "acknowledgment", "data_export"):
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_no_{act.lower()}"
            if _sqlite():
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is kept and never changes'); END"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW "
                    "EXECUTE FUNCTION oversight_never_changes()"
                )


# While a legal hold stands, what it covers is not deleted, by whatever way


def _held() -> None:
    for table, holder, student in (
        ("record", "custodian_id", "student_id"),
        ("document", "owner_id", "student_id"),
        ("student", "district_id", "id"),
    ):
        stands = (
            "SELECT 1 FROM legal_hold WHERE legal_hold.lifted_at IS NULL "
            f"AND legal_hold.organization_id = OLD.{holder} "
            f"AND (legal_hold.student_id IS NULL OR legal_hold.student_id = OLD.{student})"
        )
        told = f"a legal hold keeps this {table}"
        name = f"{table}_held"
        if _sqlite():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN EXISTS ({stands}) "
                f"BEGIN SELECT RAISE(ABORT, '{told}'); END"
            )
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF EXISTS ({stands}) THEN RAISE EXCEPTION '{told}'; END IF; "
                "RETURN OLD; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW "
                f"EXECUTE FUNCTION {name}()"
            )
