"""A form counts once."""

from __future__ import annotations

import threading
import uuid

import pytest
from sqlalchemy.orm import Session

from portal.access import once
from portal.access.unit_of_work import unit_of_work
from tests.engines import migrated
from tests.people import NOW, Cast, store_cast


def test_a_form_sent_again_finds_what_it_made(cast: Cast) -> None:
    ana, made = cast.who(cast.ana), uuid.uuid4()

    assert once.first_result(cast.session, ana, "visit.logged", "key", made, NOW) is None
    again = once.first_result(cast.session, ana, "visit.logged", "key", uuid.uuid4(), NOW)
    other = once.first_result(cast.session, ana, "referral.sent", "key", uuid.uuid4(), NOW)

    assert (again, other) == (made, None)


def test_a_click_that_comes_while_the_first_is_being_stored_finds_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, made = cast.who(cast.ana), uuid.uuid4()
    once.first_result(cast.session, ana, "visit.logged", "key", made, NOW)
    cast.session.expunge_all()
    really, looked = cast.session.get, []

    def not_there_a_moment_ago(*args: object, **options: object) -> object:
        looked.append(args)
        return None if len(looked) == 1 else really(*args, **options)

    monkeypatch.setattr(cast.session, "get", not_there_a_moment_ago)

    again = once.first_result(cast.session, ana, "visit.logged", "key", uuid.uuid4(), NOW)

    assert again == made


def test_what_did_not_come_about_may_be_done_again(cast: Cast) -> None:
    ana, made = cast.who(cast.ana), uuid.uuid4()
    once.forget(cast.session, ana, "urgent.mailed", "key")  # nothing to forget
    assert once.first_result(cast.session, ana, "urgent.mailed", "key", made, NOW) is None
    once.forget(cast.session, ana, "urgent.mailed", "key")

    assert once.first_result(cast.session, ana, "urgent.mailed", "key", made, NOW) is None


def test_two_clicks_at_the_same_instant_make_one(empty_url: str) -> None:
    with migrated(empty_url) as engine:
        with Session(engine, expire_on_commit=False) as session:
            cast = store_cast(session)
            ana = cast.who(cast.ana)
            session.commit()
        both_are_here, results = threading.Barrier(2), []

        def click() -> None:
            mine = uuid.uuid4()
            both_are_here.wait()
            with unit_of_work(engine) as work:
                results.append(once.first_result(work, ana, "visit.logged", "key", mine, NOW))

        clicks = [threading.Thread(target=click) for _ in range(2)]
        for thread in clicks:
            thread.start()
        for thread in clicks:
            thread.join()

    assert sum(result is None for result in results) == 1
