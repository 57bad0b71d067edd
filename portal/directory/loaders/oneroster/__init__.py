"""OneRoster 1.1 and 1.2 CSV: is this such a set, and what does it say?"""

from portal.directory.loaders.oneroster.rows import read

__all__ = ["read"]
