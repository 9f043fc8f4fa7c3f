"""Settings: one frozen value that checks itself; environment variables SECASSIST_* over a TOML file over defaults."""

import os
import secrets
import tomllib
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from secassist.errors import ConfigError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

KEY_BYTES = 32


class Retention(BaseModel):
    """Days for which each kind is kept before `secassist purge` takes it; 0 is for ever."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subjects: NonNegativeInt = 90
    analyses: NonNegativeInt = 365
    findings: NonNegativeInt = 365
    rejections: NonNegativeInt = 30
    reviews: NonNegativeInt = 0
    vault: NonNegativeInt = 30
    jobs: NonNegativeInt = 30
    events: NonNegativeInt = 14


class Target(BaseModel):
    """Where events of the outbox go. A webhook needs `url` and `secret_file` (its content signs), a file `path`.

    `events` are the kinds it wants (none named: all); `networks` are private networks that are meant, such as
    "10.0.0.0/8", `plain` allows http without TLS, one try takes at most `seconds`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")
    kind: Literal["webhook", "file"] = "webhook"
    url: str = Field(default="", repr=False)
    path: Path | None = None
    secret_file: Path | None = None
    events: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    plain: bool = False
    seconds: float = Field(default=10.0, gt=0, le=120)


class Settings(BaseSettings):
    """Everything a run depends on that is not its input.

    `home` holds database, keys and state (default: the platform's data folder). `model` is "bundled" or a folder in
    Hugging Face layout; `adapters` "bundled" or a folder with one peft adapter per analyzer. `threads` are torch threads.
    `precision` is that of the weights while they serve ("auto": bf16 where the processor multiplies it, else int8);
    `batch` sequences of at most `context` tokens are decoded at a time; `cache_megabytes` hold their keys and values,
    `prefix_megabytes` what prompts share, `merged_megabytes` adapters merged into copies of the base; `step_tokens`
    prompt tokens are computed in one step, `guesses` answer tokens guessed; `brief` ends surely harmless answers early.
    `vault` says whether found values are kept sealed; its key files are `vault.key` and `vault-admin.key` in `home`
    unless named. `retention` is JSON, such as {"subjects": 30}; kinds left out keep their default.
    `names` says whether a tagger reads names and addresses that no pattern finds ("auto": where it is installed), and
    `names_kilobytes` how much of one text it reads at most.
    `broker` is the URL of the Redis that wakes workers of the queue, "" for none; a worker claims `queue_batch` jobs at
    a time for `queue_lease` seconds (renewed while it works), lets one job take `queue_limit` seconds and itself
    `queue_megabytes` of memory (0: no limit), tries a failed job again after `queue_wait` seconds and five times that,
    and looks at the table every `queue_poll` seconds; intake refuses jobs when `queue_high_water` wait (0: never).
    `reuse` says who takes a verdict over for an alert that differs in nothing but time and numbering: workers of the
    queue, every command too, or nobody; for `reuse_hours` after it was made. `targets` is JSON, a list of where events go.
    """

    model_config = SettingsConfigDict(env_prefix="SECASSIST_", env_ignore_empty=True, frozen=True, extra="forbid")

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("secassist", appauthor=False)))
    database: str = ""
    backend: Literal["local", "server"] = "local"
    model: str = "bundled"
    adapters: str = "bundled"
    device: str = "cpu"
    threads: int = Field(default=min(4, os.cpu_count() or 1), ge=1, le=256)
    precision: Literal["fp32", "bf16", "int8", "auto"] = "fp32"
    batch: int = Field(default=32, ge=1, le=512)
    context: int = Field(default=8192, ge=512)
    cache_megabytes: int = Field(default=4096, ge=64)
    prefix_megabytes: int = Field(default=256, ge=0)
    merged_megabytes: int = Field(default=1024, ge=0)
    step_tokens: int = Field(default=1024, ge=16)
    guesses: int = Field(default=12, ge=0, le=64)
    brief: bool = False
    language: Literal["en", "zh"] = "en"
    temperature: float = Field(default=0.0, ge=0.0, le=2.0)
    top_p: float = Field(default=1.0, gt=0.0, le=1.0)
    seed: int = 0
    beams: int = Field(default=1, ge=1, le=16)
    server_url: str = "http://127.0.0.1:8000/v1"
    server_model: str = ""
    server_key: SecretStr = SecretStr("")
    server_timeout: float = Field(default=120.0, gt=0)
    sigma_rules: Path | None = None
    file_megabytes: int = Field(default=32, ge=1)
    names: Literal["auto", "off"] = "auto"
    names_kilobytes: int = Field(default=256, ge=1)
    vault: Literal["off", "sealed"] = "off"
    vault_key_file: Path | None = None
    vault_admin_key_file: Path | None = None
    retention: Retention = Retention()
    broker: str = ""
    queue_batch: int = Field(default=16, ge=1, le=1024)
    queue_lease: float = Field(default=60.0, ge=0.5, le=3600.0)
    queue_limit: float = Field(default=300.0, gt=0.0)
    queue_megabytes: int = Field(default=0, ge=0)
    queue_wait: float = Field(default=5.0, ge=0.0)
    queue_poll: float = Field(default=1.0, gt=0.0, le=60.0)
    queue_high_water: int = Field(default=100_000, ge=0)
    reuse: Literal["off", "queue", "always"] = "queue"
    reuse_hours: float = Field(default=24.0, gt=0)
    targets: tuple[Target, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "Settings":
        object.__setattr__(self, "home", self.home.expanduser().absolute())
        if not self.database:
            object.__setattr__(self, "database", f"sqlite:///{self.home / 'secassist.db'}")
        for name, file in (("vault_key_file", "vault.key"), ("vault_admin_key_file", "vault-admin.key")):
            named: Path | None = getattr(self, name)
            object.__setattr__(self, name, (named or self.home / file).expanduser().absolute())
        if len({target.name for target in self.targets}) < len(self.targets):
            raise ValueError("two targets have the same name; deliveries are kept by name")
        if self.backend == "server" and not self.server_model:
            raise ValueError("backend 'server' needs SECASSIST_SERVER_MODEL, the model's name on that server")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then `config.toml` in the configuration folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file())


