"""Send the e-mail of a request, once the request is saved."""

from __future__ import annotations

from portal import mail
from portal.consents.requests.sending import Out
from portal.errors import Refused


def post(out: Out | None) -> str:
    """Empty when it went, or when none was to go; else what happened and what to do instead.

    A second click finds the first one's request, without a mail: nothing is sent twice.
    """
    if out is None or out.mail is None:
        return ""
    try:
        mail.send(out.sent.email, out.mail.subject, out.mail.body)
    except Refused as refused:
        return f"{refused.what} {refused.do_next}"
    return ""
