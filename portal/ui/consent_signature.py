"""A consent signed in front of staff: what the signer reads and types, or the paper's scan."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from portal.consents.drafts import PaperConsent, TypedConsent
from portal.consents.folder.queries import Offer
from portal.consents.forms.telling import Partner, say, told
from portal.consents.requests.drafts import RequestDraft
from portal.consents.words import LANGUAGES, PLAIN
from portal.ui import parts
from portal.vocabulary import SPECIAL, Category

SCANS = ["pdf", "png", "jpg", "jpeg"]
WAITS: dict[str, Any] = {"on_change": "ignore"}
Initials = Mapping[Category, str]
Keys = Callable[[str], str]


@dataclass(frozen=True)
class Written:
    """What was signed here. out, back: initials by direction; checked: staff made sure of it."""

    signature: TypedConsent | PaperConsent = field(default_factory=TypedConsent)
    out: Initials = field(default_factory=dict)
    back: Initials = field(default_factory=dict)
    language: str = "en"
    checked: bool = False


NOTHING_WRITTEN = Written()


def fields(
    request: RequestDraft,
    first_name: str,
    offer: Offer,
    signer: str,
    *,
    on_paper: bool,
    key: Keys,
) -> Written:
    """Draw what is needed, and tell what it says. signer: the chosen name, or empty."""
    with st.container(border=True, key="consent-signature"):
        if not on_paper:
            _read(request, first_name, offer)
        written = Written(
            out=_initials("out", request.out, key), back=_initials("back", request.back, key)
        )
        if on_paper:
            written = _paper(written, key)
        else:
            written = _typed(written, offer, first_name, signer, key)
    sentence = (
        "I compared the paper with what is ticked here: they say the same."
        if on_paper
        else "I know this person or saw an ID, and they signed here themselves."
    )
    checked = st.checkbox(f"For staff: {sentence}", key=key("checked"), wrap=True, **WAITS)
    return replace(written, checked=checked)


def _read(request: RequestDraft, first_name: str, offer: Offer) -> None:
    """The form's own sentences, for each partner by name; those, and no others, count as told."""
    parts.heading("Please read")
    for partner in _chosen(request.partner_ids, offer.partners):
        values = {
            "student": first_name,
            "partner": partner.name,
            "office": offer.office,
            "until": f"{request.ends_on:%B} {request.ends_on.day}, {request.ends_on.year}"
            if request.ends_on
            else "…",
        }
        parts.say(f"May we share {first_name}'s records with {partner.name}?")
        sentences = told(offer.form, partner, request.out, request.back)
        parts.listed(say(offer.form.statements[one], "en", values).words for one in sentences)
        if request.ends_on:
            parts.say(f"We stop after {values['until']}.")


def _chosen(ids: Iterable[uuid.UUID], partners: Iterable[Partner]) -> list[Partner]:
    wanted = {str(key) for key in ids}
    return [partner for partner in partners if partner.id in wanted]


def _initials(way: str, kinds: frozenset[Category], key: Keys) -> Initials:
    """What the signer wrote beside each sensitive kind; without it the kind stays closed."""
    heading = {"out": "the school gives", "back": "the partner gives"}[way]
    written = {}
    for kind in (kind for kind in PLAIN if kind in kinds & SPECIAL):
        text = st.text_input(
            f"Initials for “{PLAIN[kind]}”, {heading}",
            key=key(f"initials-{way}-{kind}"),
            max_chars=6,
            width=420,
            **WAITS,
        )
        if text:
            written[kind] = text
    return written


def _typed(written: Written, offer: Offer, first_name: str, signer: str, key: Keys) -> Written:
    name = st.text_input(
        "Type your full name",
        key=key("name"),
        placeholder=f"Type: {signer}" if signer else "",
        max_chars=200,
        **WAITS,
    )
    values = {"student": first_name, "partner": "", "office": offer.office, "until": ""}
    attests = st.checkbox(
        parts.plain(say(offer.form.signing, "en", values).words),
        key=key("attests"),
        wrap=True,
        **WAITS,
    )
    return replace(written, signature=TypedConsent(name or "", attests))


def _paper(written: Written, key: Keys) -> Written:
    signed_on = st.date_input(
        "Date on the paper", value=None, format="MM/DD/YYYY", key=key("signed-on"), **WAITS
    )
    language = st.selectbox(
        "Language of the paper",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key=key("paper-language"),
        **WAITS,
    )
    scan = st.file_uploader("Scan of the signed paper", type=SCANS, key=key("scan"))
    parts.muted("A second person compares the scan with the ticks; until then nothing opens.")
    signature = PaperConsent(signed_on, scan.getvalue() if scan else b"")
    return replace(written, signature=signature, language=language)
