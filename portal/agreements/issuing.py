"""Print an agreement, keep the exact bytes, write the rows that the gate reads, open it to sign.

The schedule in the document and the rows come from the same lines of the same content, in the
same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import data_points
from portal.access.actor import Actor
from portal.agreements import desk, documents, effects, queries, rules
from portal.agreements.clauses.library import Library
from portal.agreements.content import Content, Line, PartnerTerms, Signer, from_json, to_json
from portal.agreements.drafting import pair_number
from portal.agreements.status import Act
from portal.errors import Problem
from portal.policy.spans import local_midnight, midnight_after
from portal.store.agreements import AgreementPaper, AgreementSignature, AgreementVersion
from portal.store.papers import Agreement, AgreementLine
from portal.store.places import Organization
from portal.vocabulary import AgreementEventKind, DocumentKind, VersionOrigin
from portal.word.render import MEDIA_TYPE


def problems(
    session: Session, me: Actor, paper: AgreementPaper, at: datetime
) -> dict[rules.Step, list[Problem]]:
    """Everything that stands against issuing the draft as it is, step by step."""
    content = from_json(paper.content)
    found = dict(rules.problems(content, queries.known_of(session, me, paper, at)))
    library = queries.library(session, paper.district_id)
    clauses = library.problems(content)
    if not clauses and not found:
        made = printed(session, paper, content, queries.next_version(session, paper.id), at)
        clauses = documents.silent(made, library)
    if clauses:
        found[rules.Step.CLAUSES] = [*found.get(rules.Step.CLAUSES, []), *clauses]
    return found


@dataclass(frozen=True)
class Ready:
    """A draft printed before it is issued: of what, at which instant, and the Word file."""

    made: documents.Printed
    library: Library
    at: datetime
    word: bytes = field(repr=False)


def ready(session: Session, me: Actor, paper_id: uuid.UUID, at: datetime) -> Ready:
    """Print the draft as `issue` would at this instant, and write nothing.

    Printing takes long; who issues many does it here, so that nobody waits meanwhile to write.
    Raises what `issue` raises.
    """
    paper = desk.ours(session, me, paper_id, Act.ISSUE, "agreement.issued", at)
    number = queries.next_version(session, paper.id)
    made = printed(session, paper, from_json(paper.content), number, at)
    library = queries.library(session, paper.district_id)
    return Ready(made, library, at, documents.render(made, library, at))


def issue(
    session: Session, me: Actor, paper_id: uuid.UUID, at: datetime, given: Ready | None = None
) -> AgreementPaper:
    """Print it, keep the exact bytes with their hash, and open it for signature.

    given: printed beforehand; it is used only where nothing at all has changed since.
    Raises NotReady with everything that is missing, BadFile for a template that does not fit.
    """
    paper = desk.ours(session, me, paper_id, Act.ISSUE, "agreement.issued", at)
    told = problems(session, me, paper, at)
    desk.or_not_ready([problem for listed in told.values() for problem in listed])
    version = keep_version(session, me, paper, VersionOrigin.ISSUED, at, given)
    paper.document_id, paper.issued_at, paper.issued_by = version.document_id, at, me.id
    session.flush()
    content = from_json(paper.content)
    _open_for_the_gate(session, paper, content)
    _open_for_signature(session, paper, content)
    _bind(session, content)
    desk.happened(session, me, paper, AgreementEventKind.ISSUED, at, version_id=version.id)
    sha256 = queries.document_sha256(session, version.document_id)
    desk.told(session, me, "agreement.issued", paper, at, sha256=sha256)
    return paper


def keep_version(
    session: Session,
    me: Actor,
    paper: AgreementPaper,
    origin: VersionOrigin,
    at: datetime,
    given: Ready | None = None,
) -> AgreementVersion:
    """Print the draft as it is now and keep it as the next version."""
    number = queries.next_version(session, paper.id)
    content = from_json(paper.content)
    made = printed(session, paper, content, number, at)
    library = queries.library(session, paper.district_id)
    same = given is not None and (given.made, given.library, given.at) == (made, library, at)
    word = given.word if given is not None and same else documents.render(made, library, at)
    issued = origin is VersionOrigin.ISSUED
    name = f"Agreement-{paper.number}.docx" if issued else f"Agreement-{paper.number}-{number}.docx"
    document = desk.keep(
        session,
        me,
        paper,
        DocumentKind.AGREEMENT if issued else DocumentKind.AGREEMENT_VERSION,
        name,
        MEDIA_TYPE,
        word,
        at,
        to_partners=True,
    )
    version = AgreementVersion(
        paper_id=paper.id,
        number=number,
        origin=origin,
        organization_id=me.organization_id,
        content=to_json(content),
        document_id=document.id,
        made_at=at,
        made_by=me.id,
    )
    session.add(version)
    session.flush()
    return version


def preview(session: Session, paper: AgreementPaper, content: Content, at: datetime) -> bytes:
    """The Word file as it would be issued with this content, kept nowhere."""
    number = queries.next_version(session, paper.id)
    made = printed(session, paper, content, number, at)
    return documents.render(made, queries.library(session, paper.district_id), at)


def printed(
    session: Session, paper: AgreementPaper, content: Content, version: int, at: datetime
) -> documents.Printed:
    """What the document prints beside the content."""
    district = session.get_one(Organization, paper.district_id)
    return documents.Printed(
        number=paper.number,
        version=version,
        content=content,
        district=_party(district),
        partners=tuple(
            _party(session.get_one(Organization, terms.agency_id))
            for terms in content.partners
            if terms.agency_id is not None
        ),
        written_on=queries.local_day(at, district.tz),
        consent_form=queries.consent_form(session, district, at),
        parent=queries.named(session, paper.parent_id, district.tz),
        follows=queries.named(session, paper.follows_id, district.tz),
        template=queries.template(session, paper.template_id),
        named=data_points.shared(session, paper.district_id),
    )


def _party(row: Organization) -> documents.Party:
    return documents.Party(row.name, row.code or "", row.address)


# What the gate reads


def _open_for_the_gate(session: Session, paper: AgreementPaper, content: Content) -> None:
    tz = session.get_one(Organization, paper.district_id).tz
    before = queries.before(session, paper)
    if content.starts_on is None or content.ends_on is None:
        raise AssertionError("rules.problems lets no such agreement pass")
    for place, terms in enumerate(content.partners, start=1):
        if terms.agency_id is None:
            raise AssertionError("rules.problems lets no such agreement pass")
        pair = Agreement(
            number=pair_number(paper, place, len(content.partners)),
            paper_id=paper.id,
            a_id=paper.district_id,
            b_id=terms.agency_id,
            starts_at=local_midnight(content.starts_on, tz),
            ends_at=midnight_after(content.ends_on, tz),
            waive_team=terms.waive_team,
        )
        session.add(pair)
        session.flush()
        session.add_all(_gate_lines(session, pair.id, content, terms, before.get(terms.agency_id)))
    session.flush()


def _gate_lines(
    session: Session,
    agreement_id: uuid.UUID,
    content: Content,
    terms: PartnerTerms,
    before: queries.Before | None,
) -> Iterator[AgreementLine]:
    """The rows of one partner's schedule. before: what was agreed with it until now."""
    now = effects.by_way(terms.lines)
    added = effects.added_by(now, effects.by_way(before.lines)) if before else set()
    for way, line in now.items():
        if rules.feeds_the_gate(content.kind, line):
            yield AgreementLine(
                agreement_id=agreement_id,
                direction=line.direction,
                category=line.category,
                purposes=" ".join(line.purposes),
                basis=line.basis,
                detail=line.detail,
                added=way in added,
                since=_since(session, before.pair, line) if before and way not in added else None,
                frequency=line.frequency,
                method=line.method,
                retention=line.retention,
            )


