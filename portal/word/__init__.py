"""Filling Word templates. Floor 0: no database, no rule about people, no screen.

docxtpl does the merging. What it would pass over in silence is refused here: a
missing field printed as nothing, a broken part re-read without its last clauses,
a value that turns into markup, a tag that reaches for Python.
"""
