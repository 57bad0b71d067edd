"""The agency's inbox: its lists, an answer to several, and asking the school for a consent."""
