"""What the words of the drop-downs mean, on one page."""

import streamlit as st

from portal.access.unit_of_work import unit_of_work
from portal.access.words import words_of
from portal.policy.tasks import Task
from portal.ui import parts
from portal.ui.go import go_to
from portal.ui.page import page_for
from portal.vocabulary import WORD_LIST_LABELS

me = page_for(Task.SEE_WORDS)
with unit_of_work() as session:
    words = words_of(session, me.organization_id)
parts.title("What the words mean", "Each list that you choose from, as your district words it.")
if st.button("Back to today"):
    go_to("today.py")
for name, label in WORD_LIST_LABELS.items():
    parts.heading(label)
    parts.table(
        label,
        ["Word", "Meaning"],
        [[word.label, word.definition] for word in words.choices(name)],
        "No word is offered.",
    )
