"""Ask for a consent about one thing: a therapist's notes, a counselor's notes, or use in court.

Such a form is joined to no other, is for one partner, and is signed by whoever it is about or by
the parent, as the law of that thing says; the rules decide that. It opens nothing in the portal.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from portal.consents.folder.queries import Offer
from portal.consents.forms.telling import say
from portal.consents.requests.drafts import RequestDraft
from portal.ui import parts
from portal.ui.labels import unlike
from portal.vocabulary import FORM_KIND_LABELS, FormKind

OPENS_NOTHING = (
    "This form is for one agency and can be joined to no other consent. It opens nothing in the "
    "portal, where such notes are never kept: it is the signed paper that the agency needs."
)
Keys = Callable[[str], str]
WAITS: dict[str, Any] = {"on_change": "ignore"}


def choose(offer: Offer, start: FormKind, key: Keys) -> FormKind:
    """Which of the district's forms."""
    kinds: list[FormKind] = [FormKind.STANDARD, *offer.single]
    return st.selectbox(
        "Form",
        kinds,
        index=kinds.index(start) if start in kinds else 0,
        format_func=FORM_KIND_LABELS.__getitem__,
        key=key("form"),
    )


def fields(
    request: RequestDraft,
    first_name: str,
    offer: Offer,
    start: tuple[Sequence[uuid.UUID], str],
    key: Keys,
) -> RequestDraft:
    """The partner, what the form is about, and the case. start: earlier partners and case."""
    partners, case = start
    partner_id = _partner(offer, partners, key)
    _about(request.kind, first_name, offer, partner_id)
    if request.kind is FormKind.COURT_USE:
        typed = st.text_input(
            "Which case: the parties, the court and the docket number",
            value=case,
            key=key("case"),
            max_chars=300,
            **WAITS,
        )
        request = replace(request, case=typed or "")
    return replace(
        request,
        partner_ids=(partner_id,) if partner_id else (),
        purposes=frozenset(offer.of(request.kind).purposes),
    )


def _partner(offer: Offer, start: Sequence[uuid.UUID], key: Keys) -> uuid.UUID | None:
    labels = unlike((uuid.UUID(partner.id), partner.name) for partner in offer.partners)
    known = [place for place, partner in enumerate(labels) if partner in start]
    chosen: uuid.UUID | None = st.selectbox(
        "With which partner",
        list(labels),
        index=known[0] if known else None,
        format_func=labels.__getitem__,
        placeholder="Type the agency's name",
        key=key("partner"),
    )
    return chosen


def _about(kind: FormKind, first_name: str, offer: Offer, partner_id: uuid.UUID | None) -> None:
    subject = offer.of(kind).subject
    names = [partner.name for partner in offer.partners if partner.id == str(partner_id)]
    values = {"student": first_name, "partner": names[0] if names else "the agency"}
    if subject is not None:
        parts.say(say(subject, "en", values).words)
    parts.notice(OPENS_NOTHING)
