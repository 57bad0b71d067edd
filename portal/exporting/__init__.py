"""Taking data out: the rows that a role may take, as wide as its screens and no wider.

The right, the purpose, the mark and the ledger are in `access.exports`, because views of other
rooms leave by the same door.
"""
