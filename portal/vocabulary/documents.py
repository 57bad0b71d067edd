"""The kinds of kept documents."""

from __future__ import annotations

from enum import StrEnum


class DocumentKind(StrEnum):
    """What a kept document is; the rule for opening it asks this."""

    AGREEMENT = "agreement"
    SIGNED_AGREEMENT = "signed_agreement"
    AGREEMENT_VERSION = "agreement_version"
    AGREEMENT_CERTIFICATE = "agreement_certificate"
    AGREEMENT_BUNDLE = "agreement_bundle"
    DESTRUCTION_CERTIFICATE = "destruction_certificate"
    WORD_TEMPLATE = "word_template"
    CONSENT = "consent"
    CONSENT_FORM = "consent_form"
    DISCLOSURES = "disclosures"
    AMENDMENT_LETTER = "amendment_letter"
    FAMILY_SUMMARY = "family_summary"
    FHIR_CONSENT = "fhir_consent"
    RECORD_PRINT = "record_print"
    USE_OF_TIME = "use_of_time"
    ACCESS_LETTER = "access_letter"
    BOARD_ANSWER = "board_answer"
    DATA_EXPORT = "data_export"
    REVIEW_RECORD = "review_record"
    RETENTION_CERTIFICATE = "retention_certificate"
