"""Cities that share this installation: how a host name leads to its city, and how a city is created (schema, role, tables)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property
from time import monotonic
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import BigInteger, event, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from common.open_days import Calendar, read_calendar_from
from common.plane import Plane
from portal.core.city_days import ClosedDay, WindowHours, closed_days_from, time_of, window_hours_from
from portal.core.cluster import ClusterError
from portal.core.config import settings
from portal.core.database import (
    SHARED_SCHEMA,
    city_at_work,
    city_of,
    login_role,
    owner_engine,
    schema_of,
    shared_session,
)
from portal.core.errors import NotFound
from portal.core.migrate import upgrade_city
from portal.core.models import SharedBase
from portal.core.text import _, current_language
from writing.folding import hiragana
from writing.hangul import hangul

_REFRESH_SECONDS = 30.0
_KINDS = {"市": ("シ",), "町": ("マチ", "チョウ"), "村": ("ムラ", "ソン"), "区": ("ク",)}
"""How the last word of a municipality's name is read."""
_OF_THE_CITY = frozenset({"opens", "closes", "mail_name", "reply_to", "number", "closed_days", "window_hours"})


class CityRow(SharedBase):
    """One city of the installation."""

    __tablename__ = "city"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_kana: Mapped[str]
    name_en: Mapped[str]
    code: Mapped[str] = mapped_column(unique=True, doc="全国地方公共団体コード, six digits")
    letter: Mapped[str] = mapped_column(doc="first character of case numbers, 立 in 立-1124-04827")
    host: Mapped[str] = mapped_column(unique=True, doc="host name without port")
    theme: Mapped[str] = mapped_column(doc="a key of `core.themes`, or the city's own colour, #rrggbb")
    postal_code: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    center: Mapped[list[Any]] = mapped_column(doc="[longitude, latitude] where maps open")
    plane_srid: Mapped[int] = mapped_column(doc="plane rectangular system in which areas are measured")
    opens: Mapped[str] = mapped_column(server_default="8:30", doc="when the city hall opens on weekdays")
    closes: Mapped[str] = mapped_column(server_default="17:15")
    mail_name: Mapped[str | None] = mapped_column(doc="who mails are from, by name; 町田市 窓口 without one")
    reply_to: Mapped[str | None] = mapped_column(doc="where answers to mails go; nowhere without one")
    closed_days: Mapped[list[Any]] = mapped_column(server_default="[]", doc="see `core.city_days`")
    window_hours: Mapped[list[Any]] = mapped_column(server_default="[]", doc="see `core.city_days`")
    number: Mapped[int] = mapped_column(
        BigInteger,
        server_default="1",
        doc="one more with each change, so that nobody overwrites what they have not seen",
    )


@dataclass(frozen=True)
class City:
    """What pages and actions know of a city."""

    key: str
    name: str
    name_kana: str
    name_en: str
    code: str
    letter: str
    host: str
    theme: str
    postal_code: str
    address: str
    phone: str
    center: tuple[float, float]
    plane_srid: int
    opens: str = "8:30"
    closes: str = "17:15"
    mail_name: str | None = None
    reply_to: str | None = None
    number: int = 1
    closed_days: tuple[ClosedDay, ...] = field(default=(), hash=False)
    window_hours: tuple[WindowHours, ...] = field(default=(), hash=False)

    @property
    def mails_from(self) -> str:
        """Who the city's mails are from, by name."""
        return self.mail_name or f"{self.name} 窓口"

    @property
    def hours(self) -> tuple[time, time]:
        """When the city hall opens and closes on open days."""
        return time_of(self.opens), time_of(self.closes)

    @cached_property
    def calendar(self) -> Calendar:
        """The days of this city besides those of the law."""
        closed = frozenset(entry.day for entry in self.closed_days)
        return Calendar(closed, tuple(entry.hours for entry in self.window_hours))

    @property
    def origin(self) -> str:
        """`https://host[:port]`, without a slash at the end."""
        return f"{settings().public_scheme}://{self.host}{settings().port_suffix}"

    @property
    def in_words(self) -> str:
        """The name as sentences in the reader's language have it; a Korean one has it as it sounds, without 市."""
        match current_language():
            case "ja-easy":
                return f"{self.name}({hiragana(self.name_kana)})"
            case "en":
                return self.name_en
            case "ko":
                return hangul(_without_kind(self.name, self.name_kana))
        return self.name

    @property
    def plane(self) -> Plane:
        """The plane system in which everything of the city is measured."""
        return Plane(self.plane_srid)


