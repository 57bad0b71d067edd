"""Settings: read once, from PORTAL_… variables or a .env file; each default is safe."""

from __future__ import annotations

from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
INSECURE_KEY = "INSECURE-demo-key-never-use-this-with-real-students"


class Settings(BaseSettings):
    """What an operator may set. Durations are in minutes unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", env_file=".env", extra="ignore")

    database_url: str = Field(
        default=f"sqlite:///{ROOT / 'var' / 'portal.db'}",
        description="SQLAlchemy URL, sqlite:///… or postgresql+psycopg://…",
    )
    secret_key: str = Field(
        default=INSECURE_KEY,
        description="At least 32 random characters; signs form tokens. The demo has its own.",
    )
    address: str = Field(
        default="127.0.0.1", description="Address to listen on; TLS is the proxy's."
    )
    public_host: str = Field(default="localhost", description="Host name people type.")
    public_url: str = Field(
        default="http://localhost:8501",
        description="Address people type, with https://; stands in letters and on papers.",
    )
    secure_cookies: bool = Field(default=False, description="true when people arrive by https.")
    session_minutes: int = Field(
        default=15, description="Idle minutes before the portal locks; a password opens it again."
    )
    session_hours: int = Field(default=12, description="Hours after which a session ends anyway.")
    lock_minutes: int = Field(default=15, description="How long a name waits after too many tries.")
    lock_after: int = Field(default=5, description="Wrong passwords in a row before a name waits.")
    second_factor: Literal["required", "offered"] = Field(
        default="required",
        description="Who must have an authenticator: administrators, superintendents and whoever "
        "signs in from outside PORTAL_HOME_NETWORKS (required), or nobody (offered). Real data is "
        "not served with offered; a demonstration offers it unless this is set.",
    )
    home_networks: str = Field(
        default="127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7,fe80::/10",
        description="The district's own networks, with commas; whoever comes from elsewhere "
        "works from outside.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1,::1",
        description="Addresses or networks of your proxy, with commas: only they may say "
        "(X-Forwarded-For) where somebody comes from. A proxy on another machine must be named "
        "here, else everybody seems to come from it.",
    )
    smtp_url: str = Field(
        default="",
        description="Mail server, smtp://user:password@host:587 (STARTTLS) or smtps://…; "
        "without it letters are printed.",
    )
    mail_from: str = Field(default="", description="Sender of its mail, as portal@example.org.")
    service_token: str = Field(
        default="",
        description="Of a service account (page Service accounts): what the command line runs "
        "by. Set it for the command only, not for the server.",
    )
    outside_folder: Path = Field(
        default=ROOT / "var" / "outside",
        description="Journal of closings and checkpoints of the trail. Keep it on another disk "
        "or machine than the database, and out of the database's backups.",
    )
    soffice: str = Field(
        default="",
        description="LibreOffice's command, for PDFs of agreements beside the Word file, which is "
        "the record; empty: `soffice` on the path (Debian: libreoffice-writer-nogui). Without it "
        "there are no such PDFs, and nothing else is missing.",
    )
    upload_megabytes: int = Field(default=10, description="Largest file anybody may bring.")

    @field_validator("home_networks", "trusted_proxies")
    @classmethod
    def _are_networks(cls, given: str) -> str:
        for network in listed(given):
            ip_network(network, strict=False)  # raises ValueError with what is wrong
        return given

    @property
    def home(self) -> tuple[str, ...]:
        """The district's own networks (CIDR)."""
        return listed(self.home_networks)

    def asks_for_second_factor(self, *, demo: bool) -> bool:
        """Is a second factor required here? In a demonstration only when the setting says so."""
        said = "second_factor" in self.model_fields_set
        return self.second_factor == "required" and (said or not demo)


def listed(text: str) -> tuple[str, ...]:
    """What stands between the commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
