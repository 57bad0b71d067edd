"""What is due for me today."""

from portal.policy.tasks import Task
from portal.ui import parts
from portal.ui.page import page_for

me = page_for(Task.SEE_TODAY)
parts.title("Today")
