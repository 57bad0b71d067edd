"""The forms of looking after people: whom to add, whom to invite or end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from portal.access.actor import Actor
from portal.accounts.people import PersonDraft
from portal.accounts.queries import PersonLine, Place
from portal.policy.people import LEVELS_OF_ROLE, roles_to_give
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.parts import Tag
from portal.vocabulary import LEVEL_LABELS, ROLE_LABELS, OrganizationKind, Role

LINK = "people-link"
FORM = "people-form"
SHOWN_AT_ONCE = 50
AWAY = timedelta(days=90)
ABOUT = {
    Role.DISTRICT_ADMIN: "Staff of your district, and the people of partner agencies.",
    Role.SUPERINTENDENT: "Staff of your district.",
    Role.AGENCY_ADMIN: "The people of your agency.",
}
"""What stands under the title, for each role that has the page."""


def person_fields(
    me: Actor, places: Sequence[Place], schools: Sequence[tuple[uuid.UUID, str]]
) -> PersonDraft:
    """Somebody to add; which questions are asked follows from the organization and the role."""
    form = st.session_state.setdefault(FORM, 0)
    labels = unlike((place.id, place.name) for place in places)
    place_id = st.selectbox(
        "Organization", list(labels), format_func=labels.__getitem__, key=f"people-place-{form}"
    )
    place = next(place for place in places if place.id == place_id)
    name = st.text_input("Name", key=f"people-name-{form}", max_chars=200)
    email = st.text_input(
        "E-mail address", key=f"people-email-{form}", max_chars=254, help="They sign in with it."
    )
    title = st.text_input("Title (optional)", key=f"people-title-{form}", max_chars=100)
    role = st.selectbox(
        "Role",
        roles_to_give(me.role, place.kind),
        format_func=ROLE_LABELS.__getitem__,
        key=f"people-role-{form}-{place.kind}",
    )
    level = LEVELS_OF_ROLE[role][0]
    if len(LEVELS_OF_ROLE[role]) > 1:
        level = st.selectbox(
            "Level of access",
            LEVELS_OF_ROLE[role],
            format_func=LEVEL_LABELS.__getitem__,
            key=f"people-level-{form}-{role}",
        )
    school_id = _school(schools, form) if role is Role.PRINCIPAL else None
    return PersonDraft(place.id, name, email, role, level, title, school_id)


def whom_to_ask(me: Actor, shared: Sequence[tuple[str, str]]) -> None:
    """Which partner's people I look after, and who does it for the others."""
    if me.role is not Role.DISTRICT_ADMIN:
        return
    parts.muted("An agency is on this page from the first draft of its agreement with you on.")
    if not shared:
        return
    parts.heading("Agencies that look after their own people")
    parts.muted(
        "They serve another district, too. Where none is named, ask whoever runs the portal to "
        "let an administrator in: portal account agency-admin."
    )
    parts.table("Who to ask", ("Agency", "Its administrator"), [[*line] for line in shared], "")


def _school(schools: Sequence[tuple[uuid.UUID, str]], form: int) -> uuid.UUID | None:
    labels = unlike(schools)
    chosen: uuid.UUID | None = st.selectbox(
        "School", list(labels), None, format_func=labels.__getitem__, key=f"people-school-{form}"
    )
    return chosen


def begin_anew() -> None:
    """Empty the form of a new person."""
    st.session_state[FORM] += 1


def pick_person(everybody: Sequence[PersonLine]) -> PersonLine | None:
    """The chosen person; only those on the list can be chosen, whatever the browser sends."""
    by_id = {person.id: person for person in everybody}
    labels = unlike(
        (person.id, f"{person.name} · {person.organization} · {person.username}")
        for person in by_id.values()
    )
    chosen = st.selectbox(
        "Person", list(labels), None, format_func=labels.__getitem__, key="people-chosen"
    )
    return by_id.get(chosen) if chosen else None


def remember_link(name: str, token: str) -> None:
    """Show this link on the next run, once."""
    st.session_state[LINK] = (name, token)


def link_shown_once() -> tuple[str, str] | None:
    """Whose link to show now, and its address."""
    found = st.session_state.pop(LINK, None)
    if found is None:
        return None
    name, token = found
    return name, f"{st.context.headers.get('Origin') or ''}/welcome/{token}"


def search(everybody: Sequence[PersonLine], at: datetime) -> list[PersonLine]:
    """Those whose name has what is typed; on demand only who has long not been in."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("Search by name", key="people-search", max_chars=100).casefold()
        away = st.toggle("Not in for 90 days", key="people-away")
    found = [line for line in everybody if typed in line.name.casefold()]
    return [line for line in found if _is_away(line, at)] if away else found


def _is_away(person: PersonLine, at: datetime) -> bool:
    """Active, and neither in nor new for so long."""
    return person.active and (person.seen_at or person.since) <= at - AWAY


COLUMNS = (
    *("Name", "Role", "Signs in as", "Account"),
    *("Last in", "Second factor", "Confidentiality"),
)


def line(person: PersonLine, days: Days) -> list[str | Tag]:
    """One row of the list of people."""
    given, seen = person.acknowledged_at, person.seen_at
    last = when.day_of(seen, days.now, days.tz) if seen else "Never"
    return [
        person.name,
        _role(person),
        person.username,
        _standing(person),
        Tag(last, "warn") if _is_away(person, days.now) else last,
        "Yes" if person.has_factor else "No",
        when.day_of(given, days.now, days.tz) if given else Tag("Not yet", "warn"),
    ]


def _role(person: PersonLine) -> str:
    """With the agency, where it is not one's own district."""
    ours = person.kind is OrganizationKind.DISTRICT
    return ROLE_LABELS[person.role] + ("" if ours else f", {person.organization}")


def _standing(person: PersonLine) -> Tag:
    if not person.active:
        return Tag("Ended", "plain")
    if person.bound:
        return Tag("Single sign-on", "ok")
    if person.has_password:
        return Tag("Active", "ok")
    return Tag("Invited" if person.invited_until else "No password yet", "warn")
