"""Accounts: who may sign in, how, for how long, and who looks after them."""