def _since(session: Session, pair: Agreement, line: Line) -> datetime | None:
    """From when on this line has been agreed, where an earlier agreement added it."""
    row = queries.gate_line(session, pair, line)
    if row is None or not row.added:
        return row.since if row else None
    signed = [moment for moment in (pair.a_signed_at, pair.b_signed_at) if moment]
    return max(signed, default=None)


def _bind(session: Session, content: Content) -> None:
    """The gate asks of each partner's records what the laws named in the paper ask.

    A paper may add a law and never takes one away: that would open what was closed.
    """
    for terms in content.partners:
        partner = session.get_one(Organization, terms.agency_id)
        partner.is_hipaa = partner.is_hipaa or terms.is_hipaa
        partner.is_part2 = partner.is_part2 or terms.is_part2


# Who signs, in order


def _open_for_signature(session: Session, paper: AgreementPaper, content: Content) -> None:
    for place, (organization_id, signer) in enumerate(signing_order(paper, content), start=1):
        session.add(
            AgreementSignature(
                paper_id=paper.id,
                place=place,
                organization_id=organization_id,
                name=signer.name,
                title=signer.title,
                capacity=signer.capacity,
                email=signer.email,
            )
        )
    session.flush()


def signing_order(paper: AgreementPaper, content: Content) -> list[tuple[uuid.UUID, Signer]]:
    """Who signs after whom: usually the partners and then the district."""
    sides: Mapping[int, tuple[uuid.UUID | None, tuple[Signer, ...]]] = {
        0: (paper.district_id, content.district_signers),
        **{
            place: (terms.agency_id, terms.signers)
            for place, terms in enumerate(content.partners, start=1)
        },
    }
    usual = (*range(1, len(content.partners) + 1), 0)
    return [
        (organization_id, signer)
        for side in content.order or usual
        for organization_id, signers in [sides[side]]
        if organization_id is not None
        for signer in signers
    ]
