"""The papers that the portal makes as PDF, each as plain values; templates/pdf sets them.

Every field is printed, and nothing else is: a test holds each class to its template, both
ways. Texts are ready to read, in the paper's language; a text that is empty leaves its line
out. The labels are English by default, and come in any language by `labels`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import ClassVar, TypeVar

from portal.errors import BadFile, Problem
from portal.languages.marks import N_
from portal.pdf.render import Order

L = TypeVar("L", bound="Labels")


def labels(kind: type[L], translate: Callable[[str], str]) -> L:
    """The labels of a paper in another language; translate: gettext of its catalog."""
    return kind(**{each.name: translate(str(each.default)) for each in fields(kind)})


def english(kind: type[Labels]) -> tuple[str, ...]:
    """What a translator of this paper has to translate, beside the values."""
    return tuple(str(each.default) for each in fields(kind))


@dataclass(frozen=True)
class Labels:
    """On every paper. Words in braces stay as they are: the template fills them."""

    page: str = N_("Page {page} of {pages}")


@dataclass(frozen=True)
class Picture:
    """A logo, from `logo`. kind: png or jpg; alt: what it shows, for who cannot see it."""

    data: bytes
    kind: str
    alt: str


MOST_LOGO_BYTES = 256 * 1024

SHAPES = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}


def logo(data: bytes, alt: str) -> Picture:
    """A district's logo; BadFile when it is no picture that a paper can take."""
    if not alt.strip():
        raise BadFile([Problem("The logo has no words.", "Say in a few words what it shows.")])
    kind = next((kind for kind, start in SHAPES.items() if data.startswith(start)), None)
    if kind is None or len(data) > MOST_LOGO_BYTES:
        raise BadFile([Problem("This file cannot be the logo.", "Use a PNG or JPEG under 256 KB.")])
    return Picture(data, kind, alt)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What every paper has. foot: one line at the foot of each page, such as who made it when."""

    template: ClassVar[str]

    title: str
    number: str
    district: str
    logo: Picture | None = None
    foot: str


def order(paper: Paper, *, language: str, at: datetime) -> Order:
    """The paper as an order for `render.make` and `render.render_many`."""
    return Order(
        template=paper.template,
        values=asdict(paper),
        title=f"{paper.title} {paper.number}".strip(),
        author=paper.district,
        language=language,
        at=at,
    )


# --- the consent: before it is signed the form, afterwards the receipt ---------


@dataclass(frozen=True)
class Student:
    """Block 1. No SASID here: the family keeps this paper."""

    name: str
    born: str = ""
    school: str = ""
    local_id: str = ""


@dataclass(frozen=True)
class Signer:
    """Block 2: who signs, and why they may."""

    name: str
    relationship: str
    authority: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Tick:
    """A kind of record: a box with its answer in words; an empty answer leaves it to a pen."""

    what: str
    ticked: bool
    answer: str
    dates: str = ""


@dataclass(frozen=True)
class Why:
    """Block 6: one purpose, with its box."""

    what: str
    ticked: bool
    answer: str


@dataclass(frozen=True)
class Special:
    """Block 7: a kind of record that needs its own initials; without them it is no.

    giver: in which direction; the same kind may be asked for in both.
    """

    what: str
    ticked: bool
    answer: str
    giver: str
    initials: str = ""


@dataclass(frozen=True)
class Instrument:
    """Blocks 3 and 4: one direction, with the law it answers to and dates of its own.

    block: which of the two, `school_may_give` or `partner_may_give`. number: of the consent
    that it became. status: such as `Taken back on …`, when this direction alone has ended.
    """

    block: str
    heading: str
    law: str
    giver: str
    receiver: str
    records: Sequence[Tick]
    detail: str
    starts_on: str
    ends_on: str
    event: str = ""
    number: str = ""
    hint: str = ""
    status: str = ""


@dataclass(frozen=True)
class Party:
    """Block 5: one named organization, and in which role it gives or gets."""

    name: str
    role: str
    address: str = ""


@dataclass(frozen=True)
class Office:
    """Block 10: where a consent is taken back."""

    name: str
    address: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Signature:
    """Blocks 13 and 14. svg: a drawn one, from `signature.to_svg`; typed: the name as typed."""

    name: str
    capacity: str
    method: str
    signed_at: str
    statement: str
    typed: str = ""
    svg: str = ""


@dataclass(frozen=True)
class Cosigner:
    """Somebody else whose consent is needed: each member of a family in therapy."""

    name: str
    signed_at: str


@dataclass(frozen=True)
class Minor:
    """Block 13: students who sign for care of their own; `signature` None leaves room for a pen."""

    text: str
    signature: Signature | None = None


@dataclass(frozen=True)
class Help:
    """Block 15: in which words it was read, and with whose help."""

    language: str
    translation: str = ""
    interpreter: str = ""
    read_aloud: str = ""


@dataclass(frozen=True)
class StaffUse:
    """Block 16."""

    identity: str = ""
    custody: str = ""
    received_by: str = ""
    entered_by: str = ""


@dataclass(frozen=True)
class Notice:
    """A text that travels with records. version: its own, as the ledger has it."""

    title: str
    text: str
    law: str = ""
    version: str = ""


@dataclass(frozen=True)
class Evidence:
    """34 CFR 99.30(d): what shows who agreed to what. url and qr: the page that verifies it.

    form_sha256, agreed_sha256: of the form as it is kept, and of all that was agreed.
    """

    form: str
    form_sha256: str
    identity: str
    signed_at: str
    agreed_sha256: str
    code: str
    url: str
    qr: str


@dataclass(frozen=True)
class Hints:
    """What stands below the heading of a block, in the words of the district's form."""

    signer: str = ""
    parties: str = ""
    why: str = ""
    how_long: str = ""
    choices: str = ""
    taking_back: str = ""
    afterwards: str = ""
    rights: str = ""
    signature: str = ""
    help: str = ""
    staff: str = ""
    notices: str = ""


