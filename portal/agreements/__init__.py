"""Agreements: written, agreed on, issued as exact bytes, signed by all, ended and settled."""
