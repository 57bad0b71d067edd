"""Removing, restoring and approving a record, its history, and requests to amend it."""
