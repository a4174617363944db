"""Settings: `mailwright.toml` in the workspace, then `MAILWRIGHT_*` variables over it."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from contracts.errors import BadInput

__all__ = ["Settings", "load_settings"]

FILE = "mailwright.toml"


class Settings(BaseSettings):
    """Everything that may differ between two installations."""

    model_config = SettingsConfigDict(
        env_prefix="MAILWRIGHT_", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    workspace: Path = Path("workspace")
    database_url: str = ""  # "" is SQLite in the workspace; postgresql+psycopg://… at scale
    embedding_model: str = ""  # "" is the bundled English model; a name or folder otherwise
    embedding_languages: tuple[str, ...] = ()  # those it serves, where its folder does not say
    rerank_model: str = ""  # a cross-encoder that looks again at the best passages; "" is none
    rerank_languages: tuple[str, ...] = ()
    chroma_url: str = ""  # "" keeps vectors in the workspace; the address of a Chroma server
    chroma_headers: dict[str, SecretStr] = Field(default_factory=dict)  # for a proxy in front
    chroma_ca_file: Path | None = None  # certificates to trust; None: the system's
    chroma_prefix: str = Field(default="mailwright", pattern=r"^[a-zA-Z0-9][a-zA-Z0-9-]{1,60}$")
    chroma_tenant: str = "default_tenant"
    chroma_database: str = "default_database"
    chat_model: str = ""  # "" is the composer; "provider:model" asks a chat model
    chat_base_url: str = ""  # for servers that speak the OpenAI protocol
    chat_timeout_s: float = Field(default=60.0, gt=0)  # seconds of one attempt
    chat_retries: int = Field(default=2, ge=0, le=10)  # where a failure may pass
    chat_requests_per_minute: float = Field(default=0.0, ge=0)  # 0: as many as come
    chat_at_once: int = Field(default=4, ge=1, le=64)  # drafts that a model writes together
    chat_max_output_tokens: int = Field(default=4000, ge=200)  # of one answer
    chat_repairs: int = Field(default=1, ge=0, le=1)  # faulty parts are asked for once more
    chat_cache: bool = True  # answers are kept, so that drafting again asks nothing
    chat_price_in: Decimal | None = Field(default=None, ge=0)  # for a million tokens
    chat_price_out: Decimal | None = Field(default=None, ge=0)
    chat_currency: str = Field(default="", pattern=r"^([A-Z]{3})?$")  # of both prices
    chat_budget_tokens: int | None = Field(default=None, ge=0)  # for one campaign
    chat_budget_cost: Decimal | None = Field(default=None, ge=0)  # the same in chat_currency
    public_url: str = ""  # where `mailwright serve` answers; needed for SMTP
    transport: Literal["maildir", "smtp"] = "maildir"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_timeout_s: float = Field(default=30.0, gt=0)  # seconds
    lease_s: float = Field(default=120.0, gt=0)  # seconds a worker may take for one envelope
    clamav: str = ""  # where clamd answers: unix:/run/clamav/clamd.ctl or tcp://host:3310
    spam_filters: tuple[str, ...] = ()  # asked of lone mails: spamd://host:783, http://host:11333
    seed: int = 0  # of the composer's choices

    @field_validator("public_url")
    @classmethod
    def _https(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("public_url must begin with https:// (RFC 8058)")
        return value.rstrip("/")

    @field_validator("chroma_url")
    @classmethod
    def _of_chroma(cls, value: str) -> str:
        if not value:
            return value
        address = value.rstrip("/")
        # What else an address may have (a user, a path) Chroma's client would leave out.
        if not re.fullmatch(r"https?://([^\s/@:?#\[\]]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?", address):
            raise ValueError(
                "chroma_url must be http://host:port or https://host:port, without a user or a "
                "path; credentials go into chroma_headers"
            )
        try:
            port = urlsplit(address).port
        except ValueError:
            port = 0
        if port == 0:
            raise ValueError("chroma_url has a port that there is not; use 1 to 65535")
        return address

    @field_validator("chroma_headers")
    @classmethod
    def _sendable(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, secret in value.items():
            text = secret.get_secret_value()
            if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
                raise ValueError(f"«{name}» is no name of a header; use one such as Authorization")
            if not re.fullmatch(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?", text):
                raise ValueError(f"the value of {name} must be one line of plain ASCII, not empty")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # What the file says comes in as arguments, and a variable stands above the file.
        return env_settings, init_settings


def load_settings(workspace: Path | None = None, **given: Any) -> Settings:
    """The settings of a workspace.

    Args:
        workspace: the folder; None takes `MAILWRIGHT_WORKSPACE`, else ./workspace.
        given: values that stand above file and environment (tests, options of a command).

    Raises:
        BadInput: the file does not read, or a key or value is not known; says the nearest.
    """
    try:
        chosen: dict[str, Any] = {"workspace": workspace} if workspace else {}
        first = Settings(**chosen)
        folder = workspace or first.workspace
        values = _file(folder / FILE)
        settings = Settings(**{**values, "workspace": folder})
    except ValidationError as error:
        raise BadInput(_reason(error)) from error
    except SettingsError as error:
        raise BadInput(_unread(error)) from error
    return settings.model_copy(update={"workspace": folder, **given})


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); mend or remove it") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not text in UTF-8; mend the file") from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: not valid TOML ({error}); mend the file") from error


def _unread(error: SettingsError) -> str:
    """A variable of a list or table that is not JSON; never its content."""
    found = re.search(r'field "(\w+)"', str(error))
    variable = f"MAILWRIGHT_{found.group(1).upper()}" if found else "a MAILWRIGHT_ variable"
    return f"""{variable} must be JSON, such as '["en", "de"]' or '{{"name": "value"}}'"""


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        near = get_close_matches(key, list(Settings.model_fields), n=1)
        hint = f"; did you mean «{near[0]}»?" if near else ""
        return f"{FILE}: unknown setting «{key}»{hint}"
    why = first["msg"].removeprefix("Value error, ")
    return f"setting «{key}» ({FILE} or MAILWRIGHT_{key.upper()}): {why}"
