"""All that is known about one student's consents, in both directions, as staff work with it."""
