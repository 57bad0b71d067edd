"""The certificate of signing of an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from portal.pdf.papers.base import Labels, Paper


@dataclass(frozen=True)
class Side:
    """A party to the agreement. role: district or partner."""

    name: str
    role: str
    address: str = ""


@dataclass(frozen=True)
class Signed:
    """One signature. sha256: of the document that was signed; scan_sha256: of a signed paper."""

    name: str
    title: str
    capacity: str
    organization: str
    how: str
    signed_at: str
    recorded: str
    sha256: str
    scan_sha256: str = ""


@dataclass(frozen=True)
class Happened:
    """Something that happened on the way to the last signature."""

    at: str
    what: str
    who: str


@dataclass(frozen=True)
class CertificateLabels(Labels):
    """The headings, and what stands before each line. In English, as the agreement is."""

    agreement: str = "The agreement"
    kind: str = "Kind"
    agreement_number: str = "Number"
    in_force: str = "In force"
    executed: str = "Signed by all"
    vote: str = "Vote of the board"
    parties: str = "Parties"
    name: str = "Name"
    role: str = "Role"
    address: str = "Address"
    document: str = "The document that was signed"
    file_name: str = "File"
    size: str = "Size"
    template: str = "Template"
    sha256: str = "Fingerprint (SHA-256)"
    signers: str = "Who signed"
    title: str = "Title"
    organization: str = "For"
    capacity: str = "By what right"
    how: str = "How"
    signed_at: str = "Signed"
    recorded: str = "Recorded"
    document_sha256: str = "Fingerprint of the document that was signed (SHA-256)"
    scan_sha256: str = "Fingerprint of the scan (SHA-256)"
    timeline: str = "What happened when"
    when: str = "When"
    what: str = "What"
    who: str = "Who"
    law: str = "On electronic signatures"
    verifying: str = "How to check this"
    check: str = "Check it at"
    qr: str = "QR code that opens {url}"


@dataclass(frozen=True, kw_only=True)
class Certificate(Paper):
    """Who signed which document when, how that is known, and how anybody checks it.

    file_name, size, sha256: of the issued Word file. in_force, executed: in words.
    """

    template: ClassVar[str] = "certificate"

    intro: str
    kind: str
    in_force: str
    executed: str
    vote: str = ""
    parties: Sequence[Side]
    file_name: str
    size: str
    made_from: str = ""
    sha256: str
    signers: Sequence[Signed]
    timeline: Sequence[Happened]
    law: Sequence[str]
    verifying: Sequence[str]
    url: str
    qr: str
    labels: CertificateLabels = field(default_factory=CertificateLabels)
