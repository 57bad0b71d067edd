"""A partner without an account: plain HTML pages behind the link in a mail."""
