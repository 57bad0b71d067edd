"""The form of a district's single sign-on: what the provider asks for, and what it told us."""

from __future__ import annotations

import streamlit as st

from portal.accounts.sign_in_settings import Draft, Standing
from portal.ui import parts
from portal.ui.days import Days
from portal.ui.parts import Tag

SECRET_TURN = "sign-in-secret-turn"  # noqa: S105
REQUIRED = "Everybody of the district must use it instead of a password"
REQUIRED_HELP = (
    "Administrators and superintendents always sign in with their password and second factor: "
    "whoever chooses the provider must not become them, and somebody has to get in on the day it "
    "does not answer."
)
TRUSTS = "When it says that it asked for a second factor, the portal asks for none"
TRUSTS_HELP = "It has to say so of each sign-in (amr or acr). Microsoft does; Google does not."
KINDS = (
    ("Google", "https://accounts.google.com", ""),
    (
        "Microsoft",
        "https://login.microsoftonline.com/TENANT/v2.0",
        "TENANT is your directory's own id. Add the optional claims email and xms_edov to the "
        "application's ID token: without them nobody is found by their address.",
    ),
    ("Clever", "https://clever.com", ""),
)


def state(standing: Standing | None, days: Days) -> None:
    """Where it stands, in one row."""
    if standing is None:
        parts.row("Not set", "Everybody signs in by password.", Tag("Off", "plain"))
    elif standing.live_since:
        below = f"Open to everybody since {days.of(standing.live_since)}."
        parts.row(standing.name, below, Tag("On", "ok"))
    elif standing.tried_at:
        parts.row(
            standing.name, "Tried. Nobody sees it before it is switched on.", Tag("Tried", "info")
        )
    else:
        parts.row(standing.name, "Saved. Try it next.", Tag("Not tried", "warn"))


def redirect_uri(standing: Standing) -> None:
    """The address that the provider has to know."""
    parts.say("Enter this address at your provider as the only redirect URI:")
    st.code(standing.redirect_uri, language=None, wrap_lines=True)


def issuers() -> None:
    """What to type for the usual providers."""
    with st.expander("Which issuer?"):
        parts.rows([(name, f"{issuer} {more}".strip(), "") for name, issuer, more in KINDS], "")


def fields(standing: Standing | None) -> Draft:
    """What is entered; the secret is never shown again."""
    name = st.text_input(
        "Name on the button", standing.name if standing else "", key="sign-in-name", max_chars=60
    )
    issuer = st.text_input(
        "Issuer", standing.issuer if standing else "", key="sign-in-issuer", max_chars=500
    )
    issuers()
    client_id = st.text_input(
        "Client ID", standing.client_id if standing else "", key="sign-in-client", max_chars=500
    )
    turn = st.session_state.setdefault(SECRET_TURN, 0)
    secret = st.text_input(
        "Client secret" + (" (empty keeps the one that is there)" if standing else ""),
        key=f"sign-in-secret-{turn}",  # a password field loses what one leaves by its eye button
        max_chars=500,
        autocomplete="off",
    )
    required = st.toggle(
        REQUIRED, bool(standing and standing.required), key="sign-in-required", help=REQUIRED_HELP
    )
    trusts = st.toggle(
        TRUSTS,
        bool(standing and standing.trusts_second_factor),
        key="sign-in-trusts",
        help=TRUSTS_HELP,
    )
    return Draft(name, issuer, client_id, secret, required, trusts)


def forget_secret() -> None:
    """The field of the secret is empty again."""
    st.session_state[SECRET_TURN] += 1


def try_it(standing: Standing) -> None:
    """The way to the provider and back, in this very browser."""
    st.html(
        f'<p><a href="/try-sign-in/{standing.id}" target="_self">Try it: sign in there, and come '
        "back</a></p>"
    )
