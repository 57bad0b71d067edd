"""Caseloads: which of the support staff serves, counsels or evaluates which student, and when."""
