"""Memoranda of understanding: written, issued as exact bytes, signed by both, ended."""
