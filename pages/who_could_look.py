"""Who could have opened a student's record on a past day, and whom somebody could have opened."""

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.monitoring.looking_back import queries as back
from portal.policy.tasks import Task
from portal.ui import looking_back, parts
from portal.ui.days import Days
from portal.ui.page import page_for, telling_problems

me = page_for(Task.SEE_WHO_COULD)
days = Days(clock.now(), me.tz)
parts.title(
    "Who could look",
    "On any past day: everybody to whom the record was open, why, and who opened it. "
    "That you ask is written down too.",
)
student = looking_back.about_a_student()
chosen = looking_back.choose(me, days, student=student)
asked = looking_back.period(days, student=student)
if chosen and asked:
    with telling_problems():
        with unit_of_work() as session:
            since = back.kept_since(session)
            if student:
                told = back.ask(session, me, chosen, asked, days.now)
            else:
                reach = back.ask_of_person(session, me, chosen, asked.start, days.now)
        looking_back.honest(since, asked, days)
        if student:
            looking_back.answer(told, asked, days)
        else:
            looking_back.answer_of_person(reach)
