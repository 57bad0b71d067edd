"""Who has seen a record, for the family that it is about."""
