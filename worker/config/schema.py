"""The shape of `config.toml`: every key, its type and its default. Floor 1, pure.

Reading the file, and the environment for secrets, is `worker.config.load`; nothing here touches disk,
network or environment.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from worker.config.cron import check_cron, check_schedule, check_timezone
from worker.identity import host_of
from worker.topics.vocabulary import ContextRule, FieldShares, TopicTable


def _http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError("expected an http:// or https:// address")
    if parts.username is not None:
        raise ValueError("user names and passwords in addresses are not supported")
    return value


def _host(value: str) -> str:
    """`value` as hosts are compared: in lower case, without `www.` and the port of https."""
    if not re.fullmatch(r"([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?", value, re.IGNORECASE):
        raise ValueError('expected a host such as "www.example.de" or "example.de:8443", without https://')
    return host_of(f"https://{value}")


def _host_and_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise ValueError('expected an address such as "127.0.0.1:9466"')
    return value


def _header(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise ValueError("expected plain ASCII (write ae for ä): it is sent as a request header")
    return value


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", value):
        raise ValueError("expected a name of lower-case letters, digits, - and _")
    return value


def _email_address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
        raise ValueError("expected one e-mail address such as rat@example.org")
    return value


def _variable(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_]\w*", value, re.ASCII):
        raise ValueError("expected the name of an environment variable, not what is in it")
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Host = Annotated[str, AfterValidator(_host)]
Variable = Annotated[str, AfterValidator(_variable)]
Identifier = Annotated[str, AfterValidator(_identifier)]
Cron = Annotated[str, AfterValidator(check_cron)]
Schedule = Annotated[str, AfterValidator(check_schedule)]
EmailAddress = Annotated[str, AfterValidator(_email_address)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]


class Table(BaseModel):
    """A TOML table: unknown keys are errors, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Store(Table):
    path: Path = Path("var/monitor.db")


class Http(Table):
    user_agent: Annotated[str, AfterValidator(_header)] = (
        "Pressewacht/{version} (press release monitor; contact not configured)"
    )
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 20
    min_interval_seconds: Seconds = 1.0
    max_body_bytes: Annotated[int, Field(ge=1_000)] = 8_000_000
    respect_robots: bool = True
    allow_private_addresses: bool = False


class ScheduleTable(Table):
    timezone: Annotated[str, AfterValidator(check_timezone)] = "Europe/Berlin"
    poll: Cron = "*/30 6-21 * * *"
    jitter_seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    recheck_days: Annotated[int, Field(ge=0, le=3650)] = 30
    initial_days: Annotated[int, Field(ge=0, le=36_500)] = 7
    flood: Annotated[int, Field(ge=1, le=100_000)] = 350


class Selectors(Table):
    """CSS selectors that override the built-in reading of a listing."""

    item: str | None = None
    link: str | None = None
    title: str | None = None
    kicker: str | None = None
    teaser: str | None = None
    date: str | None = None
    next: str | None = None

    def given(self) -> dict[str, str]:
        """The selectors that were set."""
        return self.model_dump(exclude_none=True)


