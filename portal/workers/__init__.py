"""Processes beside the portal, for what may hang, grow or be hostile. Floor 0.

`pool` keeps a few of them and replaces one that is stuck; `frames` is how the two sides speak;
`limits` is what such a process takes away from itself before it reads anything foreign.
"""
