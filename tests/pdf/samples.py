"""One of each paper, made up, with every optional part, so that each field is printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from portal.config import ROOT
from portal.pdf import qr, signature
from portal.pdf.papers import (
    Certificate,
    Consent,
    Consents,
    Cosigner,
    Disclosures,
    Entry,
    Evidence,
    Export,
    Fact,
    Given,
    Grid,
    Happened,
    Help,
    HelpInPlace,
    Hints,
    InPlace,
    Instrument,
    LanguageLine,
    Letter,
    Minor,
    Minutes,
    NeedStands,
    NotGiven,
    Notice,
    Office,
    Party,
    Quote,
    Record,
    Reply,
    ReplySection,
    ReplyTable,
    Side,
    Signature,
    Signed,
    Signer,
    Special,
    StaffUse,
    Student,
    Summary,
    Tick,
    Why,
    logo,
)

AT = datetime(2026, 9, 14, 14, 5, tzinfo=UTC)
LINK = "https://portal.example.org/c/7Qm4-sample-one-time-link-of-forty-characters"
VERIFY = "https://portal.example.org/verify/K7XM-2QPD"
LOGO = logo((ROOT / "portal/web/assets/icon.png").read_bytes(), "Two circles, joined")

STROKES = tuple(
    tuple((40.0 + 9 * n + 90 * loop, 100.0 + (50, -40, 20, -60)[n % 4]) for n in range(9))
    for loop in range(4)
)
SVG = signature.to_svg(STROKES)

SIGNATURE = Signature(
    name="Marisol Ejemplo",
    capacity="Parent",
    method="Drawn and signed on screen",
    signed_at="September 14, 2026, 10:05 AM EDT (UTC-4)",
    statement="I have read this, or it was read to me. I agree.",
    typed="Marisol Ejemplo",
    svg=SVG,
)

SCHOOL_GIVES = Instrument(
    block="school_may_give",
    heading="The school may give",
    law="FERPA consent, 34 CFR 99.30",
    giver="Sampleton Public Schools",
    receiver="Riverside Sample Clinic: case team",
    records=(
        Tick("Days at school and days missed", True, "Yes", "July 1, 2026 – June 30, 2027"),
        Tick("Visits with support staff: when, how long, what for", True, "Yes", "All of it"),
        Tick("Test scores", False, "No"),
        Tick("Care for alcohol or drug use", False, "No"),
    ),
    detail="All of each record",
    starts_on="September 14, 2026",
    ends_on="June 30, 2027",
    event="The care ends",
    number="C-1A2B3C",
    hint="Tick what the school may give. What you do not tick stays closed.",
    status="Taken back on December 3, 2026, at 4:12 PM.",
)

PARTNER_GIVES = Instrument(
    block="partner_may_give",
    heading="The clinic may give",
    law="HIPAA authorization, 45 CFR 164.508",
    giver="Riverside Sample Clinic",
    receiver="Sampleton Public Schools: school social worker",
    records=(
        Tick("Whether appointments are kept", True, "Yes", "From September 14, 2026"),
        Tick("Safety plan", False, "No"),
    ),
    detail="Only what and when, not who and not the story",
    starts_on="September 14, 2026",
    ends_on="December 31, 2026",
)

NOTICES = (
    Notice(
        title="Do not pass these records on",
        text="Use these records only for the purpose named here. Do not pass them on to anybody "
        "unless the parent, or the student who is 18, has agreed to it.",
        law="34 CFR 99.33",
        version="2026-1",
    ),
    Notice(
        title="Records of care for alcohol or drug use",
        text="42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
        law="42 CFR 2.32",
        version="2026-1",
    ),
)


def consent() -> Consent:
    """A receipt: signed, and taken back in one direction."""
    return Consent(
        title="Consent for release",
        number="C-7K3QF2",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Sampleton Public Schools. Made on September 14, 2026, 10:05 AM EDT.",
        form="Consent for Release, version 3",
        note="This is your copy. Keep it.",
        status="Taken back on December 3, 2026, at 4:12 PM: the school gives nothing more.",
        intro="This paper says what the school and the clinic may tell each other to help Luis.",
        student=Student("Luis Ejemplo", "March 2, 2012", "North Sample School", "104-221"),
        signer=Signer("Marisol Ejemplo", "Parent", "Parent of a minor", "Photo ID seen"),
        instruments=(SCHOOL_GIVES, PARTNER_GIVES),
        parties=(
            Party("Sampleton Public Schools", "Gives and gets", "1 Sample Green, Sampleton"),
            Party("Riverside Sample Clinic", "Gets and gives", "20 Mill Road, Sampleton"),
        ),
        purposes=(
            Why("To work on a plan together", True, "Yes"),
            Why("To pay for care", False, "No"),
        ),
        purpose_words="Help with sleep and worry before tests.",
        special_intro="Each of these needs its own initials. Without initials the answer is no.",
        special=(
            Special("Care for alcohol or drug use", True, "Yes", "Riverside Sample Clinic", "ME"),
            Special("HIV: tests, status or care", False, "No", "Sampleton Public Schools"),
        ),
        never="Never on this form: psychotherapy notes, SUD counseling notes, use in court.",
        how_often="As it happens, until the last day",
        choices=("You choose. You may say no. If you say no, nothing at school will change.",),
        taking_back=(
            "You may take this back on any day. We stop sharing at once.",
            "We cannot call back what was shared before.",
        ),
        office=Office("Student Support Office", "1 Sample Green", "s@example.org", "860-555-0100"),
        afterwards=(
            "The clinic may use this only to help Luis. It may not pass it on.",
            "What the clinic tells the school becomes a school record. Either parent may read it.",
        ),
        rights=("You may have a copy of this form, and a list of who got the records.",),
        minor=Minor("I am the student, and I agree.", replace(SIGNATURE, name="Luis Ejemplo")),
        signing="By signing I agree to what is ticked above.",
        signature=SIGNATURE,
        cosigners=(Cosigner("Olga Ejemplo", "September 14, 2026"),),
        help=Help("Spanish", "es-2026-1, by T. Traductora", "Inés Intérprete", "Olga Oral"),
        staff=StaffUse("One-time link and birth date", "Yes, none on file", "A. Staff", "B. Staff"),
        notices=NOTICES,
        evidence=Evidence(
            form="Consent for Release, version 3",
            form_sha256="9876543210fedcba" * 4,
            identity="One-time link and the student's birth date",
            signed_at="September 14, 2026, 10:05 AM EDT (UTC-4)",
            agreed_sha256="0123456789abcdef" * 4,
            code="K7XM-2QPD",
            url=VERIFY,
            qr=qr.svg(VERIFY),
        ),
        hints=Hints(
            signer="Tell us who you are.",
            parties="No one else may get the records by this form.",
            why="The records may be used for no other reason.",
            how_long="We stop after June 30, 2027.",
            choices="Read what happens if you say no.",
            taking_back="A yes is not for good.",
            afterwards="Read what may be done with the records.",
            rights="Read what you may ask us for.",
            signature="Read your answers once more.",
            help="Ask for somebody who reads it to you.",
            staff="The school fills in this part.",
            notices="A note goes along with the records.",
        ),
    )


def form() -> Consent:
    """The same before it is signed, with room for a pen."""
    instruments = tuple(replace(each, status="") for each in consent().instruments)
    minor = Minor("I am the student, and I agree.")
    return replace(
        consent(), status="", instruments=instruments, minor=minor, signature=None, evidence=None
    )


def packet() -> Consents:
    """Two forms to be signed by hand."""
    one = replace(form(), logo=None, number="Q-7K3QF2 · 1/2")
    return Consents(
        title="Consent for release",
        number="Q-7K3QF2",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Sampleton Public Schools. Made on September 14, 2026, 10:05 AM EDT.",
        sheets=(one, replace(one, title="Consent for notes", number="Q-7K3QF2 · 2/2")),
    )


def reply() -> Reply:
    """An answer to a family that asked to amend a record."""
    return Reply(
        title="Your request to change a school record",
        number="A-7K2M",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Sampleton Public Schools, Student Support Office",
        address="1 Sample Green, Sampleton, CT",
        phone="860-555-0100",
        to="Marisol Ejemplo",
        date="September 14, 2026",
        greeting="Dear Marisol Ejemplo,",
        sections=(
            ReplySection("What you asked for", ("The note says that he was late. He was not.",)),
            ReplySection("What we decided", ("We did not change it.", "The bell log says so.")),
        ),
        tables=(ReplyTable("Bells by month", ("Bell", "October"), (("First", "twenty-one"),)),),
        closing="Thank you.",
        signed_by="Paula Prueba",
        signed_title="Principal",
    )


def letter() -> Letter:
    """A letter with a link."""
    return Letter(
        title="Your answer, please",
        number="L-2Q9XK4",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Sampleton Public Schools, Student Support Office",
        address="1 Sample Green, Sampleton, CT",
        phone="860-555-0100",
        to="Marisol Ejemplo",
        to_address="4 Made-up Lane\nSampleton, CT",
        date="September 14, 2026",
        greeting="Dear Marisol Ejemplo,",
        paragraphs=(
            "We would like to work with a clinic to support your child. We need your answer first.",
            "You may say yes, no, or yes to some. Nothing is shared until you sign.",
        ),
        link_heading="How to answer",
        link_steps=(
            "Hold your phone's camera over the square, or type the address below.",
            "Type your child's birth date.",
            "Answer the questions. It takes about ten minutes.",
        ),
        url=LINK,
        qr=qr.svg(LINK),
        genuine_heading="Is this letter real?",
        genuine=(
            "The address begins with https://portal.example.org/.",
            "We never ask for a password, a bank account or a Social Security number.",
            "Call the school at the number that you know, and ask for letter L-2Q9XK4.",
        ),
        languages_heading="Help in your language",
        languages=(
            LanguageLine("en", "English: call 860-555-0100. Help is free."),
            LanguageLine("es", "Español: llame al 860-555-0100. La ayuda es gratis."),
            LanguageLine("pt", "Português: ligue para 860-555-0100. A ajuda é gratuita."),
            LanguageLine("pl", "Polski: zadzwoń pod 860-555-0100. Pomoc jest bezpłatna."),
        ),
        closing="With kind regards,",
        signed_by="Paula Prueba",
        signed_title="School social worker",
    )


def disclosures(rows: int = 40) -> Disclosures:
    """Who has seen what; enough rows for a second page."""
    given = Given(
        date="September 15, 2026, 9:30 AM",
        person="Dana Doe-Sample, clinician",
        organization="Riverside Sample Clinic",
        address="20 Mill Road, Sampleton, CT",
        what="Days at school and days missed; visits with support staff. 2 of 9 kinds of record",
        why="To work on a plan together",
        ground="Consent C-7K3QF2, signed on September 14, 2026 (34 CFR 99.30)",
        until="June 30, 2027",
    )
    refused = NotGiven(
        date="September 16, 2026, 1:00 PM",
        person="Charlie Sample",
        organization="Hilltop Sample Agency",
        address="No address known",
        what="Test scores",
        why="Not told",
        reason="No consent signed by the family covers it.",
    )
    return Disclosures(
        title="Who has seen the records: all laws",
        number="A-9XK42Q",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Made on September 20, 2026, 10:05 AM EDT. For the family; not to be passed on.",
        about="Luis Ejemplo",
        period="September 20, 2020 – September 20, 2026",
        made_for="Marisol Ejemplo, parent",
        made_by="Ana Sample, records officer",
        made_at="September 20, 2026, 10:05 AM EDT",
        intro=("Each row is one time when records were shown or sent to somebody.",),
        given=(given,) * rows,
        no_given="No record found: nothing was shared in this time.",
        refused=(refused,),
        no_refused="No record found: no request was refused in this time.",
        rights=("If something here is wrong, tell the Student Support Office.",),
    )


def certificate(signers: int = 2) -> Certificate:
    """Who signed an agreement: the partner by hand, the district by a typed name."""
    by_hand = Signed(
        name="Rosa Sample",
        title="Executive Director",
        capacity="Resolution of its directors of June 2, 2026",
        organization="Riverside Sample Clinic",
        how="By hand on paper, as “Rosa Sample, Executive Director”; the scan is kept",
        signed_at="September 12, 2026 (the day on the paper)",
        recorded="September 14, 2026, 9:59:07 AM EDT (UTC-04:00), by Dina Sample",
        sha256="0123456789abcdef" * 4,
        scan_sha256="89abcdef01234567" * 4,
    )
    typed = replace(
        by_hand,
        name="Pat Sample",
        title="Superintendent",
        organization="Sampleton Public Schools",
        how="Name typed, signed in as “Pat Sample, Superintendent”",
        signed_at="September 14, 2026, 10:05:00 AM EDT (UTC-04:00)",
        recorded="",
        scan_sha256="",
    )
    url = "https://portal.example.org/verify/M-7K3QF2"
    return Certificate(
        title="Certificate of signing",
        number="M-7K3QF2",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Sampleton Public Schools. Made by the portal on September 14, 2026.",
        intro="It says who signed which document, when, and how that is known.",
        kind="Memorandum of understanding",
        in_force="September 14, 2026 through June 30, 2027",
        executed="September 14, 2026, 10:05:00 AM EDT (UTC-04:00)",
        vote="September 1, 2026",
        parties=(
            Side("Sampleton Public Schools", "District", "1 Sample Green, Sampleton, CT"),
            Side("Riverside Sample Clinic", "Partner", "20 Mill Road, Sampleton, CT"),
        ),
        file_name="Agreement-M-7K3QF2.docx",
        size="41,822 bytes",
        made_from="Standard agreement, version 2 (0123456789ab)",
        sha256="0123456789abcdef" * 4,
        signers=(by_hand, typed, *(typed,) * (signers - 2)),
        timeline=(
            Happened(
                "August 30, 2026, 8:00:00 AM EDT (UTC-04:00)",
                "First written",
                "Dina Sample, Sampleton Public Schools",
            ),
            Happened("September 14, 2026, 10:05:00 AM EDT (UTC-04:00)", "Signed by all", ""),
        ),
        law=("A typed name may stand as a signature.", "This is no legal advice."),
        verifying=("Open the address below.", "Or compare the fingerprint."),
        url=url,
        qr=qr.svg(url),
    )


def record(entries: int = 30) -> Record:
    """A student's record as it is printed; enough entries for a second page."""
    entry = Entry(
        date="November 18, 2026, 10:20 AM",
        kind="Note of a support visit",
        what="Individual session, 30 min",
        who="Ana Sample",
        text="Practiced asking for a break. Chose the blue card.",
        mark="(RESTRICTED)",
        statement="Statement of September 3, 2026: that is not what I said.",
    )
    return Record(
        title="Student record",
        number="P-7K2M",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Printed by Ana Sample on November 20, 2026. Do not pass on.",
        mark="Ana Sample · November 20, 2026",
        warning="For use inside the school. Do not pass this on.",
        about="Luis Ejemplo",
        school="Grade 7, North Sample School",
        purpose="A meeting of the support team",
        basis="School official (34 CFR 99.31(a)(1))",
        made_by="Ana Sample, school social worker",
        made_at="November 20, 2026, 10:05 AM EST",
        period="Entries since July 1, 2025.",
        strengths=(Quote("I draw maps.", "In the student's words"),),
        services=(InPlace("Individual counseling", "Ana Sample", "Tier 2", "Sep 8", "Jun 15"),),
        needs=(NeedStands("Anxiety", "Tier 2", "Oct 10", "Riverside Clinic", "Unmet, 41 days"),),
        entries=(entry,) * entries,
        closed=("Health records: not open to you.",),
        notices=(
            Notice("Do not pass on", "These records come from a clinic.", "42 CFR 2.32", "1"),
        ),
    )


