"""What is to be done about consents: the list that a member of staff works off, and renewals."""
