"""The page of agreements for everybody."""
