"""The door: the only floor where rules and shelves meet. Nothing about a student is read elsewhere."""
