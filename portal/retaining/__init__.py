"""What is held and why, how long it is kept, holds, and its destruction."""
