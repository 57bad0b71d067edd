"""Filling Word templates. Floor 0: no database, no rule about people, no screen.

The dialect is docxtpl's; the tags are written into the parsed document. What string work passes
over in silence is refused here: a missing field printed as nothing, a broken part re-read without
its last clauses, a value that turns into markup, a tag that reaches for Python.
"""
