"""What a signer must have been told, by whose records are given and of which kind.

A consent that lacks one of these sentences is defective (45 CFR 164.508(b)(2)(ii)), so the
gate asks for them at every use. The wording is the form's; here are the ids and the law.
"""

from __future__ import annotations

from portal.vocabulary import Category, Statement

CITATIONS = {
    Statement.VOLUNTARY: "34 CFR 300.9(c)(1)",
    Statement.REVOKE: "45 CFR 164.508(c)(2)(i); 42 CFR 2.31(a)(6); CGS 52-146e(c)",
    Statement.NO_CONDITION: "45 CFR 164.508(c)(2)(ii)",
    Statement.MAY_BE_REDISCLOSED: "45 CFR 164.508(c)(2)(iii)",
    Statement.REDISCLOSURE_LIMIT: "34 CFR 99.33(a), (d)",
    Statement.BECOMES_SCHOOL_RECORD: "34 CFR 99.10; CGS 10-15b(a)",
    Statement.COPY: "34 CFR 99.30(c); 45 CFR 164.508(c)(4)",
    Statement.HOLDER_CHANGES: "34 CFR 99.5(a)(1)",
    Statement.PART2_REDISCLOSURE: "42 CFR 2.31(a)(4)(iii), (a)(10)",
    Statement.PART2_REFUSAL: "42 CFR 2.31(a)(10)",
    Statement.CT_REFUSAL: "CGS 52-146e(b), (c)",
    Statement.HIV_NOTICE: "CGS 19a-585(a)",
}
"""Where each sentence comes from."""

OF_A_HIPAA_DISCLOSER = (
    Statement.REVOKE,
    Statement.NO_CONDITION,
    Statement.MAY_BE_REDISCLOSED,
)
"""45 CFR 164.508(c)(2): whenever a health care provider gives the records."""

OF_A_PART2_DISCLOSER = (
    Statement.REVOKE,
    Statement.PART2_REDISCLOSURE,
    Statement.PART2_REFUSAL,
)
"""42 CFR 2.31: whenever a substance-use program gives the records."""

OF_A_CATEGORY: dict[str, tuple[Statement, ...]] = {Category.PSYCHIATRIC: (Statement.CT_REFUSAL,)}
"""CGS 52-146e(b): whoever gives them."""


def required(category: str, *, hipaa: bool, part2: bool) -> tuple[Statement, ...]:
    """The sentences without which this kind of record stays closed, in the form's order."""
    wanted = {
        *(OF_A_HIPAA_DISCLOSER if hipaa else ()),
        *(OF_A_PART2_DISCLOSER if part2 else ()),
        *OF_A_CATEGORY.get(category, ()),
    }
    return tuple(statement for statement in Statement if statement in wanted)
