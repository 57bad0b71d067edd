"""Write a consent as a FHIR R4 Consent that says exactly what the gate obeys, and nothing wider.

One consent is one direction: one organization gives, one receives. The permit lists only kinds
that really open; a kind that is ticked and does not (taken back by itself, not initialed, not the
signer's to share) stands in a deny within it besides, so that a reader who skips either is safe.

The student is contained with name and birth date alone: the receiver has no address of ours to
fetch more from, a number such as the SASID is not theirs to know, and they must find the child in
their own system. Signer, organizations and named people are contained for the same reason.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from typing import Any

from fhir.resources.R4B.consent import Consent

from portal.consents.fhir import codes
from portal.consents.fhir.codes import coding, concept
from portal.consents.fhir.instants import period, written, written_end
from portal.consents.fhir.values import Happened, Party, Person, Told
from portal.policy.decision import Reason
from portal.policy.spans import Span
from portal.vocabulary import (
    CATEGORY_LABELS,
    PURPOSE_LABELS,
    SPECIAL,
    Category,
    Detail,
    IdentityCheck,
    Purpose,
    SignerKind,
)
from portal.word.values import clean

Json = dict[str, Any]
MEDIA_TYPE = "application/fhir+json"


def write(told: Told) -> bytes:
    """The resource as UTF-8 JSON; the same bytes, but for its mark, until something happens."""
    made = resource(told)
    Consent.model_validate(made)  # an invalid one is our mistake, and never leaves
    return json.dumps(made, ensure_ascii=False, indent=2).encode() + b"\n"


def resource(told: Told) -> Json:
    """The resource as JSON values."""
    law, address = codes.LAWS[told.instrument]
    laws = [law, codes.PART2[0]] if told.part2 else [law]
    texts = [address, codes.PART2[1]] if told.part2 else [address]
    made: Json = _filled(
        {
            "resourceType": "Consent",
            "id": told.id,
            "meta": {
                "lastUpdated": written(told.changed_at, told.tz),
                "security": _labels(told),
            },
            "language": _language(told),
            "text": {"status": "generated", "div": _narrative(told)},
            "contained": _contained(told),
            "extension": _extensions(told),
            "identifier": [{"system": codes.CONSENT_NUMBER, "value": told.number}],
            "status": status(told),
            "scope": concept((codes.SCOPE, "patient-privacy", "Privacy Consent")),
            "category": [concept(codes.CONSENT_DOCUMENT)],
            "patient": {"reference": "#student"},
            "dateTime": written(told.signed_at, told.tz) if told.signed_at else "",
            "performer": [_signer_reference(told)],
            "organization": [{"reference": "#discloser"}],
            "sourceAttachment": _attachment(told),
            "policy": [{"authority": codes.FEDERAL, "uri": text} for text in texts],
            "policyRule": concept(*laws),
            "verification": [_verification(told)],
            "provision": _provision(told),
        }
    )
    return made


def status(told: Told) -> str:
    """FHIR's word for where it stands; what opens nothing is not active, whatever its dates."""
    word = codes.STATUS[told.status]
    return "inactive" if word == "active" and not _opens(told) else word


def _open_kinds(told: Told) -> list[Category]:
    closed = _closed(told)
    return [kind for kind in Category if kind in told.scope.categories and kind not in closed]


def _opens(told: Told) -> bool:
    scope = told.scope
    return bool(_open_kinds(told) and scope.purposes and scope.recipient)


def _closed(told: Told) -> dict[Category, tuple[str, ...]]:
    """Each ticked kind that does not open, and why: as the rules said, and as the scope shows."""
    scope = told.scope
    why = {kind: list(reasons) for kind, reasons in told.closed.items()}
    for kind in scope.categories & SPECIAL - scope.special:
        why.setdefault(kind, []).append(Reason.NO_SPECIAL_INITIALS)
    for kind in scope.withdrawn:
        why.setdefault(kind, []).append(Reason.REVOKED)
    return {
        kind: tuple(dict.fromkeys(map(str, why[kind])))
        for kind in Category
        if kind in why and kind in scope.categories | scope.withdrawn.keys()
    }


# Who


def _contained(told: Told) -> list[Json]:
    scope = told.scope
    found = [_student(told)]
    if told.signer.kind is SignerKind.GUARDIAN:
        found.append(_guardian(told))
    found.append(_organization("discloser", scope.discloser))
    if scope.recipient is not None:
        found.append(_organization("recipient", scope.recipient))
    return found + [_person(n, p) for n, p in enumerate(scope.people, start=1)]


