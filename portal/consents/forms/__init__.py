"""The consent form as data: what it is, what it must have, and what it asks. Pure values.

A district's definition is the one source of the questions on a phone, of the printed
form and of what a signature covers. Nothing here reads a table or draws a page.
"""
