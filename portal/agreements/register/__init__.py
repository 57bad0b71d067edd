"""What everybody may know of agreements: the public page of those in force, and /verify."""
