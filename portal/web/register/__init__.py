"""The page of agreements for everybody: plain HTML, without an account."""
