"""The forms of looking after people: whom to add, whom to invite or end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import streamlit as st

from portal.accounts.people import PersonDraft
from portal.accounts.queries import PersonLine, Place
from portal.policy.people import LEVELS_OF_ROLE, roles_of
from portal.ui.labels import unlike
from portal.ui.parts import Tag
from portal.vocabulary import LEVEL_LABELS, ROLE_LABELS, Role

LINK = "people-link"
FORM = "people-form"
SHOWN_AT_ONCE = 50


def person_fields(places: Sequence[Place], schools: Sequence[tuple[uuid.UUID, str]]) -> PersonDraft:
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
        roles_of(place.kind),
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


def _school(schools: Sequence[tuple[uuid.UUID, str]], form: int) -> uuid.UUID | None:
    labels = unlike(schools)
    chosen: uuid.UUID | None = st.selectbox(
        "School", list(labels), None, format_func=labels.__getitem__, key=f"people-school-{form}"
    )
    return chosen


def begin_anew() -> None:
    """Empty the form of a new person."""
    st.session_state[FORM] += 1


def pick_person(people: Sequence[PersonLine]) -> PersonLine | None:
    """The chosen person; only those on the list can be chosen, whatever the browser sends."""
    by_id = {person.id: person for person in people}
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


def line(person: PersonLine) -> list[str | Tag]:
    """One row of the list of people."""
    return [
        person.name,
        ROLE_LABELS[person.role],
        person.organization,
        person.username,
        _standing(person),
    ]


def _standing(person: PersonLine) -> Tag:
    if not person.active:
        return Tag("Ended", "plain")
    return Tag("Active", "ok") if person.has_password else Tag("No password yet", "warn")
