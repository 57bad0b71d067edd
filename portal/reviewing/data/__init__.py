"""What a review of the data finds: stale, perhaps twice, and corrected since the one before."""
