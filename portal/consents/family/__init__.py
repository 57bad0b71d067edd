"""What a family looks after by itself: what is shared by its consents, and taking it back."""
