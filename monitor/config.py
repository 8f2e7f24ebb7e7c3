"""Settings: one file, the environment over it, checked at start by the name of the wrong key."""

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from monitor.errors import ConfigError


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Smtp(Strict):
    """Without a host, messages go to the mailbox folder instead."""

    host: str | None = None
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    timeout: float = 30.0  # seconds
    messages_per_connection: int = 20  # 163 answers 450 MI:DMC to more


class Mail(Strict):
    sender: str = "policywatch <policywatch@localhost>"
    unsubscribe_url: str | None = None  # https address of the console; the subscriber's token is put after it
    operator: str | None = None  # who hears that a source broke
    attempts: int = 8  # temporary refusals before a message counts as failed
    longest: int = 88_000  # bytes of HTML in one mail: Gmail hides what goes beyond 102 kB


class Crawl(Strict):
    contact: str = ""  # an address or page shown in the User-Agent
    delay: float = 1.0  # seconds between requests to one host at the start; AutoThrottle moves it
    concurrency: int = 16  # requests under way in all; one at a time per host
    timeout: float = 30.0  # seconds a request may take
    max_page: int = 20_000_000  # bytes, after decompression
    max_attachment: int = 50_000_000  # bytes of a file attached to an official document; 0: none is fetched
    max_articles: int = 100  # new articles taken from one source in one crawl
    max_pages: int = 3  # list pages followed
    revisit: float = 86_400.0  # seconds after which an article still on its list is asked for again
    revisit_days: int = 30  # articles first seen longer ago are never asked for again
    allow_private: list[str] = Field(default_factory=list)  # networks such as 127.0.0.0/8 that may be reached
    time_limit: float = 900.0  # seconds one crawl process may run
    memory_limit: int = 2_000_000_000  # bytes of address space beyond which it is stopped


class Digest(Strict):
    baseline_days: int = 30  # facts said longer ago than this when first seen never alert
    heartbeat: bool = False  # a mail even when there is nothing new


class Settings(BaseSettings):
    """`POLICYWATCH_SMTP__HOST=...` sets smtp.host."""

    model_config = SettingsConfigDict(
        env_prefix="POLICYWATCH_", env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    data: Path = Path("policywatch-data")
    database: str | None = None  # SQLAlchemy address; SQLite in the data folder where not given
    shipped_sources: bool = True  # the sources of seeds/; those of the data folder are always there
    smtp: Smtp = Smtp()
    mail: Mail = Mail()
    crawl: Crawl = Crawl()
    digest: Digest = Digest()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes over the file."""
        return env_settings, init_settings

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data / 'policywatch.sqlite'}"

    @property
    def sources_folder(self) -> Path:
        """Where the user's own sources lie, one TOML file or more."""
        return self.data / "sources"

    @property
    def mailbox(self) -> Path:
        """Where messages go without a mail server, one .eml each."""
        return self.data / "mailbox"


def read_settings(config: Path | None = None, data: Path | None = None) -> Settings:
    """Read the file, the environment over it, and the data folder asked for over both.

    Without `config`, `policywatch.toml` in the data folder is read where it exists. Raises ConfigError.
    """
    folder = data or _checked({}, "environment").data
    file = config or (folder / "policywatch.toml")
    values = _read_toml(file) if config or file.is_file() else {}
    settings = _checked(values, f"{file} or the environment" if values else "environment")
    return settings.model_copy(update={"data": data}) if data else settings


def _checked(values: dict[str, Any], where: str) -> Settings:
    try:
        return Settings(**values)
    except ValidationError as error:
        wrong = error.errors()[0]
        key = ".".join(str(part) for part in wrong["loc"])
        raise ConfigError(f"{where}: {key}: {wrong['msg']}") from None
    except SettingsError as error:
        raise ConfigError(f"environment: {error}; lists and tables are written as JSON") from None


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from None
