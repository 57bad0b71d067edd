"""Streamlit only: the page's own gate, and the parts that every page is built of."""
