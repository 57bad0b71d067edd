"""Support visits: who saw which student, why, how long, and what was provided."""
