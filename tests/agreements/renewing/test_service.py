"""Many agreements are renewed in one pass: none twice, none lost, and one stops no other."""

from __future__ import annotations

import csv
import hashlib
import io
import threading
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import docx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import sheets, trail
from portal.access.documents import open_document
from portal.access.unit_of_work import unit_of_work
from portal.agreements import drafting, issuing, queries, renewing, signing
from portal.agreements.content import from_json, to_json
from portal.agreements.drafting import Origin
from portal.agreements.renewing import Chosen
from portal.agreements.renewing import queries as passes
from portal.errors import BadFile, NotFound, NotReady, Problem, Refused
from portal.store.agreements import AgreementPaper, RenewalItem
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.vocabulary import AgreementStatus, Following, OrganizationKind
from tests import factories as make
from tests.agreements.papers import (
    DISTRICT,
    PARTNER,
    a_content,
    issued,
    on_paper,
    signed_by_both,
    status,
    terms_of,
)
from tests.engines import migrated
from tests.people import NOW, store_cast

FIRST, LAST = date(2027, 7, 1), date(2028, 6, 30)


def in_force(cast, count):
    """Agreements with so many agencies, signed by hand."""
    dina, papers = cast.who(cast.dina), []
    for n in range(count):
        agency = make.organization(cast.session, f"Agency {n:03}", OrganizationKind.PROVIDER)
        paper = issued(cast, key=f"k{n}", partners=(terms_of(cast, agency_id=agency.id),))
        signing.sign(cast.session, dina, paper.id, PARTNER, on_paper(), NOW)
        by_sue = on_paper(name="Sue Perin", title="Superintendent")
        signing.sign(cast.session, dina, paper.id, DISTRICT, by_sue, NOW)
        papers.append(paper)
    return papers


def chosen(papers):
    return [Chosen(paper.id, FIRST, LAST) for paper in papers]


def begun(cast, papers, key="pass"):
    return renewing.begin(cast.session, cast.who(cast.sue), chosen(papers), NOW, key)


def through(cast, run, who=None):
    """Every step of it; returns what came of each."""
    me, given, done = cast.who(who or cast.sue), None, None
    while done is None or done.more:
        done = renewing.step(cast.session, me, run.id, NOW, given)
        given = renewing.printed(cast.session, me, done.to_print, NOW) if done.to_print else None
    return passes.items(cast.session, run.id)


def renewals_of(session, paper):
    return session.scalars(
        select(AgreementPaper).where(AgreementPaper.follows_id == paper.id)
    ).all()


def test_each_is_copied_for_its_new_span_and_issued_for_signature(cast):
    papers = in_force(cast, 3)
    found = through(cast, begun(cast, papers))

    assert [one.problems for one in found] == [(), (), ()]
    assert all(one.done and one.issued for one in found)
    for paper in papers:
        [renewal] = renewals_of(cast.session, paper)
        before, after = from_json(paper.content), from_json(renewal.content)
        assert (after.starts_on, after.ends_on) == (FIRST, LAST)
        assert after.partners == before.partners
        assert (renewal.follows_how, status(cast, renewal)) == (
            Following.RENEWS,
            AgreementStatus.OUT_FOR_SIGNATURE,
        )


def test_a_renewal_signed_by_both_takes_over_on_its_first_day_without_a_gap(cast):
    paper = signed_by_both(cast, issued(cast))
    through(cast, begun(cast, [paper]))
    [renewal] = renewals_of(cast.session, paper)
    signed_by_both(cast, renewal)

    first = datetime(2027, 7, 1, 4, 0, tzinfo=UTC)
    a_moment = timedelta(microseconds=1)
    before = [queries.status(cast.session, p, first - a_moment) for p in (paper, renewal)]
    after = [queries.status(cast.session, p, first) for p in (paper, renewal)]
    assert before == [AgreementStatus.IN_FORCE, AgreementStatus.SIGNED]
    assert after[1] is AgreementStatus.IN_FORCE
    assert after[0] in (AgreementStatus.SUPERSEDED, AgreementStatus.EXPIRED)


def test_one_with_something_missing_stays_a_draft_with_its_problems(cast):
    good, gone = in_force(cast, 2)
    agency = from_json(gone.content).partners[0].agency_id
    late = [Chosen(good.id, FIRST, LAST), Chosen(gone.id, FIRST, date(2040, 6, 30))]
    run = renewing.begin(cast.session, cast.who(cast.sue), late, NOW, "pass")
    one, other = through(cast, run)

    assert (one.issued, other.issued) == (True, False)
    assert "at most 5 years" in " ".join(other.problems)
    [draft] = renewals_of(cast.session, gone)
    assert (draft.id, status(cast, draft)) == (other.result_id, AgreementStatus.DRAFT)
    assert queries.partner_ids(cast.session, draft.id) == [agency]


