"""The four ways in which the portal says no, each with what happened and what to do next.

A page catches these and shows both sentences. What is our own mistake is not
caught here: it reaches the error hook, which shows a code and logs the cause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a form or a file, and how to put it right.

    field: the form's field or the file's column; where: file and row, empty for a form.
    """

    what: str
    do_next: str
    field: str = ""
    where: str = ""


class PortalError(Exception):
    """Base of the errors that a person can read and act upon."""

    def __init__(self, what: str, do_next: str) -> None:
        super().__init__(what)
        self.what = what
        self.do_next = do_next


class Refused(PortalError):
    """The person may not do this. `codes` names every rule that stood against it."""

    def __init__(self, what: str, do_next: str, codes: Sequence[str] = ()) -> None:
        super().__init__(what, do_next)
        self.codes = tuple(codes)


class NotFound(PortalError):
    """Nothing of that kind is visible to this person; a foreign id and a missing one look alike."""


class NotReady(PortalError):
    """Something is missing or contradictory; `problems` names each field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.what, first.do_next)
        self.problems = tuple(problems)


class BadFile(PortalError):
    """A file cannot be used; `problems` holds all of them, not the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.what, first.do_next)
        self.problems = tuple(problems)


class Collecting:
    """Tries several steps of one form, so that all their problems are told at once.

    >>> steps = Collecting()
    >>> visit = steps.attempt(lambda: visits.log(…))
    >>> steps.attempt(lambda: referrals.refer(…))
    >>> steps.or_not_ready()          # raises NotReady with the problems of both
    """

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}

    def attempt(self, step: Callable[[], T]) -> T | None:
        """What the step returns, or None when it was not ready; the same problem counts once."""
        try:
            return step()
        except NotReady as error:
            self._problems |= dict.fromkeys(error.problems)
            return None

    def or_not_ready(self) -> None:
        """Raises NotReady when any step had a problem."""
        if self._problems:
            raise NotReady(tuple(self._problems))
