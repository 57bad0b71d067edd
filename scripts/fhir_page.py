"""The page docs/reference/fhir.md: a consent's fields, their places in FHIR and their codes."""

from __future__ import annotations

from portal.consents.fhir import codes, mapping
from portal.vocabulary import Category, ConsentStatus, Purpose

FHIR_HEAD = """# A consent in FHIR R4

`/fhir/consent/{id}` and `portal consent export-fhir` write one consent, in one direction, as a
Consent of FHIR R4 (checked with the R4B classes of fhir.resources). It says what the gate obeys and
nothing wider:

- the permit lists only kinds that open; a kind that is ticked and does not open stands in a `deny`
  within it besides, so that a reader who skips either is safe. With no kind, purpose or receiver
  left, the provision is a `deny` and the status is not `active`;
- where the paper names people, they are the actors, and not their organization;
- "only what and when" is a *modifier* extension: who does not know it must leave the rule alone;
- HL7's code for a purpose or a kind stands only where it says no more than ours.

The agreement between the two organizations may narrow further, and is not in the file. The student
is contained, with name and birth date alone: the receiver can fetch nothing here, must find the
child in its own system, and has no right to the SASID. A request that a family refused is no
consent and is not exported.

**Who may take it along**: staff who record consents for that student; of the partner, whoever the
consent opens something to at that instant; where the partner gives, the student's case team. Each
time it is asked what for; the copy says who took it, when and for what, and one line
`consent.exported` with the purpose and the file's SHA-256 is in the trail.

**The way in** opens nothing. `portal consent check-fhir FILE` says what a file would ask, that it
is a no, or all that is wrong. What can be kept becomes a draft request, for a student whom a person
chose; the family signs the portal's form. An opt-out, a `deny` at the top, an emergency-only
consent and one that is over are a *no*. Single items, classes of resources, permissions within
permissions, labels, named people, an end by event and any code that is not below are refused by
name and place.

Our codes have a fixed address under `.invalid` (RFC 2606), which nobody can own and nothing answers
at: a district or a state that publishes them changes one line of `portal/consents/fhir/codes.py`.
Written by `scripts/reference.py` from `portal/consents/fhir`.
"""


def fhir() -> str:
    """A consent's fields, their places in FHIR and their codes."""
    lines = [FHIR_HEAD, "## Fields", "", *_table("of ours", "path", "code system or form")]
    for row in mapping.ROWS:
        paths = ", ".join(f"`{path}`" for path in row.paths)
        lines.append(f"| {row.ours} | {paths} | {row.values} |")
    lines += ["", "## Status", "", *_table("of ours", "Consent.status", "opens")]
    for status in ConsentStatus:
        word = codes.STATUS[status]
        lines.append(f"| {status} | `{word}` | {'yes' if word == 'active' else 'no'} |")
    lines += ["", "## Purposes", "", *_table("of ours", "code", "code system")]
    for purpose in Purpose:
        told = codes.purpose(purpose)
        lines.append(f"| {purpose} | `{told['code']}` | {told['system']} |")
    lines += ["", "## Records", "", *_table("of ours", "codes", "code systems")]
    for category in Category:
        codings = codes.kind(category)["coding"]
        told_codes = ", ".join(f"`{coding['code']}`" for coding in codings)
        systems = ", ".join(dict.fromkeys(coding["system"] for coding in codings))
        lines.append(f"| {category} | {told_codes} | {systems} |")
    return "\n".join(lines) + "\n"


def _table(*heads: str) -> list[str]:
    return [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
