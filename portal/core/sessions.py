"""Sessions as rows: a random token in the cookie, its SHA-256 as the key, so they can be listed, ended and never forged (ASVS 7.2–7.4)."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import Flask, Request, Response, g
from flask import request as flask_request
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Row, Select, bindparam, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import CallbackDict

from portal.core import outage
from portal.core.clock import now
from portal.core.cluster import ClusterError
from portal.core.config import settings
from portal.core.database import open_city_session
from portal.core.models import CityBase
from portal.core.sealed import SealedJson
from portal.core.tenancy import City, city_at

_TOUCH = timedelta(minutes=1)


class WebSession(CityBase):
    """One signed-in or anonymous session. `data` holds what the next page must know, and no answers but those of a plan."""

    __tablename__ = "web_session"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(SealedJson("web_session.data"))
    staff_id: Mapped[int | None] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def number(self) -> str:
        """Its number on its owner's page; it reveals neither the token nor its digest."""
        return hashlib.sha256(b"visit " + self.digest).hexdigest()[:16]

    @property
    def browser(self) -> str:
        """Program, system and beginning of the network address, as far as known."""
        browser = self.data.get("browser", {})
        return " ".join(filter(None, (browser.get("program"), browser.get("network"))))


_CHANGE = update(WebSession.__table__).where(WebSession.digest == bindparam("key"))  # type: ignore[arg-type] # __table__ is typed as any FromClause
"""One row by its `key`; what is given besides are columns to set."""


@dataclass(frozen=True)
class SessionPerson:
    """How somebody whom sessions name is read with them: `add` adds them to the statement as one `column`, `known` makes of what that
    column holds an identity with an `id`, or None for an account that is closed or gone.
    """

    column: str
    add: Callable[[Select[Any]], Select[Any]]
    known: Callable[[Any], Any]


_people: dict[str, SessionPerson] = {}


def read_with_sessions(people: Mapping[str, SessionPerson]) -> None:
    """Register who is read with a session, by the key under which it has their id."""
    _people.update(people)
    _one_session.cache_clear()


