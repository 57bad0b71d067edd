"""The clause library: what an agreement may say, article by article, and what it may not leave out.

`articles` names the headings, `conditions` the facts on which a clause may depend, `texts` holds
the shipped wording, `wording` prints it, and `library` chooses and judges. Pure: no table, no
screen. The wording is our own and no legal advice; a district's counsel reads it before use.
"""
