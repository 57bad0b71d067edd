"""See what data the portal holds: what, why, by which mandate, how often, who sees it, how long."""

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.retaining import service
from portal.ui import catalog_list, parts
from portal.ui.days import Days
from portal.ui.page import page_for

me = page_for(Task.SEE_CATALOG)
days = Days(clock.now(), me.tz)
with unit_of_work() as session:
    held = service.see_catalog(session, me)

parts.title(
    "What data is held",
    "Every table and column of this portal, why we hold it and who sees it. Who sees it follows "
    "from the levels of access; how long it is kept, from your district's schedule.",
)
group, typed = catalog_list.filters()
catalog_list.show(held, group, typed)
catalog_list.questions(held.questions, group, typed)
