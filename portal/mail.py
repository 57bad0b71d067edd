"""Mail, by the district's own server, and nothing but mail: no queue, no tracking, no log.

    mail.send("parent@example.org", subject, text)

An address and a link are secrets of a family: neither is ever logged or put into an error.
Nothing is sent while a transaction is open: whoever calls has committed first.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

from portal.config import settings
from portal.errors import Refused

SECONDS = 15
PORTS = {"smtp": 587, "smtps": 465}
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
PRINT_IT = "Print the letter with the link instead, and give it to the family."

NO_SERVER = (
    "This portal cannot send e-mail: no mail server is set.",
    f"{PRINT_IT} Your administrator can set PORTAL_SMTP_URL and PORTAL_MAIL_FROM.",
)
NOT_SENT = (
    "The mail server did not take the e-mail.",
    f"{PRINT_IT} Tell your administrator that sending failed.",
)
NO_ADDRESS = ("This is not an e-mail address.", f"Correct it on the page Families. {PRINT_IT}")
NOT_SAFE = (
    "The mail server does not keep the e-mail secret on its way (no TLS).",
    f"{PRINT_IT} Tell your administrator to set a server with STARTTLS, or smtps://.",
)


def send(to: str, subject: str, text: str) -> None:
    """Send a letter in plain text. Raises Refused, with what to do instead, when it cannot."""
    server, sender = settings().smtp_url, settings().mail_from
    if not server or not sender:
        raise Refused(*NO_SERVER)
    letter = _letter(sender, to, subject, text)
    failed = False
    try:
        _deliver(urlsplit(server), letter)
    except (OSError, smtplib.SMTPException, ValueError):
        failed = True  # told outside, so that no address goes along as the cause
    if failed:
        raise Refused(*NOT_SENT)


def sent(to: str, subject: str, text: str) -> bool:
    """Send it, and say whether the server took it.

    For whoever raises something of their own then: an address never goes along as its cause.
    """
    try:
        send(to, subject, text)
    except Refused:
        return False
    return True


def _letter(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = sender
    letter["To"] = _address(to)
    letter["Subject"] = " ".join(subject.split())
    letter["Message-ID"] = make_msgid(domain=settings().public_host)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    return letter


def _address(to: str) -> Address:
    address = None
    address = None
    with suppress(HeaderParseError, ValueError, IndexError):
        address = Address(addr_spec=to.strip())
    if address is None or not address.username or not address.domain or set(to) & set("\r\n"):
        raise Refused(*NO_ADDRESS)
    return address


def _deliver(server: SplitResult, letter: EmailMessage) -> None:
    host, port = server.hostname or "", server.port or PORTS.get(server.scheme, 587)
    secret = ssl.create_default_context()
    if server.scheme == "smtps":
        with smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=secret) as line:
            _say(line, server, letter)
        return
    with smtplib.SMTP(host, port, timeout=SECONDS) as line:
        line.ehlo()
        if line.has_extn("starttls"):
            line.starttls(context=secret)
            line.ehlo()
        elif host not in HERE:
            raise Refused(*NOT_SAFE)
        _say(line, server, letter)


def _say(line: smtplib.SMTP, server: SplitResult, letter: EmailMessage) -> None:
    if server.username:
        line.login(unquote(server.username), unquote(server.password or ""))
    line.send_message(letter)
