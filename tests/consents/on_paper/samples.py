"""A signed form, a form to sign and an invitation, made up, as a test's one call. No database."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from portal.consents.drafts import ConsentDraft, DrawnConsent, PaperConsent, TypedConsent
from portal.consents.papers.letter import Invitation
from portal.consents.papers.values import Agreed, AskedOf, ToSign
from portal.consents.queries import PossibleSigner
from portal.consents.requests.drafts import Asked
from portal.languages import catalog as languages
from portal.store.consents import ConsentSigning
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import (
    Category,
    Detail,
    IdentityCheck,
    Instrument,
    OrganizationKind,
    Purpose,
    SignatureMethod,
    SignerKind,
)
from tests.consents.forms.ready import ready
from tests.pdf.samples import LOGO as PICTURE
from tests.pdf.samples import STROKES

LOGO = PICTURE.data
AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
OUT = frozenset(
    {Category.ATTENDANCE, Category.VISITS, Category.SPECIAL_EDUCATION, Category.PSYCHIATRIC}
)
BACK = frozenset({Category.SERVICE_STATUS, Category.SUD, Category.HIV})
INITIALS = {Category.PSYCHIATRIC: "MS", Category.SUD: "MS", Category.HIV: "M.S."}
MARIA = PossibleSigner(SignerKind.GUARDIAN, uuid.UUID(int=7), "Maria Sample", "Parent")
TYPED = TypedConsent("Maria Sample", attests=True)
DRAWN = DrawnConsent("Maria Sample", STROKES, attests=True)
BY_HAND = PaperConsent(date(2026, 11, 18), b"\x89PNG\r\n\x1a\n a scan")


def district() -> Organization:
    return Organization(
        id=uuid.UUID(int=1),
        kind=OrganizationKind.DISTRICT,
        name="Harbor Point Public Schools",
        address="1 Sample Street, Harbor Point, CT",
        email="records@harborpoint.example",
        phone="860-555-0100",
        tz="America/New_York",
    )


def partner(**changes: Any) -> Organization:
    """A clinic under HIPAA with a substance-use program."""
    values = {"is_hipaa": True, "is_part2": True, "address": "20 Mill Road, Harbor Point, CT"}
    return Organization(
        id=uuid.UUID(int=2),
        kind=OrganizationKind.PROVIDER,
        **{"name": "Riverside Clinic", **values, **changes},
    )


def student(given: str = "Luis") -> Student:
    return Student(
        id=uuid.UUID(int=3),
        given_name=given,
        family_name="Sample",
        born=date(2013, 5, 5),
        local_id="104-221",
        sasid="0000000101",
    )


def form():
    """The standard form with clinical kinds to give in both directions."""
    back = (Category.SERVICE_STATUS, Category.SAFETY_PLAN, Category.SUD, Category.HIV)
    return ready(categories_in=back)


def draft(instrument: Instrument, **changes: Any) -> ConsentDraft:
    kinds = OUT if instrument is Instrument.FERPA else BACK
    return replace(
        ConsentDraft(
            student_id=uuid.UUID(int=3),
            agency_id=uuid.UUID(int=2),
            categories=kinds,
            initials={kind: text for kind, text in INITIALS.items() if kind in kinds},
            purposes=frozenset({Purpose.COORDINATE}),
            records_from=date(2026, 7, 1),
            starts_on=date(2026, 11, 20),
            ends_on=date(2027, 6, 30),
            instrument=instrument,
            signer_kind=SignerKind.GUARDIAN,
            signer_id=MARIA.id,
            signature=TYPED,
            checked=True,
        ),
        **changes,
    )


def both(**changes: Any) -> tuple[ConsentDraft, ...]:
    """A draft for each direction."""
    return tuple(draft(instrument, **changes) for instrument in Instrument)


def signing(language: str = "en", **changes: Any) -> ConsentSigning:
    values = {
        "number": "F-7K3QF2",
        "method": SignatureMethod.TYPED,
        "typed_name": "Maria Sample",
        "identity_check": IdentityCheck.LINK_AND_BIRTH_DATE,
        "language": language,
        "translation": languages.named(language),
        "interpreter": "",
        "agreed_sha256": "0123456789abcdef" * 4,
        "code": "K7XM-2QPD-9RTW",
    }
    return ConsentSigning(**{**values, **changes})


def agreed(language: str = "en", **changes: Any) -> Agreed:
    """Maria has agreed to both directions."""
    drafts = changes.pop("drafts", both())
    return Agreed(
        **{
            "form": form(),
            "form_name": "Consent for Release, version 3",
            "form_sha256": "fedcba9876543210" * 4,
            "drafts": drafts,
            "numbers": tuple(f"C-{n}A" for n in range(1, len(drafts) + 1)),
            "signing": signing(language),
            "student": student(),
            "school": "North School",
            "district": district(),
            "partner": partner(),
            "signer": MARIA,
            "at": AT,
            "entered_by": "Ana Counts",
            **changes,
        }
    )


def on_paper(language: str = "en") -> Agreed:
    """Signed by hand."""
    return agreed(
        language,
        drafts=both(signature=BY_HAND),
        signing=signing(language, method=SignatureMethod.PAPER, typed_name="", identity_check=None),
    )


def drawn(language: str = "en") -> Agreed:
    """Drawn on a tablet at school, with an interpreter."""
    return agreed(
        language,
        drafts=both(signature=DRAWN),
        identity_by="Ana Counts",
        signing=signing(
            language,
            method=SignatureMethod.DRAWN,
            identity_check=IdentityCheck.IN_PERSON,
            interpreter="Inés Intérprete",
        ),
    )


def asked(**changes: Any) -> Asked:
    values = {
        "out": OUT,
        "back": BACK,
        "purposes": frozenset({Purpose.COORDINATE, Purpose.EVALUATE}),
        "detail": Detail.FULL,
        "records_from": date(2026, 7, 1),
        "starts_on": date(2026, 11, 20),
        "ends_on": None,
        "replaces": {},
    }
    return Asked(**{**values, **changes})


def to_sign(language: str = "en", **changes: Any) -> ToSign:
    """One student, one partner; more by `asked`."""
    values = {
        "form": form(),
        "form_name": "Consent for Release, version 3",
        "number": "Q-4K2XQ9",
        "asked": (AskedOf(student(), "North School", partner(), asked()),),
        "district": district(),
        "signer": MARIA,
        "language": language,
        "interpreter": "",
        "at": AT,
    }
    return ToSign(**{**values, **changes})


def invitation(language: str = "en", **changes: Any) -> Invitation:
    values = {
        "form": form(),
        "district": district(),
        "number": "Q-4K2XQ9",
        "to": "Maria Sample",
        "to_address": "",
        "language": language,
        "token": "7Qm4-sample-one-time-link-of-forty-characters",
        "with_code": False,
        "until": datetime(2026, 12, 4, 15, 0, tzinfo=UTC),
        "signed_by": "Ana Counts",
        "at": AT,
    }
    return Invitation(**{**values, **changes})
