"""Every code, code system and address that a consent has in FHIR R4, in one place.

HL7 codes stand only where they say no more than ours: whoever does not know a code of ours
shares less, and never more. Ours have a fixed address under a name that nobody can own
(RFC 2606): a code means the same wherever the portal runs. `mapping` is the table of
docs/reference/fhir.md.
"""

from __future__ import annotations

from typing import Any

from portal.vocabulary import (
    CATEGORY_LABELS,
    PURPOSE_LABELS,
    RELATIONSHIP_LABELS,
    Category,
    ConsentStatus,
    Instrument,
    Purpose,
    Relationship,
)

HL7 = "http://terminology.hl7.org/CodeSystem"
OURS = "https://student-support-portal.invalid/fhir"

SCOPE = f"{HL7}/consentscope"
ACTION = f"{HL7}/consentaction"
POLICY = f"{HL7}/consentpolicycodes"
PARTICIPATION = f"{HL7}/v3-ParticipationType"
ACT_CODE = f"{HL7}/v3-ActCode"
ACT_REASON = f"{HL7}/v3-ActReason"
ROLE_CODE = f"{HL7}/v3-RoleCode"
CONFIDENTIALITY = f"{HL7}/v3-Confidentiality"
LOINC = "http://loinc.org"

RECORD_KIND = f"{OURS}/CodeSystem/record-kind"
PURPOSE = f"{OURS}/CodeSystem/purpose"
LAW = f"{OURS}/CodeSystem/law"
CONSENT_NUMBER = f"{OURS}/NamingSystem/consent-number"
ORGANIZATION = f"{OURS}/NamingSystem/organization"
DISTRICT_CODE = f"{OURS}/NamingSystem/district-code"
PERSON = f"{OURS}/NamingSystem/person"


def extension(name: str) -> str:
    """The address of an extension of ours."""
    return f"{OURS}/StructureDefinition/{name}"


DETAIL = extension("detail")
EVENT_END = extension("ends-on-event")
STATE = extension("state")
HAPPENED = extension("happened")
CLOSED = extension("closed-because")
SHA256 = extension("sha256")
METHOD = extension("signature-method")
CHECK = extension("identity-check")
NOTICE = extension("notice")
TAKEN = extension("taken-along")

CONSENT_DOCUMENT = (LOINC, "59284-0", "Consent Document")

SENSITIVITY: dict[Category, tuple[str, ...]] = {
    Category.HIV: ("HIV",),
    Category.SUD: ("ETH", "SUD"),
    Category.PSYCHIATRIC: ("PSY",),
    Category.REPRODUCTIVE: ("SEX",),
}
"""HL7's sensitivity labels. Care a minor sought alone has none that says as little."""

HL7_PURPOSE: dict[Purpose, str] = {Purpose.COORDINATE: "CAREMGT"}
"""TREAT or ELIGDTRM for our other purposes would allow far more than the family ticked."""

RELATIONSHIP: dict[str, str] = {
    RELATIONSHIP_LABELS[Relationship.PARENT]: "PRN",
    RELATIONSHIP_LABELS[Relationship.GUARDIAN]: "GUARD",
    RELATIONSHIP_LABELS[Relationship.RELATIVE]: "FAMMEMB",
}
"""By the words on the paper; what HL7 has no code for stands in words alone."""

STATUS: dict[ConsentStatus, str] = {
    ConsentStatus.DRAFT: "draft",
    ConsentStatus.OUT_FOR_SIGNATURE: "proposed",
    ConsentStatus.REFUSED: "rejected",
    ConsentStatus.TO_CONFIRM: "proposed",
    ConsentStatus.NOT_YET: "active",
    ConsentStatus.ACTIVE: "active",
    ConsentStatus.ENDS_SOON: "active",
    ConsentStatus.HELD: "inactive",
    ConsentStatus.ENDED: "inactive",
    ConsentStatus.TAKEN_BACK: "inactive",
    ConsentStatus.SUPERSEDED: "inactive",
}
"""What is signed and begins later is active: its period says from when."""

LAWS: dict[Instrument, tuple[tuple[str, str, str], str]] = {
    Instrument.FERPA: (
        (LAW, "ferpa-99.30", "FERPA consent (34 CFR 99.30)"),
        "https://www.ecfr.gov/current/title-34/section-99.30",
    ),
    Instrument.HIPAA: (
        (POLICY, "hipaa-auth", "HIPAA Authorization"),
        "https://www.ecfr.gov/current/title-45/section-164.508",
    ),
}
"""The code of the law and the address of its text; HL7 has none for FERPA."""

PART2 = (
    (ACT_CODE, "42CFRPart2", "42 CFR Part2"),
    "https://www.ecfr.gov/current/title-42/section-2.31",
)
FEDERAL = "https://www.ecfr.gov"

LABELS = {
    "HIV": "HIV/AIDS information sensitivity",
    "ETH": "substance abuse information sensitivity",
    "SUD": "substance use disorder information sensitivity",
    "PSY": "psychiatry disorder information sensitivity",
    "SEX": "sexuality and reproductive health information sensitivity",
    "CAREMGT": "care management",
}


def coding(system: str, code: str, display: str = "") -> dict[str, Any]:
    """A Coding."""
    shown = display or LABELS.get(code, "")
    return {"system": system, "code": code} | ({"display": shown} if shown else {})


def concept(*codings: tuple[str, str, str] | dict[str, Any]) -> dict[str, Any]:
    """A CodeableConcept."""
    return {"coding": [c if isinstance(c, dict) else coding(*c) for c in codings]}


def kind(category: Category) -> dict[str, Any]:
    """A kind of record: our code, and HL7's labels where they say the same."""
    labels = [coding(ACT_CODE, label) for label in SENSITIVITY.get(category, ())]
    return concept((RECORD_KIND, str(category), CATEGORY_LABELS[category]), *labels)


def purpose(value: Purpose) -> dict[str, Any]:
    """A purpose: HL7's code where it says no more than ours, otherwise ours."""
    if value in HL7_PURPOSE:
        return coding(ACT_REASON, HL7_PURPOSE[value])
    return coding(PURPOSE, str(value), PURPOSE_LABELS[value])


KIND_OF_CODE: dict[tuple[str, str], Category] = {
    **{(RECORD_KIND, str(category)): category for category in Category},
    **{(ACT_CODE, code): category for category, codes in SENSITIVITY.items() for code in codes},
}
PURPOSE_OF_CODE: dict[tuple[str, str], Purpose] = {
    **{(PURPOSE, str(value)): value for value in Purpose},
    **{(ACT_REASON, code): value for value, code in HL7_PURPOSE.items()},
}
"""The way back."""
