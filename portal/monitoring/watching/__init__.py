"""A day of the ledger is gone over for unusual use, and a person settles what was found."""
