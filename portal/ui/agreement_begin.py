"""Begin an agreement: what kind, with whom, under which other; the rest is proposed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from portal.agreements.drafting import Origin
from portal.agreements.queries import Agency, AgreementView
from portal.ui import agreement_views, parts
from portal.ui.labels import unlike
from portal.vocabulary import AGREEMENT_KIND_LABELS, AgreementKind, AgreementStatus

KIND_WORDS = {
    AgreementKind.MOU: "The usual one: services for students, and which records may be shared.",
    AgreementKind.DATA_SHARING: "Only which records may be shared; services are agreed elsewhere.",
    AgreementKind.DATA_USE: "One use of some data, under an agreement that already stands.",
    AgreementKind.QSOA: "Services to a substance use program that 42 CFR Part 2 binds.",
    AgreementKind.STUDIES: "A study for the district. It opens no record in the portal.",
    AgreementKind.AUDIT: "An audit or evaluation of a program. It opens no record in the portal.",
}
KEY = "agreement-key"
STANDS = frozenset({AgreementStatus.IN_FORCE, AgreementStatus.SIGNED})


@dataclass(frozen=True)
class Wish:
    """The agreement to begin."""

    kind: AgreementKind
    agency_ids: tuple[uuid.UUID, ...]
    origin: Origin


def form_key() -> str:
    """The random key of the form on the screen; a second click begins nothing more."""
    key: str = st.session_state.setdefault(KEY, uuid.uuid4().hex)
    return key


def begun(last: str) -> None:
    """Say where its words come from; the next form is another one."""
    st.session_state.pop(KEY, None)
    since = f"It begins with what {last} said" if last else "It begins with what the portal knows"
    parts.flash(f"The draft is made. {since}; check each step.")


def fields(agencies: Sequence[Agency], views: Sequence[AgreementView]) -> Wish | None:
    """What to begin, once the button is clicked."""
    with st.expander("Begin a new agreement", expanded=not views, key="agreement-begin-fold"):
        kinds: list[AgreementKind] = list(AgreementKind)
        kind = st.radio(
            "What kind?",
            kinds,
            format_func=AGREEMENT_KIND_LABELS.__getitem__,
            captions=[KIND_WORDS[kind] for kind in kinds],
            key="agreement-kind",
        )
        labels = unlike((agency.id, agency.name) for agency in agencies)
        chosen = st.multiselect(
            "With whom? One partner, or several",
            list(labels),
            format_func=labels.__getitem__,
            placeholder="Type the agency's name",
            key="agreement-partners",
        )
        parent = _parent(kind, views)
        clicked = st.button("Begin", type="primary", key="agreement-begin")
    return Wish(kind, tuple(chosen), Origin(parent_id=parent)) if clicked else None


def _parent(kind: AgreementKind, views: Sequence[AgreementView]) -> uuid.UUID | None:
    """The agreement above it; only a letter of data use cannot be without."""
    stands = [view for view in views if view.we_wrote_it and view.status in STANDS]
    if kind is AgreementKind.DATA_USE and not stands:
        parts.notice("A data-use letter stands under an agreement in force; there is none.", "warn")
    if not stands:
        return None
    labels = unlike((view.id, f"{view.number}, {agreement_views.other(view)}") for view in stands)
    must = kind is AgreementKind.DATA_USE
    found: uuid.UUID | None = st.selectbox(
        "Under which agreement?" if must else "Under another agreement? (optional)",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="Choose an agreement",
        key="agreement-parent",
    )
    return found
