"""The shelves: tables by subject, and migrations. No rule, no commit."""
