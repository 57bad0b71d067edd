"""The languages that families read. Floor 0: words only, no table, no rule, no screen.

A folder of `catalogs/` is a language: its `portal.po` is read as it is, so a new
language needs no code. The English text of record is the message's own id and
stands beside its translation. `scripts/words.py` collects what is to be translated.
"""
