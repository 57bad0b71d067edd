"""Before the door opens, and while it is open: the journal of closings and the checkpoints.

The capabilities do not know one another; here is the list of all closings that there are.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from portal import clock, failures
from portal.access import journal
from portal.access.journal import Handler, Reconciled
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements import closings as agreements
from portal.config import settings
from portal.consents import closings as consents
from portal.retaining import holds
from portal.stewardship.ledger import checkpoints
from portal.stewardship.ledger.checkpoints import Keeper

HANDLERS: tuple[Handler, ...] = (agreements.TERMINATED, consents.CLOSED, holds.PLACED)
"""Every kind of closing that a restored backup must not undo, and every hold."""

SECONDS = 300
"""Between two checkpoints. What is cut within them shows only by what it leaves behind."""


def prepare(at: datetime) -> list[str]:
    """Do closings again that a restored backup forgot; write a checkpoint.

    Returns sentences for the operator, most often none. Raises OSError when the outside
    folder cannot be read or written.
    """
    with unit_of_work() as session:
        done = journal.reconcile(session, HANDLERS, at)
    with unit_of_work(reading()) as session:
        differing = Keeper(checkpoints.file()).write(session, at)
    return [*_told(done), *([DIFFERS] if differing else [])]


DIFFERS = (
    "The ledger is not the one that the outside folder knows. Was a backup restored? Then run "
    "`portal audit checkpoint --restored WHY`. If not, run `portal audit verify`."
)


def _told(done: Reconciled) -> list[str]:
    told = []
    if done.again:
        told.append(
            f"Closed again, as the journal of closings says: {done.again}. The trail names them."
        )
    if done.unknown:
        told.append(
            f"The journal knows closings of papers that are not in this database: {done.unknown}."
        )
    return told


def outside_problem(error: OSError) -> str:
    """What an operator reads when the outside folder is no good."""
    return (
        f"The outside folder {settings().outside_folder} cannot be used: {error.strerror}. "
        "Set PORTAL_OUTSIDE_FOLDER to a folder that the portal may write to."
    )


async def keep_checkpoints() -> None:
    """A checkpoint every few minutes, until cancelled."""
    keeper = Keeper(checkpoints.file())
    while True:
        await asyncio.sleep(SECONDS)
        await asyncio.to_thread(checkpoint, keeper)


def checkpoint(keeper: Keeper) -> None:
    """Write what moved; a failure is reported, and the next one tries again."""
    try:
        with unit_of_work(reading()) as session:
            differing = keeper.write(session, clock.now())
        if differing:
            failures.logger.error(DIFFERS)
    except (OSError, SQLAlchemyError) as error:
        failures.report(error)
