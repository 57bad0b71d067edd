"""Community agencies: a directory of them comes in, and a referral chooses from it."""
