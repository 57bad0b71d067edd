"""What changes hands: caseloads, schools, the year; and who must not see whom."""