class _Directory:
    """The cities, kept in the process and read again every half minute."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._cities: dict[str, City] = {}

    def all(self) -> list[City]:
        if monotonic() - self._read_at > _REFRESH_SECONDS:
            self._read()
        return list(self._cities.values())

    def _read(self) -> None:
        try:
            with shared_session() as session:
                rows = session.scalars(select(CityRow).order_by(CityRow.code)).all()
                self._cities = {row.key: _city(row) for row in rows}
        except (SQLAlchemyError, ClusterError):
            if not self._cities:
                raise
            # the last reading still says whose page to show while the database is unreachable
        self._read_at = monotonic()

    @property
    def last_read(self) -> list[City]:
        return list(self._cities.values())

    def forget(self) -> None:
        self._read_at = float("-inf")


_directory = _Directory()


def _city(row: CityRow) -> City:
    values = {name: getattr(row, name) for name in City.__dataclass_fields__}
    values["center"] = (float(row.center[0]), float(row.center[1]))
    values["closed_days"] = closed_days_from(row.closed_days)
    values["window_hours"] = window_hours_from(row.window_hours)
    return City(**values)


def cities() -> list[City]:
    """Every city, in the order of its code."""
    return _directory.all()


def last_known(hostname: str) -> tuple[City | None, list[City]]:
    """The city of a host name and all cities as this process read them last, without a query."""
    cities = _directory.last_read
    return next((city for city in cities if city.host == hostname.lower()), None), cities


def city(key: str) -> City:
    """The city of that key. Raises NotFound."""
    for candidate in cities():
        if candidate.key == key:
            return candidate
    raise NotFound(_("「{key}」という市はありません。", key=key))


def city_at(hostname: str) -> City | None:
    """The city that answers on a host name (without port, in any case), or None on the installation's own host."""
    return next((city for city in cities() if city.host == hostname.lower()), None)


def plane_of(session: Session) -> Plane:
    """The plane system in which the city of a session measures."""
    return city(city_of(session)).plane


def current_city() -> City:
    """The city of this request. Raises NotFound on the installation's own host, where no city is chosen."""
    if not has_request_context():
        raise LookupError("there is no request here; pass the city on")
    if "city" not in g:
        g.city = city_at(request.host.partition(":")[0])
    if g.city is None:
        raise NotFound("市を選んでください。")
    city: City = g.city
    return city


_LAW_ALONE = Calendar()


def _without_kind(name: str, kana: str) -> str:
    """The reading of a municipality's name without 市, 町, 村 or 区: タチカワ of 立川市."""
    return next((kana.removesuffix(read) for read in _KINDS.get(name[-1:], ()) if kana.endswith(read)), kana)


def _calendar_here() -> Calendar:
    """The calendar of the city in whose session this is done, else of the request's city."""
    key = city_at_work()
    if key is not None:
        here = next((candidate for candidate in cities() if candidate.key == key), None)
    elif has_request_context():
        here = g.city if "city" in g else city_at(request.host.partition(":")[0])
    else:
        here = None
    return here.calendar if here is not None else _LAW_ALONE


read_calendar_from(_calendar_here)


def change_city(session: Session, expected_version: int, values: Mapping[str, Any]) -> bool:
    """Change columns of the city of this session, if its row still has the number `expected_version`; whether it had.

    Other processes read it within half a minute.
    """
    row = CityRow.key == city_of(session), CityRow.number == expected_version
    statement = update(CityRow).where(*row).values(**values, number=CityRow.number + 1).returning(CityRow.key)
    changed = session.scalar(statement) is not None
    event.listen(session, "after_commit", lambda _session: _directory.forget(), once=True)
    return changed


def city_row(session: Session) -> City:
    """The city of this session as it is now, not as this process read it last."""
    row = session.scalars(
        select(CityRow).where(CityRow.key == city_of(session)).execution_options(populate_existing=True)
    )
    return _city(row.one())


def create_city(city: City) -> None:
    """Make a city: its role, its schema with every table, its row in the directory.

    Safe to repeat; then it updates the row, except for what the city says of itself in the browser alone.
    """
    schema = schema_of(city.key)
    with owner_engine().begin() as connection:
        role_exists = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": schema})
        if not role_exists:
            connection.exec_driver_sql(f'CREATE ROLE "{schema}" NOLOGIN')
        connection.exec_driver_sql(f'GRANT "{schema}" TO "{login_role()}"')
        connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA "{schema}", "{SHARED_SCHEMA}", public TO "{schema}"')
        connection.exec_driver_sql(
            f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{schema}"'
        )
        connection.exec_driver_sql(
            f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT USAGE ON SEQUENCES TO "{schema}"'
        )
    upgrade_city(city.key)
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f'SET LOCAL search_path = "{SHARED_SCHEMA}"')
        values = {name: getattr(city, name) for name in City.__dataclass_fields__ if name not in _OF_THE_CITY}
        with Session(connection) as session:
            session.merge(CityRow(**(values | {"center": list(city.center)})))
            session.commit()
    _directory.forget()
