"""A kept document never changes: both engines refuse to rewrite its bytes, hash or name.

It may still be destroyed, as the agreements' retention asks for; papers that name it must
let go of it first.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER document_no_update BEFORE UPDATE ON document "
            "BEGIN SELECT RAISE(ABORT, 'document is never rewritten'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION never_rewritten() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is never rewritten', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE TRIGGER document_never_rewritten BEFORE UPDATE ON document "
        "FOR EACH ROW EXECUTE FUNCTION never_rewritten()"
    )
