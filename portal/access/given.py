"""Will the school see what a partner logs back? Asked before it is written, and after.

What a partner writes is the partner's own record. The district sees it by the same gate as
everybody: a HIPAA authorization that the partner discloses to the district by (45 CFR 164.508),
and an agreement whose schedule lists the status of services from the partner to the district; or
a court order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.policy.decision import Decision
from portal.policy.facts import OrganizationFacts, RecordFacts, RelationFacts, UserFacts
from portal.policy.gate import may_open
from portal.policy.spans import Span
from portal.store.places import Organization
from portal.store.records import Record, Referral
from portal.vocabulary import Category, Level, Purpose, RelationKind


def seen_by_school(
    session: Session, referral: Referral, record: Record, event: datetime, at: datetime
) -> Decision:
    """May the school's support staff see a status of service of this event, at this instant?

    Asked for a member of the staff who serves the student; that person need not exist.
    """
    agency = session.get_one(Organization, referral.agency_id)
    facts = facts_of.load_known(session, referral.sent_by, record.student_id)
    always = Span(agency.active_from, agency.active_until)
    known = OrganizationFacts(str(agency.id), agency.kind, always, agency.is_hipaa, agency.is_part2)
    serving = Span(at)
    seen = replace(
        facts,
        user=UserFacts("", str(record.district_id), Level.CLINICIAN, serving),
        organizations={**facts.organizations, known.id: known},
        relations=(RelationFacts(RelationKind.SERVICE, serving),),
        locks=(),
    )
    item = RecordFacts("", str(record.student_id), known.id, Category.SERVICE_STATUS, event)
    return may_open(seen, item, Purpose.COORDINATE, at)
