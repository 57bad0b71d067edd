"""The student page: services in place, needs, strengths, notes, and the family's summary."""
