"""Reading files that others wrote: strict, complete in its complaints, writing nothing."""
