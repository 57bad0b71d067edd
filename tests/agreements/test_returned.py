"""What a partner changed in the Word file it sent back: clause by clause, nothing silently."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from portal.agreements import compare, documents, returned
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.content import Content, Line, PartnerTerms, Service, Signer
from portal.agreements.fields_kept import with_fields
from portal.agreements.printing import facts_of
from portal.errors import BadFile
from portal.vocabulary import Category, Direction
from portal.word.package import ENCRYPTED, MOST_BYTES, OLE2
from tests.agreements import word_edits as word
from tests.agreements.word_edits import AUDIT, BREACH, HEALTH_LAW

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NUMBER = "M-ABC123"


@dataclass(frozen=True)
class Sending:
    """A version as it went out, and how what comes back is read."""

    printed: documents.Printed
    file: bytes

    def read(self, file: bytes) -> returned.Returned:
        """What differs from what was sent."""
        clauses = compare.said_exactly(self.printed, SHIPPED)
        about = returned.Sent(NUMBER, self.printed.version, clauses)
        return returned.read(self.file, file, about)

    def after(self, *edits) -> returned.Returned:
        """What differs after these edits."""
        return self.read(word.edited(self.file, *edits))


@pytest.fixture(scope="module")
def sending() -> Sending:
    terms = PartnerTerms(
        services=(Service("Counseling", sites=("North School",)),),
        lines=(
            Line(Direction.A_TO_B, Category.ATTENDANCE),
            Line(Direction.B_TO_A, Category.SERVICE_STATUS),
        ),
        signers=(Signer("Alma River", "Executive Director"),),
    )
    content = Content(
        starts_on=date(2026, 11, 20),
        ends_on=date(2027, 6, 30),
        schools=("North School", "South School"),
        partners=(terms,),
        district_signers=(Signer("Sue Perin", "Superintendent"),),
    )
    content = replace(content, clauses=SHIPPED.usual(content))
    printed = documents.Printed(
        NUMBER,
        2,
        content,
        documents.Party("Harbor Point Public Schools"),
        (documents.Party("Riverside Clinic"),),
        date(2026, 11, 20),
        "the District's Consent for Release, version 1",
    )
    return Sending(printed, documents.render(printed, SHIPPED, AT))


def only(found: returned.Returned) -> returned.Change:
    """The one clause that changed, and nothing else."""
    assert found.outside == ()
    [change] = found.changes
    return change


def test_the_very_file_changes_nothing(sending):
    assert sending.read(sending.file).is_empty


def test_words_typed_over_are_found_in_their_clause(sending):
    change = only(sending.after(word.words(BREACH, "30 days", "20 days")))

    assert change.id == "breach_partner_tells"
    assert "within 30 days at most" in change.old[0]
    assert change.new == (change.old[0].replace("30 days", "20 days"),)


def test_tracked_insertions_are_accepted_and_deletions_taken_out(sending):
    change = only(sending.after(word.tracked(BREACH, "30 days", "ten days")))

    assert change.new == (change.old[0].replace("30 days", "ten days"),)


def test_a_run_for_each_word_is_no_change(sending):
    assert sending.after(word.split(BREACH)).is_empty


def test_quotation_marks_dashes_and_spaces_that_word_exchanges_are_no_change(sending):
    assert sending.after(word.noise).is_empty


def test_a_clause_taken_out_is_told(sending):
    change = only(sending.after(word.removed(AUDIT)))

    assert (change.id, change.new) == ("review_audit", None)


def test_a_clause_deleted_with_changes_tracked_is_taken_out(sending):
    told = next(
        p.text
        for p in word.docx.Document(io.BytesIO(sending.file)).paragraphs
        if p.text.startswith(AUDIT)
    )
    found = sending.after(
        word.tracked(AUDIT, "Audit. ", ""),
        word.tracked("With ten", told.removeprefix("Audit. "), ""),
    )

    assert only(found).new is None


def test_a_new_paragraph_belongs_to_the_clause_that_it_follows(sending):
    found = sending.after(word.added_after(AUDIT, "It pays for the audit itself."))

    assert only(found).new == (*only(found).old, "It pays for the audit itself.")


def test_a_new_item_of_a_list_stays_an_item(sending):
    found = sending.after(word.added_after("North School", "East School"))

    assert only(found).new == (
        only(found).old[0],
        "* North School",
        "* East School",
        "* South School",
    )


def test_a_clause_that_was_moved_is_no_change_of_its_words_but_is_told(sending):
    found = sending.after(word.moved(AUDIT, HEALTH_LAW))

    assert found.changes == ()
    [told] = found.outside
    assert told.where == "“Audit” was moved"
    assert told.new == "After “Duties under health law”"


@pytest.mark.parametrize(
    "edit",
    [
        word.words(BREACH, "30 days", "20 days"),
        word.tracked(BREACH, "30 days", "20 days"),
        word.removed(AUDIT),
        word.added_after(AUDIT, "It pays for the audit itself."),
    ],
)
def test_without_bookmarks_the_same_is_found_by_likeness(sending, edit):
    assert sending.after(edit, word.no_bookmarks) == sending.after(edit)


def test_without_bookmarks_a_moved_clause_is_known_again(sending):
    found = sending.after(word.moved(AUDIT, HEALTH_LAW), word.no_bookmarks)

    assert found.changes == ()
    assert [told.where for told in found.outside] == ["“Audit” was moved"]


def test_another_title_of_a_clause_is_told_and_is_no_part_of_its_words(sending):
    found = sending.after(word.words(AUDIT, "Audit. ", "Audits and visits. "))

    assert found.changes == ()
    [told] = found.outside
    assert (told.where, told.old, told.new) == (
        "Heading of “Audit”",
        "Audit.",
        "Audits and visits.",
    )


def test_an_edited_schedule_is_told_as_outside_the_clauses(sending):
    found = sending.after(word.cell("Attendance", "Attendance and grades"))

    assert found.changes == ()
    [told] = found.outside
    assert told.old.startswith("Attendance | In full")
    assert told.new.startswith("Attendance and grades | In full")
    assert "Schedule A-1" in told.where


def test_a_changed_name_of_a_signer_and_a_changed_footer_are_told(sending):
    def footer(document):
        document.sections[0].footer.paragraphs[0].add_run(" The clinic may withdraw.")

    found = sending.after(word.cell("Alma River, Executive Director", "Rob River"), footer)

    assert any("Rob River" in told.new for told in found.outside)
    assert any("The clinic may withdraw." in told.new for told in found.outside)


@pytest.mark.parametrize("edit", [word.struck, word.hidden])
def test_words_that_are_struck_or_hidden_count_as_taken_out_and_are_told(sending, edit):
    found = sending.after(edit(AUDIT))

    assert [(change.id, change.new) for change in found.changes] == [("review_audit", None)]
    [told] = found.outside
    assert "read as taken out" in told.where


def test_comments_of_word_come_with_their_clause(sending):
    found = sending.after(
        word.commented(BREACH, "Ten days is what we can do."),
        word.commented("Signatures", "Who signs first?"),
    )

    assert found.changes == ()
    assert [(c.clause, c.author, c.text) for c in found.comments] == [
        ("breach_partner_tells", "A. River", "Ten days is what we can do."),
        ("", "A. River", "Who signs first?"),
    ]
    assert found.comments[0].quoted.startswith(BREACH)


def test_comments_keep_their_clause_without_bookmarks(sending):
    found = sending.after(word.commented(BREACH, "Ten days."), word.no_bookmarks)

    assert [comment.clause for comment in found.comments] == ["breach_partner_tells"]


@pytest.mark.parametrize("edits", [(), (word.no_bookmarks,)])
def test_another_office_program_changes_nothing_but_what_was_edited(sending, tmp_path, edits):
    assert shutil.which("soffice"), "LibreOffice is part of what the tests need"
    file = word.edited(
        sending.file,
        word.words(BREACH, "30 days", "20 days"),
        word.added_after("North School", "East School"),
        *edits,
    )
    found = sending.read(word.through_libreoffice(file, tmp_path))

    assert found.outside == ()
    assert {change.id for change in found.changes} == {"breach_partner_tells", "purpose_schools"}


# Fields stay fields


def reworded(sending, id_, old, new):
    """The clause in the library's language, after a change of its printed words."""
    facts = facts_of(sending.printed, SHIPPED)
    clause = SHIPPED.current[id_]
    printed = compare.said_exactly(sending.printed, SHIPPED)[id_].paragraphs
    return with_fields(clause.text, [text.replace(old, new) for text in printed], facts)


