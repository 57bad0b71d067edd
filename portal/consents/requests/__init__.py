"""Asking a family to sign: what is asked, the link, the answers so far, and how it ended."""
