"""Views without names, for the offices of personnel, budget and curriculum."""
