"""The papers that something rests on: their numbers, who signed, and until when they hold."""
