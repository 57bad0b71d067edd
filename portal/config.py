"""Settings: read once, from PORTAL_… variables or a .env file; each default is safe."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field
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
    session_minutes: int = Field(default=15, description="Idle minutes before a session ends.")
    session_hours: int = Field(default=12, description="Hours after which a session ends anyway.")
    lock_minutes: int = Field(default=15, description="How long a name waits after too many tries.")
    lock_after: int = Field(default=5, description="Wrong passwords in a row before a name waits.")
    smtp_url: str = Field(
        default="",
        description="Mail server, smtp://user:password@host:587 (STARTTLS) or smtps://…; "
        "without it letters are printed.",
    )
    mail_from: str = Field(default="", description="Sender of its mail, as portal@example.org.")
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


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
