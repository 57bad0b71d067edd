"""Mail an agency the link to a referral, once the referral is saved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from portal import mail
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.config import settings
from portal.errors import PortalError, Refused
from portal.referrals import links
from portal.referrals.following import reminding
from portal.referrals.following.reminding import Letter as Reminder

CALL = "The referral is saved and waits in the agency's inbox; call them if it is urgent."


def invite(me: Actor, referral_ids: Iterable[uuid.UUID], at: datetime) -> str:
    """Mail each agency its link: written down first, then sent.

    Empty when all went or none was to go; else what did not, and what to do instead. Saving a
    referral never fails because of a mail.
    """
    if not settings().smtp_url or not settings().mail_from:
        return ""
    failed = [one for one in referral_ids if not _one(me, one, at)]
    return f"The mail with the link did not go out. {CALL}" if failed else ""


def _one(me: Actor, referral_id: uuid.UUID, at: datetime) -> bool:
    try:
        with unit_of_work() as session:
            letter = links.invite(session, me, referral_id, at)
    except PortalError:
        return True  # taken back, or out of reach meanwhile: there is nothing to mail
    return letter is None or mail.sent(letter.to, letter.subject, letter.text)


NO_SERVER = (
    "This portal cannot send e-mail: no mail server is set.",
    "Call the agency, and write down what it says. Your administrator can set PORTAL_SMTP_URL "
    "and PORTAL_MAIL_FROM.",
)
NOT_SENT = (
    "The reminder did not go out: the mail server did not take it, or the address is wrong.",
    "Call the agency. You can try again; tell your administrator if it stays so.",
)


def remind(me: Actor, referral_id: uuid.UUID, at: datetime) -> Reminder:
    """Remind the agency: written down first, then sent.

    Raises NotFound, Refused, and NotReady when it cannot be reminded now. What could not be sent
    is written down too, and can be tried again.
    """
    if not settings().smtp_url or not settings().mail_from:
        raise Refused(*NO_SERVER)
    with unit_of_work() as session:
        letter = reminding.remind(session, me, referral_id, at)
    if not mail.sent(letter.to, letter.subject, letter.text):
        with unit_of_work() as session:
            reminding.not_sent(session, me, letter, at)
        raise Refused(*NOT_SENT)
    return letter
