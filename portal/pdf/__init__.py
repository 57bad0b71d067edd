"""Making PDFs that a screen reader can read (PDF/UA-1). Floor 0: no database, no rule, no screen.

typst does the setting, in processes of its own. Templates are in templates/pdf and hold no
language: every word on a paper comes in as a value, and no value can become markup.
"""