def test_one_that_cannot_be_renewed_at_all_stops_no_other(cast):
    renewed_already, closed, good = in_force(cast, 3)
    dina = cast.who(cast.dina)
    content = from_json(renewed_already.content)
    origin = Origin(follows_id=renewed_already.id, follows_how=Following.RENEWS)
    there = drafting.begin(cast.session, dina, content, NOW, "by hand", origin)
    agency = cast.session.get_one(
        type(cast.riverside), from_json(closed.content).partners[0].agency_id
    )
    agency.active_until = NOW
    found = through(cast, begun(cast, [renewed_already, closed, good]))

    assert [one.result_id is None for one in found] == [True, True, False]
    assert there.number in found[0].problems[0]
    assert "not active" in found[1].problems[0]
    assert renewals_of(cast.session, closed) == []
    assert len(renewals_of(cast.session, renewed_already)) == 1


def test_a_failure_of_the_portal_leaves_its_code_and_no_half_of_an_agreement(
    cast, monkeypatch, caplog
):
    papers, issue, met = in_force(cast, 3), issuing.issue, []

    def fails_at_the_second(session, me, paper_id, at, given):
        made = issue(session, me, paper_id, at, given)
        met.append(paper_id)
        if len(met) == 2:
            raise ZeroDivisionError
        return made

    monkeypatch.setattr(issuing, "issue", fails_at_the_second)
    found = through(cast, begun(cast, papers))

    assert [one.issued for one in found] == [True, False, True]
    assert "under the code" in found[1].problems[0]
    assert "ZeroDivisionError" in caplog.text
    [draft] = renewals_of(cast.session, papers[1])
    assert status(cast, draft) is AgreementStatus.DRAFT
    assert queries.signatures(cast.session, draft.id) == []
    trail.settle(cast.session)
    line = select(func.count()).where(
        TrailLine.event == "agreement.issued", TrailLine.subject == draft.number
    )
    assert cast.session.scalar(line) == 0


def test_a_second_click_finds_the_first_pass_and_a_second_pass_waits(cast):
    papers = in_force(cast, 2)
    run = begun(cast, papers)
    assert begun(cast, papers).id == run.id

    with pytest.raises(NotReady, match="still going on"):
        begun(cast, papers, key="another")
    through(cast, run)
    other = begun(cast, papers, key="a third")
    assert all("renews it already" in one.problems[0] for one in through(cast, other))


@pytest.mark.parametrize(
    ("make_choice", "what"),
    [
        (lambda one: [], "No agreement is chosen"),
        (lambda one: [one, one], "chosen twice"),
        (lambda one: [replace(one, last_day=date(2027, 6, 30))], "after its last day"),
        (lambda one: [replace(one, last_day=date.max)], "far from now"),
    ],
)
def test_a_choice_that_is_none_begins_nothing(cast, make_choice, what):
    [paper] = in_force(cast, 1)
    [one] = chosen([paper])

    with pytest.raises(NotReady, match=what):
        renewing.begin(cast.session, cast.who(cast.sue), make_choice(one), NOW, "pass")
    assert passes.latest(cast.session, cast.who(cast.sue)) is None


@pytest.mark.parametrize("who", ["ana", "omar", "tom", "alma", "rita"])
def test_only_who_renews_agreements_begins_or_goes_on(cast, who):
    papers = in_force(cast, 1)
    run, me = begun(cast, papers), cast.who(getattr(cast, who))

    with pytest.raises(Refused):
        renewing.begin(cast.session, me, chosen(papers), NOW, "mine")
    with pytest.raises(Refused):
        renewing.step(cast.session, me, run.id, NOW)
    assert passes.latest(cast.session, cast.who(cast.dina)).done == 0


def test_another_district_finds_neither_the_pass_nor_the_agreements(cast):
    papers = in_force(cast, 1)
    run = begun(cast, papers)
    away = make.organization(cast.session, "Elsewhere Public Schools", code="0990099")
    cast.session.flush()
    stranger = make.user(cast.session, away, "Stan Strange", cast.sue.role, cast.sue.level)
    me = cast.who(stranger)

    with pytest.raises(NotFound):
        renewing.step(cast.session, me, run.id, NOW)
    with pytest.raises(NotFound):
        renewing.begin(cast.session, me, chosen(papers), NOW, "mine")
    assert passes.latest(cast.session, me) is None


