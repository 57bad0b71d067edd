"""Write down what somebody outside or the Board asks for, and read the register of requests."""

from portal import clock
from portal.policy.tasks import Task
from portal.ui import parts, request_outside, request_register
from portal.ui.days import Days
from portal.ui.page import page_for

me = page_for(Task.WRITE_REQUEST)
days = Days(clock.now(), me.tz)

parts.title(
    "Register of requests",
    "Every request in writing for information: of staff, from outside, for research, of the Board.",
)
parts.status_line()
line = request_register.show(me, days)
if line is not None:
    request_outside.consents(me, line, days)
request_outside.form(me, days)
