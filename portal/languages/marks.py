"""The mark by which `scripts/words.py` finds a text that is to be translated."""

from __future__ import annotations

N_ = str
"""`N_("Attendance")` is the English text itself; a catalog translates it where it is shown."""
