"""The link by which a consent is taken along as a FHIR file; `/fhir/consent/{id}` asks who may."""

from __future__ import annotations

import uuid

import streamlit as st

from portal.ui.parts import esc


def take_along(number: str, consent_id: uuid.UUID) -> None:
    """A link to the consent's file; the address says nothing about whom it is."""
    text = f"Consent {number} for a partner's record system (FHIR)"
    st.html(f'<p><a href="/fhir/consent/{consent_id}">{esc(text)}</a></p>')
