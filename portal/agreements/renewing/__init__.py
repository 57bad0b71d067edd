"""Renew many agreements at once: what ends when, one pass over those chosen, what came of each.

    run = renewing.begin(session, me, [Chosen(paper_id, first_day, last_day), …], at, key)
    done = renewing.step(session, me, run.id, at)            # again and again while done.more
    given = renewing.printed(session, me, done.to_print, at) # where it asks for it: reads only
    done = renewing.step(session, me, run.id, at, given)

A pass can be left and taken up again by anybody of the district whose task it is: each step is
a short transaction of its own, and no agreement is done twice. Printing, which takes longest,
holds up nobody who wants to write.
"""

from portal.agreements.renewing.service import Chosen, Print, Step, begin, printed, step

__all__ = ["Chosen", "Print", "Step", "begin", "printed", "step"]