def test_a_colleague_goes_on_where_somebody_stopped(cast):
    papers = in_force(cast, 3)
    run = begun(cast, papers)
    sue = cast.who(cast.sue)
    done = renewing.step(cast.session, sue, run.id, NOW)
    given = renewing.printed(cast.session, sue, done.to_print, NOW)
    renewing.step(cast.session, sue, run.id, NOW, given)
    renewing.step(cast.session, sue, run.id, NOW)
    view = passes.latest(cast.session, cast.who(cast.dina))
    assert (view.total, view.done, view.begun_by) == (3, 1, "Sue Perin")

    through(cast, run, cast.dina)
    view = passes.latest(cast.session, cast.who(cast.sue))
    assert (view.done, view.issued, view.drafts, view.failed) == (3, 3, 0, 0)
    assert view.finished_at == NOW
    assert not renewing.step(cast.session, sue, run.id, NOW).more


# The zip


def test_the_zip_holds_the_issued_bytes_and_a_list_of_all(cast):
    papers = in_force(cast, 3)
    choice = chosen(papers)
    choice[2] = replace(choice[2], last_day=date(2040, 6, 30))
    run = renewing.begin(cast.session, cast.who(cast.sue), choice, NOW, "pass")
    found = through(cast, run)
    view = passes.latest(cast.session, cast.who(cast.sue))
    kept = open_document(cast.session, cast.who(cast.dina), view.bundle_id, NOW)
    assert (kept.media_type, kept.file_name) == ("application/zip", "Renewals-2026-11-20.zip")

    with zipfile.ZipFile(io.BytesIO(kept.content)) as file:
        assert file.testzip() is None
        lines = list(csv.DictReader(io.StringIO(file.read("manifest.csv").decode("utf-8-sig"))))
        for line, item in zip(lines[:2], found[:2], strict=True):
            issued_bytes = cast.session.get_one(
                Document, cast.session.get_one(AgreementPaper, item.result_id).document_id
            ).content
            assert file.read(line["File"]) == issued_bytes
            assert hashlib.sha256(issued_bytes).hexdigest() == line["SHA-256"]
        assert len(file.namelist()) == 3
    assert [line["Result"] for line in lines] == ["Out for signature"] * 2 + ["Draft"]
    assert (lines[0]["Renews"], lines[0]["Number"]) == (found[0].number, found[0].result)
    assert (lines[0]["Partner"], lines[0]["First day"]) == ("Agency 000", "2027-07-01")
    assert "at most 5 years" in lines[2]["What stands against it"]


def test_the_zip_is_opened_by_the_district_alone(cast):
    through(cast, begun(cast, in_force(cast, 1)))
    view = passes.latest(cast.session, cast.who(cast.sue))

    for who in (cast.alma, cast.ana, cast.hugo):
        with pytest.raises(NotFound):
            open_document(cast.session, cast.who(who), view.bundle_id, NOW)


def test_where_nothing_was_issued_there_is_no_zip(cast):
    [paper] = in_force(cast, 1)
    late = [Chosen(paper.id, FIRST, date(2040, 6, 30))]
    run = renewing.begin(cast.session, cast.who(cast.sue), late, NOW, "pass")
    through(cast, run)

    view = passes.latest(cast.session, cast.who(cast.sue))
    assert (view.finished_at, view.bundle_id, view.drafts) == (NOW, None, 1)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@A1", "'@A1"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("Agency = one", "Agency = one"),
        ("", ""),
    ],
)
def test_no_spreadsheet_takes_a_cell_of_the_list_for_a_formula(text, written):
    assert sheets.safe(text) == written


def test_what_cannot_be_printed_stays_a_draft_and_says_why(cast, monkeypatch):
    papers = in_force(cast, 2)

    def fails(*_given):
        raise BadFile([Problem("The template has no signature block.", "Bring another.")])

    run = begun(cast, papers)
    monkeypatch.setattr(issuing.documents, "render", fails)
    found = through(cast, run)
    assert [one.issued for one in found] == [False, False]
    assert "no signature block" in found[0].problems[0]
    assert all(one.result_id for one in found)


def test_a_draft_that_was_changed_after_it_was_printed_is_printed_anew(cast):
    [paper] = in_force(cast, 1)
    run, sue = begun(cast, [paper]), cast.who(cast.sue)
    done = renewing.step(cast.session, sue, run.id, NOW)
    given = renewing.printed(cast.session, sue, done.to_print, NOW)
    draft = cast.session.get_one(AgreementPaper, done.to_print)
    changed = replace(from_json(draft.content), purpose="Another purpose altogether")
    drafting.save(cast.session, sue, draft.id, changed, draft.revision, NOW)
    renewing.step(cast.session, sue, run.id, NOW, given)

    word = cast.session.get_one(Document, draft.document_id).content
    told = [p.text for p in docx.Document(io.BytesIO(word)).paragraphs]
    assert any("Another purpose altogether" in text for text in told)