BLOCKS = (
    *("student", "signer", "school_may_give", "partner_may_give", "who", "why", "special"),
    *("how_long", "choices", "taking_back", "after", "rights", "minor", "signature", "language"),
    *("staff", "notices"),
)
"""Of a consent, in the order of our model form; a district may have another, or fewer."""


@dataclass(frozen=True)
class ConsentLabels(Labels):
    """The headings of the seventeen blocks, and what stands before each line."""

    student: str = N_("The student")
    name: str = N_("Name")
    born: str = N_("Date of birth")
    school: str = N_("School")
    local_id: str = N_("School's student number")
    signer: str = N_("Who signs")
    relationship: str = N_("Relationship to the student")
    authority: str = N_("Why this person may sign")
    proof: str = N_("Proof seen")
    consent: str = N_("Number of this consent")
    law: str = N_("Law")
    giver: str = N_("Who gives")
    receiver: str = N_("Who gets")
    answer: str = N_("Answer")
    records: str = N_("Records")
    dates: str = N_("About which time")
    detail: str = N_("How much")
    parties: str = N_("Who gives and who gets")
    role: str = N_("Role")
    address: str = N_("Address")
    why: str = N_("Why")
    in_own_words: str = N_("In your own words")
    special: str = N_("These need your initials")
    special_kind: str = N_("Kind of record")
    initials: str = N_("Initials")
    how_long: str = N_("How long")
    how_often: str = N_("How often")
    direction: str = N_("Direction")
    first_day: str = N_("First day")
    last_day: str = N_("Last day")
    event: str = N_("Or until")
    choices: str = N_("Your choice")
    taking_back: str = N_("Taking it back")
    office: str = N_("Office")
    email: str = N_("E-mail")
    phone: str = N_("Phone")
    afterwards: str = N_("What happens after")
    rights: str = N_("Your rights")
    minor: str = N_("Your own care")
    not_signed: str = N_("Not signed here. A blank means no.")
    signature: str = N_("Signature")
    capacity: str = N_("Signs as")
    typed: str = N_("Name as typed")
    signed_at: str = N_("Signed")
    method: str = N_("How it was signed")
    cosigners: str = N_("Others who consent")
    sign_here: str = N_("Sign here")
    date: str = N_("Date")
    drawn_by: str = N_("Signature of {name}")
    help: str = N_("Language and help")
    language: str = N_("Language")
    translation: str = N_("Translation")
    interpreter: str = N_("Interpreter")
    read_aloud: str = N_("Read aloud by")
    staff: str = N_("For the school")
    identity: str = N_("How we knew who it was")
    custody: str = N_("Court orders checked")
    received_by: str = N_("Received by")
    entered_by: str = N_("Entered by")
    notices: str = N_("Notes that go along")
    evidence: str = N_("Proof of this consent")
    form: str = N_("Form")
    form_sha256: str = N_("Fingerprint of the form (SHA-256)")
    agreed: str = N_("Fingerprint of what was agreed (SHA-256)")
    code: str = N_("Verification code")
    check: str = N_("Check this paper at")
    qr: str = N_("QR code that opens {url}")
    none: str = N_("None")


