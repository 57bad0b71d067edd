"""Bringing a roster in: what the portal knows, what the file changes, and writing it at once."""