def test_a_print_of_another_draft_issues_nothing(cast):
    papers = in_force(cast, 2)
    run, sue = begun(cast, papers), cast.who(cast.sue)
    done = renewing.step(cast.session, sue, run.id, NOW)
    given = renewing.printed(cast.session, sue, done.to_print, NOW)

    other = replace(given, paper_id=papers[0].id)
    assert renewing.step(cast.session, sue, run.id, NOW, other) == done
    assert cast.session.get_one(AgreementPaper, done.to_print).issued_at is None


# Interrupted, and from two windows


def goes_on(engine, me, run_id, took=None):
    """As a window does it: short transactions, and printing between them."""
    given, done = None, None
    while done is None or done.more:
        began = time.perf_counter()
        with unit_of_work(engine) as session:
            done = renewing.step(session, me, run_id, NOW, given)
        if took is not None:
            took.append(time.perf_counter() - began)
        given = None
        if done.to_print:
            with unit_of_work(engine.execution_options(writes=False)) as session:
                given = renewing.printed(session, me, done.to_print, NOW)


def test_a_pass_that_is_cut_off_in_the_middle_loses_and_doubles_nothing(empty_url):
    with migrated(empty_url) as engine:
        with Session(engine, expire_on_commit=False) as session:
            cast = store_cast(session)
            papers, sue = in_force(cast, 4), cast.who(cast.sue)
            session.commit()
        with unit_of_work(engine) as session:
            run = renewing.begin(session, sue, chosen(papers), NOW, "pass")
        with unit_of_work(engine) as session:
            renewing.step(session, sue, run.id, NOW)  # drafted, and never printed
        with pytest.raises(ZeroDivisionError), unit_of_work(engine) as session:
            done = renewing.step(session, sue, run.id, NOW)
            given = renewing.printed(session, sue, done.to_print, NOW)
            renewing.step(session, sue, run.id, NOW, given)
            raise ZeroDivisionError  # the machine stops before the commit
        _two_windows(engine, sue, run.id)

        with Session(engine) as session:
            assert [len(renewals_of(session, paper)) for paper in papers] == [1, 1, 1, 1]
            done = session.scalars(select(RenewalItem).order_by(RenewalItem.place)).all()
            assert all(item.done_at and item.result_id and not item.problems for item in done)
            [kept] = session.scalars(select(Document).where(Document.kind == "agreement_bundle"))
            assert len(zipfile.ZipFile(io.BytesIO(kept.content)).namelist()) == 5


def _two_windows(engine, me, run_id):
    windows = [threading.Thread(target=goes_on, args=(engine, me, run_id)) for _ in range(2)]
    for window in windows:
        window.start()
    for window in windows:
        window.join(timeout=120)
    assert not any(window.is_alive() for window in windows)


def test_two_hundred_are_renewed_in_short_transactions(sqlite_url, record_property, monkeypatch):
    """No step holds the one write lock for long, so everybody else's pages answer meanwhile.

    Printing holds no lock (half a second each); here every paper is the same one.
    """
    with migrated(sqlite_url) as engine:
        with Session(engine, expire_on_commit=False) as session:
            cast = store_cast(session)
            [model] = in_force(cast, 1)
            print_ = session.get_one(Document, model.document_id).content
            monkeypatch.setattr(issuing.documents, "render", lambda *_given: print_)
            papers = [model, *(_like(cast, model, n) for n in range(199))]
            sue = cast.who(cast.sue)
            session.commit()
        with unit_of_work(engine) as session:
            run = renewing.begin(session, sue, chosen(papers), NOW, "pass")
        took: list[float] = []
        goes_on(engine, sue, run.id, took)
        with unit_of_work(engine) as session:
            view = passes.latest(session, sue)
            zipped = session.get_one(Document, view.bundle_id).content

    record_property("seconds", round(sum(took), 1))
    record_property("longest step", round(max(took), 2))
    assert (view.total, view.issued, view.failed) == (200, 200, 0)
    assert len(zipfile.ZipFile(io.BytesIO(zipped)).namelist()) == 201
    assert sorted(took)[len(took) // 2] < 1, f"{sum(took):.0f} s, longest {max(took):.1f} s"


def _like(cast, model, n):
    """An agreement in force like that one with another agency, put on the shelf as it is."""
    agency = make.organization(cast.session, f"Partner {n:03}", OrganizationKind.PROVIDER)
    content = a_content(cast, partners=(terms_of(cast, agency_id=agency.id),))
    columns = {
        column.key: getattr(model, column.key)
        for column in AgreementPaper.__table__.columns
        if column.key not in ("id", "number", "content")
    }
    paper = make.stored(
        cast.session, AgreementPaper(number=f"M-L{n:04}", content=to_json(content), **columns)
    )
    drafting._partners(cast.session, paper, content)
    make.agreement(cast.session, cast.district, agency, number=paper.number, paper_id=paper.id)
    return paper
