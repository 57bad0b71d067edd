"""Organizations and schools: who holds records and who receives them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import OrganizationKind


class Organization(Base):
    """A district, a community provider or a state agency; active while its span is open.

    code: a Connecticut district's reporting code; tz: IANA name, used for local midnights.
    is_hipaa, is_part2: a health care provider under HIPAA, a program under 42 CFR Part 2.
    privileges: sections of CGS 52-146 that bind its clinicians, such as 52-146q.
    """

    __tablename__ = "organization"

    id: Mapped[Key]
    kind: Mapped[OrganizationKind] = mapped_column(Code(OrganizationKind), index=True)
    name: Mapped[str]
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    tz: Mapped[str] = mapped_column(default="America/New_York")
    active_from: Mapped[datetime]
    active_until: Mapped[datetime | None]
    description: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(String(40), default="")
    source_id: Mapped[str] = mapped_column(default="")
    is_hipaa: Mapped[bool] = mapped_column(default=False)
    is_part2: Mapped[bool] = mapped_column(default=False)
    privileges: Mapped[list[str]] = mapped_column(JSON, default=list)


class School(Base):
    """A school of a district, known by its 7-digit facility code where it has one."""

    __tablename__ = "school"
    __table_args__ = (UniqueConstraint("district_id", "source_id"),)

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization")
    name: Mapped[str]
    facility_code: Mapped[str | None] = mapped_column(String(7), unique=True)
    source_id: Mapped[str | None]


class AgencyService(Base):
    """A service that an agency offers (Open Referral HSDS `service`).

    status: active, inactive, defunct or temporarily closed; ages in years, null = no limit.
    """

    __tablename__ = "agency_service"
    __table_args__ = (UniqueConstraint("organization_id", "source_id"),)

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization")
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(String(40), default="active")
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    eligibility: Mapped[str] = mapped_column(default="")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    source_id: Mapped[str | None]


class AgencySite(Base):
    """A place where an agency works (Open Referral HSDS `location`)."""

    __tablename__ = "agency_site"
    __table_args__ = (UniqueConstraint("organization_id", "source_id"),)

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization")
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    source_id: Mapped[str | None]
