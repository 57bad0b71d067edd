"""Who asked for a student's records and what was answered: one list, a filter for each law."""
