"""Settings of one installation, read once from the environment (`MADOGUCHI_…`, and `DATABASE_URL` as hosting platforms name it)."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from portal.core.outside_maps import OutsideMap, origin_of

CHECKOUT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Everything an operator may choose. Secrets are files in the instance folder, not settings."""

    model_config = SettingsConfigDict(env_prefix="MADOGUCHI_", extra="ignore", frozen=True, populate_by_name=True)

    environment: Literal["production", "development", "test"] = "development"
    instance_path: Path = CHECKOUT / "instance"
    """Keys, and the private cluster when no `DATABASE_URL` is given."""

    database_url: str = Field("", validation_alias=AliasChoices("DATABASE_URL", "MADOGUCHI_DATABASE_URL"))
    """Login that serves requests; owns nothing and must be NOINHERIT. Empty: the private cluster."""
    database_owner_url: str = Field(
        "", validation_alias=AliasChoices("DATABASE_OWNER_URL", "MADOGUCHI_DATABASE_OWNER_URL")
    )
    """Login that owns schemas and may create roles; used by migrations and by `city create` alone."""
    database_pool: int = 8
    """Connections kept per process: one for each thread that serves requests."""

    wal_archive_path: Path | None = None
    """Where the private cluster archives its write-ahead log and bases; best another disk. None: beside its data, in the installation."""
    wal_archive_bases: int = Field(7, ge=1)
    """How many bases are kept, one a day, and with the oldest of them the log since."""

    public_scheme: Literal["http", "https"] = "http"
    base_host: str = "localhost:8000"
    """Host (and port) on which the choice of city stands; a city answers on its own host."""
    trusted_proxies: int = 0
    """How many reverse proxies are in front and set X-Forwarded-…; 0 trusts none."""
    side: Literal["resident", "staff", "both"] = "both"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """`info` writes a line for each request."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8026
    smtp_tls: bool = False
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = "madoguchi@localhost"

    stripe_api_base: str = ""
    """Empty: Stripe itself. Anything else is a stand-in, which production refuses."""

    cities_sharing_account: Annotated[tuple[str, ...], NoDecode] = ()
    """Keys of cities that share one account at the payment provider, separated by commas; any others that do keep the portal from starting."""

    basemap_tile_url: str = ""
    """Raster tiles `{z}/{x}/{y}` to use in place of the schematic base, for example 地理院タイル."""
    basemap_attribution: str = ""
    outside_maps: tuple[OutsideMap, ...] = ()
    """Maps of other servers that staff may lay under the staff map, as a JSON list; without any nothing outside is asked."""

    timestamp_url: str = ""
    """Server of time stamps (RFC 3161) whose stamp goes into signed documents; empty: they say when they were signed without one."""

    clamd_socket: str = ""
    """Unix socket of clamd; without it uploads wait unscanned and staff cannot open them."""

    file_checks: int = Field(2, ge=1)
    """How many uploads are looked through at the same time on this machine; a picture takes up to 600 MB meanwhile."""
    audit_anchor_file: str = ""
    """File outside the database to which the end of every city's chain of events is added each night, to be checked against."""

    session_idle_minutes: int = 120
    session_absolute_hours: int = 12
    draft_days: int = 30
    initial_password_days: int = Field(7, ge=1)
    """How long a password set by somebody else works, until its owner has chosen another."""
    bank_name_days: int = Field(400, ge=31)
    """How long the names in lines of the bank's statements are kept, from the day of the line: a fiscal year and its settlement."""
    layer_draft_days: int = Field(180, ge=7)
    """How long what somebody began to change in a map layer is kept after its last step."""
    spot_record_days: int = Field(400, ge=31)
    """How long dossiers and lists of neighbours of a spot are kept that belong to no case; those of a case are erased with it."""
    device_days: int = 180
    """How long a browser in which somebody signed in is recognised, and exempt from the limits of its network address."""

    limit_passwords: int = Field(100, ge=1)
    """Wrong passwords of staff from one network address in a quarter of an hour."""
    limit_codes: int = Field(200, ge=1)
    """Wrong mailed codes from one network address in an hour."""
    limit_mails: int = Field(600, ge=1)
    """Mails with a code or a link, requested from one network address in an hour and not used to sign in."""
    limit_look_ups: int = Field(200, ge=1)
    """Look-ups that found nothing, and mailed links that opened nothing, from one network address in a quarter of an hour."""
    density_few_below: int = Field(3, ge=1)
    """A hexagon of the desk's density map with fewer cases than this says 少数 in place of their number."""
    decision_hold_seconds: int = Field(60, ge=0, le=3600)
    """How long a decision of staff is held before it is carried out; until then it can be taken back and nothing is sent."""

    quota_drafts_visitor: int = Field(60, ge=1)
    """Applications that one visitor may begin in an hour; the next two count a network address (the /64 of IPv6) and a city."""
    quota_drafts_network: int = Field(600, ge=1)
    quota_drafts_city: int = Field(20_000, ge=1)
    quota_uploads_visitor: int = Field(200, ge=1)
    """Files sent in an hour, taken or not."""
    quota_uploads_network: int = Field(2_000, ge=1)
    quota_uploads_city: int = Field(30_000, ge=1)
    quota_megabytes_visitor: int = Field(400, ge=1)
    """What those files weigh together, in an hour."""
    quota_megabytes_network: int = Field(4_000, ge=1)
    quota_megabytes_city: int = Field(40_000, ge=1)
    quota_unsent_megabytes: int = Field(20_000, ge=1)
    """How much the files of applications that were not sent may take in a city at any time; they are kept for `draft_days`."""

    @field_validator("cities_sharing_account", mode="before")
    @classmethod
    def _split_by_commas(cls, value: str | tuple[str, ...]) -> tuple[str, ...]:
        names = value.split(",") if isinstance(value, str) else value
        return tuple(name.strip() for name in names if name.strip())

    @field_validator("outside_maps")
    @classmethod
    def _refuse_equal_keys(cls, maps: tuple[OutsideMap, ...]) -> tuple[OutsideMap, ...]:
        if len({each.key for each in maps}) < len(maps):
            raise ValueError("MADOGUCHI_OUTSIDE_MAPS: each map needs a key of its own")
        return maps

    @model_validator(mode="after")
    def _refuse_stand_ins_in_production(self) -> Self:
        if self.environment == "production":
            if self.stripe_api_base:
                raise ValueError("MADOGUCHI_STRIPE_API_BASE: production pays at Stripe itself; leave it empty")
            if self.public_scheme != "https":
                raise ValueError("MADOGUCHI_PUBLIC_SCHEME: production must be served over https")
        return self

    @property
    def base_hostname(self) -> str:
        """`base_host` without its port."""
        return self.base_host.partition(":")[0]

    @property
    def port_suffix(self) -> str:
        """`:8000`, or nothing on the scheme's own port."""
        _, colon, port = self.base_host.partition(":")
        return colon + port

    @property
    def checkout_origin(self) -> str:
        """The origin of the payment provider's hosted checkout pages."""
        return self.stripe_api_base.rstrip("/") or "https://checkout.stripe.com"

    @property
    def tile_origins(self) -> tuple[str, ...]:
        """The origins of base maps on other servers, for the content security policy; none for the schematic base alone."""
        origins = (origin_of(self.basemap_tile_url), *(each.origin for each in self.outside_maps))
        return tuple(dict.fromkeys(origin for origin in origins if origin))


@cache
def settings() -> Settings:
    """The settings of this process (read once; tests clear the cache)."""
    return Settings()
