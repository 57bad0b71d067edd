"""The addresses on papers lead to the portal as people type it."""

from __future__ import annotations

import pytest

from portal.config import settings
from portal.consents import addresses


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch):
    """A portal with an address of its own."""
    monkeypatch.setattr(settings(), "public_url", "https://portal.example.org/")


def test_they_begin_with_what_the_operator_set(public) -> None:
    assert addresses.start() == "https://portal.example.org"
    assert addresses.consent_url("abc_-1") == "https://portal.example.org/consent/abc_-1"
    assert addresses.family_url("abc") == "https://portal.example.org/family/abc"
    assert addresses.verify_url("K7XM-2QPD") == "https://portal.example.org/verify/K7XM-2QPD"


def test_what_is_no_token_stays_within_its_place(public) -> None:
    assert addresses.consent_url("../a?b#c") == (
        "https://portal.example.org/consent/..%2Fa%3Fb%23c"
    )
