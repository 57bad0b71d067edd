"""The gate as a table: each rule with the rows that open and the rows that stay closed.

`tests/policy/test_truth_table.py` asks it of the rule by plain values,
`tests/scenarios/test_truth_table.py` of the rule and the query on both databases.
A refusal names *all* its reasons, so the codes of a row are exactly those given.
"""

from portal.policy.decision import Reason
from tests.policy.table import across, beside, inside, legal, lines, names, papers, validity

RULES = (
    "unknown",
    *("O1", "O2", "O3", "O4", "O5", "O6", "O7"),
    *("X1", "X2", "X3", "X4", "X5"),
    *("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9"),
    *("M1", "M2", "M3"),
    *("L1", "L2"),
    "one paper",
    "identity",
    "fields",
)

TABLE = [
    *(*inside.ROWS, *across.ROWS, *papers.ROWS, *lines.ROWS),
    *(*validity.ROWS, *legal.ROWS, *names.ROWS),
]

REACHED = {Reason(code) for row in (*TABLE, *beside.CASES) for code in row.codes}
"""Every reason that some row or case gives."""
