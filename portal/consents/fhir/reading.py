"""What a FHIR R4 Consent says, ours or a partner's, in our own terms; nothing is decided here.

Whatever is not understood is told by its name and place, all of it at once: a limit that was
skipped would make the consent wider than what was signed. What becomes of it is `answering`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from portal.consents.fhir import codes
from portal.consents.fhir.instants import after, first, span
from portal.consents.fhir.opening import open_file, short
from portal.consents.fhir.values import ByEvent, Happened, Party, Person
from portal.errors import Problem
from portal.policy.decision import Reason
from portal.vocabulary import SPECIAL, Category, ConsentEventKind, Detail, Purpose

Json = dict[str, Any]
DEFAULT_TZ = "America/New_York"

RECEIVES = frozenset({"PRCP", "IRCP"})
GIVES = frozenset({"CST"})
ACTIONS = frozenset({"access", "disclose", "use"})
NO_BY_CODE = frozenset({"OPTOUT", "OPTOUTE"})
EMERGENCY = frozenset({"EMRGONLY", "ETREAT", "ERTREAT", "BTG"})

ASK_ANEW = "Leave it out of the file if it is not meant, or ask the family on the portal's form."
OUR_CODES = "Use the codes of docs/reference/fhir.md, or ask the family on the portal's form."


@dataclass(frozen=True)
class Patient:
    """Whom the file says it is about: shown to whoever chooses the student, never matched."""

    name: str = ""
    born: date | None = None


@dataclass(frozen=True)
class Imported:
    """What the file says. Instants that it does not name are None.

    about: codes of what kind of consent it is. starts, ends: of the permission; records_from,
    records_until: of the events told.
    denied: kinds forbidden within it, why by code. noes: the sentences that make it a no.
    problems: what is not understood, or cannot be kept.
    """

    number: str
    status: str
    about: frozenset[str]
    patient: Patient
    discloser: Party | None
    recipient: Party | None
    people: tuple[Person, ...]
    categories: frozenset[Category]
    purposes: frozenset[Purpose]
    detail: Detail
    starts: datetime | None
    ends: datetime | None
    records_from: datetime | None
    records_until: datetime | None
    by_event: ByEvent | None
    denied: Mapping[Category, tuple[str, ...]] = field(default_factory=dict)
    withdrawn: Mapping[Category, datetime] = field(default_factory=dict)
    happened: tuple[Happened, ...] = ()
    noes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def special(self) -> frozenset[Category]:
        """The sensitive kinds that have their initials."""
        lacking = {k for k, why in self.denied.items() if Reason.NO_SPECIAL_INITIALS in why}
        return self.categories & SPECIAL - lacking

    @property
    def open_kinds(self) -> frozenset[Category]:
        """What it lets be given today."""
        return self.categories - self.denied.keys()


def read(content: bytes, tz: str = DEFAULT_TZ) -> Imported:
    """What it says. Raises BadFile when it is no R4 Consent; tz: whose midnights days are."""
    reader = _Reader(open_file(content), tz)
    imported = reader.imported()
    return replace(imported, problems=tuple(dict.fromkeys(reader.problems)))


class _Reader:
    """Walks through one resource, and collects what it does not understand."""

    def __init__(self, told: Json, tz: str) -> None:
        self.told = told
        self.tz = tz
        self.problems: list[Problem] = []
        self.contained = {f"#{c.get('id')}": c for c in told.get("contained", [])}

    def imported(self) -> Imported:
        """All of it; what was not understood is in `problems`."""
        told, rule = self.told, self.told.get("provision", {})
        self._modifiers("Consent", told)
        self._modifiers("Consent.provision", rule)
        gives, receives, people = self._parties(rule)
        starts, ends = self._span(rule, "period", "Consent.provision.period")
        records = self._span(rule, "dataPeriod", "Consent.provision.dataPeriod")
        by_event = self._by_event(rule)
        if by_event is not None:
            ends = self._last_instant(rule)
        denied, withdrawn = self._denied(rule)
        self._unkept(rule)
        return Imported(
            number=self._number(),
            status=told.get("status", ""),
            about=self._codes_of(told.get("scope", {})),
            patient=self._patient(),
            discloser=gives,
            recipient=receives,
            people=people,
            categories=self._kinds(rule, "Consent.provision").union(denied),
            purposes=self._purposes(rule),
            detail=self._detail(rule),
            starts=starts,
            ends=ends,
            records_from=records[0],
            records_until=records[1],
            by_event=by_event,
            denied=denied,
            withdrawn=withdrawn,
            happened=tuple(self._happened()),
            noes=tuple(self._noes()),
        )

    # What it is

    def _noes(self) -> Iterator[str]:
        """What makes it a no: an opt-out, a deny at the top, a status that opens nothing."""
        rule = self.told.get("provision", {})
        emergency = self._all_codes() & EMERGENCY
        if emergency:
            yield f"It is for emergencies only ({', '.join(sorted(emergency))})."
        for code in sorted(self._codes_of(self.told.get("policyRule", {})) & NO_BY_CODE):
            yield f"It opts out of sharing ({code})."
        if rule.get("type") == "deny":
            actors = (actor.get("reference", {}) for actor in rule.get("actor", []))
            named = ", ".join(filter(None, map(self._shown, actors)))
            yield f"It forbids sharing{f' with {named}' if named else ''}."
        if self.told.get("status") not in ("active", "draft", "proposed"):
            yield f"It opens nothing: its status is {short(self.told.get('status')) or 'missing'}."

    def _all_codes(self) -> frozenset[str]:
        rule = self.told.get("provision", {})
        categories = (self._codes_of(concept) for concept in self.told.get("category", []))
        purposes = {c.get("code", "") for c in rule.get("purpose", [])}
        return frozenset(purposes.union(*categories))

    def _codes_of(self, concept: Json) -> frozenset[str]:
        return frozenset(coding.get("code", "") for coding in concept.get("coding", []))

    def _modifiers(self, path: str, part: Json) -> None:
        """What must be understood or the whole left alone (FHIR R4, 2.4.2)."""
        for found in part.get("modifierExtension", []):
            if found.get("url") != codes.DETAIL or path != "Consent.provision":
                self._unknown(f"{path}.modifierExtension", found.get("url"), "")
        if "implicitRules" in part:
            self._unknown(f"{path}.implicitRules", part["implicitRules"], "")

    def _number(self) -> str:
        values = [entry.get("value", "") for entry in self.told.get("identifier", [])]
        return short(next((v for v in values if v), self.told.get("id", "")))

    # Who

    def _patient(self) -> Patient:
        reference = self.told.get("patient", {})
        found = self.contained.get(reference.get("reference", ""), {})
        if found.get("resourceType") != "Patient":
            return Patient(short(reference.get("display")))
        names = [short(_name(n)) for n in found.get("name", [])]
        return Patient(next(filter(None, names), ""), self._day(found.get("birthDate")))

    def _day(self, text: str | None) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            return None  # a year alone is no birth date

    def _parties(self, rule: Json) -> tuple[Party | None, Party | None, tuple[Person, ...]]:
        gives = [self._party(ref) for ref in self.told.get("organization", [])]
        receives: list[Party] = []
        people: list[Person] = []
        for number, actor in enumerate(rule.get("actor", [])):
            path = f"Consent.provision.actor[{number}]"
            roles, reference = self._codes_of(actor.get("role", {})), actor.get("reference", {})
            if roles & RECEIVES:
                person, party = self._receiver(reference, path)
                people += [person] if person else []
                receives += [party] if party else []
            elif roles & GIVES:
                gives.append(self._party(reference))
            else:
                self._unknown(f"{path}.role", ", ".join(sorted(roles)), codes.PARTICIPATION)
        return (
            self._one(gives, "Consent.organization", "More than one organization gives."),
            self._one(receives, "Consent.provision.actor", "More than one organization receives."),
            tuple(people),
        )

    def _one(self, found: list[Party], path: str, what: str) -> Party | None:
        each = list(dict.fromkeys(found))
        if len(each) > 1:
            self._problem(path, what, "Export one Consent for each of them.")
        return each[0] if each else None

    def _receiver(self, reference: Json, path: str) -> tuple[Person | None, Party | None]:
        found = self.contained.get(reference.get("reference", ""), {})
        if found.get("resourceType") == "PractitionerRole":
            named = short(found.get("practitioner", {}).get("display"))
            person = Person(named, _identifier(found.get("identifier", []), codes.PERSON))
            of = found.get("organization")
            return person, self._party(of) if of else None
        kind = found.get("resourceType") or reference.get("type") or _type_of(reference)
        if kind not in ("Organization", ""):
            self._problem(
                f"{path}.reference",
                f"The receiver is no organization but: {short(kind)}.",
                "Name the organization that receives, by name or identifier.",
            )
            return None, None
        return None, self._party(reference)

    def _party(self, reference: Json) -> Party:
        found = self.contained.get(reference.get("reference", ""), {})
        identifiers = found.get("identifier", []) + (
            [reference["identifier"]] if "identifier" in reference else []
        )
        return Party(
            name=short(found.get("name") or reference.get("display") or reference.get("reference")),
            id=_identifier(identifiers, codes.ORGANIZATION),
            code=_identifier(identifiers, codes.DISTRICT_CODE),
        )

    def _shown(self, reference: Json) -> str:
        return self._party(reference).name

    # What

    def _kinds(self, rule: Json, path: str) -> frozenset[Category]:
        found = set()
        for number, concept in enumerate(rule.get("code", [])):
            kind = self._kind(concept, f"{path}.code[{number}]")
            if kind is not None:
                found.add(kind)
        return frozenset(found)

    def _kind(self, concept: Json, path: str) -> Category | None:
        codings = [(c.get("system", ""), c.get("code", "")) for c in concept.get("coding", [])]
        kinds = {codes.KIND_OF_CODE[c] for c in codings if c in codes.KIND_OF_CODE}
        if len(kinds) > 1:
            self._problem(path, "Its codes name different kinds of record.", OUR_CODES)
        if len(kinds) == 1:
            return kinds.pop()
        for system, code in codings or [("", concept.get("text", ""))]:
            self._unknown(path, code, system)
        return None

    def _purposes(self, rule: Json) -> frozenset[Purpose]:
        found = set()
        for number, coding in enumerate(rule.get("purpose", [])):
            system, code = coding.get("system", ""), coding.get("code", "")
            purpose = codes.PURPOSE_OF_CODE.get((system, code))
            if purpose is not None:
                found.add(purpose)
            else:
                self._unknown(f"Consent.provision.purpose[{number}]", code, system)
        return frozenset(found)

    def _detail(self, rule: Json) -> Detail:
        values = [
            e.get("valueCode") for e in rule.get("modifierExtension", []) if _is(e, codes.DETAIL)
        ]
        unknown = [v for v in values if v not in set(Detail)]
        for value in unknown:
            self._unknown("Consent.provision.modifierExtension", value, codes.DETAIL)
        return Detail.SUMMARY if values and values != [Detail.FULL] else Detail.FULL

    def _denied(self, rule: Json) -> tuple[dict[Category, tuple[str, ...]], dict[Category, Any]]:
        """The kinds forbidden within it; whatever else an exception says is not kept."""
        denied: dict[Category, tuple[str, ...]] = {}
        withdrawn: dict[Category, datetime] = {}
        for number, inner in enumerate(rule.get("provision", [])):
            path = f"Consent.provision.provision[{number}]"
            self._modifiers(path, inner)
            kinds = self._kinds(inner, path)
            if inner.get("type") != "deny":
                self._of_a_permit_within(inner, path)
            elif not kinds or inner.keys() - {"type", "code", "period", "extension", "id"}:
                self._problem(
                    path, "It forbids something that the portal cannot keep apart.", ASK_ANEW
                )
            since, _until = self._span(inner, "period", f"{path}.period")
            why = tuple(
                short(e.get("valueString")) for e in inner.get("extension", [])
                if _is(e, codes.CLOSED)
            )  # fmt: skip
            denied |= dict.fromkeys(kinds, why)
            withdrawn |= dict.fromkeys(kinds, since) if since else {}
        return denied, withdrawn

    def _of_a_permit_within(self, inner: Json, path: str) -> None:
        self._classes(inner, path)
        self._problem(
            path,
            "A permission within a permission is not kept.",
            "Write what is allowed into the first provision. " + OUR_CODES,
        )

    def _classes(self, rule: Json, path: str) -> None:
        for number, coding in enumerate(rule.get("class", [])):
            self._unknown(f"{path}.class[{number}]", coding.get("code"), coding.get("system", ""))

    def _unkept(self, rule: Json) -> None:
        """Limits that FHIR can say and the portal cannot keep."""
        path = "Consent.provision"
        self._classes(rule, path)
        for number, data in enumerate(rule.get("data", [])):
            named = short(data.get("reference", {}).get("reference"))
            self._problem(
                f"{path}.data[{number}]",
                f"It names single items ({named}); the portal shares kinds of record.",
                OUR_CODES,
            )
        for number, label in enumerate(rule.get("securityLabel", [])):
            self._unknown(
                f"{path}.securityLabel[{number}]", label.get("code"), label.get("system", "")
            )
        for number, action in enumerate(rule.get("action", [])):
            for code in sorted(self._codes_of(action) - ACTIONS):
                self._problem(
                    f"{path}.action[{number}]",
                    f"It allows “{short(code)}”; the portal lets records be seen and no more.",
                    "Ask for access or disclosure alone.",
                )

    # When, and what became of it

    def _span(self, part: Json, name: str, path: str) -> tuple[datetime | None, datetime | None]:
        try:
            return span(part.get(name, {}), self.tz)
        except (ValueError, OverflowError):
            self._problem(path, "It names a day that is none.", "Correct the dates.")
            return None, None

    def _by_event(self, rule: Json) -> ByEvent | None:
        parts = _parts(rule.get("extension", []), codes.EVENT_END)
        if not parts:
            return None
        look_by = parts[0].get("lookBy")
        return ByEvent(
            short_event(parts[0].get("event")), self._instant(look_by) if look_by else None
        )

    def _last_instant(self, rule: Json) -> datetime | None:
        [parts, *_] = _parts(rule.get("extension", []), codes.EVENT_END)
        end = parts.get("lastInstant")
        return self._instant(end, last=True) if end else None

    def _happened(self) -> Iterator[Happened]:
        for parts in _parts(self.told.get("extension", []), codes.HAPPENED):
            kind, at, until = parts.get("what"), parts.get("at"), parts.get("until")
            when = self._instant(at) if at else None
            if kind not in set(ConsentEventKind) or when is None:
                self._unknown("Consent.extension", kind, codes.HAPPENED)
                continue
            yield Happened(ConsentEventKind(kind), when, self._instant(until) if until else None)

    def _instant(self, text: str, *, last: bool = False) -> datetime | None:
        try:
            return after(text, self.tz) if last else first(text, self.tz)
        except (ValueError, OverflowError):
            self._problem("Consent", "It names a day that is none.", "Correct the dates.")
            return None

    # Problems

    def _unknown(self, path: str, code: object, system: str) -> None:
        of = f" of {short(system)}" if system else ""
        self._problem(
            path, f"The portal does not know “{short(code) or 'nothing'}”{of}.", OUR_CODES
        )

    def _problem(self, path: str, what: str, do_next: str) -> None:
        self.problems.append(Problem(what, do_next, field=path, where=path))


LONGEST_EVENT = 500


def short_event(words: object) -> str:
    """The event in words, as long as a form lets it be."""
    return str(words or "")[:LONGEST_EVENT]


def _name(name: Json) -> str:
    return str(name.get("text") or " ".join([*name.get("given", []), name.get("family", "")]))


def _identifier(identifiers: list[Json], system: str) -> str:
    return next((short(i.get("value")) for i in identifiers if i.get("system") == system), "")


def _type_of(reference: Json) -> str:
    kind, slash, _id = str(reference.get("reference", "")).rpartition("/")
    return kind.rpartition("/")[2] if slash else ""


def _is(extension: Json, url: str) -> bool:
    return extension.get("url") == url


def _parts(extensions: list[Json], url: str) -> list[dict[str, Any]]:
    """Each extension of this address as its parts: their names and values."""
    return [
        {
            part.get("url", ""): value
            for part in found.get("extension", [])
            for key, value in part.items()
            if key.startswith("value")
        }
        for found in extensions
        if _is(found, url)
    ]