def _student(told: Told) -> Json:
    return {
        "resourceType": "Patient",
        "id": "student",
        "name": [{"text": _text(told.student)}],
        "birthDate": told.born.isoformat() if told.born else "",
    }


def _guardian(told: Told) -> Json:
    capacity = _text(told.signer.capacity)
    code = codes.RELATIONSHIP.get(told.signer.capacity)
    codings = [coding(codes.ROLE_CODE, code)] if code else []
    return {
        "resourceType": "RelatedPerson",
        "id": "signer",
        "patient": {"reference": "#student"},
        "relationship": [{"coding": codings, "text": capacity}],
        "name": [{"text": _text(told.signer.name)}],
    }


def _organization(key: str, party: Party) -> Json:
    return {
        "resourceType": "Organization",
        "id": key,
        "identifier": [
            {"system": system, "value": value}
            for system, value in (
                (codes.ORGANIZATION, party.id),
                (codes.DISTRICT_CODE, _text(party.code)),
            )
            if value
        ],
        "name": _text(party.name),
    }


def _person(number: int, person: Person) -> Json:
    return {
        "resourceType": "PractitionerRole",
        "id": f"person-{number}",
        "identifier": [{"system": codes.PERSON, "value": person.id}] if person.id else [],
        "practitioner": {"display": _text(person.name)},
        "organization": {"reference": "#recipient"},
    }


def _signer_reference(told: Told) -> Json:
    by_student = told.signer.kind is SignerKind.STUDENT
    return {
        "reference": "#student" if by_student else "#signer",
        "display": _text(told.signer.name),
    }


# What is allowed


def _provision(told: Told) -> Json:
    scope = told.scope
    return {
        "modifierExtension": _summary(scope.detail),
        "extension": _event_end(told),
        "type": "permit" if _opens(told) else "deny",
        "period": _period(told),
        "actor": _actors(told),
        "action": [
            concept((codes.ACTION, "access", "Access")),
            concept((codes.ACTION, "disclose", "Disclose")),
        ],
        "purpose": [codes.purpose(p) for p in Purpose if p in scope.purposes],
        "code": [codes.kind(kind) for kind in _open_kinds(told)],
        "dataPeriod": period(scope.records, told.tz),
        "provision": [_denied(told, kind, why) for kind, why in _closed(told).items()],
    }


def _summary(detail: Detail) -> list[Json]:
    """Must be understood or the provision left alone: who skips it would show too much."""
    if detail is Detail.FULL:
        return []
    return [{"url": codes.DETAIL, "valueCode": str(detail)}]


def _period(told: Told) -> dict[str, str]:
    """An event may end it; until somebody looks again, it lasts no longer than to that day."""
    span, by_event = told.scope.span, told.scope.by_event
    ends = [span.end, by_event.until if by_event else None]
    return period(Span(span.start, min((e for e in ends if e), default=None)), told.tz)


def _event_end(told: Told) -> list[Json]:
    by_event = told.scope.by_event
    if by_event is None:
        return []
    parts: list[Json] = [{"url": "event", "valueString": _text(by_event.words)}]
    if by_event.until:
        parts.append({"url": "lookBy", "valueDateTime": written(by_event.until, told.tz)})
    if told.scope.span.end:
        end = written_end(told.scope.span.end, told.tz)
        parts.append({"url": "lastInstant", "valueDateTime": end})
    return [{"url": codes.EVENT_END, "extension": parts}]


def _actors(told: Told) -> list[Json]:
    """Where the paper names people, they receive, and not all of their organization."""
    scope = told.scope
    if scope.people:
        role = (codes.PARTICIPATION, "IRCP", "information recipient")
        keys = [f"#person-{number}" for number, _ in enumerate(scope.people, start=1)]
    elif scope.recipient:
        role = (codes.PARTICIPATION, "PRCP", "primary information recipient")
        keys = ["#recipient"]
    else:
        return []
    return [{"role": concept(role), "reference": {"reference": key}} for key in keys]


def _denied(told: Told, kind: Category, why: tuple[str, ...]) -> Json:
    since = told.scope.withdrawn.get(kind)
    return {
        "extension": [{"url": codes.CLOSED, "valueString": reason} for reason in why],
        "type": "deny",
        "period": {"start": written(since, told.tz)} if since else {},
        "code": [codes.kind(kind)],
    }


# What it rests on


def _attachment(told: Told) -> Json:
    if told.paper is None:
        return {"title": f"Consent {told.number}", "url": told.verify_url}
    return {
        "extension": [{"url": codes.SHA256, "valueString": told.paper.sha256}],
        "contentType": told.paper.media_type,
        "language": _language(told),
        "url": told.verify_url,
        "hash": base64.b64encode(told.paper.sha1).decode(),
        "title": told.paper.title,
        "creation": written(told.paper.made_at, told.tz),
    }


