"""All tables, so that one import makes the metadata complete."""

from portal.store import (
    accounts,
    agreements,
    consents,
    ledger,
    oversight,
    papers,
    people,
    places,
    records,
    support,
)
from portal.store.base import Base

metadata = Base.metadata

__all__ = [
    "accounts",
    "agreements",
    "consents",
    "ledger",
    "metadata",
    "oversight",
    "papers",
    "people",
    "places",
    "records",
    "support",
]
