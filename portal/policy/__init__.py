"""THE RULES: who may see and do what. Plain Python over plain values; no database, no screen."""
