"""Ask a family for a consent: who signs, with whom, which kinds each way, until when, and how.

The same fields serve a request that goes out and a form that is signed here. Every field's key
carries the form's own key: a sent form gets a new one, so that the next family never meets the
last one's ticks, and a second click finds no button.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Literal

import streamlit as st

from portal.consents.drafts import ConsentDraft
from portal.consents.folder.queries import Entry, Offer, SignerLine
from portal.consents.folder.rules import Act
from portal.consents.forms.definition import Definition
from portal.consents.forms.terms import usual_day
from portal.consents.requests.drafts import CHANNEL_LABELS, Channel, RequestDraft
from portal.consents.rules import start_of_school_year
from portal.consents.words import DETAIL, PLAIN
from portal.languages import catalog
from portal.ui import consent_signature, consent_single, parts
from portal.ui.labels import unlike
from portal.vocabulary import (
    PURPOSE_LABELS,
    SPECIAL,
    Category,
    Detail,
    FormKind,
    Instrument,
    Purpose,
)

FORM = "consent-form"
OPEN = "consent-open"
START = "consent-start"
WAITS: dict[str, Any] = {"on_change": "ignore"}
Replaces = Mapping[tuple[uuid.UUID, uuid.UUID, Instrument], uuid.UUID]


class How(StrEnum):
    """How the answer is to come about."""

    EMAIL = "email"
    LETTER = "letter"
    TABLET = "tablet"
    PRINT = "paper"
    HERE = "here"
    PAPER = "brought"
    DRAFT = "draft"


HOW_LABELS = {
    How.EMAIL: CHANNEL_LABELS[Channel.EMAIL],
    How.LETTER: CHANNEL_LABELS[Channel.LETTER],
    How.TABLET: CHANNEL_LABELS[Channel.TABLET],
    How.PRINT: CHANNEL_LABELS[Channel.PAPER],
    How.HERE: "Sign here on this screen",
    How.PAPER: "Bring in a paper that is signed already",
    How.DRAFT: CHANNEL_LABELS[Channel.DRAFT],
}
BUTTONS = {
    How.EMAIL: "Send the link",
    How.LETTER: "Make the letter",
    How.TABLET: "Open it on this tablet",
    How.PRINT: "Make the form to print",
    How.HERE: "Save consent",
    How.PAPER: "Save consent",
    How.DRAFT: "Keep the draft",
}
SIGNED_HERE = frozenset({How.HERE, How.PAPER})


@dataclass(frozen=True)
class Start:
    """What a new form proposes: nothing, or an earlier consent's ticks."""

    signer_id: uuid.UUID | None = None
    partners: tuple[uuid.UUID, ...] = ()
    out: frozenset[Category] = frozenset()
    back: frozenset[Category] = frozenset()
    purposes: tuple[Purpose, ...] = (Purpose.COORDINATE,)
    detail: Detail = Detail.FULL
    records_from: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    replaces: Replaces = field(default_factory=dict)
    kind: FormKind = FormKind.STANDARD
    case: str = ""


@dataclass(frozen=True)
class Wish:
    """What the form says. written: the signature and initials, where it is signed here."""

    how: How
    request: RequestDraft
    written: consent_signature.Written = consent_signature.NOTHING_WRITTEN

    def drafts(self, student_id: uuid.UUID, partner_id: uuid.UUID | None) -> list[ConsentDraft]:
        """A consent for each direction in which something is ticked; an empty one without."""
        asked = self.request
        sides = [
            (Instrument.FERPA, asked.out, self.written.out),
            (Instrument.HIPAA, asked.back, self.written.back),
        ]
        ticked = [side for side in sides if side[1]] or sides[:1]
        return [
            ConsentDraft(
                student_id=student_id,
                agency_id=partner_id,
                categories=kinds,
                initials=initials,
                purposes=asked.purposes,
                records_from=asked.records_from,
                starts_on=asked.starts_on,
                ends_on=asked.ends_on,
                instrument=instrument,
                replaces_id=_replaced(asked, student_id, partner_id, instrument),
                detail=asked.detail,
                language=asked.language,
                signer_kind=asked.signer_kind,
                signer_id=asked.signer_id,
                signature=self.written.signature,
                checked=self.written.checked,
            )
            for instrument, kinds, initials in ticked
        ]

    def pairs(self) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
        """Each student with each partner; with none chosen, one that names what is missing."""
        partners: Sequence[uuid.UUID | None] = self.request.partner_ids or (None,)
        return [(student, partner) for student in self.request.student_ids for partner in partners]


def _replaced(
    asked: RequestDraft, student: uuid.UUID, partner: uuid.UUID | None, instrument: Instrument
) -> uuid.UUID | None:
    return asked.replaces.get((student, partner, instrument)) if partner else None


# Opening and closing


def form_key() -> str:
    """The random key of the form on the screen; its saving counts once."""
    key: str = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    return key


