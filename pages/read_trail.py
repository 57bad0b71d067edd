"""Read who opened what of our students' records, and why it was allowed or refused."""

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.stewardship.queries import trail_page
from portal.ui import more_links, parts, trail_table
from portal.ui.days import Days
from portal.ui.page import page_for

me = page_for(Task.READ_TRAIL)
now = clock.now()
days = Days(now, me.tz)

parts.title(
    "Disclosures",
    "Every time a record was opened, by a partner or by our own staff, and every refusal. "
    "Kept with the education record (34 CFR 99.32). That you read this is written down too.",
)
more_links.show(me, more_links.OVERSIGHT)
wanted = trail_table.about(me, trail_table.filters(days), days)
with unit_of_work() as session:
    page = trail_page(session, me, wanted, now, trail_table.page_wanted())
trail_table.show(page, wanted, days)
