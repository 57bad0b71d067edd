"""A request that reaches a family by a link: as a letter, and as an e-mail.

Neither names a student, a partner or a kind of record: another may open it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.consents.addresses import consent_url, start
from portal.consents.forms.definition import Definition
from portal.languages import catalog as languages
from portal.languages.catalog import Catalog, catalog
from portal.languages.marks import N_
from portal.pdf import papers as pdf
from portal.pdf import qr, render
from portal.store.places import Organization


@dataclass(frozen=True)
class Invitation:
    """A request with the link to it. until: when the link stops working.

    number: of the request. with_code: is a code, told in another way, asked for as well?
    signed_by: the member of staff who asks.
    """

    form: Definition
    district: Organization
    number: str
    to: str
    to_address: str
    language: str
    token: str
    with_code: bool
    until: datetime
    signed_by: str
    at: datetime


@dataclass(frozen=True)
class Mail:
    """An e-mail as plain text."""

    subject: str
    body: str


TITLE = N_("Please answer a question from your school")
GREETING = N_("Dear %(name)s,")
WHY = N_(
    "We would like to work with others who can help. We need your answer first. You may say yes, "
    "no, or yes to some of it."
)
NOTHING_YET = N_("Nothing is shared before you sign. If you say no, nothing at school will change.")
UNTIL = N_("The link works once, until %(day)s. After that, ask us for a new one.")
OTHER_WAYS = N_("You would rather have it on paper, or talk to us? Call or visit us.")

HOW = N_("How to answer")
SCAN = N_("Hold your phone's camera over the square, or type the address below.")
OPEN = N_("Open this address:")
PROVE = N_("Type the birth date that it asks for. This is how we know that it is you.")
PROVE_WITH_CODE = N_(
    "Type the birth date that it asks for, and the code that the school gives you in another way."
)
SIGN = N_("Read, answer and sign. You may stop and go on later.")

REAL = N_("Is this message real?")
BEGINS = N_("The address begins with %(start)s.")
NEVER_ASKED = N_("We never ask for a password, a bank account or a Social Security number.")
ASK_US = N_("If you are not sure, call the school at a number that you know. Ask about %(number)s.")

IN_YOUR_LANGUAGE = N_("Help in your language")
HELP_BY_PHONE = N_("%(language)s: We help you in your language. It is free. Call %(phone)s.")
HELP_AT_SCHOOL = N_("%(language)s: We help you in your language. It is free. Ask the school.")
CLOSING = N_("Thank you.")


def letter(invitation: Invitation) -> bytes:
    """The letter as a tagged PDF, with the link in letters and as a QR code."""
    paper = _letter(invitation)
    return render.make(pdf.order(paper, language=invitation.language, at=invitation.at))


def _letter(invitation: Invitation) -> pdf.Letter:
    told = catalog(invitation.language)
    t = told.gettext
    district, url = invitation.district, consent_url(invitation.token)
    return pdf.Letter(
        title=t(TITLE),
        number=invitation.number,
        district=district.name,
        logo=_logo(invitation),
        foot=f"{district.name} · {invitation.form.office.office}".rstrip(" ·"),
        address=invitation.form.office.address or district.address,
        phone=_phone(invitation),
        to=invitation.to,
        to_address=invitation.to_address,
        date=languages.day(_local(invitation.at, district), invitation.language),
        greeting=t(GREETING, name=invitation.to),
        paragraphs=(t(WHY), t(NOTHING_YET), _until(invitation, told), t(OTHER_WAYS)),
        link_heading=t(HOW),
        link_steps=(t(SCAN), _prove(invitation, told), t(SIGN)),
        url=url,
        qr=qr.svg(url),
        genuine_heading=t(REAL),
        genuine=_genuine(invitation, told),
        languages_heading=t(IN_YOUR_LANGUAGE),
        languages=help_lines(_phone(invitation)),
        closing=t(CLOSING),
        signed_by=invitation.signed_by,
        signed_title=district.name,
        labels=pdf.labels(pdf.LetterLabels, t),
    )


def mail_text(invitation: Invitation) -> Mail:
    """The e-mail, in the signer's language, with where to find help in each of the others."""
    told = catalog(invitation.language)
    t = told.gettext
    steps = [
        f"{t(OPEN)}\n{consent_url(invitation.token)}",
        _prove(invitation, told),
        t(SIGN),
    ]
    parts = [
        t(GREETING, name=invitation.to),
        t(WHY),
        t(NOTHING_YET),
        f"{t(HOW)}\n" + "\n".join(f"{n}. {step}" for n, step in enumerate(steps, start=1)),
        _until(invitation, told),
        t(OTHER_WAYS),
        f"{t(REAL)}\n" + "\n".join(f"- {line}" for line in _genuine(invitation, told)),
        "\n".join(line.text for line in help_lines(_phone(invitation))),
        f"{t(CLOSING)}\n{invitation.signed_by}\n{invitation.district.name}",
    ]
    return Mail(f"{t(TITLE)} ({invitation.number})", "\n\n".join(parts) + "\n")


def help_lines(phone: str) -> tuple[pdf.LanguageLine, ...]:
    """Where help is found, in every language that the portal speaks."""
    return tuple(_help_line(catalog(code).gettext, code, name, phone) for code, name in _each())


def _each() -> list[tuple[str, str]]:
    return list(languages.available().items())


def _help_line(t: Callable[..., str], code: str, name: str, phone: str) -> pdf.LanguageLine:
    text = t(HELP_BY_PHONE, language=name, phone=phone) if phone else ""
    return pdf.LanguageLine(code, text or t(HELP_AT_SCHOOL, language=name))


def _until(invitation: Invitation, told: Catalog) -> str:
    last = languages.moment(invitation.until, invitation.district.tz, invitation.language)
    return told.gettext(UNTIL, day=last)


def _prove(invitation: Invitation, told: Catalog) -> str:
    return told.gettext(PROVE_WITH_CODE if invitation.with_code else PROVE)


def _genuine(invitation: Invitation, told: Catalog) -> tuple[str, ...]:
    t = told.gettext
    return (
        t(BEGINS, start=f"{start()}/"),
        t(NEVER_ASKED),
        t(ASK_US, number=invitation.number),
    )


def _phone(invitation: Invitation) -> str:
    return invitation.form.office.phone or invitation.district.phone


def _logo(invitation: Invitation) -> pdf.Picture | None:
    picture = invitation.form.logo
    return pdf.logo(picture, invitation.district.name) if picture else None


def _local(at: datetime, district: Organization) -> date:
    return at.astimezone(ZoneInfo(district.tz)).date()
