"""The Student Support Page is complete: what a visit says, services, needs, a district's questions.

A visit, a referral and an item of the shelf of yesterday get what is usual: in person, one to
one, attended, routine, open to whom its kind is open.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _audiences()
    _words_and_settings()
    _data_points()
    _supports()
    _referrals()
    _beside_the_shelf()
    _corrections()
    _people()
    _wider_enrollment()
    _shelf()
    _wider_referral()
    _wider_visit()
    _guards()


def _audiences() -> None:
    op.create_table(
        "audience",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("inside_only", sa.Boolean(), nullable=False),
        sa.Column("told_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_family", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_audience_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience")),
    )
    op.create_index(
        op.f("ix_audience_organization_id"), "audience", ["organization_id"], unique=False
    )

    op.create_table(
        "audience_level",
        sa.Column("audience_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audience.id"], name=op.f("fk_audience_level_audience_id")
        ),
        sa.PrimaryKeyConstraint("audience_id", "level", name=op.f("pk_audience_level")),
    )


def _words_and_settings() -> None:
    op.create_table(
        "term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("implies", sa.String(length=40), nullable=False),
        sa.Column("asca", sa.String(length=60), nullable=False),
        sa.Column("social_work", sa.String(length=60), nullable=False),
        sa.Column("sbch", sa.String(length=60), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_term_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint(
            "district_id", "list", "code", name=op.f("uq_term_district_id_list_code")
        ),
    )

    op.create_table(
        "district_setting",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_district_setting_district_id")
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["portal_user.id"], name=op.f("fk_district_setting_set_by")
        ),
        sa.PrimaryKeyConstraint("district_id", "name", name=op.f("pk_district_setting")),
    )
    op.create_index(
        op.f("ix_district_setting_set_by"), "district_setting", ["set_by"], unique=False
    )

    op.create_table(
        "school_year",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=9), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["portal_user.id"], name=op.f("fk_school_year_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_school_year_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_year")),
        sa.UniqueConstraint("district_id", "name", name=op.f("uq_school_year_district_id_name")),
    )
    op.create_index(op.f("ix_school_year_closed_by"), "school_year", ["closed_by"], unique=False)

    op.create_table(
        "notification_setting",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("last_digest_on", sa.Date(), nullable=True),
        sa.Column("feed_hash", sa.String(length=64), nullable=True),
        sa.Column("feed_made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_notification_setting_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_setting")),
        sa.UniqueConstraint("feed_hash", name=op.f("uq_notification_setting_feed_hash")),
    )

    op.create_table(
        "service_capacity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_service_capacity_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["agency_service.id"], name=op.f("fk_service_capacity_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["told_by"], ["portal_user.id"], name=op.f("fk_service_capacity_told_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_capacity")),
        sa.UniqueConstraint(
            "organization_id",
            "service_id",
            name=op.f("uq_service_capacity_organization_id_service_id"),
        ),
    )
    op.create_index(
        op.f("ix_service_capacity_service_id"), "service_capacity", ["service_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_capacity_told_by"), "service_capacity", ["told_by"], unique=False
    )


def _data_points() -> None:
    op.create_table(
        "data_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("asked", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("audience_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audience.id"], name=op.f("fk_data_point_audience_id")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_data_point_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_point")),
        sa.UniqueConstraint("district_id", "code", name=op.f("uq_data_point_district_id_code")),
    )
    op.create_index(op.f("ix_data_point_audience_id"), "data_point", ["audience_id"], unique=False)
    op.create_index(op.f("ix_data_point_district_id"), "data_point", ["district_id"], unique=False)

    op.create_table(
        "data_point_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_point_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=True),
        sa.Column("high", sa.Integer(), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_point_id"], ["data_point.id"], name=op.f("fk_data_point_version_data_point_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["portal_user.id"], name=op.f("fk_data_point_version_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_point_version")),
        sa.UniqueConstraint(
            "data_point_id", "number", name=op.f("uq_data_point_version_data_point_id_number")
        ),
    )
    op.create_index(
        op.f("ix_data_point_version_written_by"), "data_point_version", ["written_by"], unique=False
    )

    op.create_table(
        "data_answer",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("data_point_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_point_id"], ["data_point.id"], name=op.f("fk_data_answer_data_point_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_data_answer_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["data_point_version.id"], name=op.f("fk_data_answer_version_id")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_data_answer")),
    )
    op.create_index(
        op.f("ix_data_answer_data_point_id"), "data_answer", ["data_point_id"], unique=False
    )
    op.create_index(op.f("ix_data_answer_version_id"), "data_answer", ["version_id"], unique=False)
    op.create_index(op.f("ix_data_answer_visit_id"), "data_answer", ["visit_id"], unique=False)


def _supports() -> None:
    op.create_table(
        "student_service",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=40), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("intensity", sa.Text(), nullable=False),
        sa.Column("data_owner", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("estimated_end", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["organization.id"], name=op.f("fk_student_service_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_student_service_record_id")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_student_service")),
    )
    op.create_index(
        op.f("ix_student_service_agency_id"), "student_service", ["agency_id"], unique=False
    )
    op.create_index(
        op.f("ix_student_service_referral_id"), "student_service", ["referral_id"], unique=False
    )

    op.create_table(
        "student_need",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("need", sa.String(length=40), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("awaited_from", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_student_need_record_id")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_student_need")),
    )
    op.create_index(
        op.f("ix_student_need_referral_id"), "student_need", ["referral_id"], unique=False
    )

    op.create_table(
        "strength",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_strength_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_strength")),
    )

    op.create_table(
        "handover",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["portal_user.id"], name=op.f("fk_handover_from_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_handover_record_id")),
        sa.ForeignKeyConstraint(["to_id"], ["portal_user.id"], name=op.f("fk_handover_to_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_from_id"), "handover", ["from_id"], unique=False)
    op.create_index(op.f("ix_handover_pair_id"), "handover", ["pair_id"], unique=False)
    op.create_index(op.f("ix_handover_to_id"), "handover", ["to_id"], unique=False)

    op.create_table(
        "service_given",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("attendance", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("strategies", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_service_given_record_id")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_service_given")),
    )
    op.create_index(op.f("ix_service_given_corrects"), "service_given", ["corrects"], unique=False)
    op.create_index(
        op.f("ix_service_given_referral_id"), "service_given", ["referral_id"], unique=False
    )


def _referrals() -> None:
    op.create_table(
        "referral_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_link", sa.Boolean(), nullable=False),
        sa.Column("from_status", sa.String(length=40), nullable=True),
        sa.Column("to_status", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["portal_user.id"], name=op.f("fk_referral_event_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_event")),
    )
    op.create_index(op.f("ix_referral_event_by_id"), "referral_event", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_referral_event_referral_id"), "referral_event", ["referral_id"], unique=False
    )

    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["portal_user.id"], name=op.f("fk_contact_attempt_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_contact_attempt_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index(op.f("ix_contact_attempt_by_id"), "contact_attempt", ["by_id"], unique=False)
    op.create_index(
        op.f("ix_contact_attempt_organization_id"),
        "contact_attempt",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_contact_attempt_referral_id"), "contact_attempt", ["referral_id"], unique=False
    )

    op.create_table(
        "referral_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_to", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["portal_user.id"], name=op.f("fk_referral_link_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_referral_link_token_hash")),
    )
    op.create_index(op.f("ix_referral_link_made_by"), "referral_link", ["made_by"], unique=False)
    op.create_index(
        op.f("ix_referral_link_referral_id"), "referral_link", ["referral_id"], unique=False
    )


def _beside_the_shelf() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["portal_user.id"], name=op.f("fk_follow_up_staff_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_follow_up_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(
        op.f("ix_follow_up_staff_id_due_on"), "follow_up", ["staff_id", "due_on"], unique=False
    )
    op.create_index(op.f("ix_follow_up_student_id"), "follow_up", ["student_id"], unique=False)
    op.create_index(op.f("ix_follow_up_visit_id"), "follow_up", ["visit_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("tool", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("screened", sa.Integer(), nullable=False),
        sa.Column("positive", sa.Integer(), nullable=False),
        sa.Column("intervened", sa.Integer(), nullable=False),
        sa.Column("referred", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "screened between 1 and 9999 and positive between 0 and screened "
            "and intervened between 0 and positive and referred between 0 and positive",
            name=op.f("ck_tally_counts_fit"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organization.id"], name=op.f("fk_tally_district_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_tally_school_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["portal_user.id"], name=op.f("fk_tally_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
    )
    op.create_index(op.f("ix_tally_district_id"), "tally", ["district_id"], unique=False)
    op.create_index(op.f("ix_tally_school_id"), "tally", ["school_id"], unique=False)
    op.create_index(op.f("ix_tally_staff_id"), "tally", ["staff_id"], unique=False)

    op.create_table(
        "form_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_form_draft_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft")),
        sa.UniqueConstraint("user_id", "form", name=op.f("uq_form_draft_user_id_form")),
    )

    op.create_table(
        "visit_timer",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_visit_timer_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_visit_timer")),
    )


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["portal_user.id"], name=op.f("fk_correction_by_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_correction_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_by_id"), "correction", ["by_id"], unique=False)
    op.create_index(op.f("ix_correction_record_id"), "correction", ["record_id"], unique=False)

    op.create_table(
        "amendment_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hearing_asked_on", sa.Date(), nullable=True),
        sa.Column("hearing_held_on", sa.Date(), nullable=True),
        sa.Column("hearing_decision", sa.String(length=40), nullable=True),
        sa.Column("hearing_by", sa.Text(), nullable=False),
        sa.Column("hearing_reason", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("statement_on", sa.Date(), nullable=True),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("hearing_letter_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["guardian.id"], name=op.f("fk_amendment_request_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["portal_user.id"], name=op.f("fk_amendment_request_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["hearing_letter_id"],
            ["document.id"],
            name=op.f("fk_amendment_request_hearing_letter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["document.id"], name=op.f("fk_amendment_request_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_amendment_request_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_amendment_request_student_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["portal_user.id"], name=op.f("fk_amendment_request_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment_request")),
    )
    op.create_index(
        op.f("ix_amendment_request_asked_by"), "amendment_request", ["asked_by"], unique=False
    )
    op.create_index(
        op.f("ix_amendment_request_decided_by"), "amendment_request", ["decided_by"], unique=False
    )
    op.create_index(
        op.f("ix_amendment_request_record_id"), "amendment_request", ["record_id"], unique=False
    )
    op.create_index(
        op.f("ix_amendment_request_student_id"), "amendment_request", ["student_id"], unique=False
    )
    op.create_index(
        op.f("ix_amendment_request_written_by"), "amendment_request", ["written_by"], unique=False
    )


def _people() -> None:
    op.create_table(
        "staff_lock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["portal_user.id"], name=op.f("fk_staff_lock_set_by")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_staff_lock_student_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["portal_user.id"], name=op.f("fk_staff_lock_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_lock")),
    )
    op.create_index(op.f("ix_staff_lock_set_by"), "staff_lock", ["set_by"], unique=False)
    op.create_index(op.f("ix_staff_lock_student_id"), "staff_lock", ["student_id"], unique=False)
    op.create_index(
        op.f("ix_staff_lock_user_id_student_id"),
        "staff_lock",
        ["user_id", "student_id"],
        unique=False,
    )

    op.create_table(
        "hidden_student",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_by"], ["portal_user.id"], name=op.f("fk_hidden_student_set_by")
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_hidden_student_student_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_student")),
    )
    op.create_index(op.f("ix_hidden_student_set_by"), "hidden_student", ["set_by"], unique=False)
    op.create_index(
        op.f("ix_hidden_student_student_id"), "hidden_student", ["student_id"], unique=False
    )


# Wider tables: not made anew, which on SQLite would lose their checks


def _wider_enrollment() -> None:
    op.add_column("enrollment", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("enrollment", sa.Column("moved_reason", sa.String(length=40), nullable=True))
    _refer("enrollment", "moved_by", "portal_user")


def _shelf() -> None:
    _add("record", "restricted", sa.Boolean(), sa.false())
    _add("record", "version", sa.Integer(), sa.text("1"))
    op.add_column("record", sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    _refer("record", "audience_id", "audience")
    _refer("record", "told_to_id", "portal_user")
    _refer("record", "approved_by", "portal_user")


def _wider_referral() -> None:
    _add("referral", "urgency", sa.String(length=40), "routine")
    _add("referral", "named", sa.Boolean(), sa.false())
    _add("referral", "snapshot", sa.JSON(), sa.text("'{}'"))
    _add("referral", "do_not_contact", sa.Boolean(), sa.false())
    _add("referral", "contact_ways", sa.Text(), "")
    _add("referral", "contact_note", sa.Text(), "")
    for name in ("received_at", "decline_reviewed_at", "outcome_at"):
        op.add_column("referral", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("waitlist_weeks", sa.Integer(), nullable=True))
    op.add_column("referral", sa.Column("close_reason", sa.String(length=40), nullable=True))
    _refer("referral", "outcome_by", "portal_user")


def _wider_visit() -> None:
    _add("visit", "mode", sa.String(length=40), "in_person")
    _add("visit", "format", sa.String(length=40), "one_to_one")
    _add("visit", "attendance", sa.String(length=40), "attended")
    for name in ("missed_reason", "disposition", "tier", "place"):
        _add("visit", name, sa.String(length=40), "")
    _add("visit", "credential", sa.Text(), "")
    op.add_column("visit", sa.Column("group_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_visit_group_id"), "visit", ["group_id"], unique=False)
    minutes = "minutes between 1 and 600 or (minutes = 0 and attendance = 'no_show')"
    with op.batch_alter_table("visit") as batch_op:
        if not _sqlite():  # made anew without it there
            batch_op.drop_constraint(batch_op.f("ck_visit_minutes_in_a_day"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_visit_minutes_in_a_day"), minutes)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _add(table: str, name: str, kind: Any, usual: Any) -> None:
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=usual))


def _refer(table: str, name: str, to: str) -> None:
    kind = "CHAR(32)" if _sqlite() else "UUID"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {name} {kind} "
        f"CONSTRAINT fk_{table}_{name} REFERENCES {to} (id)"
    )
    op.create_index(op.f(f"ix_{table}_{name}"), table, [name], unique=False)


# What is written down of a change or an event stays, and so does the question of an answer


def _guarded() -> list[tuple[str, str, str]]:
    """Table, act, and when it is refused."""
    found = [
        (table, act, "1 = 1")
        for table in ("correction", "referral_event", "data_point_version")
        for act in ("UPDATE", "DELETE")
    ]
    unrestrict = "OLD.restricted AND NOT NEW.restricted"
    was, now = "CAST(OLD.snapshot AS TEXT)", "CAST(NEW.snapshot AS TEXT)"
    sent_otherwise = f"{was} <> '{{}}' AND {now} <> {was}"
    return [
        *found,
        ("record", "UPDATE", unrestrict),
        ("referral", "UPDATE", sent_otherwise),
    ]


def _guards() -> None:
    if not _sqlite():
        op.execute(
            "CREATE FUNCTION support_never_changes() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is kept and never changes', TG_TABLE_NAME; END $$"
        )
    for table, act, when in _guarded():
        name = f"{table}_no_{act.lower()}"
        if _sqlite():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is kept and never changes'); END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN ({when}) "
                "EXECUTE FUNCTION support_never_changes()"
            )
