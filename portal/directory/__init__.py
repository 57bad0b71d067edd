"""People and places: rosters and agencies that come in, caseloads, guardians, court orders."""
