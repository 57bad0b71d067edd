"""Each file in pages/ has its row in the menu's table, and is run alone by three people.

A new page fails here until its task is written down; a page that opens for the wrong person,
or that shows anything before its own gate, fails for as long as it does.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.policy.tasks import ROLE_TASKS, Task
from portal.store.ledger import TrailLine
from portal.store.people import User
from portal.ui.more_links import AGENCY, MINE, NOT_LISTED, OVERSIGHT, PEOPLE
from portal.ui.navigation import PAGES, PAGES_FOLDER, Page, addresses, pages_of
from portal.vocabulary import Role
from tests.pages.conftest import PortalDb, cast_file, portal_db

__all__ = ["cast_file", "portal_db"]

FILES = sorted(file.name for file in PAGES_FOLDER.glob("*.py"))
LONGEST_MENU = 8
WITHOUT_A_PAGE = {Task.KEEP_SUPPORTS, Task.PRINT_RECORD, Task.SEE_GROUPS, Task.SEE_OPENINGS}
"""Tasks that a part of another task's page serves."""

REACHED_FROM = {
    Task.CORRECT_RECORD: Task.SEE_STUDENT,
    Task.AMEND_RECORDS: Task.SEE_STUDENT,
    Task.COUNT_SCREENINGS: Task.LOG_VISIT,
    Task.KEEP_FORMS: Task.RECORD_CONSENT,
    Task.RENEW_AGREEMENTS: Task.MAKE_AGREEMENT,
    Task.KEEP_TEMPLATES: Task.MAKE_AGREEMENT,
    Task.KEEP_WORD_LISTS: Task.MANAGE_PEOPLE,
    Task.SET_REFERRALS: Task.MANAGE_PEOPLE,
    Task.KEEP_DATA_POINTS: Task.MANAGE_PEOPLE,
    Task.SET_SIGN_IN: Task.MANAGE_PEOPLE,
    Task.KEEP_SERVICE_ACCOUNTS: Task.MANAGE_PEOPLE,
    Task.SEE_WORDS: Task.SEE_TODAY,
    Task.EXPORT_RECORDS: Task.SEE_TODAY,
    Task.SEE_MY_TIME: Task.SEE_TODAY,
    Task.SET_NOTICES: Task.SEE_TODAY,
    Task.HAND_OVER: Task.SEE_TODAY,
    Task.CLOSE_YEAR: Task.SEE_TODAY,
    Task.MOVE_STUDENT: Task.ASSIGN_CASELOAD,
    Task.KEEP_LOCKS: Task.ASSIGN_CASELOAD,
    Task.ASK_FOR_ACCESS: Task.SET_NOTICES,
    Task.WRITE_REQUEST: Task.READ_TRAIL,
    Task.REVIEW_ACCESS: Task.READ_TRAIL,
    Task.REVIEW_DATA: Task.READ_TRAIL,
    Task.KEEP_HOLDS: Task.READ_TRAIL,
    Task.SET_RETENTION: Task.READ_TRAIL,
    Task.SEE_CATALOG: Task.SET_NOTICES,
    Task.SEE_LEVELS: Task.SET_NOTICES,
    Task.SEE_STUDENT: Task.SEE_TODAY,
    Task.SEE_UNNAMED: Task.SET_NOTICES,
    Task.OPEN_EMERGENCY: Task.SEE_STUDENT,
    Task.SEE_WHO_COULD: Task.READ_TRAIL,
    Task.WATCH_USE: Task.READ_TRAIL,
    Task.WATCH_OUR_USE: Task.ASSIGN_CASE_TEAM,
}
"""Tasks whose page is not in the menu, and the task from whose page one gets there."""

MORE_LINKS = {
    Task.SET_NOTICES: MINE,
    Task.READ_TRAIL: OVERSIGHT,
    Task.MANAGE_PEOPLE: PEOPLE,
    Task.ASSIGN_CASE_TEAM: AGENCY,
    Task.SEE_STUDENT: NOT_LISTED,
}
"""Pages whose buttons to other pages are a table of their own."""

NAME_OF_ROLE = {
    Role.SUPPORT_STAFF: "ana",
    Role.TEACHER: "tom",
    Role.PRINCIPAL: "omar",
    Role.DISTRICT_ADMIN: "dina",
    Role.SUPERINTENDENT: "sue",
    Role.CENTRAL_OFFICE: "bea",
    Role.SECRETARY: "selma",
    Role.AGENCY_STAFF: "rita",
    Role.AGENCY_ADMIN: "alma",
}
each_file = pytest.mark.parametrize("file", FILES)


