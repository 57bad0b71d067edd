"""Case teams: which of an agency's staff work with a student whose consent names the agency."""
