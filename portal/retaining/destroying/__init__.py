"""Destruction under the schedule: proposed by one, approved by another, certified."""
