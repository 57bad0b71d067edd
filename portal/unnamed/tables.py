"""The tables of numbers without names: which view each belongs to, and how it reads.

They are fixed: the same tables for everybody to whom a view is open, one for each month that is
over. A filter takes rows out; no question makes a count that does not stand in a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.access import unnamed_budget, unnamed_curriculum, unnamed_personnel
from portal.access.unnamed_counts import Asked
from portal.policy.hiding import Shown
from portal.vocabulary import UnnamedView

DISTRICT, SCHOOL, GRADE = "District", "School", "Grade"


@dataclass(frozen=True)
class Sheet:
    """One table. parts: what its rows go down by, the whole of the district first where it is
    told; amounts: what is summed up beside students.

    free: its words come from outside, so that a row of which nothing is told is left out.
    """

    code: str
    view: UnnamedView
    title: str
    below: str
    parts: tuple[str, ...]
    read: Callable[[Session, Asked], list[Shown]]
    amounts: tuple[str, ...] = ()
    free: bool = False


SHEETS = (
    Sheet(
        "support",
        UnnamedView.PERSONNEL,
        "Visits by building",
        "Visits that took place in the month, and how many different students they were of.",
        (DISTRICT, SCHOOL),
        unnamed_personnel.visits_by_building,
        ("Visits", "Minutes"),
    ),
    Sheet(
        "caseloads",
        UnnamedView.PERSONNEL,
        "Students on caseloads by building",
        "Assigned to a counselor, served or evaluated, as the month ended.",
        (DISTRICT, SCHOOL),
        unnamed_personnel.caseloads_by_building,
    ),
    Sheet(
        "visits",
        UnnamedView.BUDGET,
        "Visits by purpose",
        "By the kind of School Based Child Health that a purpose belongs to. Units of 15 minutes "
        "are whole ones of each visit; whether Medicaid covers a child is not known here.",
        ("Kind", "Purpose", SCHOOL),
        unnamed_budget.visits_by_purpose,
        ("Visits", "Minutes", "Units"),
    ),
    Sheet(
        "services",
        UnnamedView.BUDGET,
        "Services in place",
        "Expenditures for individual students, as counts: how many have the service, from whom, "
        "as the month ended.",
        ("Service", "Provider", SCHOOL),
        unnamed_budget.services_in_place,
    ),
    Sheet(
        "students",
        UnnamedView.CURRICULUM,
        "Students enrolled",
        "As the month ended.",
        (DISTRICT, SCHOOL, GRADE),
        unnamed_curriculum.students,
    ),
    Sheet(
        "programs",
        UnnamedView.CURRICULUM,
        "Programs and home language",
        "As the month ended. A count is also hidden where fewer than six are not in it.",
        ("Program", SCHOOL, GRADE),
        unnamed_curriculum.programs,
    ),
    Sheet(
        "results",
        UnnamedView.CURRICULUM,
        "Test results and marks",
        "Of the twelve months before the month ended. Results that fewer than six students share "
        "stand together as Other.",
        ("Tested", SCHOOL, "Result"),
        unnamed_curriculum.results,
        free=True,
    ),
    Sheet(
        "absence",
        UnnamedView.CURRICULUM,
        "Chronic absence",
        "Students who missed 10 percent or more of the last school year that is over "
        "(CGS 10-198c), where the days of school are known.",
        ("School year", SCHOOL),
        unnamed_curriculum.absence,
    ),
    Sheet(
        "classes",
        UnnamedView.CURRICULUM,
        "Students by class",
        "By the title of the class, as the month ended. A student counts in each of their "
        "classes; titles of fewer than six stand together as Other.",
        (SCHOOL, "Class"),
        unnamed_curriculum.classes,
    ),
    Sheet(
        "needs",
        UnnamedView.CURRICULUM,
        "Needs not yet met",
        "As the month ended. A student may have several.",
        ("Need", SCHOOL),
        unnamed_curriculum.needs,
    ),
)


def of_view(view: UnnamedView) -> list[Sheet]:
    """The tables of this view, in their order."""
    return [sheet for sheet in SHEETS if sheet.view is view]
