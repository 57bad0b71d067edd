"""Which tests are traced for coverage: those of the rooms that ask the rules and the door.

Tracing makes a page twice as slow, and a page's test is not what shows that a branch of a rule
is held. Whatever is not covered by the tests named here is missing from the report.
"""

from __future__ import annotations

import pytest

TRACED = {
    "access",
    "accounts",
    "collecting",
    "corrections",
    "directory",
    "monitoring",
    "policy",
    "referrals",
    "retaining",
    "reviewing",
    "scenarios",
    "stewardship",
    "supports",
    "transitions",
    "visits",
    "written_requests",
}
"""Folders of tests/."""


def follow(item: pytest.Item) -> None:
    """Trace from here on, or stop, as this test asks; without coverage there is nothing to do."""
    plugin = item.config.pluginmanager.get_plugin("_cov")
    if plugin is None or plugin.cov_controller is None:
        return
    controller = plugin.cov_controller
    wanted = item.path.parts[len(item.config.rootpath.parts) + 1] in TRACED
    if wanted and not controller.started:
        controller.resume()
    elif controller.started and not wanted:
        controller.pause()
