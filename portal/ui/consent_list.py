"""A student's consents as staff see them: where each stands, its papers, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import streamlit as st

from portal.consents.folder.queries import Entry, EventLine, Folder
from portal.ui import fhir_link, parts, visit_words, when
from portal.ui.consent_words import consent_tag
from portal.ui.days import Days
from portal.vocabulary import (
    CATEGORY_LABELS,
    CONSENT_EVENT_LABELS,
    FORM_KIND_LABELS,
    IDENTITY_CHECK_LABELS,
    PURPOSE_LABELS,
    SIGNATURE_METHOD_LABELS,
    Detail,
    Instrument,
    SignatureMethod,
)


def row(entry: Entry, days: Days) -> None:
    """Which way, with whom, what is open, until when, and what stands against it."""
    view = entry.view
    parts.row(direction(entry), _span(entry, days), consent_tag(view, days.now, days.tz))
    parts.say(", ".join(_about(entry)))
    if entry.single:
        parts.muted(f"The signed paper for {entry.partner}. It opens nothing in the portal.")
    if view.not_obeyed:
        parts.notice(f"Nothing opens under this consent. {view.not_obeyed}", "bad")
    if entry.passes:
        parts.notice(f"{entry.passes} Ask for a new signature in time.", "warn")
    for other in entry.overlaps:
        last = f" to {when.day(other.last_day, days.today)}" if other.last_day else ""
        kinds = ", ".join(CATEGORY_LABELS[kind].lower() for kind in other.categories)
        parts.notice(
            f"Consent {other.number} covers the same from {when.day(other.first_day, days.today)}"
            f"{last}: {kinds}. Taking back one leaves the other.",
        )


def direction(entry: Entry) -> str:
    """To Riverside Clinic; or from it to us."""
    if entry.instrument is Instrument.FERPA:
        return f"To {entry.partner}"
    return f"From {entry.partner} to us"


def _span(entry: Entry, days: Days) -> str:
    view = entry.view
    last = when.day(view.ends_on, days.today) if view.ends_on else "no end date"
    told = [f"{view.number}, {when.day(view.starts_on, days.today)} to {last}"]
    if entry.ends_on_event:
        told.append(f"ends when: {entry.ends_on_event}")
        told.append(
            f"look again by {when.day(entry.review_on, days.today)}" if entry.review_on else ""
        )
    if view.signer:
        told.append(f"signed by {view.signer}")
    if view.signer and view.method and view.signed_on:
        told[-1] += f" on {when.day(view.signed_on, days.today)}"
        told.append(SIGNATURE_METHOD_LABELS[view.method].lower())
    if view.revoked_at:
        told.append(f"taken back {days.of(view.revoked_at)}: {view.revoked_how}")
    return " · ".join(part for part in told if part)


def _about(entry: Entry) -> list[str]:
    """The kinds of record; of a form about one thing, what that is."""
    if not entry.single:
        return _kinds(entry)
    return [FORM_KIND_LABELS[entry.form], *([f"the case: {entry.case}"] if entry.case else [])]


def _kinds(entry: Entry) -> list[str]:
    kinds = []
    for kind in entry.view.categories:
        mark = entry.initials.get(kind)
        told = CATEGORY_LABELS[kind] + (f" (initials {mark})" if mark else "")
        kinds.append(f"{told} (taken back)" if kind in entry.withdrawn else told)
    kinds += [f"to {PURPOSE_LABELS[purpose].lower()}" for purpose in entry.view.purposes]
    return kinds + (["only what and when"] if entry.view.detail is Detail.SUMMARY else [])


def more(entry: Entry, days: Days) -> None:
    """The papers, how it was made sure who signed, and all that happened since."""
    with st.expander(f"Papers and history of {entry.view.number}"):
        for text, document in _papers(entry):
            parts.document(text, document)
        if not entry.single:
            fhir_link.take_along(entry.view.number, entry.view.id)
        facts = [f"Form {entry.signing}"] if entry.signing else []
        facts += [IDENTITY_CHECK_LABELS[entry.identity]] if entry.identity else []
        facts += [f"Records from {when.day(entry.view.records_from, days.today)}"]
        parts.muted(" · ".join(facts))
        parts.table(
            "What happened",
            ["When", "What", "Who", "How it was told"],
            [_event(event, days) for event in entry.events],
            "Nothing yet: it is not signed.",
        )


def _papers(entry: Entry) -> Iterable[tuple[str, UUID]]:
    number, view = entry.view.number, entry.view
    if view.document_id and view.method is SignatureMethod.PAPER:
        yield f"Consent {number}, scan of the signed paper", view.document_id
    elif view.document_id:
        yield f"Consent {number}, as signed", view.document_id
    if entry.pdf_id and entry.pdf_id != view.document_id:
        yield f"Receipt of {number} (PDF)", entry.pdf_id
    if entry.docx_id:
        yield f"Receipt of {number} (Word)", entry.docx_id


def _event(event: EventLine, days: Days) -> list[parts.Cell]:
    what = CONSENT_EVENT_LABELS[event.kind] if event.kind else "Signed"
    kind = f": {CATEGORY_LABELS[event.category].lower()}" if event.category else ""
    how = event.how if event.kind or not event.how else f"Recorded by {event.how}"
    return [when.moment(event.at, days.now, days.tz), what + kind, event.by, how]


def received(folder: Folder, days: Days) -> None:
    """What each partner has opened so far; none of it is undone when a consent is taken back."""
    for partner, lines in folder.received:
        with st.expander(parts.plain(f"What {partner} already received")):
            visit_words.received(lines, f"Opened by {partner} so far", days.now, days.tz)
