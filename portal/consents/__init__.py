"""Consents for release: signed by whoever holds the right, kept as they were, taken back."""