@dataclass(frozen=True, kw_only=True)
class Consent(Paper):
    """The consent for release, in the blocks of our model form.

    status: empty, or a sentence such as `Taken back on …`, printed on top; note: one that is no
    warning. signature None: the form before it is signed, with lines for a pen. instruments:
    what the school may give, what the partner may give; one that is not asked for is left
    out. order: the blocks that are printed, see BLOCKS.
    """

    template: ClassVar[str] = "consent"

    form: str
    status: str = ""
    note: str = ""
    intro: str
    student: Student
    signer: Signer
    instruments: Sequence[Instrument]
    parties: Sequence[Party]
    purposes: Sequence[Why]
    purpose_words: str = ""
    special_intro: str
    special: Sequence[Special] = ()
    never: str
    how_often: str
    choices: Sequence[str]
    taking_back: Sequence[str]
    office: Office
    afterwards: Sequence[str]
    rights: Sequence[str]
    minor: Minor | None = None
    signing: str
    signature: Signature | None = None
    cosigners: Sequence[Cosigner] = ()
    help: Help
    staff: StaffUse
    notices: Sequence[Notice]
    evidence: Evidence | None = None
    hints: Hints = field(default_factory=Hints)
    order: Sequence[str] = BLOCKS
    labels: ConsentLabels = field(default_factory=ConsentLabels)


@dataclass(frozen=True, kw_only=True)
class Consents(Paper):
    """Forms to be signed by hand as one document: one for each student and partner."""

    template: ClassVar[str] = "consents"

    sheets: Sequence[Consent]
    labels: Labels = field(default_factory=Labels)


# --- the letter with a one-time link --------------------------------------------


@dataclass(frozen=True)
class LanguageLine:
    """Where help is found, in one language; language: its code, for a reading voice."""

    language: str
    text: str


@dataclass(frozen=True)
class LetterLabels(Labels):
    """A letter needs few."""

    qr: str = N_("QR code that opens {url}")
    phone: str = N_("Phone")


@dataclass(frozen=True, kw_only=True)
class Letter(Paper):
    """A letter with the link to a form. No name of a student: it may be opened by another."""

    template: ClassVar[str] = "letter"

    address: str
    phone: str
    to: str
    to_address: str
    date: str
    greeting: str
    paragraphs: Sequence[str]
    link_heading: str
    link_steps: Sequence[str]
    url: str
    qr: str
    genuine_heading: str
    genuine: Sequence[str]
    languages_heading: str
    languages: Sequence[LanguageLine]
    closing: str
    signed_by: str
    signed_title: str
    labels: LetterLabels = field(default_factory=LetterLabels)


