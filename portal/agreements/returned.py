"""What a partner changed in the Word file that it sent back: clause by clause, and all the rest.

    read(sent, file, Sent("M-7K3QF2", 2, said))      # -> Returned

A clause is found by the bookmark `clause_<id>` around it. Where bookmarks were lost, its
paragraphs are found by their likeness to those that were sent. What stands outside of the clauses
(the cover, the schedules, the places to sign) changes nothing in the portal; so that nobody
overlooks it, each difference there is told. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from portal.agreements import textual
from portal.agreements.compare import ITEM
from portal.agreements.compare import Said as Clause
from portal.agreements.opening import FIELD, opened
from portal.agreements.textual import plain
from portal.agreements.wordlines import Said, WordComment, WordLine, said
from portal.errors import BadFile, Problem
from portal.word.values import TAG_MARKS, clean

MOST_OUTSIDE = 200
FEWEST_WORDS = 4
"""A paragraph of fewer words is too common to be known again elsewhere in the file."""


@dataclass(frozen=True)
class Change:
    """A clause that differs. old, new: its paragraphs; new is None when it was taken out.

    A paragraph that is an item of a list begins with `* `, as in the library.
    """

    id: str
    old: tuple[str, ...]
    new: tuple[str, ...] | None


@dataclass(frozen=True)
class Outside:
    """A difference outside of the clauses. where: what it follows. old, new: empty for none."""

    where: str
    old: str
    new: str


@dataclass(frozen=True)
class Returned:
    """All that differs from what was sent, and the comments in the file."""

    changes: tuple[Change, ...] = ()
    comments: tuple[WordComment, ...] = ()
    outside: tuple[Outside, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Does it say what was sent, without a comment?"""
        return not (self.changes or self.comments or self.outside)


@dataclass(frozen=True)
class Sent:
    """What was sent: the number and the version of the paper, and its clauses as it prints them."""

    number: str
    version: int
    clauses: Mapping[str, Clause] = field(repr=False)


def read(sent: bytes, file: bytes, about: Sent) -> Returned:
    """Raises BadFile for what is no Word file, or none of this version of this agreement."""
    new = said(opened(file))
    if problems := _other_paper(new, about):
        raise BadFile(problems)
    return _Sides(said(opened(sent)), new, about).returned()


def _other_paper(new: Said, about: Sent) -> list[Problem]:
    text = new.text
    if about.number not in text:
        what = f"The file is no version of agreement {about.number}: its number does not occur."
        return [Problem(what, "Send back the file that you received, with your changes.", FIELD)]
    mark = f"{about.number}, version "
    digits = text.partition(mark)[2][:6].split(" ")[0].strip(".,;")
    if digits.isdigit() and int(digits) != about.version:
        what = f"The file is version {digits}; version {about.version} was sent last."
        return [Problem(what, f"Make your changes in version {about.version}.", FIELD)]
    return []


_Placed = Sequence[tuple[int, WordLine]]