@cache
def _one_session() -> Select[Any]:
    """The session of a `digest` with its people, in one statement. Kept: building it takes longer than running it."""
    query: Select[Any] = select(WebSession.data, WebSession.seen_at, WebSession.expires_at)
    for person in _people.values():
        query = person.add(query)
    return query.where(WebSession.digest == bindparam("digest"))


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What Flask calls `session`."""

    def __init__(self, data: dict[str, Any] | None = None, token: str | None = None) -> None:
        super().__init__(data, lambda changed: setattr(changed, "modified", True))
        self.token = token
        self.new = token is None
        self.modified = False
        self.accessed = True
        self.seen_at: datetime | None = None
        self.people: dict[str, Any] = {}
        """Who was read with it, by the key that has their id; whoever is there now may be another."""

    def renew(self) -> None:
        """Replace the token with the next response; the old one is void. Called at sign-in and sign-out."""
        self["_renew"] = True


def digest(token: str) -> bytes:
    """The key under which a token is stored."""
    return hashlib.sha256(token.encode()).digest()


def cookie_name() -> str:
    """`__Host-` where the browser can hold to it, that is over https."""
    return "__Host-madoguchi" if settings().public_scheme == "https" else "madoguchi"


class RowSessions(SessionInterface):
    """Flask's session interface over `web_session`; a request without a city has no session."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:  # noqa: ARG002 - Flask's signature
        token = request.cookies.get(cookie_name(), "")
        if not token or request.path.startswith("/static/"):
            return ServerSession()
        try:
            city = city_at(request.host.partition(":")[0])
            row = _read(city, token) if city is not None else None
        except (SQLAlchemyError, ClusterError) as error:
            if not outage.is_outage(error):
                raise
            outage.log(error)
            outage.note()
            return ServerSession()
        moment = now()
        idle = timedelta(minutes=settings().session_idle_minutes)
        if row is None or row.expires_at <= moment or row.seen_at + idle <= moment:
            return ServerSession()
        opened = ServerSession(dict(row.data), token)
        opened.seen_at = row.seen_at
        opened.people = {
            key: person.known(column)
            for key, person in _people.items()
            if (column := getattr(row, person.column, None)) is not None
        }
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002 - Flask's signature
        assert isinstance(session, ServerSession)  # noqa: S101 - ours alone
        if outage.noted():
            return
        city: City | None = g.get("city")
        if city is None and session and session.modified:
            city = city_at(flask_request.host.partition(":")[0])
        if city is None:
            return
        if not session and session.modified and session.token:
            request_database(city).execute(delete(WebSession).where(WebSession.digest == digest(session.token)))
            response.delete_cookie(cookie_name(), path="/")
            return
        moment = now()
        if session.modified and session:
            self._store(city, session, response, moment)
        elif session.token and session.seen_at and session.seen_at + _TOUCH <= moment and "unattended" not in g:
            request_database(city).execute(_CHANGE, {"key": digest(session.token), "seen_at": moment})

    def _store(self, city: City, session: ServerSession, response: Response, moment: datetime) -> None:
        renew = session.pop("_renew", False) or session.token is None
        old, token = session.token, secrets.token_urlsafe(32) if renew else session.token
        assert token is not None  # noqa: S101 - a session that is sent has one
        expires = moment + timedelta(hours=settings().session_absolute_hours)

        values = {
            "data": dict(session),
            "staff_id": session.get("staff_id"),
            "account_id": session.get("account_id"),
            "seen_at": moment,
        }
        rows = request_database(city)
        if renew and old:
            rows.execute(delete(WebSession).where(WebSession.digest == digest(old)))
        if renew:
            row = {"digest": digest(token), "created_at": moment, "expires_at": expires, **values}
            rows.execute(insert(WebSession), row)
        else:
            rows.execute(_CHANGE, {"key": digest(token), **values})
        if renew:
            response.set_cookie(
                cookie_name(),
                token,
                max_age=int(timedelta(hours=settings().session_absolute_hours).total_seconds()),
                secure=settings().public_scheme == "https",
                httponly=True,
                samesite="Lax",
                path="/",
            )


def _read(city: City, token: str) -> Row[Any] | None:
    return request_database(city).execute(_one_session(), {"digest": digest(token)}).one_or_none()


def request_database(city: City) -> Session:
    """The transaction of this request, begun at first use."""
    if "database" not in g:
        g.database = open_city_session(city.key)
        g.city = city
    database: Session = g.database
    return database


def leave_untouched() -> None:
    """Let this request not count as a sign of life of its session: a page sent it by itself, and nobody may be in front of it."""
    g.unattended = True


def end_sessions(session: Session, *, staff_id: int | None = None, account_id: int | None = None) -> int:
    """End every session of one person at once (ASVS 7.4.2, 7.4.3); how many there were."""
    criterion = WebSession.staff_id == staff_id if staff_id is not None else WebSession.account_id == account_id
    return len(session.scalars(delete(WebSession).where(criterion).returning(WebSession.digest)).all())


def end_session(session: Session, number: str, *, staff_id: int) -> bool:
    """End one session of a member of staff by its number on the page; False when it had ended."""
    rows = live_sessions(session, staff_id=staff_id)
    digests = [row.digest for row in rows if row.number == number]
    session.execute(delete(WebSession).where(WebSession.digest.in_(digests)))
    return bool(digests)


def live_sessions(session: Session, account_id: int | None = None, *, staff_id: int | None = None) -> list[WebSession]:
    """The sessions of one resident or member of staff that have not ended, newest first."""
    owner = WebSession.staff_id == staff_id if staff_id is not None else WebSession.account_id == account_id
    idle = now() - timedelta(minutes=settings().session_idle_minutes)
    query = select(WebSession).where(owner, WebSession.expires_at > now(), WebSession.seen_at > idle)
    return list(session.scalars(query.order_by(WebSession.seen_at.desc())))
