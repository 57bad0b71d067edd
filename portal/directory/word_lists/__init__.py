"""A district's drop-downs: worded, ordered, explained, retired and added to; never deleted from."""
