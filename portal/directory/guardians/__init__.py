"""Adults who answer for a student, the dates of their rights, and the orders that limit them."""
