"""Look at what is stale, perhaps there twice, or was corrected; settle each line, then sign."""

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.reviewing import service
from portal.ui import parts, review_desk
from portal.ui.days import Days
from portal.ui.page import page_for
from portal.vocabulary import ReviewKind

me = page_for(Task.REVIEW_DATA)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    desk = service.desk(session, me, ReviewKind.DATA, days.now)
    before = service.earlier(session, me, ReviewKind.DATA)

parts.title(
    "Review of the data",
    "What has not changed for long, what may be there twice, and what was corrected since the "
    "review before. What is mended leaves the list by itself.",
)
parts.status_line()
review_desk.show(me, desk, days)
review_desk.sign(me, desk, days)
review_desk.earlier(before, days)
