"""Who could have looked on a past day, and who did."""