def export(rows: int = 60) -> Export:
    """Rows that were taken out; enough of them for a second page."""
    return Export(
        title="Visits",
        number="E-7K2M3Q",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Ana Sample, November 20, 2026. Do not pass on.",
        mark="Ana Sample · November 20, 2026 · E-7K2M3Q",
        warning="Confidential. Shred it afterwards.",
        made_by="Ana Sample, school social worker",
        made_at="November 20, 2026, 10:05 AM EST",
        purpose="My own work away from the portal: planning the groups of December",
        period="September 1 to November 20, 2026",
        amount="60 rows about 12 students",
        columns=("Day", "Student", "What"),
        rows=(("Nov 18", "Ejemplo, Luis", "Individual session, 30 min"),) * rows,
        proper_use="It is not for the evaluation of anybody.",
    )


def summary() -> Summary:
    """What a family takes home."""
    return Summary(
        title="How we support Luis",
        number="",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Made on November 20, 2026 for Marisol Ejemplo.",
        about="Luis Ejemplo",
        made_for="Marisol Ejemplo",
        made_by="Ana Sample, school social worker",
        made_at="November 20, 2026",
        intro=("This page tells how the school helps.",),
        strengths=(Quote("I draw maps.", "In the student's words"),),
        no_strengths="Nothing is told yet.",
        services=(HelpInPlace("Individual counseling", "Ana Sample", "Since September 8, 2026"),),
        no_services="There is none yet.",
        steps=("We asked Riverside Clinic for help.",),
        no_steps="There is nothing to do.",
        call_name="Ana Sample",
        call_office="Student Support Office",
        call_phone="860-555-0100",
        call_email="ana@sampleton.example",
        rights=("You may see the records.",),
    )


def minutes(rows: int = 30) -> Minutes:
    people = tuple((f"Person {number}", "Teacher", "Keep") for number in range(rows))
    return Minutes(
        title="Review of access",
        number="2026-Q4",
        district="Sampleton Public Schools",
        logo=LOGO,
        foot="Kept by the portal",
        facts=(Fact("Period", "2026-Q4"), Fact("Opened", "October 1, 2026")),
        intro=("Everybody who can sign in was looked at.",),
        tables=(
            Grid("People", ("Name", "Role", "Decision"), people, "Nobody."),
            Grid("Grants", ("Who", "What"), (), "No grant is open."),
        ),
        signing="Signed off",
        statement="Only authorized staff shall be given access to the database.",
        signed="Signed by Ada Sample on October 20, 2026",
    )


def everything() -> tuple[
    Consent, Consent, Letter, Reply, Disclosures, Certificate, Record, Export, Summary, Minutes
]:
    """One of each."""
    school = letter(), reply(), disclosures(), certificate()
    return consent(), form(), *school, record(), export(), summary(), minutes()
