"""Settings: one file, the environment over it, checked at start by the name of the wrong key."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from monitor.errors import ConfigError

# It stands in headers of mails, to which the token is added: ASCII, and nothing that ends it.
PUBLIC = re.compile(r"https?://[!$-;=@-~]+")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Smtp(Strict):
    """Without a host, messages go to the mailbox folder instead."""

    host: str | None = None
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None  # holds the password, where it is not given itself
    timeout: float = 30.0  # seconds
    messages_per_connection: int = 20  # 163 answers 450 MI:DMC to more

    @property
    def secret(self) -> str:
        """The password, from wherever it is kept. Raises ConfigError."""
        if self.password or self.password_file is None:
            return self.password.get_secret_value() if self.password else ""
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"smtp.password_file: {self.password_file}: cannot be read: {error}") from None


class Mail(Strict):
    sender: str = "policywatch <policywatch@localhost>"
    operator: str | None = None  # who hears that a source broke
    attempts: int = 12  # temporary refusals before a message counts as failed: about a day
    per_minute: int = Field(default=60, ge=0)  # messages to the addresses of one domain; 0: as many as are taken
    return_path: str | None = None  # envelope sender, to which bounces come; {id} in it becomes the message's own
    bounces: Path | None = None  # Maildir in which bounces arrive
    dkim_selector: str = "policywatch"
    dkim_key: SecretStr | None = None  # RSA private key as PEM
    dkim_key_file: Path | None = None  # holds the key, where it is not given itself
    longest: int = 88_000  # bytes of HTML in one mail: Gmail hides what goes beyond 102 kB


class Crawl(Strict):
    contact: str = ""  # an address or page shown in the User-Agent
    delay: float = 1.0  # seconds between requests to one host at the start; AutoThrottle moves it
    concurrency: int = 16  # requests under way in all; one at a time per host
    timeout: float = 30.0  # seconds a request may take
    browser_timeout: float = 60.0  # seconds a browser may take to draw one page, its requests included
    max_page: int = 20_000_000  # bytes, after decompression
    max_attachment: int = 50_000_000  # bytes of a file attached to an official document; 0: none is fetched
    max_articles: int = 100  # new articles taken from one source in one crawl
    max_pages: int = 3  # list pages followed
    revisit: list[Annotated[float, Field(gt=0)]] = [1.0, 3.0, 10.0]  # days after which an article is asked for again
    allow_private: list[str] = Field(default_factory=list)  # networks such as 127.0.0.0/8 that may be reached
    time_limit: float = 900.0  # seconds one crawl process may run
    memory_limit: int = 2_000_000_000  # bytes of address space beyond which it is stopped


class Sources(Strict):
    regions: list[str] = Field(default_factory=list)  # names or codes; none: the shipped sources of all regions


class Digest(Strict):
    baseline_days: int = 30  # facts said longer ago than this when first seen never alert
    heartbeat: bool = False  # a mail even when there is nothing new


class Channels(Strict):
    """Robots of group chats, webhooks and the rest; the address of a service is set where it has another one."""

    wecom: str = "https://qyapi.weixin.qq.com"
    feishu: str = "https://open.feishu.cn"
    dingtalk: str = "https://oapi.dingtalk.com"
    timeout: float = Field(default=20.0, gt=0, le=300)  # seconds one message may take; below the outbox's patience
    allow_private: list[str] = Field(default_factory=list)  # networks such as 10.0.0.0/8 that webhooks may reach
    webhook_key: SecretStr | None = None  # from which the secret of each webhook is made
    webhook_key_file: Path | None = None  # holds the key, where it is not given itself

    def base(self, service: str) -> str:
        """Where a service for group robots is asked."""
        address: str = getattr(self, service)
        return address.rstrip("/")


class Alarm(Strict):
    """When the operator hears of this machine itself."""

    least_room: int = Field(
        default=500_000_000, ge=0
    )  # bytes free on the disk of the store; some months of a dozen sources
    lateness: float = Field(default=600.0, ge=60)  # seconds after which a tick that did not come is late


class Web(Strict):
    listen: str = "127.0.0.1:8080"  # host and port of the pages; "off": none
    address: str | None = None  # where the world finds them, https; goes into the mails
    feeds: bool = True  # whether feeds of themes and regions are answered; those of subscriptions always are

    @field_validator("listen")
    @classmethod
    def _is_host_and_port(cls, listen: str) -> str:
        _, _, port = listen.rpartition(":")
        if listen != "off" and not (port.isdecimal() and int(port) < 2**16):
            raise ValueError(f"{listen!r} is no host and port; write one such as 127.0.0.1:8080, or off")
        return listen

    @field_validator("address")
    @classmethod
    def _is_address(cls, address: str | None) -> str | None:
        if address is not None and not PUBLIC.fullmatch(address):
            raise ValueError(f"{address!r} is no address; write one such as https://watch.example.com, in ASCII")
        return address and address.rstrip("/")

    @property
    def endpoint(self) -> tuple[str, int] | None:
        """Host and port to listen on; None where nobody is to be answered."""
        host, _, port = self.listen.rpartition(":")
        return (host.strip("[]"), int(port)) if port != "off" else None

    @property
    def preferences(self) -> str | None:
        """Where the world finds the pages of readers, less the token (see monitor/web/reader.py)."""
        return self.address and f"{self.address}/u/"


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
    sources: Sources = Sources()
    digest: Digest = Digest()
    channels: Channels = Channels()
    alarm: Alarm = Alarm()
    web: Web = Web()

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
    def webhook_key_file(self) -> Path:
        """Where the key for webhooks lies; made there when it is needed first."""
        return self.channels.webhook_key_file or self.data / "webhook.key"

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
