"""Use is monitored: emergencies, who could have looked, and what is unusual; Proper Use 5."""