def test_a_field_whose_words_were_left_alone_stays_a_field(sending):
    [told] = reworded(sending, "breach_partner_tells", "without unreasonable delay", "at once")

    assert "tells the District's liaison at once: " in told
    assert "{{ clocks.breach_student_days }}" in told


def test_a_changed_number_is_their_number_and_the_other_field_stays(sending):
    [told] = reworded(sending, "breach_partner_tells", "within 30 days", "within 20 days")

    assert "within 20 days" in told
    assert "{{ clocks.breach_student_days }}" not in told
    assert "{{ clocks.breach_other_days }}" in told


def test_a_list_that_was_left_alone_stays_the_list_of_the_facts(sending):
    told = reworded(sending, "purpose_schools", "nothing", "nothing")

    assert told == SHIPPED.current["purpose_schools"].text


# What is no such file


def bad(sending, file: bytes) -> str:
    with pytest.raises(BadFile) as caught:
        sending.read(file)
    return str(caught.value)


def encrypted(file: bytes) -> bytes:
    flagged = bytearray(file)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = flagged.find(mark)
        flagged[at + offset] |= 1
    return bytes(flagged)


def bomb(file: bytes) -> bytes:
    return word.with_part(file, "word/document.xml", b"<a>" + b" " * 30_000_000 + b"</a>")


