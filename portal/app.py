"""The entrance: the ASGI application that a server runs (`portal serve`, or any ASGI server).

the gate (web/gate.py)   who is here, on every request and message
our routes (web/)        sign-in, files, health
Streamlit (main.py)      everything behind
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from streamlit.web.server.starlette import App

from portal import clock
from portal.accounts import passwords
from portal.commands import opening
from portal.config import ROOT
from portal.ui import failure, navigation
from portal.web import plain
from portal.web.gate import Gate
from portal.web.routes import routes

NEEDED = {
    "server.trustedUserHeaders": {"X-Portal-Subject": "id", "X-Portal-Session": "sid"},
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "runner.postScriptGC": False,
}
"""What .streamlit/config.toml must have set; without it the portal does not open."""


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Check the settings, do the slow first things, and keep what was loaded out of the way."""
    for option, value in NEEDED.items():
        if st.get_option(option) != value:
            raise RuntimeError(f"{option} is not {value}: start the portal in {ROOT}")
    failure.keep_logs_clean()
    passwords.nobodys_hash()
    gc.collect()
    gc.freeze()  # what is loaded now stays, so Python need not look through it again
    await asyncio.to_thread(opening.prepare, clock.now())  # whatever server runs this
    checkpoints = asyncio.create_task(opening.keep_checkpoints())
    yield
    checkpoints.cancel()


async def say_no(_request: Request, error: HTTPException) -> Response:
    """A plain page for what a route does not have."""
    if error.status_code == 404:
        return plain.not_found()
    return plain.message(
        error.status_code,
        "This does not work",
        "The portal does not offer this here.",
        "Start again from the first page.",
    )


addresses = navigation.addresses()
app = App(
    ROOT / "portal" / "main.py",
    routes=routes(addresses),
    middleware=[Middleware(Gate, pages=addresses)],
    lifespan=lifespan,
    on_script_error=failure.tell,
    exception_handlers={HTTPException: say_no},
)
