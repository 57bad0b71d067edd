"""A caseload changes hands: who sees whom from when, and what the next one is told."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import gate
from portal.access.actor import load
from portal.errors import NotFound, NotReady, Refused
from portal.store.people import Relation, StaffLock, User
from portal.store.records import Record
from portal.store.support import FollowUp, Handover
from portal.transitions import queries
from portal.transitions.handover import RESTRICTED, hand_over
from portal.transitions.rules import HandoverDraft, Told, handover_problems
from portal.vocabulary import HandoverPrompt, Level, RelationKind, Role
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
TOLD = Told(
    {HandoverPrompt.STRENGTHS: "Draws all day.", HandoverPrompt.FIRST: "Ask about the dog."},
    restricted="His brother came home.",
)


@pytest.fixture
def cora(cast: Cast) -> User:
    """A colleague without a caseload yet."""
    return make.user(
        cast.session, cast.district, "Cora Hearing", Role.SUPPORT_STAFF, Level.COUNSELOR
    )


def a_draft(cast: Cast, to: User, **more: object) -> HandoverDraft:
    draft = HandoverDraft(cast.ana.id, to.id, (cast.luis.id,), told={cast.luis.id: TOLD})
    return replace(draft, **more)  # type: ignore[arg-type]


def give(cast: Cast, draft: HandoverDraft, by: User | None = None, key: str = "") -> None:
    hand_over(cast.session, cast.who(by or cast.ana), draft, NOW, key or uuid.uuid4().hex)


def opens(cast: Cast, who: User, at=NOW + DAY) -> bool:
    me = load(cast.session, who.id, at)
    try:
        gate.open_record(cast.session, me, cast.luis.id, "coordinate", at)
    except NotFound:
        return False
    return True


def read_by(cast: Cast, who: User) -> str:
    me = load(cast.session, who.id, NOW + DAY)
    record = gate.open_record(cast.session, me, cast.luis.id, "coordinate", NOW + DAY)
    return "\n".join(text for item in record.items for text in item.parts.values())


def items(cast: Cast) -> list[tuple[Handover, Record]]:
    rows = cast.session.execute(select(Handover, Record).join(Record).order_by(Record.restricted))
    return [tuple(row) for row in rows]


def test_the_next_one_serves_the_student_and_the_former_does_not(cast: Cast, cora: User) -> None:
    assert not opens(cast, cora)
    give(cast, a_draft(cast, cora))

    assert opens(cast, cora)
    assert not opens(cast, cast.ana)
    kind = select(Relation.kind).where(Relation.user_id == cora.id)
    assert cast.session.scalar(kind) is RelationKind.COUNSELOR


def test_it_takes_effect_on_the_day_that_is_chosen(cast: Cast, cora: User) -> None:
    give(cast, a_draft(cast, cora, on=TODAY + 7 * DAY))

    assert opens(cast, cast.ana, NOW + 6 * DAY)
    assert not opens(cast, cora, NOW + 6 * DAY)
    assert opens(cast, cora, NOW + 7 * DAY)
    assert not opens(cast, cast.ana, NOW + 7 * DAY)


def test_what_is_told_is_an_item_of_the_record_and_the_restricted_box_one_of_its_own(
    cast: Cast, cora: User
) -> None:
    give(cast, a_draft(cast, cora))

    (told, plain), (secret, restricted) = items(cast)
    assert told.answers == {"strengths": "Draws all day.", "first": "Ask about the dog."}
    assert secret.answers == {RESTRICTED: "His brother came home."}
    assert told.pair_id == secret.pair_id
    assert (plain.restricted, restricted.restricted) == (False, True)
    assert {plain.author_id, restricted.author_id} == {cast.ana.id}
    assert (plain.told_to_id, restricted.told_to_id) == (None, cora.id)
    assert (told.from_id, told.to_id) == (cast.ana.id, cora.id)


def test_whoever_takes_over_reads_the_restricted_box_and_another_colleague_does_not(
    cast: Cast, cora: User
) -> None:
    dee = make.user(cast.session, cast.district, "Dee Other", Role.SUPPORT_STAFF, Level.CLINICIAN)
    make.relation(cast.session, dee, cast.luis, RelationKind.SERVICE)
    give(cast, a_draft(cast, cora))

    assert "His brother came home." in read_by(cast, cora)
    assert "Draws all day." in read_by(cast, dee)
    assert "His brother came home." not in read_by(cast, dee)


def test_nothing_has_to_be_told(cast: Cast, cora: User) -> None:
    give(cast, a_draft(cast, cora, told={cast.luis.id: Told()}))

    assert items(cast) == []


def test_what_was_told_of_one_child_is_on_no_other_record(cast: Cast, cora: User) -> None:
    give(cast, a_draft(cast, cora, students=(cast.luis.id, cast.mei.id)))

    assert {record.student_id for _told, record in items(cast)} == {cast.luis.id}


def test_open_follow_ups_go_along(cast: Cast, cora: User) -> None:
    def follow_up(days: int, **more: object) -> FollowUp:
        return make.stored(
            cast.session,
            FollowUp(
                staff_id=cast.ana.id,
                student_id=cast.luis.id,
                due_on=TODAY + days * DAY,
                written_at=LONG_AGO,
                **more,
            ),
        )

    late, soon, done = follow_up(-3), follow_up(9), follow_up(9, done_at=NOW)
    give(cast, a_draft(cast, cora, on=TODAY + DAY))

    assert (late.staff_id, soon.staff_id, done.staff_id) == (cast.ana.id, cora.id, cast.ana.id)


def test_a_second_click_changes_nothing(cast: Cast, cora: User) -> None:
    give(cast, a_draft(cast, cora), key="k")
    give(cast, a_draft(cast, cora), key="k")

    assert len(items(cast)) == 2


def test_the_next_one_finds_it_on_today(cast: Cast, cora: User) -> None:
    give(cast, a_draft(cast, cora))

    [line] = queries.handed_to_me(cast.session, cast.who(cora), NOW)
    assert (line.student, line.giver) == ("Sample, Luis", "Ana Counts")
    later = NOW + 15 * DAY
    assert queries.handed_to_me(cast.session, load(cast.session, cora.id, later), later) == []
    assert queries.handed_to_me(cast.session, cast.who(cast.ana), NOW) == []


def test_a_principal_hands_over_a_colleagues_students(cast: Cast, cora: User) -> None:
    give(cast, a_draft(cast, cora), by=cast.omar)
    assert opens(cast, cora)


def test_nobody_else_hands_over_what_is_not_theirs(cast: Cast, cora: User) -> None:
    with pytest.raises(Refused):
        give(cast, a_draft(cast, cora), by=cora)
    with pytest.raises(Refused):
        give(cast, a_draft(cast, cora), by=cast.tom)
    for students in ((cast.zoe.id,), (cast.luis.id, cast.zoe.id)):
        with pytest.raises(NotFound):
            give(cast, a_draft(cast, cora, students=students))


def test_a_student_who_is_not_on_that_caseload(cast: Cast, cora: User) -> None:
    with pytest.raises(NotFound):
        give(cast, a_draft(cast, cast.ana, from_id=cora.id), by=cast.omar)


def test_only_who_can_have_a_caseload_takes_one(cast: Cast) -> None:
    for other in (cast.tom, cast.rita):
        with pytest.raises(Refused):
            give(cast, a_draft(cast, other))
    with pytest.raises(NotFound):
        give(cast, replace(a_draft(cast, cast.tom), to_id=cast.luis.id))


def test_a_colleague_with_a_conflict_of_interest_does_not_get_the_student(
    cast: Cast, cora: User
) -> None:
    lock = StaffLock(
        user_id=cora.id, student_id=cast.luis.id, starts_at=NOW, reason="Aunt", set_by=cast.omar.id
    )
    make.stored(cast.session, lock)
    with pytest.raises(NotReady, match="cannot take over") as told:
        give(cast, a_draft(cast, cora))
    assert "Aunt" not in str(told.value.problems)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from_id": None}, "From"),
        ({"students": ()}, "Students"),
        ({"to_id": None}, "To"),
        ({"on": TODAY - DAY}, "From"),
        ({"on": TODAY + 181 * DAY}, "From"),
    ],
)
def test_what_is_missing_is_told(cast: Cast, cora: User, changes, field: str) -> None:
    found = handover_problems(a_draft(cast, cora, **changes), TODAY)
    assert [problem.field for problem in found] == [field]
    with pytest.raises(NotReady):
        give(cast, a_draft(cast, cora, **changes))


def test_to_oneself_and_texts_that_cannot_be_kept(cast: Cast, cora: User) -> None:
    same = a_draft(cast, cora, to_id=cast.ana.id)
    assert [problem.field for problem in handover_problems(same, TODAY)] == ["To"]
    for text in ("x" * 50_000, "a\x00b"):
        told = {cast.luis.id: Told({HandoverPrompt.PEERS: text})}
        [problem] = handover_problems(a_draft(cast, cora, told=told), TODAY)
        assert problem.field == "Answers"


def test_the_students_and_the_colleagues_that_are_offered(cast: Cast, cora: User) -> None:
    ana = cast.who(cast.ana)
    mine = queries.carried_by(cast.session, ana, cast.ana.id, NOW)
    assert [line.label for line in mine] == ["Sample, Luis · Grade 7", "Sample, Mei · Grade 7"]
    offered = queries.colleagues(cast.session, ana, NOW, carriers=True)
    assert [colleague.name for colleague in offered] == ["Ana Counts", "Cora Hearing"]
    assert len(queries.colleagues(cast.session, ana, NOW)) == 8


def test_a_secretary_only_reads_and_takes_nobody_over(cast: Cast) -> None:
    with pytest.raises(Refused):
        give(cast, a_draft(cast, cast.selma))
