"""Change a district's drop-downs. Nothing is deleted: what was chosen once reads as it did.

Two people may edit at once: whoever saves second says which state of the word they had before
them (`shown`), and is told when it is no longer that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.access.words import ENGLISH, Words, words_of
from portal.directory.word_lists import queries, rules
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.store.support import Term
from portal.vocabulary import WordList
from portal.word_lists import SHIPPED, Word

STEP = 10
"""Between two places, as `access.words` counts them."""

CHANGED_MEANWHILE = Problem(
    "Somebody else changed this list while you were at it.",
    "Look at what it says now, and make your change again if it is still needed.",
    "Word",
)
NO_SUCH_WORD = Problem("There is no such word.", "Choose it from the list again.", "Word")


def write(
    session: Session, me: Actor, name: WordList, word: Word, shown: Word | None, at: datetime
) -> str:
    """Keep a word as it is told here; its code. shown: as it was on the screen, None for a new one.

    Raises NotReady with every problem, or when it is no longer as it was shown.
    """
    me.may(Task.KEEP_WORD_LISTS).or_refuse()
    edited = queries.rows(session, me.organization_id, name)
    words = words_of(session, me.organization_id)
    if found := list(rules.problems(name, word, words)):
        raise NotReady(found)
    if shown is None:
        code = rules.code_for(word.label, words.lists[name])
        row = Term(district_id=me.organization_id, list=name, code=code, own=True)
        row.position = max(_places(edited, name).values(), default=0) + STEP
    else:
        _require_as_shown(words, name, shown)
        code = shown.code
        row = _row(me, name, code, edited)
    _fill(row, word)
    _kept(session, [row])
    changed = _changed(shown, word) if shown else ["added"]
    _told(session, me, "words.written", name, code, at, changed)
    return code


def move(session: Session, me: Actor, name: WordList, code: str, by: int, at: datetime) -> None:
    """Put a word so many places further down (or up, when negative); past the end changes nothing.

    Raises NotReady when there is no such word.
    """
    me.may(Task.KEEP_WORD_LISTS).or_refuse()
    edited = queries.rows(session, me.organization_id, name)
    order = [word.code for word in words_of(session, me.organization_id).all(name)]
    if code not in order:
        raise NotReady([NO_SUCH_WORD])
    place = order.index(code)
    order.insert(max(place + by, 0), order.pop(place))
    now = _places(edited, name)
    for number, each in enumerate(order, start=1):
        if now[each] != number * STEP:
            row = _row(me, name, each, edited)
            row.position = number * STEP
            _kept(session, [row])
    _told(session, me, "words.moved", name, code, at, ["position"])


def retire(session: Session, me: Actor, name: WordList, code: str, at: datetime) -> None:
    """Offer a word no more; what has it keeps it and reads as before.

    Raises NotReady for the last word of a list, and where reports count by the list.
    """
    _offer(session, me, name, code, at, offered=False)


def bring_back(session: Session, me: Actor, name: WordList, code: str, at: datetime) -> None:
    """Offer a retired word again."""
    _offer(session, me, name, code, at, offered=True)


def _offer(
    session: Session, me: Actor, name: WordList, code: str, at: datetime, *, offered: bool
) -> None:
    me.may(Task.KEEP_WORD_LISTS).or_refuse()
    edited = queries.rows(session, me.organization_id, name)
    words = words_of(session, me.organization_id)
    word = words.lists[name].get(code)
    if word is None:
        raise NotReady([NO_SUCH_WORD])
    if word.retired is not offered:
        return  # somebody else did it, or it was clicked twice
    if not offered and (found := list(rules.retiring_problems(name, code, words))):
        raise NotReady(found)
    row = _row(me, name, code, edited)
    row.retired_at = None if offered else at
    _kept(session, [row])
    _told(
        session, me, "words.brought_back" if offered else "words.retired", name, code, at, ["offer"]
    )


def _row(me: Actor, name: WordList, code: str, edited: dict[str, Term]) -> Term:
    """The district's row of a word, or a new one that says what was shipped."""
    if code in edited:
        return edited[code]
    place, word = next(
        (place, word) for place, word in enumerate(SHIPPED[name], start=1) if word.code == code
    )
    row = Term(district_id=me.organization_id, list=name, code=code, own=False)
    row.position = place * STEP
    _fill(row, word)
    return row


def _fill(row: Term, word: Word) -> None:
    texts = {language: text.strip() for language, text in word.labels.items()}
    row.labels = {ENGLISH: word.label.strip(), **{k: text for k, text in texts.items() if text}}
    row.definition = word.definition.strip()
    row.implies, row.asca = word.implies, word.asca
    row.social_work, row.sbch = word.social_work, word.sbch


def _places(edited: dict[str, Term], name: WordList) -> dict[str, int]:
    """The place of each word, as `access.words` orders them."""
    shipped = {word.code: place * STEP for place, word in enumerate(SHIPPED[name], start=1)}
    return shipped | {code: row.position for code, row in edited.items()}


def _require_as_shown(words: Words, name: WordList, shown: Word) -> None:
    now = words.lists[name].get(shown.code)
    if now is None:
        raise NotReady([NO_SUCH_WORD])
    if now != shown:
        raise NotReady([CHANGED_MEANWHILE])


def _kept(session: Session, rows: Iterable[Term]) -> None:
    """Two people may make a word's first row at the same instant: the second is told."""
    try:
        with session.begin_nested():
            session.add_all(rows)
            session.flush()
    except IntegrityError:
        raise NotReady([CHANGED_MEANWHILE]) from None


def _changed(shown: Word, word: Word) -> list[str]:
    return [
        each.name for each in fields(Word) if getattr(shown, each.name) != getattr(word, each.name)
    ]


def _told(
    session: Session,
    me: Actor,
    event: str,
    name: WordList,
    code: str,
    at: datetime,
    changed: Sequence[str],
) -> None:
    told = {"changed": list(changed)}
    trail.write(session, me, trail.Entry(event, True, at, subject=f"{name}/{code}", detail=told))
