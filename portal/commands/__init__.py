"""The commands of `portal`, one module a group; each calls the services that the pages call."""