# --- the answer to a request to amend a record ------------------------------------


@dataclass(frozen=True)
class ReplySection:
    """A part of the answer under its heading."""

    heading: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class ReplyTable:
    """A table below the sections: each row is a line of texts, the first its heading."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class ReplyLabels(Labels):
    """An answer needs few."""

    phone: str = N_("Phone")


@dataclass(frozen=True, kw_only=True)
class Reply(Paper):
    """A letter that answers what somebody asked for, in sections."""

    template: ClassVar[str] = "reply"

    address: str
    phone: str
    to: str
    date: str
    greeting: str
    sections: Sequence[ReplySection]
    tables: Sequence[ReplyTable] = ()
    closing: str
    signed_by: str
    signed_title: str
    labels: ReplyLabels = field(default_factory=ReplyLabels)


# --- the accounting of disclosures ----------------------------------------------


@dataclass(frozen=True)
class Given:
    """One disclosure, or several alike that the law allows to be told as one."""

    date: str
    person: str
    organization: str
    address: str
    what: str
    why: str
    ground: str
    until: str


@dataclass(frozen=True)
class NotGiven:
    """One request that was refused."""

    date: str
    person: str
    organization: str
    address: str
    what: str
    why: str
    reason: str


@dataclass(frozen=True)
class DisclosuresLabels(Labels):
    """The heads of both tables."""

    about: str = N_("About")
    period: str = N_("Time")
    made_for: str = N_("Made for")
    made_by: str = N_("Made by")
    made_at: str = N_("Made at")
    given: str = N_("What was shared")
    refused: str = N_("What was asked for and not shared")
    date: str = N_("When")
    who: str = N_("With whom")
    asked_by: str = N_("Who asked")
    what: str = N_("What")
    asked_for: str = N_("Asked for what")
    why: str = N_("Why")
    ground: str = N_("What allowed it")
    until: str = N_("They may see it until")
    reason: str = N_("Why not shared")
    rights: str = N_("Your rights")


@dataclass(frozen=True, kw_only=True)
class Disclosures(Paper):
    """Who has seen a student's records, for the family. The title names the law it is filtered by.

    no_given, no_refused: the sentences in place of a table that would be empty.
    """

    template: ClassVar[str] = "disclosures"

    about: str
    period: str
    made_for: str
    made_by: str
    made_at: str
    intro: Sequence[str]
    given: Sequence[Given]
    no_given: str
    refused: Sequence[NotGiven]
    no_refused: str
    rights: Sequence[str]
    labels: DisclosuresLabels = field(default_factory=DisclosuresLabels)


# --- the certificate of signing of an agreement ------------------------------------


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


# --- a student's record, printed ----------------------------------------------------


@dataclass(frozen=True)
class Quote:
    """A strength, and in whose words."""

    text: str
    source: str


@dataclass(frozen=True)
class InPlace:
    """A service in place, or one that ended."""

    service: str
    provider: str
    tier: str
    since: str
    until: str


@dataclass(frozen=True)
class NeedStands:
    """A need, and how it stands."""

    need: str
    tier: str
    since: str
    support: str
    stands: str


@dataclass(frozen=True)
class Entry:
    """One item of the record. mark: such as (RESTRICTED); statement: of disagreement."""

    date: str
    kind: str
    what: str
    who: str
    text: str = ""
    mark: str = ""
    statement: str = ""


@dataclass(frozen=True)
class RecordLabels(Labels):
    """The heads of the tables."""

    about: str = "About"
    school: str = "School and grade"
    purpose: str = "Printed for"
    basis: str = "On which basis"
    made_by: str = "Printed by"
    made_at: str = "Printed at"
    strengths: str = "Strengths"
    services: str = "Services"
    service: str = "Service"
    provider: str = "From whom"
    tier: str = "Tier"
    since: str = "Since"
    until: str = "Until"
    needs: str = "Needs"
    need: str = "Need"
    support: str = "Support"
    stands: str = "How it stands"
    entries: str = "What is on record"
    date: str = "When"
    what: str = "What"
    who: str = "Who"
    closed: str = "Not on this paper"
    notices: str = "Notices that go along"
    none: str = "No record found."


@dataclass(frozen=True, kw_only=True)
class Record(Paper):
    """What of a student's record is open to whoever prints it. warning: not to pass it on.

    mark: who and when, across every page. period: from when on entries are printed. closed:
    which kinds are not, and why.
    """

    template: ClassVar[str] = "record"

    mark: str
    warning: str
    about: str
    school: str
    purpose: str
    basis: str
    made_by: str
    made_at: str
    period: str
    strengths: Sequence[Quote]
    services: Sequence[InPlace]
    needs: Sequence[NeedStands]
    entries: Sequence[Entry]
    closed: Sequence[str]
    notices: Sequence[Notice] = ()
    labels: RecordLabels = field(default_factory=RecordLabels)


# --- rows that are taken out ------------------------------------------------------------


@dataclass(frozen=True)
class ExportLabels(Labels):
    """The head of the paper."""

    made_by: str = "Taken out by"
    made_at: str = "Taken out at"
    purpose: str = "What for"
    period: str = "From which days"
    amount: str = "How much"


@dataclass(frozen=True, kw_only=True)
class Export(Paper):
    """Rows that somebody took out. mark: across every page; proper_use: what it is not for."""

    template: ClassVar[str] = "export"

    mark: str
    warning: str
    made_by: str
    made_at: str
    purpose: str
    period: str
    amount: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    proper_use: str
    labels: ExportLabels = field(default_factory=ExportLabels)


# --- the summary that a family takes home ---------------------------------------------


@dataclass(frozen=True)
class HelpInPlace:
    """A service in plain words."""

    what: str
    who: str
    when: str


@dataclass(frozen=True)
class SummaryLabels(Labels):
    """The headings, in the words of a family."""

    about: str = N_("About")
    made_for: str = N_("Made for")
    made_by: str = N_("Made by")
    made_at: str = N_("Made at")
    strengths: str = N_("What goes well")
    services: str = N_("Help that is in place")
    what: str = N_("What")
    who: str = N_("With whom")
    when: str = N_("When")
    steps: str = N_("What comes next")
    call: str = N_("Whom to call")
    name: str = N_("Name")
    office: str = N_("Office")
    phone: str = N_("Phone")
    email: str = N_("E-mail")
    rights: str = N_("Your rights")


@dataclass(frozen=True, kw_only=True)
class Summary(Paper):
    """How a student is supported, for the family, in their language. No note stands in it.

    no_strengths, no_services, no_steps: the sentences in place of an empty part.
    """

    template: ClassVar[str] = "summary"

    about: str
    made_for: str
    made_by: str
    made_at: str
    intro: Sequence[str]
    strengths: Sequence[Quote]
    no_strengths: str
    services: Sequence[HelpInPlace]
    no_services: str
    steps: Sequence[str]
    no_steps: str
    call_name: str
    call_office: str
    call_phone: str = ""
    call_email: str = ""
    rights: Sequence[str]
    labels: SummaryLabels = field(default_factory=SummaryLabels)


# --- the minutes of something that was gone through and signed -------------------------


@dataclass(frozen=True)
class Fact:
    """A line at the top: what it is about, and what there is to say."""

    label: str
    text: str


@dataclass(frozen=True)
class Grid:
    """A table under its heading. none: the sentence in its place when it would be empty."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    none: str = ""


@dataclass(frozen=True, kw_only=True)
class Minutes(Paper):
    """A review or a destruction as it is kept: what was found, what was decided, who signed."""

    template: ClassVar[str] = "minutes"

    facts: Sequence[Fact]
    intro: Sequence[str]
    tables: Sequence[Grid]
    signing: str
    statement: str
    signed: str
    labels: Labels = field(default_factory=Labels)
