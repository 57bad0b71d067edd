"""The shelves: tables by subject, and migrations. No rule, no commit."""

from portal.store import standings  # listens to every change of a user, whoever makes it

__all__ = ["standings"]
