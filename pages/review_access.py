"""Go through everybody's access once a quarter: keep, change or remove, then sign it off."""

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.reviewing import service
from portal.ui import parts, review_desk
from portal.ui.days import Days
from portal.ui.page import page_for
from portal.vocabulary import ReviewKind

me = page_for(Task.REVIEW_ACCESS)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    desk = service.desk(session, me, ReviewKind.ACCESS, days.now)
    before = service.earlier(session, me, ReviewKind.ACCESS)

parts.title(
    "Review of access",
    "Who can sign in, what they were granted beyond their level, and which accounts the command "
    "line has. Each quarter somebody looks at every one of them.",
)
parts.status_line()
review_desk.show(me, desk, days)
review_desk.to_withdraw(me, desk, days)
review_desk.sign(me, desk, days)
review_desk.earlier(before, days)
parts.proper_use()
