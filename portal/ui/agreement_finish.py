"""Review and issue: what is still missing, what it will allow and forbid, and the last two acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from portal.agreements.content import Content
from portal.agreements.looking import Room
from portal.agreements.rules import STEP_TITLES, Step
from portal.errors import Problem
from portal.ui import agreement_views, parts, when
from portal.ui.agreement_draft import Go
from portal.ui.agreement_fields import Form
from portal.ui.agreement_partner import name_of
from portal.vocabulary import AGREEMENT_KIND_LABELS

Problems = Mapping[Step, Sequence[Problem]]


@dataclass(frozen=True)
class Wish:
    """What to do with the draft. text: the message to the partners, or the reason."""

    act: Literal["send", "issue", "discard"]
    text: str = ""


def draw(form: Form, room: Room, content: Content, district: str, found: Problems) -> Wish | None:
    """What stands against it, with a way to each field; what it will do; the acts."""
    _missing(form, found)
    for place, terms in enumerate(content.partners):
        before = room.before.get(terms.agency_id) if terms.agency_id else None
        name = name_of(room, content, place)
        agreement_views.allows(content, district, name, terms.lines, before)
    _signing(room, content, district)
    return _acts(form, content, found)


def _missing(form: Form, found: Problems) -> None:
    """Each problem is a button to the field where it is put right."""
    count = sum(len(listed) for listed in found.values())
    if not count:
        parts.notice("Nothing is missing. It can be issued.", "ok")
        return
    parts.subheading(
        f"{when.counted(count, 'thing is', 'things are')} still missing",
        "Choose one to go to its field.",
    )
    for step, listed in found.items():
        with st.container(key=f"agreement-missing-{step}"):
            parts.say(STEP_TITLES[step])
            for place, problem in enumerate(listed):
                label = f"{problem.what} {problem.do_next}"
                if form.button(label, f"go-{step}-{place}", type="tertiary", wrap=True):
                    form.go = Go(step, _partner_of(problem), problem)


def _partner_of(problem: Problem) -> int:
    """The place of the partner whom a problem names, from 0; several are numbered from 1."""
    word, _, rest = problem.field.partition(" ")
    number = rest.partition(":")[0]
    return int(number) - 1 if word == "Partner" and number.isdigit() else 0


def _signing(room: Room, content: Content, district: str) -> None:
    """Who signs, in turn."""
    sides = {0: (district, content.district_signers)} | {
        place: (name_of(room, content, place - 1), terms.signers)
        for place, terms in enumerate(content.partners, start=1)
    }
    usual = (*range(1, len(content.partners) + 1), 0)
    lines = [
        (signer.name or "…", f"{signer.title or '…'}, {side}", str(turn))
        for turn, (side, signer) in enumerate(
            (
                (side, signer)
                for place in content.order or usual
                if place in sides
                for side, signers in [sides[place]]
                for signer in signers
            ),
            start=1,
        )
    ]
    parts.subheading("Who signs, in this order")
    parts.rows(lines, "Nobody is named yet.")


def _acts(form: Form, content: Content, found: Problems) -> Wish | None:
    issue = _issue(form, content, found)
    parts.subheading(
        "Or let the partners read it first",
        "They can comment, send back a Word file, or approve. It may still have gaps.",
    )
    message = form.area("Message to the partners (optional)", "", "message", on_change="ignore")
    send = form.button("Send for review", "send")
    with st.expander("Discard this draft", key=form.key("discard-fold")):
        reason = form.text("Why is it discarded?", "", "reason", on_change="ignore")
        discard = form.button("Discard the draft", "discard")
    if issue:
        return Wish("issue")
    if send:
        return Wish("send", message)
    return Wish("discard", reason) if discard else None


def _issue(form: Form, content: Content, found: Problems) -> bool:
    kind = AGREEMENT_KIND_LABELS[content.kind].lower()
    parts.subheading(
        "Issue for signature",
        f"The {kind} is kept as the exact document beside, and nothing in it changes any more.",
    )
    return form.button("Issue for signature", "issue", type="primary", disabled=bool(found))
