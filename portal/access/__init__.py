"""The door: where rules and shelves meet. Nothing about a student is read elsewhere."""