def doctype(file: bytes) -> bytes:
    hostile = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    return word.with_part(file, "word/document.xml", hostile)


def macros(file: bytes) -> bytes:
    types = word.part(file, "[Content_Types].xml").replace(
        b"wordprocessingml.document.main", b"macroEnabled.document.main"
    )
    return word.with_part(file, "[Content_Types].xml", types)


def other_archive(_file: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("hello.txt", "hello")
    return made.getvalue()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _file: b"%PDF-1.7", "not a Word file"),
        (lambda _file: b"", "empty"),
        (lambda _file: OLE2 + b" old", "Word 97"),
        (lambda _file: OLE2 + ENCRYPTED, "password"),
        (lambda file: file[: len(file) // 2], "damaged"),
        (lambda file: file + os.urandom(MOST_BYTES), "larger than"),
        (encrypted, "password"),
        (macros, "macros"),
        (bomb, "unpacks to far more"),
        (doctype, "document type"),
        (other_archive, "another kind of archive"),
        (lambda file: word.with_part(file, "word/document.xml", b"<broken"), "damaged"),
    ],
)
def test_what_is_no_word_file_is_refused_with_a_sentence(sending, spoil, says):
    assert says in bad(sending, spoil(sending.file))


def test_another_paper_is_refused(sending):
    other = replace(sending.printed, number="M-XYZ789")

    assert "its number does not occur" in bad(sending, documents.render(other, SHIPPED, AT))


def test_an_older_version_is_refused_with_the_one_that_waits(sending):
    older = replace(sending.printed, version=1)

    assert "version 1; version 2 was sent last" in bad(
        sending, documents.render(older, SHIPPED, AT)
    )


def test_braces_that_would_be_taken_for_a_field_are_refused(sending):
    file = word.edited(sending.file, word.words(BREACH, "30 days", "{{ district.name }}"))

    assert "double braces" in bad(sending, file)
