"""Numbers of the budget office: visits, units and services in place, by school."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.unnamed_counts import (
    Asked,
    Leaves,
    enrolled_at,
    last_day,
    ours,
    school_names,
    visits_held,
)
from portal.access.words import words_of
from portal.policy.hiding import Shown
from portal.store.places import Organization
from portal.store.records import Record
from portal.store.support import StudentService
from portal.vocabulary import Category, WordList
from portal.word_lists import SBCH_LABELS, SBCH_UNIT, Sbch

NO_KIND = "No kind of School Based Child Health"
OUR_STAFF = "The district's own staff"
OTHERS = "Other"


def visits_by_purpose(session: Session, asked: Asked) -> list[Shown]:
    """Students, visits, minutes and units by kind of School Based Child Health, purpose, school.

    Units of 15 minutes, whole ones of each visit, where the purpose is of a kind. Whether
    Medicaid covers a child is not known here.
    """
    words = words_of(session, asked.district)
    kinds = {
        word.code: (SBCH_LABELS[Sbch(word.sbch)] if word.sbch else NO_KIND, word.label)
        for word in words.all(WordList.VISIT_PURPOSE)
    }
    schools = school_names(session, asked.district).values()
    places = [(*kind, school) for kind in sorted(set(kinds.values())) for school in schools]
    leaves = Leaves(places, amounts=3)
    for line in visits_held(session, asked):
        kind, purpose = kinds.get(line.purpose, (NO_KIND, OTHERS))
        units = line.minutes // SBCH_UNIT if kind != NO_KIND else 0
        leaves.add((kind, purpose, line.school), line.student, None, (1, line.minutes, units))
    return leaves.told()


def services_in_place(session: Session, asked: Asked) -> list[Shown]:
    """Students by service, provider and school, when the month ended."""
    words = words_of(session, asked.district)
    enrolled = enrolled_at(session, asked.district, asked.month.end).places
    rows = session.execute(
        select(StudentService, Record.student_id, Organization.name)
        .join(Record, Record.id == StudentService.record_id)
        .outerjoin(Organization, Organization.id == StudentService.agency_id)
        .where(*ours(Category.SERVICE_STATUS, asked))
    ).all()
    day = last_day(asked.month)
    agencies = sorted({agency for _row, _student, agency in rows if agency})
    services = [word.label for word in words.all(WordList.VISIT_SERVICE)]
    leaves = Leaves(
        (service, provider, school)
        for service in services
        for provider in (OUR_STAFF, *agencies)
        for school in school_names(session, asked.district).values()
    )
    for row, student, agency in rows:
        if student in enrolled and _in_place(row, day):
            label = words.label(WordList.VISIT_SERVICE, row.service)
            leaves.add((label, agency or OUR_STAFF, enrolled[student][0]), student)
    return leaves.told()


def _in_place(row: StudentService, day: date) -> bool:
    return row.started_on <= day and (row.ended_on is None or row.ended_on > day)
