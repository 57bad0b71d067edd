"""What the portal knows of agencies."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.store.places import AgencyService, AgencySite, Organization
from portal.vocabulary import OrganizationKind


@dataclass(frozen=True)
class Known:
    """Agencies that came from a source or were added by hand, with what belongs to them."""

    agencies: dict[str, Organization]
    by_hand: dict[str, Organization]
    services: dict[tuple[uuid.UUID, str | None], AgencyService]
    sites: dict[tuple[uuid.UUID, str | None], AgencySite]


def known(session: Session, source: str) -> Known:
    """Providers of this source, and those without any by their names."""
    providers = session.scalars(
        select(Organization)
        .where(
            Organization.kind == OrganizationKind.PROVIDER,
            or_(Organization.source == source, Organization.source == ""),
        )
        .order_by(Organization.id)
    ).all()
    ids = [row.id for row in providers]
    services = select(AgencyService).where(AgencyService.organization_id.in_(ids))
    sites = select(AgencySite).where(AgencySite.organization_id.in_(ids))
    return Known(
        agencies={row.source_id: row for row in providers if row.source},
        by_hand={row.name: row for row in providers if not row.source},
        services={(row.organization_id, row.source_id): row for row in session.scalars(services)},
        sites={(row.organization_id, row.source_id): row for row in session.scalars(sites)},
    )
