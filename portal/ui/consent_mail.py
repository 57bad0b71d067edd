"""Send the e-mail of a request, once the request is saved."""

from __future__ import annotations

from portal import mail
from portal.consents.requests.service import Sent
from portal.errors import Refused


def post(sent: Sent) -> str:
    """Empty when it went, or when none was to go; else what happened and what to do instead.

    A second click finds the first one's request, without a mail: nothing is sent twice.
    """
    if sent.mail is None:
        return ""
    try:
        mail.send(sent.email, sent.mail.subject, sent.mail.body)
    except Refused as refused:
        return f"{refused.what} {refused.do_next}"
    return ""
