"""What whoever writes a draft looks at beside it: what stands against it, and how it would read.

The preview is made by the very functions that issue an agreement, and is kept nowhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements import desk, issuing, queries
from portal.agreements.clauses.library import Library
from portal.agreements.content import Line, Signer, from_json
from portal.agreements.queries import Agency
from portal.agreements.rules import Step
from portal.agreements.status import Act
from portal.errors import Problem

EVENT = "agreement.previewed"


@dataclass(frozen=True)
class Room:
    """What the form of one draft may choose from. templates: the district's own, the newest first.

    before: the schedules of the agreement that it amends or renews, by partner; None for none.
    named: the agreements above it and before it, as they are printed; may be empty.
    """

    agencies: Mapping[uuid.UUID, Agency]
    schools: tuple[str, ...]
    signers: tuple[Signer, ...]
    library: Library
    templates: tuple[tuple[uuid.UUID, str], ...]
    before: Mapping[uuid.UUID, tuple[Line, ...]]
    parent: str
    follows: str


def room(session: Session, me: Actor, paper_id: uuid.UUID, at: datetime) -> Room:
    """Everything that the form of my district's draft offers. Raises NotFound and Refused."""
    paper = desk.ours(session, me, paper_id, Act.EDIT, EVENT, at)
    return Room(
        agencies={agency.id: agency for agency in queries.possible_partners(session, at)},
        schools=tuple(queries.school_names(session, paper.district_id)),
        signers=tuple(signer for _, signer in queries.signers(session, [paper.district_id], at)),
        library=queries.library(session, paper.district_id),
        templates=tuple(
            (row.id, f"{row.name}, version {row.version}")
            for row in queries.own_templates(session, me)
            if row.published_at is not None and row.retired_at is None
        ),
        before=queries.lines_before(session, paper.id),
        parent=queries.named(session, paper.parent_id, me.tz),
        follows=queries.named(session, paper.follows_id, me.tz),
    )


def problems(
    session: Session, me: Actor, paper_id: uuid.UUID, at: datetime
) -> dict[Step, list[Problem]]:
    """What stands against issuing the draft as it is saved, step by step."""
    paper = desk.ours(session, me, paper_id, Act.EDIT, EVENT, at)
    return issuing.problems(session, me, paper, at)


def preview(session: Session, me: Actor, paper_id: uuid.UUID, at: datetime) -> bytes:
    """The Word file that issuing the draft as it is saved would keep.

    Raises NotReady and BadFile where it cannot be printed.
    """
    paper = desk.ours(session, me, paper_id, Act.EDIT, EVENT, at)
    return issuing.preview(session, paper, from_json(paper.content), at)
