"""/agreements: which agreements are in force, for everybody (Conn. Gen. Stat. 10-234bb(g)).

Each is here from the moment its last signature is written down, and for a year after its end.
Nothing here is about a student or needs an account; of files only the issued document leaves,
and only where its parties have said that it is public. The certificate of signing stays with
the parties: it names everybody who wrote and sent drafts, which the public need not know; that
a document is genuine anybody finds out at /verify.
"""

from __future__ import annotations

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from portal import clock
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements.queries import lines_before
from portal.agreements.register import queries
from portal.agreements.register.queries import Known
from portal.policy.papers import Posted
from portal.web.family import pages
from portal.web.family import speech as languages
from portal.web.family.pages import answering, run
from portal.web.family.speech import Speech
from portal.web.files import file
from portal.web.register import telling, words


class Register:
    """The pages of everybody."""

    @answering
    async def listed(self, request: Request) -> Response:
        """The list."""
        return await run(_list, languages.of(request))

    @answering
    async def one(self, request: Request) -> Response:
        """One agreement."""
        return await run(_one, languages.of(request), request.path_params["number"])

    @answering
    async def word(self, request: Request) -> Response:
        """The issued document."""
        return await run(_file, languages.of(request), request.path_params["number"], False)

    @answering
    async def pdf(self, request: Request) -> Response:
        """The same as PDF."""
        return await run(_file, languages.of(request), request.path_params["number"], True)


def _list(speech: Speech) -> Response:
    at = clock.now()
    with unit_of_work(reading()) as session:
        found = queries.on_the_page(session, at)
    lists = {
        where: _by_district([known for known in found if known.posted(at) is where])
        for where in Posted
    }
    return pages.page(
        "agreements.html",
        speech,
        in_force=lists[Posted.IN_FORCE],
        ended=lists[Posted.ENDED],
        several=len({known.district for known in found}) > 1,
        tell=telling,
        words=words,
    )


def _by_district(found: list[Known]) -> dict[str, list[Known]]:
    lists: dict[str, list[Known]] = {}
    for known in found:
        lists.setdefault(known.district, []).append(known)
    return lists


def _one(speech: Speech, number: str) -> Response:
    at = clock.now()
    with unit_of_work(reading()) as session:
        known = _posted(session, number)
        if known is None:
            return pages.message(speech, 404, *words.NO_PAGE)
        clauses = queries.clauses(session, known)
        before = lines_before(session, known.id)
    by_law, others = telling.summaries(clauses, speech)
    return pages.page(
        "agreement.html",
        speech,
        known=known,
        over=known.posted(at) is Posted.ENDED,
        is_open=known.is_open(at),
        parting=telling.parting(known, at, speech),
        sharing=telling.sharing(known, before, speech),
        services=telling.services(known, speech),
        special=telling.special(known.content),
        by_law=by_law,
        others=others,
        tell=telling,
        words=words,
    )


def _file(speech: Speech, number: str, pdf: bool) -> Response:
    with unit_of_work(reading()) as session:
        known = _posted(session, number)
        if known is None:
            return pages.message(speech, 404, *words.NO_PAGE)
        found = queries.public_file(session, known, pdf=pdf, at=clock.now())
    if found is None:
        return pages.message(speech, 404, *words.NO_FILE)
    return file(found.file_name, found.media_type, found.content)


def _posted(session: Session, number: str) -> Known | None:
    """What stands in one of the lists; a draft and an unknown number look alike."""
    known = queries.numbered(session, number[:20], clock.now())
    return known if known is not None and known.posted(clock.now()) else None
