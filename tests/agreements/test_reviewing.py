"""The parties agree on the words: sent, answered, taken over, approved; each by whom it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.access.documents import open_document
from portal.agreements import drafting, issuing, negotiation, queries, reviewing
from portal.agreements.compare import How
from portal.agreements.content import from_json
from portal.agreements.reviewing import Answer
from portal.agreements.rules import Step
from portal.errors import BadFile, NotFound, NotReady, Refused
from portal.store.agreements import AgreementVersion
from portal.store.papers import Document
from portal.vocabulary import (
    AgreementEventKind,
    AgreementStatus,
    Following,
    Level,
    Role,
    VersionOrigin,
)
from tests import factories as make
from tests.agreements import word_edits as word
from tests.agreements.papers import a_content, drafted, signed, status
from tests.agreements.word_edits import BREACH
from tests.people import NOW

LATER = NOW + timedelta(hours=1)
LAST = NOW + timedelta(hours=2)
BREACH_CLAUSE = "breach_partner_tells"


def sent(cast, **changes):
    """Written by Dina and sent to Riverside."""
    paper = drafted(cast, **changes)
    reviewing.send(cast.session, cast.who(cast.dina), paper.id, "Please read.", NOW)
    return paper


def file_of(cast, paper) -> bytes:
    """The document that Riverside was sent."""
    version = queries.latest_sent(cast.session, paper.id)
    return open_document(cast.session, cast.who(cast.alma), version.document_id, NOW).content


def back(cast, paper, *edits, comments=None):
    """Sent back by Alma, with these edits of the file."""
    file = word.edited(file_of(cast, paper), *edits) if edits else b""
    answer = Answer(comments or {}, file)
    return reviewing.send_back(cast.session, cast.who(cast.alma), paper.id, answer, LATER)


def view_of(cast, paper, user=None):
    """As somebody sees it, Dina if nobody else."""
    me = cast.who(user or cast.dina)
    return queries.view(cast.session, me, paper.id, LATER)


def differing(cast, paper, user=None):
    """What the page compares at first, for somebody."""
    me, view = cast.who(user or cast.dina), view_of(cast, paper, user)
    told = negotiation.texts(cast.session, me, view, LATER)
    old, new = negotiation.usual(view, told)
    return negotiation.compared(cast.session, view, told[old], told[new])


def wording(content, id_):
    return next((clause.text for clause in content.clauses if clause.id == id_), "gone")


def test_what_is_sent_waits_for_the_partner_and_its_document_can_be_opened(cast):
    paper = sent(cast)

    assert status(cast, paper) is AgreementStatus.IN_REVIEW
    assert view_of(cast, paper).desk == "Riverside Clinic"
    assert view_of(cast, paper, cast.alma).waits_for_us
    assert file_of(cast, paper).startswith(b"PK")


def test_a_second_click_sends_nothing(cast):
    paper = sent(cast)

    with pytest.raises(NotReady, match="sent already"):
        reviewing.send(cast.session, cast.who(cast.dina), paper.id, "", NOW)


def test_a_partner_sees_what_was_sent_and_not_what_is_written_meanwhile(cast):
    paper = sent(cast)
    changed = a_content(cast, purpose="Another purpose.")
    drafting.save(cast.session, cast.who(cast.dina), paper.id, changed, paper.revision, NOW)

    assert view_of(cast, paper).content.purpose == "Another purpose."
    theirs = view_of(cast, paper, cast.alma)
    assert theirs.content.purpose != "Another purpose."
    assert negotiation.DRAFT not in negotiation.texts(
        cast.session, cast.who(cast.alma), theirs, NOW
    )


def test_approving_ends_the_turn_and_is_told(cast):
    paper = sent(cast)
    reviewing.approve(cast.session, cast.who(cast.alma), paper.id, LATER)

    assert view_of(cast, paper).desk == "Harbor Point Public Schools"
    newest = queries.history(cast.session, paper.id)[0]
    assert (newest.kind, newest.version, newest.who) == (
        AgreementEventKind.APPROVED,
        1,
        "Alma River",
    )
    with pytest.raises(NotReady, match="answered this version already"):
        reviewing.approve(cast.session, cast.who(cast.alma), paper.id, LATER)


def test_sent_back_with_comments_each_with_its_clause(cast):
    paper = sent(cast)
    made = back(cast, paper, comments={"": "Nearly.", BREACH_CLAUSE: "Ten days, please."})

    assert made is None
    told = {(said.kind, said.clause, said.text) for said in queries.history(cast.session, paper.id)}
    assert (AgreementEventKind.RETURNED, "", "Nearly.") in told
    assert (AgreementEventKind.COMMENTED, BREACH_CLAUSE, "Ten days, please.") in told


def test_sent_back_with_nothing_or_too_much_is_refused(cast):
    paper = sent(cast)

    with pytest.raises(NotReady, match="Nothing is said"):
        back(cast, paper, comments={"": "  "})
    with pytest.raises(NotReady, match="too long"):
        back(cast, paper, comments={"": "x" * 4001})
    answer = Answer({}, file_of(cast, paper))
    with pytest.raises(NotReady, match="says what was sent"):
        reviewing.send_back(cast.session, cast.who(cast.alma), paper.id, answer, LATER)
    with pytest.raises(BadFile, match="not a Word file"):
        answer = Answer({}, b"%PDF-1.7")
        reviewing.send_back(cast.session, cast.who(cast.alma), paper.id, answer, LATER)
    assert view_of(cast, paper, cast.alma).waits_for_us


def test_an_edited_file_makes_a_version_whose_clause_shows_old_and_new(cast):
    paper = sent(cast)
    version = back(cast, paper, word.words(BREACH, "30 days", "20 days"))

    assert (version.number, version.origin) == (2, VersionOrigin.RETURNED)
    document = cast.session.get_one(Document, version.document_id)
    assert document.file_name == f"Agreement-{paper.number}-returned.docx"
    [change] = differing(cast, paper).changes.clauses
    assert (change.id, change.how) == (BREACH_CLAUSE, How.REWORDED)
    assert change.new == (change.old[0].replace("30 days", "20 days"),)


def test_an_edited_schedule_changes_nothing_and_is_told(cast):
    paper = sent(cast)
    version = back(cast, paper, word.cell("Attendance", "Attendance and grades"))

    assert version.content == queries.latest_sent(cast.session, paper.id).content
    found = differing(cast, paper)
    assert found.changes.is_empty
    [told] = found.outside
    assert told.new.startswith("Attendance and grades")


def test_comments_in_the_file_become_comments_of_their_clause(cast):
    paper = sent(cast)
    back(cast, paper, word.commented(BREACH, "Ten days is what we can do."))

    said = next(
        said
        for said in queries.history(cast.session, paper.id)
        if said.kind is AgreementEventKind.COMMENTED
    )
    assert said.clause == BREACH_CLAUSE
    assert said.text.endswith("Ten days is what we can do. (in the Word file, as A. River)")


def test_taken_over_it_is_a_changed_clause_that_asks_for_counsel(cast):
    paper = sent(cast)
    version = back(cast, paper, word.words(BREACH, "without unreasonable delay", "at once"))
    dina = cast.who(cast.dina)
    view = view_of(cast, paper)

    reviewing.take_over(
        cast.session, dina, paper.id, version.id, BREACH_CLAUSE, view.revision, LATER
    )
    content = from_json(paper.content)
    assert "at once" in wording(content, BREACH_CLAUSE)[0]
    assert "{{ clocks.breach_student_days }}" in wording(content, BREACH_CLAUSE)[0]
    changed = queries.library(cast.session, cast.district.id).changed(content)
    assert [standing.clause.id for standing in changed] == [BREACH_CLAUSE]
    against = issuing.problems(cast.session, dina, paper, LATER)[Step.CLAUSES]
    assert any("was changed" in problem.what for problem in against)
    view = view_of(cast, paper)
    text = negotiation.texts(cast.session, dina, view, LATER)[str(version.id)]
    assert negotiation.taken_over(view, text, BREACH_CLAUSE)


def test_a_clause_taken_out_can_be_followed_unless_the_law_asks_for_it(cast):
    paper = sent(cast)
    version = back(cast, paper, word.removed("Meetings."), word.removed(BREACH))
    dina, revision = cast.who(cast.dina), view_of(cast, paper).revision

    with pytest.raises(NotReady, match="may not be left out"):
        reviewing.take_over(
            cast.session, dina, paper.id, version.id, BREACH_CLAUSE, revision, LATER
        )
    reviewing.take_over(
        cast.session, dina, paper.id, version.id, "outcomes_meetings", revision, LATER
    )
    assert wording(from_json(paper.content), "outcomes_meetings") == "gone"


def test_nothing_is_taken_over_into_a_draft_that_was_changed_meanwhile_or_by_a_partner(cast):
    paper = sent(cast)
    version = back(cast, paper, word.words(BREACH, "30 days", "20 days"))
    stale = view_of(cast, paper).revision - 1

    with pytest.raises(NotReady, match="changed meanwhile"):
        reviewing.take_over(
            cast.session, cast.who(cast.dina), paper.id, version.id, BREACH_CLAUSE, stale, LATER
        )
    with pytest.raises(Refused):
        reviewing.take_over(
            cast.session, cast.who(cast.alma), paper.id, version.id, BREACH_CLAUSE, 1, LATER
        )
    other = sent(cast, key="k2")
    with pytest.raises(NotReady, match="no such version"):
        reviewing.take_over(
            cast.session, cast.who(cast.dina), other.id, version.id, BREACH_CLAUSE, 1, LATER
        )


def test_keeping_ones_own_is_said_in_a_comment_that_both_sides_read(cast):
    paper = sent(cast)
    back(cast, paper, word.words(BREACH, "30 days", "60 days"))
    reviewing.comment(
        cast.session, cast.who(cast.dina), paper.id, BREACH_CLAUSE, "The law says 30.", LAST
    )

    newest = queries.history(cast.session, paper.id)[0]
    assert (newest.clause, newest.text) == (BREACH_CLAUSE, "The law says 30.")


def test_sent_again_it_waits_again_and_differs_from_what_was_sent_before(cast):
    paper = sent(cast)
    version = back(cast, paper, word.words(BREACH, "30 days", "20 days"))
    dina = cast.who(cast.dina)
    revision = view_of(cast, paper).revision
    reviewing.take_over(cast.session, dina, paper.id, version.id, BREACH_CLAUSE, revision, LATER)
    again = reviewing.send(cast.session, dina, paper.id, "Done.", LATER)

    assert again.number == 3
    assert view_of(cast, paper, cast.alma).waits_for_us
    assert differing(cast, paper, cast.alma).changes.is_empty
    reviewing.approve(cast.session, cast.who(cast.alma), paper.id, LATER)


def test_an_older_version_cannot_be_sent_back_any_more(cast):
    paper = sent(cast)
    old = word.edited(file_of(cast, paper), word.words(BREACH, "30 days", "20 days"))
    dina = cast.who(cast.dina)
    changed = a_content(cast, purpose="Another purpose.")
    drafting.save(cast.session, dina, paper.id, changed, paper.revision, NOW)
    reviewing.send(cast.session, dina, paper.id, "", LATER)

    with pytest.raises(BadFile, match="version 1; version 2 was sent last"):
        reviewing.send_back(cast.session, cast.who(cast.alma), paper.id, Answer({}, old), LATER)


def test_with_several_partners_each_answers_for_itself(cast):
    riverside = a_content(cast).partners[0]
    hilltop = replace(riverside, agency_id=cast.hilltop.id)
    hugo = make.user(
        cast.session, cast.hilltop, "Hanna Hill", Role.AGENCY_ADMIN, Level.AGENCY_ADMIN
    )
    paper = sent(cast, content=a_content(cast, partners=(riverside, hilltop)))
    reviewing.approve(cast.session, cast.who(cast.alma), paper.id, LATER)

    assert view_of(cast, paper).desk == "Hilltop Clinic"
    reviewing.approve(cast.session, cast.who(hugo), paper.id, LATER)
    assert view_of(cast, paper).desk == "Harbor Point Public Schools"


def test_last_years_agreement_is_what_a_renewal_is_compared_with(cast):
    before = signed(cast)
    origin = drafting.Origin(follows_id=before.id, follows_how=Following.RENEWS)
    content = a_content(cast, purpose="Another purpose.")
    paper = drafting.begin(cast.session, cast.who(cast.dina), content, LATER, "k9", origin)

    found = differing(cast, paper)
    names_it = "general_entire"
    assert [change.id for change in found.changes.clauses] == ["purpose", names_it]
    view = view_of(cast, paper)
    told = negotiation.texts(cast.session, cast.who(cast.dina), view, LATER)
    assert told[negotiation.FOLLOWED].label == f"The agreement before it, {before.number}"


def test_a_third_agency_and_people_without_the_task_are_turned_away(cast):
    paper = sent(cast)
    hanna = make.user(
        cast.session, cast.hilltop, "Hanna Hill", Role.AGENCY_ADMIN, Level.AGENCY_ADMIN
    )
    for user in (hanna, cast.rita, cast.ana):
        with pytest.raises(NotFound):
            reviewing.approve(cast.session, cast.who(user), paper.id, LATER)
        with pytest.raises(NotFound):
            reviewing.comment(cast.session, cast.who(user), paper.id, "", "Hello", LATER)
    with pytest.raises(Refused):
        reviewing.approve(cast.session, cast.who(cast.dina), paper.id, LATER)
    rows = cast.session.scalar(select(func.count(AgreementVersion.id)))
    assert rows == 1