def row(file: str) -> Page:
    found = [page for page in PAGES if page.file == file]
    assert len(found) == 1, f"{file} needs one row in portal/ui/navigation.py"
    return found[0]


def people(db: PortalDb, task: Task, *, having: bool) -> list[User]:
    """One person of each role that has the task, or has not."""
    return [
        getattr(db.cast, name)
        for role, name in NAME_OF_ROLE.items()
        if (task in ROLE_TASKS[role]) is having
    ]


def is_closed(db: PortalDb, page) -> bool:
    """Does the page show the refusal and not one thing more?"""
    shown = db.shown(page)
    return "This page is not open to you" in shown and not page.exception and _elements(page) == 1


def _elements(page) -> int:
    return len(page.main.children) + len(page.sidebar.children)


def test_every_row_has_its_file_and_every_task_one_page() -> None:
    assert sorted(page.file for page in PAGES) == FILES
    assert sorted(page.task for page in PAGES) == sorted(set(Task) - WITHOUT_A_PAGE)


@each_file
def test_nobody_sees_anything(portal_db: PortalDb, file: str) -> None:
    assert is_closed(portal_db, portal_db.run(row(file).file, None))


@each_file
def test_the_wrong_people_are_turned_away_and_noted(portal_db: PortalDb, file: str) -> None:
    task = row(file).task
    for user in people(portal_db, task, having=False):
        assert is_closed(portal_db, portal_db.run(file, user)), user.name

        with portal_db.writing() as session:
            last = session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
        assert last is not None
        assert (last.event, last.subject, last.user_id) == ("page.refused", task, user.id)


@each_file
def test_the_right_people_get_in(portal_db: PortalDb, file: str) -> None:
    for user in people(portal_db, row(file).task, having=True):
        page = portal_db.run(file, user)
        assert not page.exception, (user.name, page.exception)
        assert not is_closed(portal_db, page), user.name


@each_file
def test_an_ended_account_sees_nothing(portal_db: PortalDb, file: str) -> None:
    for user in people(portal_db, row(file).task, having=True)[:1]:
        with portal_db.writing() as session:
            session.get_one(User, user.id).active_until = user.active_from
        assert is_closed(portal_db, portal_db.run(file, user))


def test_a_role_that_was_taken_away_closes_an_open_tab_at_its_next_click(
    portal_db: PortalDb,
) -> None:
    dina = portal_db.cast.dina
    tab = portal_db.run("manage_people.py", dina)
    assert "Ana Counts" in portal_db.shown(tab)
    with portal_db.writing() as session:
        session.get_one(User, dina.id).role = Role.TEACHER
    assert is_closed(portal_db, tab.button[0].click().run())


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_has_what_the_role_has_and_can_be_taken_in_at_a_glance(role: Role) -> None:
    pages = pages_of(role)
    menu = [page for page in pages if page.in_menu(role)]

    assert {page.task for page in pages} == ROLE_TASKS[role] - WITHOUT_A_PAGE
    assert {page.task for page in pages if not page.in_menu(role)} <= REACHED_FROM.keys()
    assert len(menu) <= LONGEST_MENU
    assert len({page.title for page in menu}) == len(menu)


@pytest.mark.parametrize("task", REACHED_FROM)
def test_a_page_that_is_not_in_the_menu_is_reached_from_one_that_is(
    portal_db: PortalDb, task: Task
) -> None:
    before = next(page for page in PAGES if page.task is REACHED_FROM[task])
    file = next(page.file for page in PAGES if page.task is task)
    assert before.menu or before.task in REACHED_FROM
    buttons = {(where, to) for _label, where, to in MORE_LINKS.get(before.task, ())}
    source = (PAGES_FOLDER / before.file).read_text(encoding="utf-8")
    assert (file, task) in buttons or f'go_to("{file}")' in source
    for user in people(portal_db, task, having=True):
        assert REACHED_FROM[task] in ROLE_TASKS[user.role]


def test_the_first_page_is_everybodys_and_has_no_second_address() -> None:
    assert all(PAGES[0].task in tasks for tasks in ROLE_TASKS.values())
    assert addresses()["/"] is PAGES[0].task
    assert f"/{PAGES[0].name}" not in addresses()
