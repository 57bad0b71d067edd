"""The drop-downs that a district words itself."""

from __future__ import annotations

from enum import StrEnum


class WordList(StrEnum):
    """The drop-downs that a district edits: labels, order, definitions, crosswalk."""

    VISIT_PURPOSE = "visit_purpose"
    VISIT_SERVICE = "visit_service"
    NEED = "need"
    VISIT_MODE = "visit_mode"
    VISIT_PLACE = "visit_place"
    MISSED_REASON = "missed_reason"
    DISPOSITION = "disposition"
    TIER = "tier"
    NOT_ACCESSED = "not_accessed"
    SCHOOL_PROVIDER = "school_provider"


WORD_LIST_LABELS = {
    WordList.VISIT_PURPOSE: "Purpose of a visit",
    WordList.VISIT_SERVICE: "Services provided",
    WordList.NEED: "Needs",
    WordList.VISIT_MODE: "How a visit took place",
    WordList.VISIT_PLACE: "Where a visit took place",
    WordList.MISSED_REASON: "Why a student came late or not",
    WordList.DISPOSITION: "After a visit to the nurse",
    WordList.TIER: "Tiers of support",
    WordList.NOT_ACCESSED: "Why a referral led to no service",
    WordList.SCHOOL_PROVIDER: "School-based providers",
}

CLOSED_LISTS = frozenset({WordList.VISIT_MODE, WordList.TIER, WordList.NOT_ACCESSED})
"""Rules and reports depend on these codes: labels, order and definitions change, codes do not."""