class _Sides:
    """The document that was sent beside the one that came back."""

    def __init__(self, old: Said, new: Said, about: Sent) -> None:
        self.old, self.new, self.about = old, new, about
        self.owners = _owners(old, new)
        self.told: list[Outside] = []

    def returned(self) -> Returned:
        changes = tuple(change for id_ in self._ids() if (change := self._change(id_)))
        if problems := [p for change in changes for p in self._tag_problems(change)]:
            raise BadFile(problems)
        comments = tuple(self._placed(comment) for comment in self.new.comments)
        outside = [*self.told, *self._outside(), *self._moved(), *self._apart(), *self._unseen()]
        return Returned(changes, comments, tuple(outside[:MOST_OUTSIDE]))

    def _ids(self) -> list[str]:
        return list(dict.fromkeys(line.clause for line in self.old.lines if line.clause))

    def _title(self, id_: str) -> str:
        clause = self.about.clauses.get(id_)
        return f"“{clause.title}”" if clause else id_

    # Clauses

    def _change(self, id_: str) -> Change | None:
        """None when it says the same; what the portal did not print is told as outside."""
        old = [line for line in self.old.lines if line.clause == id_]
        new = [line for line, owner in self._owned() if owner == id_]
        if [plain(line.text) for line in old] == [plain(line.text) for line in new]:
            return None
        wording = self._wording(id_, old)
        if wording is None:
            self._tell(self._title(id_), [o.text for o in old], [n.text for n in new])
            return None
        if not new:
            return Change(id_, wording.paragraphs, None)
        lead, paragraphs = wording.reread(old, new)
        if lead is not None:
            self.told.append(Outside(f"Heading of {self._title(id_)}", wording.lead, lead))
        if list(map(plain, paragraphs)) == list(map(plain, wording.paragraphs)):
            return None
        return Change(id_, wording.paragraphs, paragraphs)

    def _owned(self) -> Iterator[tuple[WordLine, str]]:
        return zip(self.new.lines, self.owners, strict=True)

    def _wording(self, id_: str, old: Sequence[WordLine]) -> _Wording | None:
        """The clause's own words in the document; None where a template has words of its own."""
        clause = self.about.clauses.get(id_)
        if clause is None or len(clause.paragraphs) != len(old):
            return None
        bare = [plain(_bare(paragraph)) for paragraph in clause.paragraphs]
        if not all(plain(line.text).endswith(text) for line, text in zip(old, bare, strict=True)):
            return None
        kept = len(plain(old[0].text)) - len(bare[0])
        return _Wording(plain(old[0].text)[:kept].strip(), clause.paragraphs)

    def _tag_problems(self, change: Change) -> list[Problem]:
        if not any(TAG_MARKS.search(text) for text in change.new or ()):
            return []
        what = f"{self._title(change.id)} contains double braces, which stand for a field."
        return [Problem(what, "Leave out the braces.", FIELD)]

    def _placed(self, comment: WordComment) -> WordComment:
        """With its clause, also where the bookmark was lost."""
        if comment.clause in self.about.clauses:
            return comment
        found = (o for line, o in self._owned() if line.place == comment.place != -1)
        clause = next(found, "")
        return WordComment(clause, comment.author, comment.text, comment.quoted, comment.place)

    # The rest

    def _outside(self) -> Iterator[Outside]:
        old = [(n, line) for n, line in enumerate(self.old.lines) if not line.clause]
        new = [(n, line) for n, (line, owner) in enumerate(self._owned()) if not owner]
        before, after = [line.text for _n, line in old], [line.text for _n, line in new]
        for i, k in textual.paired(before, after):
            was, now = before[i] if i is not None else "", after[k] if k is not None else ""
            if plain(was) != plain(now):
                yield Outside(self._where(old, i, new, k), was, now)

    def _where(self, old: _Placed, i: int | None, new: _Placed, k: int | None) -> str:
        """The heading above it."""
        if i is not None:
            lines, place = self.old.lines, old[i][0]
        else:
            lines, place = self.new.lines, new[k or 0][0]
        above = [line for line in lines[:place] if line.is_heading]
        return f"Under “{above[-1].text}”" if above else "At the beginning"

    def _tell(self, where: str, old: Sequence[str], new: Sequence[str]) -> None:
        for i, k in textual.paired(old, new):
            was, now = old[i] if i is not None else "", new[k] if k is not None else ""
            if plain(was) != plain(now):
                self.told.append(Outside(where, was, now))

    def _moved(self) -> Iterator[Outside]:
        """Clauses that stand elsewhere now; the portal prints them in the order of the library."""
        there = list(dict.fromkeys(owner for owner in self.owners if owner))
        before = [id_ for id_ in self._ids() if id_ in there]
        matcher = SequenceMatcher(None, before, there, autojunk=False)
        for tag, _i, _j, k, m in matcher.get_opcodes():
            for n in range(k, m) if tag in ("insert", "replace") else ():
                after = self._title(there[n - 1]) if n else "the beginning"
                was = before.index(there[n])
                old = self._title(before[was - 1]) if was else "the beginning"
                yield Outside(
                    f"{self._title(there[n])} was moved", f"After {old}", f"After {after}"
                )

    def _apart(self) -> Iterator[Outside]:
        where = "In a header, footer or note"
        before, after = self.old.apart, self.new.apart
        for i, k in textual.paired([_still(t) for t in before], [_still(t) for t in after]):
            was, now = before[i] if i is not None else "", after[k] if k is not None else ""
            if _still(was) != _still(now):
                yield Outside(where, was, now)

    def _unseen(self) -> Iterator[Outside]:
        """Words that Word does not show, or that somebody struck through, count as taken out."""
        for where, before, after in (
            ("Hidden words, read as taken out", self.old.hidden, self.new.hidden),
            ("Words struck through by hand, read as taken out", self.old.struck, self.new.struck),
        ):
            fresh = [text for text in after if text not in before]
            if fresh:
                yield Outside(where, "", " … ".join(fresh))


