"""Plain HTML in front of Streamlit: the gate, signing in and out, and files that leave."""