def _verification(told: Told) -> Json:
    """Was it made sure who signed: by a check on a screen, or by a second person on paper?"""
    confirmed = next((h.at for h in told.scope.happened if h.kind == "confirmed"), None)
    checked = told.identity_check is not None or confirmed is not None
    date = confirmed or told.signed_at
    return {
        "extension": _check(told.identity_check),
        "verified": checked,
        "verifiedWith": _signer_reference(told) if checked else {},
        "verificationDate": written(date, told.tz) if checked and date else "",
    }


def _check(check: IdentityCheck | None) -> list[Json]:
    return [{"url": codes.CHECK, "valueCode": str(check)}] if check else []


def _extensions(told: Told) -> list[Json]:
    found: list[Json] = [{"url": codes.STATE, "valueCode": str(told.status)}]
    if told.method:
        found.append({"url": codes.METHOD, "valueCode": str(told.method)})
    found += [_happened(entry, told.tz) for entry in told.scope.happened]
    found += _taken(told)
    return found + [
        {"url": codes.NOTICE, "valueString": f"{notice.text} ({notice.law}; {notice.id}, "
         f"{notice.version})"}
        for notice in told.notices
    ]  # fmt: skip


def _happened(entry: Happened, tz: str) -> Json:
    parts: list[Json] = [
        {"url": "what", "valueCode": str(entry.kind)},
        {"url": "at", "valueDateTime": written(entry.at, tz)},
    ]
    if entry.until:
        parts.append({"url": "until", "valueDateTime": written(entry.until, tz)})
    return {"url": codes.HAPPENED, "extension": parts}


def _taken(told: Told) -> list[Json]:
    taken = told.taken
    if taken is None:
        return []
    parts: list[Json] = [
        {"url": "number", "valueString": taken.number},
        {"url": "by", "valueString": _text(taken.by)},
        {"url": "at", "valueDateTime": written(taken.at, told.tz)},
        {"url": "purpose", "valueString": _text(taken.purpose)},
    ]
    return [{"url": codes.TAKEN, "extension": parts}]


def _labels(told: Told) -> list[Json]:
    """Restricted, and not to be passed on (34 CFR 99.33, 42 CFR 2.32, CGS 19a-585)."""
    found = [
        coding(codes.CONFIDENTIALITY, "R", "restricted"),
        coding(codes.ACT_CODE, "NORDSCLCD", "no redisclosure without consent directive"),
    ]
    return [*found, coding(*codes.PART2[0])] if told.part2 else found


# In words


def _narrative(told: Told) -> str:
    """What a person reads who opens the file; every text is escaped."""
    scope = told.scope
    receiver = scope.recipient.name if scope.recipient else "nobody"
    named = ", ".join(person.name for person in scope.people)
    lines = [
        f"Consent {told.number} about {told.student}: {status(told)}.",
        f"{scope.discloser.name} may give to {receiver}{f' ({named})' if named else ''}: "
        f"{_listed(CATEGORY_LABELS[kind] for kind in _open_kinds(told)) or 'nothing'}.",
        f"For: {_listed(PURPOSE_LABELS[p] for p in Purpose if p in scope.purposes) or 'nothing'}.",
        "Only what and when." if scope.detail is Detail.SUMMARY else "",
        f"Ends when: {scope.by_event.words}." if scope.by_event else "",
        *(f"Not open: {CATEGORY_LABELS[kind]}." for kind in _closed(told)),
        *(notice.text for notice in told.notices),
        _taken_in_words(told),
    ]
    said = "".join(f"<p>{html.escape(_text(line))}</p>" for line in lines if line)
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{said}</div>'


def _taken_in_words(told: Told) -> str:
    taken = told.taken
    if taken is None:
        return ""
    at = written(taken.at, told.tz)
    return f"Copy {taken.number}, taken along by {taken.by} at {at}. For: {taken.purpose}."


def _listed(words: Any) -> str:
    return ", ".join(words)


def _text(text: str) -> str:
    """As typed, without what FHIR and XML forbid in a text."""
    return str(clean(text))


def _language(told: Told) -> str:
    return told.language or "en"


def _filled(value: Any) -> Any:
    """Without what is empty: FHIR has no empty texts, lists and objects."""
    if isinstance(value, Mapping):
        kept = {key: _filled(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if not _is_empty(item)}
    if isinstance(value, list):
        return [item for item in map(_filled, value) if not _is_empty(item)]
    return value


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, dict)) and not value)
