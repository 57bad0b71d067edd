"""Ask in writing for information outside one's general access, and follow what became of it."""

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.ui import parts, request_ask
from portal.ui.days import Days
from portal.ui.page import page_for
from portal.written_requests import queries

me = page_for(Task.ASK_FOR_ACCESS)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    lines = queries.mine(session, me, days.now)

parts.title("Ask for access")
request_ask.head()
parts.status_line()
request_ask.mine(me, lines, days)
request_ask.form(me, days)
