"""Scenarios: small worlds put through the product's own tables and asked by rule and by query."""
