"""What an administrator does to one person, each by a button: invite, change, end, reopen."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from portal import mail
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.accounts import people
from portal.accounts.people import Letter, PersonDraft, StandingDraft
from portal.accounts.queries import PersonLine
from portal.policy.people import LEVELS_OF_ROLE, roles_to_give
from portal.ui import parts, people_form
from portal.ui.labels import unlike
from portal.vocabulary import LEVEL_LABELS, ROLE_LABELS, Role

Act = Callable[[Actor, PersonLine, datetime], None]


def buttons(person: PersonLine | None) -> Act | None:
    """The buttons that this person's account offers me; what the clicked one does.

    Where it does not, who to ask instead.
    """
    if person is None:
        return None
    for refusal in [one for one in (person.manage, person.empower) if not one][:1]:
        parts.muted(f"{refusal.because} {refusal.do_next}")
    if not person.manage:
        return None
    if not person.active:
        return reopen if st.button("Open this account again") else None
    link = "Send the welcome link again" if person.invited_until else WELCOME
    offered: list[tuple[str, Act, bool]] = [
        (link, invite, bool(person.empower)),
        ("Sign out everywhere", sign_out, True),
        ("Reset second factor", reset_second_factor, person.has_factor),
        ("Forget their single sign-on", forget_subject, person.bound),
        ("End this account", end, True),
    ]
    clicked = [act for label, act, fits in offered if fits and st.button(label)]
    return clicked[0] if clicked else None


WELCOME = "Make a welcome link"


def standing(
    me: Actor, person: PersonLine | None, schools: Sequence[tuple[uuid.UUID, str]]
) -> StandingDraft | None:
    """What they are to be from now on, once the button is clicked."""
    if person is None or not person.active or not person.empower:
        return None
    with st.expander("Role, level and building"):
        roles, key = roles_to_give(me.role, person.kind), f"standing-{person.id}"
        role = st.selectbox(
            "Their role",
            roles,
            roles.index(person.role),
            format_func=ROLE_LABELS.__getitem__,
            key=f"{key}-role",
        )
        levels = LEVELS_OF_ROLE[role]
        level = st.selectbox(
            "Their level of access",
            levels,
            levels.index(person.level) if person.level in levels else 0,
            format_func=LEVEL_LABELS.__getitem__,
            key=f"{key}-level-{role}",
        )
        school = _school(person, schools, key) if role is Role.PRINCIPAL else None
        changing = st.button("Change", key=f"{key}-save")
    return StandingDraft(role, level, school) if changing else None


def _school(
    person: PersonLine, schools: Sequence[tuple[uuid.UUID, str]], key: str
) -> uuid.UUID | None:
    labels = unlike(schools)
    keys = list(labels)
    chosen: uuid.UUID | None = st.selectbox(
        "Their school",
        keys,
        keys.index(person.school_id) if person.school_id in labels else None,
        format_func=labels.__getitem__,
        key=f"{key}-school",
    )
    return chosen


def change(me: Actor, person: PersonLine, draft: StandingDraft, at: datetime) -> None:
    """Give them the role, level and building chosen."""
    with unit_of_work() as session:
        people.change_standing(session, me, person.id, draft, at)
    parts.flash(f"{person.name} is changed. It holds from now on, and the ledger says so.")


def add(me: Actor, draft: PersonDraft, at: datetime) -> None:
    """Add somebody and tell them how to come in."""
    letter, token = None, ""
    with unit_of_work() as session:
        user = people.add_person(session, me, draft, at)
        provider = people.signs_in_with(session, user, at)
        if not provider:
            token = people.invite(session, me, user.id, at)
            letter = people.welcome_letter(session, me, user.id, token, at)
    people_form.begin_anew()
    if letter is None:
        parts.flash(f"{user.name} is added, and signs in with {provider}.")
        return
    _tell(letter, user.name, token, f"{user.name} is added. ")


def invite(me: Actor, person: PersonLine, at: datetime) -> None:
    """A new link to set a password; earlier ones stop working."""
    with unit_of_work() as session:
        token = people.invite(session, me, person.id, at)
        letter = people.welcome_letter(session, me, person.id, token, at)
    _tell(letter, person.name, token, "")


def _tell(letter: Letter, name: str, token: str, before: str) -> None:
    """By mail when the portal can; otherwise the link is shown once, to be given by hand."""
    if mail.sent(letter.to, letter.subject, letter.text):
        parts.flash(
            f"{before}The welcome link went to {letter.to}. It works once, and for "
            f"{people.LINK_HOURS} hours."
        )
        return
    if before:
        parts.flash(before.strip())
    people_form.remember_link(name, token)


def sign_out(me: Actor, person: PersonLine, at: datetime) -> None:
    """End all of their sign-ins."""
    with unit_of_work() as session:
        people.sign_out_everywhere(session, me, person.id, at)
    parts.flash(f"{person.name} is signed out everywhere.")


def reset_second_factor(me: Actor, person: PersonLine, at: datetime) -> None:
    """Take a lost second factor away, and tell its owner by mail when there is a mail server."""
    with unit_of_work() as session:
        letter = people.reset_second_factor(session, me, person.id, at)
    told = mail.sent(letter.to, letter.subject, letter.text)
    parts.flash(
        f"The second factor of {person.name} is reset, and they are signed out everywhere. "
        + ("They got a mail." if told else "No mail could be sent: tell them yourself.")
    )


def forget_subject(me: Actor, person: PersonLine, at: datetime) -> None:
    """They got another account at the provider: find them by their address again."""
    with unit_of_work() as session:
        people.forget_subject(session, me, person.id, at)
    parts.flash(f"{person.name} is found by their e-mail address again at the next single sign-on.")


def end(me: Actor, person: PersonLine, at: datetime) -> None:
    """End the account now."""
    with unit_of_work() as session:
        people.deactivate(session, me, person.id, at)
    parts.flash(f"The account of {person.name} has ended.")


def reopen(me: Actor, person: PersonLine, at: datetime) -> None:
    """Open an ended account again."""
    with unit_of_work() as session:
        people.reopen(session, me, person.id, at)
    parts.flash(f"The account of {person.name} is open again.")
