"""Where each field of a consent stands in FHIR, and in which codes: the table of the documents.

docs/reference/fhir.md is written from it; a test holds it to what `export` writes, path by path.
"""

from __future__ import annotations

from typing import NamedTuple

from portal.consents.fhir import codes


class Row(NamedTuple):
    """A field of ours, the paths that tell it, and the code system or the form of its values."""

    ours: str
    paths: tuple[str, ...]
    values: str


ROWS = (
    Row("consent, its key", ("Consent.id",), "UUID"),
    Row("its number", ("Consent.identifier",), codes.CONSENT_NUMBER),
    Row("when anything last happened to it", ("Consent.meta.lastUpdated",), "instant"),
    Row(
        "restricted; not to be passed on (34 CFR 99.33, 42 CFR 2.32, CGS 19a-585)",
        ("Consent.meta.security",),
        f"{codes.CONFIDENTIALITY} `R`, {codes.ACT_CODE} `NORDSCLCD`, `42CFRPart2`",
    ),
    Row("language of the form", ("Consent.language",), "BCP 47"),
    Row("all of it in words, with its notices", ("Consent.text",), "XHTML, escaped"),
    Row("status, FHIR's word", ("Consent.status",), "see Status"),
    Row("status, ours", ("Consent.extension",), codes.STATE),
    Row("how it was signed", ("Consent.extension",), codes.METHOD),
    Row(
        "taken back, held, confirmed, ended, found false, replaced: what and when",
        ("Consent.extension",),
        codes.HAPPENED,
    ),
    Row(
        "who took this copy along, when, what for, and its number",
        ("Consent.extension",),
        codes.TAKEN,
    ),
    Row("notice against redisclosure, id and version", ("Consent.extension",), codes.NOTICE),
    Row("what kind of consent", ("Consent.scope",), f"{codes.SCOPE} `patient-privacy`"),
    Row("what kind of paper", ("Consent.category",), f"{codes.LOINC} `59284-0`"),
    Row(
        "student: name and birth date, and no number",
        ("Consent.patient", "Consent.contained.birthDate", "Consent.contained.name"),
        "contained Patient",
    ),
    Row("signed at", ("Consent.dateTime",), "instant with offset"),
    Row(
        "signer, and what makes them the student's representative",
        ("Consent.performer", "Consent.contained.patient", "Consent.contained.relationship"),
        f"contained RelatedPerson, or the Patient; {codes.ROLE_CODE}",
    ),
    Row(
        "who gives, who receives",
        ("Consent.organization", "Consent.contained.identifier"),
        f"contained Organization; {codes.ORGANIZATION}, {codes.DISTRICT_CODE}",
    ),
    Row(
        "people of the recipient whom it names",
        ("Consent.contained.practitioner", "Consent.contained.organization"),
        f"contained PractitionerRole; {codes.PERSON}",
    ),
    Row(
        "what a contained resource is, and its key",
        ("Consent.contained.resourceType", "Consent.contained.id", "Consent.resourceType"),
        "R4",
    ),
    Row(
        "the signed paper: where it is checked, its SHA-1 as R4 asks, its SHA-256 beside",
        ("Consent.sourceAttachment",),
        f"base64; {codes.SHA256}",
    ),
    Row("the law", ("Consent.policyRule",), f"{codes.LAW}, {codes.POLICY}, {codes.ACT_CODE}"),
    Row("the law's text", ("Consent.policy",), "address"),
    Row(
        "identity check, or a second person's look at the paper",
        ("Consent.verification",),
        codes.CHECK,
    ),
    Row("whether anything opens", ("Consent.provision.type",), "`permit`, or `deny` when nothing"),
    Row("only what and when", ("Consent.provision.modifierExtension",), codes.DETAIL),
    Row("from when until when", ("Consent.provision.period",), "ends are included"),
    Row("ends with an event", ("Consent.provision.extension",), codes.EVENT_END),
    Row(
        "who receives: the organization, or only the named people",
        ("Consent.provision.actor",),
        f"{codes.PARTICIPATION} `PRCP`, `IRCP`",
    ),
    Row("what they may do", ("Consent.provision.action",), f"{codes.ACTION} `access`, `disclose`"),
    Row("purposes", ("Consent.provision.purpose",), "see Purposes"),
    Row("kinds of record that open", ("Consent.provision.code",), "see Records"),
    Row("which events are told", ("Consent.provision.dataPeriod",), "ends are included"),
    Row(
        "a kind that is ticked and does not open: taken back by itself (from when), "
        "without initials, not the signer's to share",
        ("Consent.provision.provision",),
        f"`deny`; {codes.CLOSED}",
    ),
)
