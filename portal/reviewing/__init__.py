"""Periodic reviews of people, grants and data, gone through in one pass and signed off.

opening: each quarter's reviews, with what stood beside each line on that day.
service: keep, change, remove, sign off. queries: what a page shows of one.
"""
