"""The demonstration: a made-up district that comes in through the same door as a real one."""
