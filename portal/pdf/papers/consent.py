"""The consent: before it is signed the form, afterwards the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from portal.languages.marks import N_
from portal.pdf.papers.base import Labels, Paper


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
