"""The portal in which a school district and its community partners support students together."""
