"""After a referral was sent: how it goes, whom one tried to reach, how it ended."""
