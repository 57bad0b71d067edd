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

    page: str = "Page {page} of {pages}"


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
    """Block 7: a kind of record that needs its own initials; without them it is no."""

    what: str
    ticked: bool
    answer: str
    initials: str = ""


@dataclass(frozen=True)
class Instrument:
    """Blocks 3 and 4: one direction, with the law it answers to and dates of its own.

    status: such as `Taken back on …`, when this direction alone has ended.
    """

    heading: str
    law: str
    giver: str
    receiver: str
    records: Sequence[Tick]
    detail: str
    starts_on: str
    ends_on: str
    event: str = ""
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
    """34 CFR 99.30(d): what shows who agreed to what. url and qr: the page that verifies it."""

    form: str
    identity: str
    agreed_sha256: str
    code: str
    url: str
    qr: str


@dataclass(frozen=True)
class ConsentLabels(Labels):
    """The headings of the seventeen blocks, and what stands before each line."""

    student: str = "Student"
    name: str = "Name"
    born: str = "Date of birth"
    school: str = "School"
    local_id: str = "School's student number"
    signer: str = "Who is signing"
    relationship: str = "Relationship to the student"
    authority: str = "Why this person may sign"
    proof: str = "Proof seen"
    law: str = "Law"
    giver: str = "Who gives"
    receiver: str = "Who gets"
    answer: str = "Answer"
    records: str = "Records"
    dates: str = "About which time"
    detail: str = "How much"
    parties: str = "Exactly who"
    role: str = "Role"
    address: str = "Address"
    why: str = "Why"
    in_own_words: str = "In your own words"
    special: str = "Extra permission"
    special_kind: str = "Kind of record"
    initials: str = "Initials"
    how_long: str = "How and how long"
    how_often: str = "How often"
    direction: str = "Direction"
    first_day: str = "First day"
    last_day: str = "Last day"
    event: str = "Or until"
    choices: str = "Your choices"
    taking_back: str = "Taking it back"
    office: str = "Office"
    email: str = "E-mail"
    phone: str = "Phone"
    afterwards: str = "What happens after"
    rights: str = "Your rights"
    minor: str = "The student's own agreement"
    signature: str = "Signature"
    capacity: str = "Signs as"
    typed: str = "Name as typed"
    signed_at: str = "Signed"
    method: str = "How it was signed"
    sign_here: str = "Sign here"
    date: str = "Date"
    drawn_by: str = "Signature of {name}"
    help: str = "Language and help"
    language: str = "Language"
    translation: str = "Translation"
    interpreter: str = "Interpreter"
    read_aloud: str = "Read aloud by"
    staff: str = "For staff"
    identity: str = "How we made sure who signed"
    custody: str = "Court orders checked"
    received_by: str = "Received by"
    entered_by: str = "Entered by"
    notices: str = "Notices that go with the records"
    evidence: str = "Proof of this consent"
    form: str = "Form"
    agreed: str = "Fingerprint of what was agreed (SHA-256)"
    code: str = "Verification code"
    check: str = "Check this paper at"
    qr: str = "QR code that opens {url}"
    none: str = "None"


@dataclass(frozen=True, kw_only=True)
class Consent(Paper):
    """The consent for release, in the blocks of our model form.

    status: empty, or a sentence such as `Taken back on …`, printed on top. signature None:
    the form before it is signed, with lines for a pen. instruments: what the school may
    give, what the partner may give; one that is not asked for is left out.
    """

    template: ClassVar[str] = "consent"

    form: str
    status: str = ""
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
    help: Help
    staff: StaffUse
    notices: Sequence[Notice]
    evidence: Evidence | None = None
    labels: ConsentLabels = field(default_factory=ConsentLabels)


# --- the letter with a one-time link --------------------------------------------


@dataclass(frozen=True)
class LanguageLine:
    """Where help is found, in one language; language: its code, for a reading voice."""

    language: str
    text: str


@dataclass(frozen=True)
class LetterLabels(Labels):
    """A letter needs few."""

    qr: str = "QR code that opens {url}"
    phone: str = "Phone"


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

    about: str = "About"
    period: str = "Time"
    made_for: str = "Made for"
    made_by: str = "Made by"
    made_at: str = "Made at"
    given: str = "What was shared"
    refused: str = "What was asked for and not shared"
    date: str = "When"
    who: str = "With whom"
    asked_by: str = "Who asked"
    what: str = "What"
    asked_for: str = "Asked for what"
    why: str = "Why"
    ground: str = "What allowed it"
    until: str = "They may see it until"
    reason: str = "Why not shared"
    rights: str = "Your rights"


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


# --- the notice that goes with files --------------------------------------------


@dataclass(frozen=True)
class NoticeLabels(Labels):
    """What stands before each line."""

    sent_to: str = "Sent to"
    sent_by: str = "Sent by"
    sent_at: str = "Sent at"
    file: str = "File"
    sha256: str = "Fingerprint of the file (SHA-256)"
    ground: str = "What allowed it"
    purpose: str = "For this purpose only"
    destroy_by: str = "Return or destroy by"
    scope: str = "What the consent covers"
    law: str = "Law"
    version: str = "Version"
    contact: str = "Questions"


@dataclass(frozen=True, kw_only=True)
class NoticePage(Paper):
    """The page that goes with a file of records: what its reader may not do with it.

    scope: a clear explanation of the consent's scope, where 42 CFR 2.32(b) asks for it.
    """

    template: ClassVar[str] = "notice"

    sent_to: str
    sent_by: str
    sent_at: str
    file: str
    sha256: str
    ground: str
    purpose: str
    destroy_by: str = ""
    notices: Sequence[Notice]
    scope: Sequence[str] = ()
    contact: str
    labels: NoticeLabels = field(default_factory=NoticeLabels)
