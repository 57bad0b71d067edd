"""Referrals: to whom a student was sent for what, and whether it led to a service."""
