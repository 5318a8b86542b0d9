"""Settings: environment variables `PLENARY_*` or a `.env` file, read once at the start.

A wrong value stops the start with one sentence that names it.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

HOME = Path(__file__).resolve().parents[2]
"""The folder that holds `app/`, `templates/` and `migrations/`."""

DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")


class WrongSetting(Exception):
    """A setting that cannot be used; the message names it."""


class Settings(BaseSettings):
    """What an installation chooses; see README for each."""

    model_config = SettingsConfigDict(
        env_prefix="PLENARY_", env_file=".env", extra="ignore", env_ignore_empty=True
    )

    database_url: str = "sqlite+aiosqlite:///var/plenary.db"
    data_dir: Path = Path("var")
    secret_key: SecretStr | None = Field(default=None, min_length=32)
    base_url: str = "http://127.0.0.1:8000"
    smtp_url: SecretStr | None = None
    trusted_hosts: Annotated[list[str], NoDecode] = ["*"]
    log_format: Literal["json", "console"] = "json"

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: str | list[str]) -> list[str]:
        return (
            [h.strip() for h in value.split(",") if h.strip()] if isinstance(value, str) else value
        )

    @field_validator("database_url")
    @classmethod
    def _driver(cls, value: str) -> str:
        try:
            driver = make_url(value).drivername
        except ArgumentError:
            raise ValueError("is not a database address") from None
        if driver not in DRIVERS:
            raise ValueError(f"begins with “{driver}”; use {' or '.join(DRIVERS)}")
        return value

    @field_validator("base_url")
    @classmethod
    def _base(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @property
    def database(self) -> URL:
        """The parsed address; a relative SQLite path stands against the current folder."""
        return make_url(self.database_url)

    @property
    def secure(self) -> bool:
        """True where pages are reached over HTTPS: cookies then carry the `__Host-` prefix."""
        return self.base_url.startswith("https://")


@cache
def settings() -> Settings:
    """The settings of this process. Raises `WrongSetting` with one sentence."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "PLENARY_" + str(first["loc"][0]).upper()
        raise WrongSetting(f"{name} {first['msg'].removeprefix('Value error, ')}.") from None