def config_file() -> Path:
    """Where settings may be written down: SECASSIST_CONFIG (/dev/null for none) or `config.toml` in the platform's folder."""
    named = os.environ.get("SECASSIST_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("secassist", appauthor=False)) / "config.toml"


def read_settings(**given: Any) -> Settings:
    """The settings of this run; raises ConfigError naming each wrong one and where it can be set."""
    if os.environ.get("SECASSIST_CONFIG") and (not config_file().exists() or config_file().is_dir()):
        raise ConfigError(f"{config_file()}: SECASSIST_CONFIG names no file; write one there, or unset the variable")
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'settings'}: {_wrong(e)}" for e in error.errors())
        raise ConfigError(f"{wrong} (set SECASSIST_<NAME> or {config_file()})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{config_file()}: cannot be read as TOML: {error}") from error
    except SettingsError as error:
        raise ConfigError(f"{_unparsed(str(error))} (set SECASSIST_<NAME> or {config_file()})") from error


def _unparsed(said: str) -> str:
    """The library names field and source in quotes; only what is written in JSON has to be parsed."""
    _, *named = said.split('"')
    return f"{named[0]}: its value is not valid JSON" if named else said


def _wrong(error: "ErrorDetails") -> str:
    """What is wrong with one setting; for a name that there is not, the nearest one that there is."""
    if error["type"] != "extra_forbidden":
        return error["msg"]
    near = get_close_matches(str(error["loc"][-1])[:64], [*Settings.model_fields], 1)
    return "no setting has this name" + (f"; did you mean {near[0]}?" if near else "")


def key(home: Path) -> bytes:
    """The 32-byte key of keyed hashes; it also seals what queued jobs have to see, the maps of `redact` and undone fixes.

    It is made on first use beside (never inside) the database, readable by its owner only, and appears whole or not at
    all, so that two processes starting together agree. Raises ConfigError when it is damaged.
    """
    path = home / "key"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make_key(path)
        found = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be used: {error.strerror}; set SECASSIST_HOME to a folder of yours"
        ) from error
    if len(found) != KEY_BYTES:
        raise ConfigError(
            f"{path}: holds {len(found)} bytes instead of {KEY_BYTES}; restore it, or remove it for a new key"
        )
    return found


def _make_key(path: Path) -> None:
    """Writes a key under another name and links it into place; the first of several processes wins."""
    draft = path.with_name(f"key.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(KEY_BYTES))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
