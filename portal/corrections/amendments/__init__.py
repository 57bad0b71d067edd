"""A family's request to amend a record: asked, decided, heard, stated (34 CFR 99.20 to 99.22)."""
