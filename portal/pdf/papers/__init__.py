"""The papers that the portal makes as PDF, each as plain values; templates/pdf sets them.

Every field is printed, and nothing else is: a test holds each class to its template, both
ways. Texts are ready to read, in the paper's language; a text that is empty leaves its line
out. The labels are English by default, and come in any language by `labels`.
"""

from __future__ import annotations

from portal.pdf.papers.base import (
    MOST_LOGO_BYTES,
    SHAPES,
    Labels,
    Paper,
    Picture,
    english,
    labels,
    logo,
    order,
)
from portal.pdf.papers.certificate import Certificate, CertificateLabels, Happened, Side, Signed
from portal.pdf.papers.consent import (
    BLOCKS,
    Consent,
    ConsentLabels,
    Consents,
    Cosigner,
    Evidence,
    Help,
    Hints,
    Instrument,
    Minor,
    Notice,
    Office,
    Party,
    Signature,
    Signer,
    Special,
    StaffUse,
    Student,
    Tick,
    Why,
)
from portal.pdf.papers.disclosures import Disclosures, DisclosuresLabels, Given, NotGiven
from portal.pdf.papers.export import Export, ExportLabels
from portal.pdf.papers.letter import LanguageLine, Letter, LetterLabels
from portal.pdf.papers.minutes import Fact, Grid, Minutes
from portal.pdf.papers.record import Entry, InPlace, NeedStands, Quote, Record, RecordLabels
from portal.pdf.papers.reply import Reply, ReplyLabels, ReplySection, ReplyTable
from portal.pdf.papers.summary import HelpInPlace, Summary, SummaryLabels

__all__ = [
    "BLOCKS",
    "MOST_LOGO_BYTES",
    "SHAPES",
    "Certificate",
    "CertificateLabels",
    "Consent",
    "ConsentLabels",
    "Consents",
    "Cosigner",
    "Disclosures",
    "DisclosuresLabels",
    "Entry",
    "Evidence",
    "Export",
    "ExportLabels",
    "Fact",
    "Given",
    "Grid",
    "Happened",
    "Help",
    "HelpInPlace",
    "Hints",
    "InPlace",
    "Instrument",
    "Labels",
    "LanguageLine",
    "Letter",
    "LetterLabels",
    "Minor",
    "Minutes",
    "NeedStands",
    "NotGiven",
    "Notice",
    "Office",
    "Paper",
    "Party",
    "Picture",
    "Quote",
    "Record",
    "RecordLabels",
    "Reply",
    "ReplyLabels",
    "ReplySection",
    "ReplyTable",
    "Side",
    "Signature",
    "Signed",
    "Signer",
    "Special",
    "StaffUse",
    "Student",
    "Summary",
    "SummaryLabels",
    "Tick",
    "Why",
    "english",
    "labels",
    "logo",
    "order",
]
