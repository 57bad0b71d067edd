"""Send a signer a reminder by e-mail, once it is written down."""

from __future__ import annotations

import uuid
from datetime import datetime

from portal import mail
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.agreements import reminding
from portal.agreements.reminding import Letter
from portal.config import settings
from portal.errors import Refused

CALL = "Call the signer, or send them the agreement's number and the portal's address yourself."
NO_SERVER = (
    "This portal cannot send e-mail: no mail server is set.",
    f"{CALL} Your administrator can set PORTAL_SMTP_URL and PORTAL_MAIL_FROM.",
)
NOT_SENT = (
    "The reminder did not go out: the mail server did not take it, or the address is wrong.",
    f"{CALL} You can try again; tell your administrator if it stays so.",
)


def remind(me: Actor, paper_id: uuid.UUID, at: datetime) -> Letter:
    """Remind the signer whose turn it is: written down first, then sent.

    Raises NotFound, Refused, and NotReady when nobody can be reminded now. What could not be
    sent is written down too, and can be tried again.
    """
    if not settings().smtp_url or not settings().mail_from:
        raise Refused(*NO_SERVER)
    with unit_of_work() as session:
        letter = reminding.remind(session, me, paper_id, at)
    if not mail.sent(letter.to, letter.subject, letter.text):
        with unit_of_work() as session:
            reminding.not_sent(session, me, letter, at)
        raise Refused(*NOT_SENT)
    return letter
