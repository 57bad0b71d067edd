"""What a person sees when a page fails: a sentence and a code, never a traceback."""

from __future__ import annotations

import logging

import streamlit as st

from portal import failures
from portal.errors import PortalError
from portal.ui import parts


def tell(error: Exception) -> bool:
    """Show what went wrong instead of Streamlit's own account of it (its `on_script_error`)."""
    if isinstance(error, PortalError):
        parts.problem_summary(error)
        return True
    code = failures.report(error)
    st.html(
        '<div class="p-problem" role="alert"><h2>There is a problem with the service</h2>'
        "<p>Nothing you had saved was lost. Try again. If it happens again, tell your "
        f"administrator the code {parts.esc(code)}.</p></div>"
    )
    return True


def keep_logs_clean() -> None:
    """Silence two logs: of errors with their messages, which may quote a record, and of
    addresses asked for, which hold welcome links (Streamlit turns that one on again).
    """
    for name in ("streamlit.error_util", "uvicorn.access"):
        logging.getLogger(name).disabled = True
