"""The ledger proved: every chain of the trail, against itself and against what is kept outside."""
