"""The trail and the papers, told to people: who saw what, on which ground, and until when."""
