"""A right to sign says what shows it, why it ended, and who wrote that down; so does college.

Names are copied as they were: the trail has the accounts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

GUARDIANSHIP = ("evidence", "written_by", "ended_how", "ended_by")
STUDENT = ("postsecondary_evidence", "postsecondary_by")


def upgrade() -> None:
    for table, names in (("guardianship", GUARDIANSHIP), ("student", STUDENT)):
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