def begin_anew(student_id: uuid.UUID | None = None, start: Start | None = None) -> None:
    """An empty form; for this student, opened, when one is named."""
    old = f"consent-{form_key()}-"
    for key in [key for key in st.session_state if str(key).startswith(old)]:
        del st.session_state[key]
    st.session_state[FORM] = uuid.uuid4().hex
    st.session_state[OPEN] = student_id
    st.session_state[START] = start or Start()


def begin_from(student_id: uuid.UUID, entry: Entry, entries: Sequence[Entry], act: Act) -> None:
    """A form with the ticks of this consent, and of its other direction where that goes on."""
    both = [entry, *(other for other in entries if _is_twin(entry, other, act))]
    last = entry.view.ends_on
    after = last + timedelta(days=1) if last and act is Act.RENEW else None
    start = Start(
        signer_id=None,
        partners=(entry.partner_id,) if entry.partner_id else (),
        out=_ticked(both, Instrument.FERPA),
        back=_ticked(both, Instrument.HIPAA),
        purposes=entry.view.purposes,
        detail=entry.view.detail,
        records_from=entry.view.records_from,
        starts_on=after,
        ends_on=last if act is Act.CHANGE else None,
        replaces={
            (student_id, one.partner_id, one.instrument): one.view.id
            for one in both
            if one.partner_id
        },
        kind=entry.form,
        case=entry.case,
    )
    begin_anew(student_id, start)


def _is_twin(entry: Entry, other: Entry, act: Act) -> bool:
    """Signed on the same form, in the other direction, and open to the same act."""
    same = bool(entry.signing) and entry.signing == other.signing
    return same and other.instrument is not entry.instrument and act in other.acts


def _ticked(entries: Sequence[Entry], instrument: Instrument) -> frozenset[Category]:
    return frozenset(k for e in entries if e.instrument is instrument for k in e.open_kinds)


def opener(student_id: uuid.UUID) -> None:
    """The button that opens an empty form for this student."""
    st.button("New consent", type="primary", on_click=begin_anew, args=(student_id,))


def is_open(student_id: uuid.UUID) -> bool:
    """Is the form open, and for this student?"""
    return bool(st.session_state.get(OPEN) == student_id)


def _key(name: str) -> str:
    return f"consent-{form_key()}-{name}"


# The fields


def fields(
    student_id: uuid.UUID,
    first_name: str,
    offer: Offer,
    signers: Sequence[SignerLine],
    today: date,
) -> Wish:
    """Draw the fields, and tell what they say."""
    start: Start = st.session_state.get(START) or Start()
    kind = consent_single.choose(offer, start.kind, _key)
    request = RequestDraft(student_ids=(student_id,), replaces=start.replaces, kind=kind)
    request = _signer(request, signers, start)
    if kind is FormKind.STANDARD:
        request = _kinds(_partners(request, offer, start), offer.form, start)
        request = _why(request, offer.form, start)
    else:
        earlier = (start.partners, start.case)
        request = consent_single.fields(request, first_name, offer, earlier, _key)
    request = _dates(request, offer.of(kind), start, today)
    return _how(request, first_name, offer, signers)


def _signer(request: RequestDraft, signers: Sequence[SignerLine], start: Start) -> RequestDraft:
    labels = unlike((s, f"{s.signer.name}, {s.signer.capacity.lower()}") for s in signers)
    chosen: SignerLine | None = st.selectbox(
        "Who signs",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder="Choose a parent, a guardian or the student",
        key=_key("signer"),
    )
    if chosen is None:
        return request
    if not chosen.may:
        parts.notice(f"{chosen.signer.name} may not sign today. {chosen.because}", "bad")
    elif chosen.signer.capacity == "Student":
        parts.muted("Under 18 a student signs only for care that is the student's own to share.")
    else:
        ways = [way for way in (chosen.email, chosen.phone) if way] or ["no address is known"]
        parts.muted(f"Holds the educational rights today. {', '.join(ways)}.")
    return _siblings(
        replace(request, signer_kind=chosen.signer.kind, signer_id=chosen.signer.id), chosen
    )


def _siblings(request: RequestDraft, chosen: SignerLine) -> RequestDraft:
    if not chosen.siblings:
        return request
    names = unlike(chosen.siblings)
    also = st.multiselect(
        "Also for (optional)",
        list(names),
        format_func=names.__getitem__,
        key=_key("siblings"),
        placeholder="Students of the same signer",
    )
    return replace(request, student_ids=(*request.student_ids, *also))


def _partners(request: RequestDraft, offer: Offer, start: Start) -> RequestDraft:
    labels = unlike((uuid.UUID(partner.id), partner.name) for partner in offer.partners)
    chosen = st.multiselect(
        "With which partners",
        list(labels),
        default=[key for key in start.partners if key in labels],
        format_func=labels.__getitem__,
        placeholder="Type the agency's name",
        key=_key("partners"),
    )
    return replace(request, partner_ids=tuple(chosen))


