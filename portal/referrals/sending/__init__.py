"""What is looked up before a referral goes, and what is kept of what was sent."""
