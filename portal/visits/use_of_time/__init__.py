"""A person's own use of time: for their own eyes, and as a file that is theirs."""