class Expect(Table):
    """What is usual of a source, where it is known better than its history tells.

    `fields` are those of the listing's entries, `release_fields` those of release pages.
    """

    min_items: Annotated[int, Field(ge=1)] | None = None
    fields: tuple[Literal["date", "kicker", "teaser"], ...] = ()
    release_fields: tuple[Literal["date", "kicker", "lead", "pictures"], ...] = ()
    new_within_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class Source(Table):
    id: Identifier
    name: str = ""
    listing: HttpUrl
    kind: Literal["html", "feed"] = "html"
    feed: HttpUrl | None = None
    hosts: tuple[Host, ...] = ()
    enabled: bool = True
    topics: tuple[Identifier, ...] = ("integration",)
    max_pages: Annotated[int, Field(ge=1, le=1000)] = 50
    page_param: str | None = None
    selectors: Selectors = Selectors()
    expect: Expect = Expect()

    @property
    def display_name(self) -> str:
        return self.name or self.id

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The hosts that may be asked for it, as `host_of` names them: of its listing, its feed, `hosts`."""
        addresses = [self.listing, *([self.feed] if self.feed else [])]
        return frozenset([*map(host_of, addresses), *(host.removeprefix("www.") for host in self.hosts)])


class DigestTable(Table):
    language: Literal["de", "en"] = "de"
    datasette_url: HttpUrl | None = None


class Alerts(Table):
    channels: tuple[Identifier, ...] = ()


class Service(Table):
    http: Annotated[str, AfterValidator(_host_and_port)] | None = None
    ping_url_env: Variable | None = None


class ChannelTable(Table):
    """What every channel has: an id, a schedule and what it wants to hear of."""

    id: Identifier
    schedule: Schedule = "immediate"
    topics: tuple[Identifier, ...] = ()
    sources: tuple[Identifier, ...] = ()
    enabled: bool = True


class EmailChannel(ChannelTable):
    kind: Literal["email"]
    to: Annotated[tuple[EmailAddress, ...], Field(min_length=1)]
    sender: EmailAddress
    sender_name: str = "Pressewacht"
    smtp_host: str
    smtp_port: Annotated[int, Field(ge=1, le=65_535)] = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password_env: Variable | None = None
    smtp_password_file: Path | None = None
    smtp_ca_file: Path | None = None
    list_id: str | None = None
    unsubscribe_url: HttpUrl | None = None

    @model_validator(mode="after")
    def _login_is_whole(self) -> EmailChannel:
        secrets = [self.smtp_password_env, self.smtp_password_file]
        if self.smtp_user and not any(secrets):
            raise ValueError("smtp_user needs smtp_password_env or smtp_password_file")
        if all(secrets):
            raise ValueError("give smtp_password_env or smtp_password_file, not both")
        if self.smtp_user and self.smtp_security == "none" and self.smtp_host not in _LOCAL:
            raise ValueError(
                'smtp_security = "none" would send the password in clear; use "starttls" or "tls"'
            )
        return self


class WebhookChannel(ChannelTable):
    kind: Literal["webhook"]
    url: HttpUrl | None = None
    url_env: Variable | None = None
    url_file: Path | None = None
    format: Literal["standard", "slack", "mattermost", "teams"] = "standard"
    secret_env: Variable | None = None
    secret_file: Path | None = None

    @model_validator(mode="after")
    def _address_is_given_once(self) -> WebhookChannel:
        if sum(value is not None for value in (self.url, self.url_env, self.url_file)) != 1:
            raise ValueError("give exactly one of url, url_env, url_file")
        if self.secret_env and self.secret_file:
            raise ValueError("give secret_env or secret_file, not both")
        return self


class FilesChannel(ChannelTable):
    kind: Literal["files"]
    path: Path = Path("var/digests")


class AtomChannel(ChannelTable):
    kind: Literal["atom"]
    path: Path
    title: str = "Pressewacht"


Channel = EmailChannel | WebhookChannel | FilesChannel | AtomChannel
_LOCAL = ("localhost", "127.0.0.1", "::1")


def _default_channels() -> tuple[Channel, ...]:
    return (FilesChannel(id="archiv", kind="files"),)


class Config(Table):
    """The whole configuration; relative paths are already resolved against the file's folder."""

    store: Store = Store()
    http: Http = Http()
    schedule: ScheduleTable = ScheduleTable()
    sources: tuple[Source, ...]
    topics: dict[Identifier, TopicTable] = Field(default_factory=dict)
    digest: DigestTable = DigestTable()
    alerts: Alerts = Alerts()
    service: Service = Service()
    channels: tuple[Annotated[Channel, Field(discriminator="kind")], ...] = Field(
        default_factory=_default_channels
    )

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Config:
        if not self.sources:
            raise ValueError("at least one [[sources]] table is needed")
        for kind, ids in (
            ("source", [s.id for s in self.sources]),
            ("channel", [c.id for c in self.channels]),
        ):
            twice = sorted({one for one in ids if ids.count(one) > 1})
            if twice:
                raise ValueError(f"{kind} id {twice[0]!r} is used twice")
        return self

    def source(self, source_id: str) -> Source | None:
        """The source of that id, None if there is none."""
        return next((source for source in self.sources if source.id == source_id), None)

    def channel(self, channel_id: str) -> Channel | None:
        """The channel of that id, None if there is none."""
        return next((channel for channel in self.channels if channel.id == channel_id), None)


_TABLES: dict[str, type[BaseModel]] = {
    "store": Store,
    "http": Http,
    "schedule": ScheduleTable,
    "sources": Source,
    "selectors": Selectors,
    "expect": Expect,
    "topics": TopicTable,
    "context": ContextRule,
    "fields": FieldShares,
    "digest": DigestTable,
    "alerts": Alerts,
    "service": Service,
    "email": EmailChannel,
    "webhook": WebhookChannel,
    "files": FilesChannel,
    "atom": AtomChannel,
}


def known_keys(path: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand in the table at `path` (`("sources", 0)`), for suggestions."""
    names = [part for part in path if isinstance(part, str)]
    innermost = next((_TABLES[name] for name in reversed(names) if name in _TABLES), Config)
    return sorted(innermost.model_fields)
