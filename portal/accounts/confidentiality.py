"""The duty of confidentiality that everybody accepts at their first sign-in and each year.

The words follow the district's policy "Data-Based Information Management System" (Proper Use 2
and 4; General Access to Database, with its levels and its item 10) and FERPA (34 CFR 99.31(a)(1),
99.33). Whoever changes a word gives it a new version, and everybody is asked again.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import once, trail
from portal.access.actor import Actor
from portal.store.accounts import Acknowledgment

ACKNOWLEDGED = "account.acknowledged"
VERSION = "2026-1"
WORDS = (
    "I use this portal for my own work with students only, and open only what that work needs.",
    "Only authorized people have access. How much I see is set by the Superintendent of Schools "
    "under the district's policy, or, if I work for a partner agency, by the agreement with my "
    "agency and the consent of the family.",
    "Any accessing or use outside of the policy's guidelines without the written permission of "
    "the Superintendent is unauthorized. It may be grounds for discipline, up to and including "
    "termination of employment; for a partner, for ending its access.",
    "If I need information beyond my access, I apply in writing to the Superintendent and wait "
    "for the written decision.",
    "What identifies a student is protected by the Family Educational Rights and Privacy Act "
    "(FERPA, 20 U.S.C. §1232g; 34 CFR Part 99). I give it to nobody who is not entitled to it "
    "under FERPA, and I do not pass on what was disclosed to me.",
    "My account is mine alone. I do not lend it, I do not work in anybody else's, and I lock or "
    "leave the portal when I leave my desk.",
    "My use of the portal is written down and looked at. If something was opened, sent or lost by "
    "mistake, I tell my administrator at once.",
)
WORDS_SHA256 = hashlib.sha256("\n".join((VERSION, *WORDS)).encode()).hexdigest()


def acknowledge(session: Session, me: Actor, sha256: str, at: datetime) -> bool:
    """Write down that I have read and accept today's words; a second click changes nothing.

    sha256: of the words that stood on the page. False when they have changed since.
    """
    if sha256 != WORDS_SHA256:
        return False
    made, key = uuid.uuid4(), f"{sha256} {at:%Y-%m-%d}"
    if once.first_result(session, me, ACKNOWLEDGED, key, made, at) is not None:
        return True
    session.add(
        Acknowledgment(id=made, user_id=me.id, version=VERSION, text_sha256=sha256, given_at=at)
    )
    detail = {"version": VERSION, "sha256": sha256}
    trail.write(session, me, trail.Entry(ACKNOWLEDGED, True, at, detail=detail))
    return True
