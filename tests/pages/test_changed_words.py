"""What changed in a text is told word by word, and whole where little stayed."""

from __future__ import annotations

from portal.ui.changed_words import markup


def test_a_changed_word_is_struck_out_and_the_new_one_underlined():
    told = markup("The Partner reports within 30 days.", "The Partner reports within 10 days.")

    assert "The Partner reports within" in told
    assert '<del><span class="p-heard">Taken out: </span>30</del>' in told
    assert '<ins><span class="p-heard">New: </span>10</ins>' in told


def test_a_text_of_which_little_stays_is_shown_old_and_new():
    told = markup("One two three four.", "Something quite different is said here.")

    assert told.count("<p>") == 2
    assert "One two three four." in told and "Something quite different is said here." in told


def test_it_is_shown_as_typed():
    assert "<b>" not in markup("a <b>bold</b> word", "a <b>bold</b> <i>word</i>")
