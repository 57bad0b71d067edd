"""What a partner logs back of the services that it gives: never notes."""
