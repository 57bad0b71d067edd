"""Requests in writing for information beyond one's general access (the district's policy, 10)."""
