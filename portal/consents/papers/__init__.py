"""The papers of a consent: the form before it is signed, the receipt afterwards, the letter.

All are made from the same definition and the same ticks that the gate reads, so that a paper
and what it opens cannot drift apart. In the signer's language. Nothing here reads a table or
decides who may have a paper.

    receipt         what was agreed, as a tagged PDF and as a Word file that say the same
    form_to_sign    the filled form with room for a pen, as a tagged PDF
    letter          the one-time link on paper
    mail_text       the same as an e-mail
"""

from portal.consents.papers.form import form_to_sign
from portal.consents.papers.letter import Invitation, Mail, letter, mail_text
from portal.consents.papers.receipt import receipt
from portal.consents.papers.values import PDF, WORD, Agreed, AskedOf, Made, ToSign

__all__ = [
    "PDF",
    "WORD",
    "Agreed",
    "AskedOf",
    "Invitation",
    "Made",
    "Mail",
    "ToSign",
    "form_to_sign",
    "letter",
    "mail_text",
    "receipt",
]
