"""A record on paper and the family's summary: who may, what stands on it, what is kept of it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, gate, trail
from portal.consents.forms.wording import grade
from portal.errors import NotFound, NotReady, Refused
from portal.languages import catalog as languages
from portal.policy.spans import local_midnight
from portal.store.ledger import TrailLine
from portal.store.people import CourtOrder
from portal.store.records import Audience, Record, VisitNote
from portal.supports import needs, queries, services, strengths, summary, words
from portal.supports.printing import print_record
from portal.supports.rules import NeedDraft, ServiceDraft, StrengthDraft
from portal.supports.summary import SummaryDraft
from portal.vocabulary import (
    Category,
    CourtRight,
    ExportPurpose,
    Need,
    Purpose,
    SignerKind,
    StrengthSource,
    VisitService,
)
from tests import factories as make
from tests.pdf.reading import Pdf
from tests.people import LONG_AGO, NOW, Cast

SERVICE = ServiceDraft(
    service=VisitService.INDIVIDUAL_COUNSELING,
    provider="Ana Counts",
    intensity="30 minutes, weekly",
    started_on=date(2026, 9, 8),
    estimated_end=date(2027, 6, 15),
)


def a_note(cast: Cast, text: str, at: datetime = NOW, **changes: object) -> Record:
    visit = make.record(cast.session, cast.luis, Category.VISITS, at, author=cast.ana)
    row = make.record(cast.session, cast.luis, Category.VISIT_NOTES, at, author=cast.ana)
    for name, value in changes.items():
        setattr(row, name, value)
    cast.session.add(VisitNote(record_id=row.id, visit_id=visit.id, text=text))
    cast.session.flush()
    return row


@pytest.fixture
def luis(cast: Cast) -> Cast:
    """A service, two needs, a strength and two notes, one of them old."""
    me, key = cast.who(cast.ana), cast.luis.id
    services.start(cast.session, me, key, SERVICE, NOW, "service")
    need = NeedDraft(Need.GRIEF_OR_LOSS, "", date(2026, 10, 10), "Riverside Clinic")
    needs.write_down(cast.session, me, key, need, NOW, "need")
    alone = NeedDraft(Need.SUBSTANCE_USE, "", date(2026, 10, 10))
    needs.write_down(cast.session, me, key, alone, NOW, "own")
    strengths.add(
        cast.session, me, key, StrengthDraft(StrengthSource.STUDENT, "I draw maps."), NOW, "s"
    )
    a_note(cast, "Chose the <b>blue</b> card")
    a_note(cast, "Long ago", datetime(2024, 10, 1, 15, tzinfo=UTC))
    return cast


MEETING, WORK = ExportPurpose.SUPPORT_MEETING, ExportPurpose.OWN_WORK


def printed(cast: Cast, user: str = "ana", why: ExportPurpose | None = MEETING, **how) -> Pdf:
    me = cast.who(getattr(cast, user))
    return Pdf(print_record(cast.session, me, cast.luis.id, why, NOW, **how).content)


def handed(cast: Cast, **changes: object) -> Pdf:
    draft = SummaryDraft((SignerKind.GUARDIAN, cast.maria.id), "en")
    me = cast.who(cast.ana)
    kept = summary.make(cast.session, me, cast.luis.id, replace(draft, **changes), NOW)
    return Pdf(kept.content)


def last_line(cast: Cast, event: str) -> TrailLine:
    trail.settle(cast.session)
    return cast.session.scalars(select(TrailLine).where(TrailLine.event == event)).one()


def test_a_print_tells_what_is_open_by_whom_for_what_and_not_to_pass_it_on(luis: Cast) -> None:
    pdf = printed(luis)

    for told in (
        "Luis Sample",
        "A meeting about the students who are supported",
        "34 CFR 99.31(a)(1)",
        "Ana Counts",
        "Do not pass it on",
        "I draw maps.",
        "Individual counseling. 30 minutes, weekly",
        "Grief or loss",
        "awaited from Riverside Clinic",
        "Chose the <b>blue</b> card",
        "Entries since July 1, 2025",
    ):
        assert told.replace(" ", "") in pdf.text.replace(" ", "").replace("\n", ""), told
    assert "Long ago" not in pdf.text
    assert f"Page 1 of {len(pdf.pages)}" in pdf.pages[0]


def test_the_line_of_a_print_names_the_paper_its_reason_and_its_fingerprint(luis: Cast) -> None:
    me = luis.who(luis.ana)
    kept = print_record(luis.session, me, luis.luis.id, WORK, NOW)
    line = last_line(luis, "record.printed")

    assert line.subject == str(kept.id)
    assert (line.detail["why"], line.detail["sha256"]) == ("own_work", kept.sha256)


def test_the_folded_history_is_printed_on_purpose_only(luis: Cast) -> None:
    assert "Long ago" in printed(luis, whole=True).text
    assert last_line(luis, "history.opened").allowed


def test_a_restricted_note_is_marked_and_told_to_its_author_alone(luis: Cast) -> None:
    a_note(luis, "A private matter", restricted=True)
    cast = luis
    make.relation(cast.session, cast.dina, cast.luis, "service")
    dina = cast.dina
    make.program(cast.session, cast.luis, "section_504")
    mine = printed(cast).text
    theirs = Pdf(print_record(cast.session, cast.who(dina), cast.luis.id, WORK, NOW).content).text

    assert "(RESTRICTED)" in mine
    assert "A private matter" in mine
    assert "(RESTRICTED)" in theirs
    assert "A private matter" not in theirs
    assert "restricted this note" in theirs.replace("\n", " ")


def test_printing_needs_a_reason_and_the_right(luis: Cast) -> None:
    with pytest.raises(NotReady, match="what the print is for"):
        printed(luis, why=None)
    for user in ("tom", "dina", "rita"):
        with pytest.raises((NotFound, Refused)):
            printed(luis, user)


def test_after_fifty_students_on_a_day_a_print_needs_the_second_factor(luis: Cast) -> None:
    ana, fifty = luis.who(luis.ana), tuple(uuid.uuid4() for _ in range(50))
    trail.write(luis.session, ana, trail.Entry("record.printed", True, NOW, fifty))
    trail.settle(luis.session)

    with pytest.raises(Refused, match="fifty students"):
        printed(luis)
    with pytest.raises(NotReady):
        printed(luis, why=ExportPurpose.SCHOOL_IMPROVEMENT)  # not what one record is printed for


def test_a_print_is_opened_by_whoever_made_it_and_by_nobody_else(luis: Cast) -> None:
    me = luis.who(luis.ana)
    kept = print_record(luis.session, me, luis.luis.id, WORK, NOW)

    assert documents.open_document(luis.session, me, kept.id, NOW) is kept
    for other in (luis.omar, luis.sue, luis.tom, luis.rita):
        with pytest.raises(NotFound):
            documents.open_document(luis.session, luis.who(other), kept.id, NOW)


def test_the_summary_tells_what_goes_well_what_is_in_place_and_what_comes_next(
    luis: Cast,
) -> None:
    pdf = handed(luis, steps="We meet on Tuesday.\n\nBring the form.")
    text = pdf.text.replace("\n", " ")

    for told in (
        "How the school helps Luis",
        "Maria Sample",
        "I draw maps. (the student's own words)",
        "Individual counseling",
        "From September 8, 2026 to about June 15, 2027",
        "Grief or loss: we wait for help from Riverside Clinic.",
        "We meet on Tuesday.",
        "Bring the form.",
        "North School",
        "860-555-0100",
    ):
        assert told in text, told
    for kept in ("blue", "Substance", "Mei", "Zoe"):
        assert kept not in text


def test_the_summary_is_in_the_familys_language(luis: Cast) -> None:
    pdf = handed(luis, language="es")

    assert pdf.catalog["/Lang"] == "es"
    assert "Cómo ayuda la escuela a Luis" in pdf.text
    assert "esperamos la ayuda de Riverside Clinic" in pdf.text.replace("\n", " ")
    assert "What comes next" not in pdf.text


def test_the_summary_leaves_out_what_is_not_to_reach_the_family(luis: Cast) -> None:
    me = luis.who(luis.ana)
    inside = make.stored(
        luis.session, Audience(organization_id=luis.district.id, with_family=False)
    )
    hidden = strengths.add(
        luis.session,
        me,
        luis.luis.id,
        StrengthDraft(StrengthSource.STAFF, "Not for home"),
        NOW,
        "hidden",
    )
    luis.session.get_one(Record, hidden.record_id).audience_id = inside.id
    silent = make.referral(luis.session, luis.luis, luis.hilltop, luis.ana)
    silent.do_not_contact = True
    luis.session.flush()
    needs.write_down(
        luis.session,
        me,
        luis.luis.id,
        NeedDraft(Need.FAMILY_SUPPORT, "", date(2026, 10, 1), referral_id=silent.record_id),
        NOW,
        "silent",
    )
    services.start(
        luis.session,
        me,
        luis.luis.id,
        replace(SERVICE, provider="Quiet Team", referral_id=silent.record_id),
        NOW,
        "quiet",
    )
    own = next(need for need in supports(luis).needs if need.code == Need.SUBSTANCE_USE)
    services.start(
        luis.session,
        me,
        luis.luis.id,
        replace(SERVICE, provider="Own Care Team", meets=own.kept.record_id),
        NOW,
        "own-care",
    )
    text = handed(luis).text

    for kept in ("Not for home", "Hilltop", "Quiet Team", "Own Care Team", "Family support"):
        assert kept not in text


def supports(cast: Cast) -> queries.Supports:
    me = cast.who(cast.ana)
    opened = gate.open_record(cast.session, me, cast.luis.id, Purpose.COORDINATE, NOW)
    return queries.supports_of(cast.session, me, opened, NOW)


def test_staff_leave_out_what_they_choose(luis: Cast) -> None:
    told = supports(luis)
    lines = [*told.services, *told.needs, *told.strengths]
    text = handed(luis, left_out=frozenset(line.kept.record_id for line in lines)).text

    assert "No help is in place now." in text
    assert "Nothing is written down yet." in text
    assert "No step is open now." in text


def test_a_referral_that_waits_is_a_next_step(luis: Cast) -> None:
    sent = make.referral(luis.session, luis.luis, luis.riverside, luis.ana)
    luis.session.get_one(Record, sent.record_id).event_at = NOW - timedelta(days=3)
    luis.session.flush()
    text = handed(luis).text.replace("\n", " ")

    assert "Other: we asked Riverside Clinic on November 17, 2026. We wait for" in text
    left = handed(luis, left_out=frozenset({sent.record_id})).text
    assert "November 17" not in left


def test_only_somebody_who_may_see_the_record_today_gets_a_summary(luis: Cast) -> None:
    stranger = uuid.uuid4()
    student = (SignerKind.STUDENT, luis.luis.id)
    for holder in ((SignerKind.GUARDIAN, stranger), student):
        with pytest.raises(NotReady, match="may not see the record"):
            handed(luis, holder=holder)
    luis.session.add(
        CourtOrder(
            student_id=luis.luis.id,
            guardian_id=luis.maria.id,
            limits=CourtRight.ACCESS,
            starts_at=LONG_AGO,
            document_reference="FA-00",
            checked_by=luis.ana.id,
        )
    )
    luis.session.flush()
    with pytest.raises(NotReady, match="may not see the record"):
        handed(luis)


def test_a_grown_student_gets_their_own_and_it_tells_of_their_own_care(luis: Cast) -> None:
    luis.luis.born = date(2008, 5, 5)
    luis.luis.majority_at = local_midnight(date(2026, 5, 5), "America/New_York")
    luis.session.flush()
    text = handed(luis, holder=(SignerKind.STUDENT, luis.luis.id)).text

    assert "Made for" in text
    assert "Substance use" in text.replace("\n", " ")


def test_a_draft_that_does_not_fit_is_told_whole(luis: Cast) -> None:
    with pytest.raises(NotReady) as told:
        handed(luis, language="xx", steps="x" * 50_000)

    assert [problem.field for problem in told.value.problems] == ["Language", "Next steps"]


def test_the_line_of_a_summary_names_no_person_but_by_id(luis: Cast) -> None:
    me, draft = luis.who(luis.ana), SummaryDraft((SignerKind.GUARDIAN, luis.maria.id), "pt")
    kept = summary.make(luis.session, me, luis.luis.id, draft, NOW)
    line = last_line(luis, "summary.made")

    assert line.detail == {
        "for": "guardian",
        "reader": str(luis.maria.id),
        "language": "pt",
        "sha256": kept.sha256,
    }
    assert documents.open_document(luis.session, luis.who(luis.omar), kept.id, NOW) is kept
    with pytest.raises(NotFound):
        documents.open_document(luis.session, luis.who(luis.rita), kept.id, NOW)


def test_the_words_of_the_summary_are_plain_and_translated() -> None:
    whole = (*words.INTRO, *words.RIGHTS, words.NO_STRENGTHS, words.NO_SERVICES, words.NO_STEPS)
    filled = (words.LOOKING, words.AWAITED, words.ASKED, words.SINCE, words.UNTIL, words.TITLE)
    told = (*whole, *filled, *words.SOURCES.values())
    said = [languages.filled(text, dict.fromkeys(PLACES, "Grief")) for text in told]

    assert grade(" ".join(said)) <= 6
    for language in languages.available():
        assert [text for text in told if not languages.catalog(language).has(text)] == []


PLACES = ("need", "who", "day", "first", "last", "name")
