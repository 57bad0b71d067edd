"""A ledger to prove, and somebody at the database with a plain SQL client."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.access import outside, trail
from portal.access.trail import Entry
from portal.stewardship.ledger import queries, shelf
from portal.stewardship.ledger.checkpoints import Keeper
from portal.stewardship.ledger.proof import Broken, Proof, prove
from portal.store import chain
from tests.people import NOW, Cast

FAKE = "f" * 64


@dataclass(frozen=True)
class Ledger:
    """Rita's lines (her clinic's chain), Ana's and nobody's, with a checkpoint of them."""

    session: Session
    cast: Cast
    checkpoints: Path

    @property
    def chain(self) -> str:
        return self.cast.riverside.id.hex

    def add(self, count: int = 1, subject: str = "C") -> None:
        for _ in range(count):
            self.write(Entry("record.opened", True, NOW, (self.cast.luis.id,), subject))

    def write(self, entry: Entry) -> None:
        trail.write(self.session, self.cast.who(self.cast.rita), entry)
        trail.settle(self.session)

    def keep(self) -> list[str]:
        return Keeper(self.checkpoints).write(self.session, NOW)

    def proof(self) -> Proof:
        return prove(self.session, self.checkpoints, outside.size(self.checkpoints))

    def broken(self) -> Broken:
        broken = self.proof().broken
        assert broken is not None
        return broken

    def sql(self, statement: str, **given: object) -> None:
        """As somebody who is the database's owner, and has put the guards aside."""
        unprotect(self.session)
        self.session.execute(text(statement), {"chain": self.chain} | given)

    def id_at(self, position: int) -> int:
        found = text("SELECT id FROM trail_line WHERE chain = :chain AND position = :position")
        return self.session.scalar(found, {"chain": self.chain, "position": position})

    def rebuild(self) -> None:
        """Hash the whole chain anew, as it stands now, and move its head."""
        places = text("SELECT id FROM trail_line WHERE chain = :chain ORDER BY position")
        told = {
            int(line[0].split(b"\x1f")[0]): line[0]
            for some in shelf.read(queries.driver(self.session), (shelf.FIRST_ID, shelf.LAST_ID))
            for line in some.lines
        }
        rows = self.session.scalars(places, {"chain": self.chain}).all()
        before = chain.GENESIS
        for key in rows:
            before = hashlib.sha256(before.encode() + told[key]).hexdigest()
            self.sql("UPDATE trail_line SET hash = :hash WHERE id = :key", hash=before, key=key)
        moved = "UPDATE trail_head SET hash = :hash, position = :position WHERE chain = :chain"
        self.sql(moved, hash=before, position=len(rows))


def a_ledger(session: Session, cast: Cast, folder: Path) -> Ledger:
    ledger = Ledger(session, cast, folder / "checkpoints.jsonl")
    trail.write(session, None, Entry("import.oneroster", True, NOW, detail={"rows": 3}))
    trail.write(session, cast.who(cast.ana), Entry("students.listed", True, NOW))
    refused = Entry("record.opened", False, NOW, codes=["NO_CONSENT"])
    trail.write(session, cast.who(cast.rita), refused)
    ledger.add(4)
    ledger.keep()
    return ledger


def unprotect(session: Session) -> None:
    for table in ("trail_line", "trail_student"):
        if session.get_bind().dialect.name == "sqlite":
            for act in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
        else:
            session.execute(text(f"DROP TRIGGER IF EXISTS {table}_only_added_to ON {table}"))
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER IF EXISTS document_no_update"))
    else:
        session.execute(text("DROP TRIGGER IF EXISTS document_never_rewritten ON document"))
