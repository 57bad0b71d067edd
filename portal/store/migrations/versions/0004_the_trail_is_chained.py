"""The trail is chained: each line holds the hash of itself and of the line before it.

Lines that are there are chained as they stand, in the order of their ids. For as long as
that takes, and in the same transaction, nothing stops a change of the trail.
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

AT_ONCE = 5000
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("trail_line", "trail_student")

# As portal/store/chain.py tells it today; what is chained here must not change with it.
STORED = [
    *("id", "position", "allowed", "chain", "at", "event"),
    *("user_id", "user_name", "organization_id", "organization_name"),
    *("subject", "purpose", "opened", "closed", "codes", "basis", "detail", "students"),
]
SQLITE = dict.fromkeys(("user_id", "organization_id"), "coalesce('=' || {0}, '-')")
POSTGRES = {
    "at": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    "allowed": "{0}::integer",
} | dict.fromkeys(
    ("user_id", "organization_id"), "coalesce('=' || replace({0}::text, '-', ''), '-')"
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "trail_head",
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_trail_head"),
    )
    _unprotect(sqlite)
    for name, kind, none in (
        ("students", sa.JSON(), "[]"),
        ("chain", sa.String(32), ""),
        ("position", NUMBER, "0"),
        ("hash", sa.String(64), ""),
    ):
        op.add_column("trail_line", sa.Column(name, kind, nullable=False, server_default=none))
    _place(sqlite)
    op.create_index(
        "ix_trail_line_chain_position", "trail_line", ["chain", "position"], unique=True
    )
    _chain(sqlite)
    if not sqlite:
        for name in ("students", "chain", "position", "hash"):
            op.alter_column("trail_line", name, server_default=None)
    _protect(sqlite)


def _place(sqlite: bool) -> None:
    """Whose chain each line belongs to, its place there, and the copy of its students."""
    if sqlite:
        chain = "coalesce(organization_id, '')"
        students = (
            "SELECT '[\"' || group_concat(student_id, '\", \"') || '\"]' FROM (SELECT student_id "
            "FROM trail_student WHERE line_id = trail_line.id ORDER BY student_id)"
        )
    else:
        chain = "coalesce(replace(organization_id::text, '-', ''), '')"
        students = (
            "SELECT ('[\"' || string_agg(replace(student_id::text, '-', ''), '\", \"' "
            "ORDER BY student_id) || '\"]')::json FROM trail_student WHERE line_id = trail_line.id"
        )
    about = "WHERE id IN (SELECT line_id FROM trail_student)"
    op.execute(f"UPDATE trail_line SET chain = {chain}")
    op.execute(f"UPDATE trail_line SET students = ({students}) {about}")
    op.execute(
        "UPDATE trail_line SET position = placed.position FROM (SELECT id, row_number() "
        "OVER (PARTITION BY chain ORDER BY id) AS position FROM trail_line) AS placed "
        "WHERE placed.id = trail_line.id"
    )


def _chain(sqlite: bool) -> None:
    bind = op.get_bind()
    page = sa.text(
        f"SELECT chain, position, id, {_text(sqlite)} AS told FROM trail_line "
        "WHERE (chain, position) > (:chain, :position) ORDER BY chain, position LIMIT :most"
    )
    last = {"chain": "", "position": 0, "most": AT_ONCE}
    heads: dict[str, tuple[int, str]] = {}
    while rows := bind.execute(page, last).all():
        hashed = []
        for chain, position, key, told in rows:
            before = heads[chain][1] if chain in heads else "0" * 64
            digest = hashlib.sha256(before.encode() + bytes(told)).hexdigest()
            heads[chain] = (position, digest)
            hashed.append({"key": key, "hash": digest})
        bind.execute(sa.text("UPDATE trail_line SET hash = :hash WHERE id = :key"), hashed)
        last |= {"chain": rows[-1].chain, "position": rows[-1].position}
    for chain, (position, digest) in heads.items():
        bind.execute(
            sa.text("INSERT INTO trail_head (chain, position, hash) VALUES (:c, :p, :h)"),
            {"c": chain, "p": position, "h": digest},
        )


def _text(sqlite: bool) -> str:
    told = SQLITE if sqlite else POSTGRES
    parts = [told.get(name, "{0}").format(name) for name in STORED]
    if sqlite:
        return f"CAST({' || char(31) || '.join(parts)} AS BLOB)"
    return f"convert_to(concat_ws(chr(31), {', '.join(parts)}), 'UTF8')".replace("::", "\\:\\:")


def _unprotect(sqlite: bool) -> None:
    for table in TABLES:
        if sqlite:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(f"DROP TRIGGER {table}_no_delete")
        else:
            op.execute(f"DROP TRIGGER {table}_only_added_to ON {table}")


def _protect(sqlite: bool) -> None:
    for table in TABLES:
        if not sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE "
                f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()"
            )
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            )