def _still(text: str) -> str:
    """Without the numbers that Word counts anew."""
    return "".join(c for c in plain(text) if not c.isdigit())


def _bare(paragraph: str) -> str:
    return paragraph.removeprefix(ITEM)


@dataclass(frozen=True)
class _Wording:
    """A clause as the document prints it: `lead` before its first words, such as its title."""

    lead: str
    paragraphs: tuple[str, ...]

    def reread(
        self, old: Sequence[WordLine], new: Sequence[WordLine]
    ) -> tuple[str | None, tuple[str, ...]]:
        """The lead, if it changed, and the paragraphs that the clause has now."""
        pairs = textual.paired([line.text for line in old], [line.text for line in new])
        origin = {k: i for i, k in pairs if i is not None and k is not None}
        items = {new[k].style for k, i in origin.items() if self._is_item(i)}
        items -= {new[k].style for k, i in origin.items() if not self._is_item(i)}
        lead, told = None, []
        for k, line in enumerate(new):
            i = origin.get(k)
            text = str(clean(line.text))
            if i == 0 or (k == 0 and 0 not in origin.values()):
                found, text = _without_lead(self.lead, old[0].text, text)
                lead = found if plain(found) != plain(self.lead) else None
            if i is not None and plain(text) == plain(_bare(self.paragraphs[i])):
                told.append(self.paragraphs[i])
            elif text:
                item = self._is_item(i) if i is not None else line.style in items
                told.append(f"{ITEM if item else ''}{text}")
        return lead, tuple(told)

    def _is_item(self, place: int) -> bool:
        return self.paragraphs[place].startswith(ITEM)


def _without_lead(lead: str, old: str, new: str) -> tuple[str, str]:
    """The new paragraph's lead, and the rest of it."""
    length = len(lead.split())
    before, after = textual.words(old), textual.words(new)
    matcher = SequenceMatcher(
        None, [plain(w) for w in before], [plain(w) for w in after], autojunk=False
    )
    edge = 0
    for tag, i, j, k, m in matcher.get_opcodes():
        if i >= length:
            break
        edge = k + (length - i) if tag == "equal" and j > length else m
    return "".join(after[:edge]).strip(), "".join(after[edge:]).strip()


# Whose is a line?


def _owners(old: Said, new: Said) -> list[str]:
    """The clause of each line that came back, "" for none.

    Its bookmark tells; else the line that was sent and that it resembles; else, for a new
    paragraph, the clause that it follows.
    """
    origin = _origin(old, new)
    owners: list[str] = []
    for n, line in enumerate(new.lines):
        if line.clause in old.marked:
            owners.append(line.clause)
        elif n in origin:
            owners.append(old.lines[origin[n]].clause)
        elif line.is_heading or line.is_row or not owners:
            owners.append("")
        else:
            owners.append(owners[-1])
    return owners


def _origin(old: Said, new: Said) -> dict[int, int]:
    """Which line of the old document each of the new one was; also where it stands elsewhere."""
    before, after = [line.text for line in old.lines], [line.text for line in new.lines]
    pairs = textual.paired(before, after)
    origin = {k: i for i, k in pairs if i is not None and k is not None}
    left = {i for i, k in pairs if k is None}
    known: dict[str, int] = {}
    for i in sorted(i for i in left if i is not None):
        if len(before[i].split()) >= FEWEST_WORDS:
            known.setdefault(plain(before[i]), i)
    for k, text in enumerate(after):
        if k not in origin and plain(text) in known:
            origin[k] = known.pop(plain(text))
    return origin
