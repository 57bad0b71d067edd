"""A partner's use stands on its own worklist and on each district's; the trail is read by day.

One person's day may now be looked at by two organizations. The trail's index of organizations
has the instant beside it: whoever goes over a day reads that day and not all the years.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("use_flag") as table:
        table.drop_constraint("uq_use_flag_user_id_kind_day", type_="unique")
        table.create_unique_constraint(
            "uq_use_flag_user_id_kind_day_organization_id",
            ["user_id", "kind", "day", "organization_id"],
        )
    op.create_index("ix_trail_line_organization_id_at", "trail_line", ["organization_id", "at"])
    op.drop_index("ix_trail_line_organization_id", "trail_line")
