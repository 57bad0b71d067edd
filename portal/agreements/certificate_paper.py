"""What the certificate of signing prints. Pure: plain values in, the values of a paper out.

It is in English, as the agreement is. It tells who signed and every step to the last signature,
with the instant to the second; it does not tell what the sides said to each other on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.agreements import addresses
from portal.agreements.content import Content
from portal.agreements.printing import told as day_in_words
from portal.pdf import papers as pdf
from portal.pdf import qr
from portal.vocabulary import AGREEMENT_EVENT_LABELS, AGREEMENT_KIND_LABELS, AgreementEventKind

TITLE = "Certificate of signing"

ON_THE_WAY = (
    AgreementEventKind.SENT,
    AgreementEventKind.RETURNED,
    AgreementEventKind.APPROVED,
    AgreementEventKind.ISSUED,
    AgreementEventKind.REMINDED,
    AgreementEventKind.SIGNED,
    AgreementEventKind.EXECUTED,
)
"""What the timeline tells, in the order in which it can happen at one instant."""

INTRO = (
    "This certificate is made by the portal when the last of all has signed. It says who signed "
    "which document, when, and how that is known. The Word file named below is the record; this "
    "certificate does not replace it."
)
LAW = (
    "Connecticut's Uniform Electronic Transactions Act (Conn. Gen. Stat. 1-266 to 1-286) lets a "
    "sound, symbol or process that is attached to a record, or logically associated with it, and "
    "that a person adopts with the intent to sign, stand as a signature between parties who agree "
    "to act by electronic means.",
    "Who typed a name here had signed in with an account of their own, was the signer whom the "
    "document names, and ticked that typing the name is their signature. The fingerprint shows "
    "which bytes they signed: a file in which one letter was changed has another.",
    "This is a record of what the portal saw, and no legal advice: what it proves in a dispute, "
    "and whether another law asks for more, is for counsel or a court to say.",
)


@dataclass(frozen=True)
class SignedPlace:
    """A place that was signed. scan_*: of a paper signed by hand; recorded_by: who brought it."""

    name: str
    title: str
    capacity: str
    organization: str
    signed_at: datetime
    signed_as: str
    sha256: str
    scan_sha256: str = ""
    recorded_at: datetime | None = None
    recorded_by: str = ""


@dataclass(frozen=True)
class Step:
    """Something on the way. version: of the document that it is about."""

    kind: AgreementEventKind
    at: datetime
    who: str
    organization: str
    version: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Certified:
    """All that a certificate tells. made_from: the template, when it is known for certain."""

    number: str
    content: Content
    parties: Sequence[pdf.Side]
    tz: str
    written_at: datetime
    written_by: str
    executed_at: datetime
    file_name: str
    size: int
    sha256: str
    made_from: str
    places: Sequence[SignedPlace]
    steps: Sequence[Step]


def paper(certified: Certified, at: datetime) -> pdf.Certificate:
    """The certificate as values; at: when it is made."""
    tz, url = certified.tz, addresses.verify_url(certified.number)
    district = certified.parties[0].name
    return pdf.Certificate(
        title=TITLE,
        number=certified.number,
        district=district,
        foot=f"{district}. Made by the portal on {to_the_second(at, tz)}.",
        intro=INTRO,
        kind=AGREEMENT_KIND_LABELS[certified.content.kind],
        in_force=_in_force(certified),
        executed=_executed(certified),
        vote=day_in_words(certified.content.board_vote_on),
        parties=certified.parties,
        file_name=certified.file_name,
        size=f"{certified.size:,} bytes",
        made_from=certified.made_from,
        sha256=certified.sha256,
        signers=[_signed(place, tz) for place in certified.places],
        timeline=[_written(certified), *(_happened(step, tz) for step in _in_order(certified))],
        law=LAW,
        verifying=_verifying(),
        url=url,
        qr=qr.svg(url),
    )


def to_the_second(at: datetime, tz: str) -> str:
    """Such as November 20, 2026, 10:00:00 AM EST (UTC-05:00)."""
    local = at.astimezone(ZoneInfo(tz))
    clock = f"{local:%I:%M:%S %p}".lstrip("0")
    return f"{day_in_words(local.date())}, {clock} {local:%Z} (UTC{local.isoformat()[-6:]})"


def _in_force(certified: Certified) -> str:
    content, zone = certified.content, ZoneInfo(certified.tz)
    span = f"{day_in_words(content.starts_on)} through {day_in_words(content.ends_on)}"
    late = content.starts_on and content.starts_on < certified.executed_at.astimezone(zone).date()
    return f"{span}, though not before the last signature" if late else span


def _executed(certified: Certified) -> str:
    """By hand there is a day only."""
    last = max(certified.places, key=lambda place: place.signed_at)
    return _when(last, certified.tz)


def _when(place: SignedPlace, tz: str) -> str:
    if place.scan_sha256:
        day = day_in_words(place.signed_at.astimezone(ZoneInfo(tz)).date())
        return f"{day} (the day on the paper)"
    return to_the_second(place.signed_at, tz)


def _signed(place: SignedPlace, tz: str) -> pdf.Signed:
    recorded = to_the_second(place.recorded_at, tz) if place.recorded_at else ""
    return pdf.Signed(
        name=place.name,
        title=place.title,
        capacity=place.capacity,
        organization=place.organization,
        how=_how(place),
        signed_at=_when(place, tz),
        recorded=f"{recorded}, by {place.recorded_by}" if recorded else "",
        sha256=place.sha256,
        scan_sha256=place.scan_sha256,
    )


def _how(place: SignedPlace) -> str:
    if place.scan_sha256:
        return f"By hand on paper, as “{place.signed_as}”; the scan is kept"
    return f"Name typed, signed in as “{place.signed_as}”"


def _in_order(certified: Certified) -> list[Step]:
    told = [step for step in certified.steps if step.kind in ON_THE_WAY]
    told.sort(key=lambda step: (step.at, ON_THE_WAY.index(step.kind)))
    return told


def _written(certified: Certified) -> pdf.Happened:
    who = ", ".join(part for part in (certified.written_by, certified.parties[0].name) if part)
    return pdf.Happened(to_the_second(certified.written_at, certified.tz), "First written", who)


def _happened(step: Step, tz: str) -> pdf.Happened:
    who = ", ".join(part for part in (step.who, step.organization) if part)
    return pdf.Happened(to_the_second(step.at, tz), _what(step), who)


def _what(step: Step) -> str:
    label = AGREEMENT_EVENT_LABELS[step.kind]
    version = f", version {step.version}" if step.version else ""
    named = f": {step.text}" if step.kind in _WITH_TEXT and step.text else ""
    return f"{label}{version}{named}"


_WITH_TEXT = frozenset({AgreementEventKind.SIGNED, AgreementEventKind.REMINDED})
"""Their text is a name; what the sides wrote to each other stays between them."""


def _verifying() -> tuple[str, ...]:
    return (
        "Open the address below, or hold a phone's camera over the square: it tells whether the "
        "agreement is in force today.",
        f"At {addresses.start()}/verify choose the Word file, its PDF, a scan or this certificate: "
        "each is known by its fingerprint, and by none when one byte of it was changed.",
        "Without the portal: work out the SHA-256 of the file (sha256sum, or certutil -hashfile on "
        "Windows) and compare it with the one above.",
    )