def _kinds(request: RequestDraft, form: Definition, start: Start) -> RequestDraft:
    """A box for each kind of record, each way, in a family's words."""
    with st.container(key="consent-ticks"):
        left, right = st.columns(2, gap="large")
        with left:
            parts.heading("The school may give", "To the partner (34 CFR 99.30)")
            out = _boxes("out", form.categories_out, start.out)
        with right:
            parts.heading("The partner may give", "To the school (45 CFR 164.508)")
            back = _boxes("back", form.categories_in, start.back)
    return replace(request, out=out, back=back)


def _boxes(
    way: str, offered: Sequence[Category], start: frozenset[Category]
) -> frozenset[Category]:
    ticked = {kind for kind in offered if kind not in SPECIAL and _box(way, kind, start)}
    special = [kind for kind in offered if kind in SPECIAL]
    if special:
        parts.muted("These need the signer's own initials:")
    return frozenset(ticked | {kind for kind in special if _box(way, kind, start)})


def _box(way: str, kind: Category, start: frozenset[Category]) -> bool:
    # A sensitive kind asks for initials further down, so the page is drawn anew at once.
    waits: dict[str, Any] = {} if kind in SPECIAL else WAITS
    return st.checkbox(
        PLAIN[kind], value=kind in start, key=_key(f"{way}-{kind}"), wrap=True, **waits
    )


def _why(request: RequestDraft, form: Definition, start: Start) -> RequestDraft:
    purposes = st.pills(
        "Why it may be shared",
        list(form.purposes),
        selection_mode="multi",
        default=[purpose for purpose in start.purposes if purpose in form.purposes],
        format_func=PURPOSE_LABELS.__getitem__,
        key=_key("purposes"),
        wrap=True,
        **WAITS,
    )
    detail = st.radio(
        "How much",
        list(Detail),
        index=list(Detail).index(start.detail),
        format_func=DETAIL.__getitem__,
        key=_key("detail"),
        **WAITS,
    )
    return replace(request, purposes=frozenset(purposes or ()), detail=detail)


def _dates(request: RequestDraft, form: Definition, start: Start, today: date) -> RequestDraft:
    first = max(start.starts_on or today, today)
    with st.container(key="consent-dates"):
        left, middle, right = st.columns(3)
        with left:
            starts_on = _day("From", "from", first)
        with middle:
            ends_on = _day("Through", "through", start.ends_on or usual_day(form, first))
        with right:
            begins = start.records_from or start_of_school_year(today)
            records_from = _day("Records from", "records-from", begins)
    return replace(request, starts_on=starts_on, ends_on=ends_on, records_from=records_from)


def _day(label: str, name: str, value: date) -> date | None:
    told: date | None = st.date_input(
        label, value=value, format="MM/DD/YYYY", key=_key(name), **WAITS
    )
    return told


# How


def _how(
    request: RequestDraft, first_name: str, offer: Offer, signers: Sequence[SignerLine]
) -> Wish:
    standard = request.kind is FormKind.STANDARD
    ways: list[How] = [how for how in How if standard or how not in SIGNED_HERE]
    how = st.radio(
        "How is it signed?",
        ways,
        format_func=lambda way: HOW_LABELS[way],
        key=_key("how" if standard else "how-single"),
    )
    if how in SIGNED_HERE:
        name = next((s.signer.name for s in signers if s.signer.id == request.signer_id), "")
        written = consent_signature.fields(
            request, first_name, offer, name, on_paper=how is How.PAPER, key=_key
        )
        return Wish(how, replace(request, language=written.language), written)
    request = _language(replace(request, channel=Channel(how.value)), signers)
    if how in (How.EMAIL, How.LETTER):
        with_code = st.checkbox(
            "Ask for a code too, which you tell the family apart from the link",
            key=_key("code"),
            wrap=True,
            **WAITS,
        )
        request = replace(request, with_code=with_code)
    return Wish(how, request)


def _language(request: RequestDraft, signers: Sequence[SignerLine]) -> RequestDraft:
    languages = catalog.available()
    known = next((s.language for s in signers if s.signer.id == request.signer_id), "")
    left, right = st.columns(2)
    with left:
        language = st.selectbox(
            "Language of the form",
            list(languages),
            index=list(languages).index(known) if known in languages else 0,
            format_func=languages.__getitem__,
            key=_key(f"language-{known}"),
            **WAITS,
        )
    with right:
        interpreter = st.text_input(
            "Interpreter who reads it aloud (optional)",
            key=_key("interpreter"),
            max_chars=200,
            **WAITS,
        )
    return replace(request, language=language, interpreter=interpreter or "")


def buttons(wish: Wish) -> Literal["do", "look"] | None:
    """Do it, or look first at what would be seen."""
    with st.container(horizontal=True):
        do = st.button(BUTTONS[wish.how], type="primary", key=_key("do"))
        # A form about one thing opens nothing, so there is nothing to look at.
        look = wish.request.kind is FormKind.STANDARD and st.button(
            "What would they see?", key=_key("look")
        )
        st.button("Close the form", key=_key("close"), on_click=begin_anew)
    return "do" if do else "look" if look else None
