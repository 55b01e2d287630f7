"""When the database does not answer: how that is detected, and a page of the portal's own that repeats what was typed.

Such a page needs nothing from the database: the city is the one this process read last, the language comes from the address, a cookie
or the browser. The remedy is always the same, to try again later, so the answer is 503 with `Retry-After` (RFC 9110 §15.6.4).
"""

import logging
from typing import Any

from flask import Response, g, has_app_context, jsonify, make_response, render_template, request
from procrastinate.exceptions import ConnectorException
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError, OperationalError, PendingRollbackError, TimeoutError

from portal.core.cluster import ClusterError
from portal.core.posted_fields import posted_fields
from portal.core.text import LANGUAGES, _

_log = logging.getLogger("portal.app")
RETRY_SECONDS = 30
_CONNECTION_LOST = "8s2b"
"""SQLAlchemy's code for a transaction whose connection went away; the same error with another code is a fault of the program."""
_UNPAGED = frozenset({"operations.healthz", "static_file"})
"""Endpoints that answer without the database, or say themselves how it stands."""


def is_outage(error: BaseException | None) -> bool:
    """Whether an error says that the database cannot serve now: out of reach, starting, full, or waiting too long for a lock."""
    original = getattr(error, "original_exception", None)
    if original is not None:
        return is_outage(original)
    if isinstance(error, ConnectorException):  # from enqueuing a job, which wraps the error of the connection
        return is_outage(error.__cause__)
    if isinstance(error, OperationalError | TimeoutError | ClusterError | pg.OperationalError):
        return True
    if isinstance(error, PendingRollbackError):
        return error.code == _CONNECTION_LOST
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error.orig, pg.OperationalError | pg.ReadOnlySqlTransaction)
    return False


def log(error: BaseException) -> None:
    """Log the kind and the place of the error; an unreachable database is one line, as it breaks every request in the same way."""
    if is_outage(error):
        _log.error("the database does not answer: %s", type(error).__name__)
    else:
        _log.error("request failed: %s", type(error).__name__, exc_info=error)


def note() -> None:
    """Use the database no more in this request."""
    g.database_away = True


def noted() -> bool:
    """Whether the database did not answer in this request."""
    return has_app_context() and "database_away" in g


def stop() -> Response | None:
    """Before a view: answer at once when the visitor's session could not be read."""
    return None if not noted() or request.endpoint in _UNPAGED else answer()


def answer() -> Response:
    """The portal's own 503: a page, a note for htmx, or JSON for programs."""
    note()
    _choose_language()
    message = _("申し訳ありません。ただいま、つながりにくくなっています。しばらくしてから、もう一度お試しください。")
    if request.headers.get("HX-Request") == "true":
        response = make_response(render_template("components/error_note.html", message=message), 503)
        response.headers["HX-Retarget"] = "#flash"
    elif _wants_json():
        response = make_response(jsonify(status="unavailable", database="no answer", message=message), 503)
    else:
        typed, files = posted_fields()
        response = make_response(
            render_template(
                "unavailable.html", message=message, typed=typed, files=files, action=request.full_path.rstrip("?")
            ),
            503,
        )
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def bare_page(status: int) -> Response:
    """The last resort: a fixed text, sent when even the error page could not be rendered."""
    body = (
        '<!doctype html><html lang="ja"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>窓口</title><h1>ただいま、つながりにくくなっています</h1>"
        "<p>申し訳ありません。しばらくしてから、もう一度お試しください。</p>"
        "<p>いま つながりません。少(すこ)し 待(ま)ってから、もう一度(いちど) ためして ください。</p>"
        '<p lang="en">Sorry, this service cannot be reached right now. Please try again in a little while.</p>'
        '<p lang="zh-Hans">非常抱歉，目前无法连接。请稍后再试。</p>'
        '<p lang="ko">죄송합니다. 지금은 연결할 수 없습니다. 잠시 후 다시 시도해 주세요.</p></html>'
    )
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.is_json or best == "application/json"


def _choose_language() -> None:
    """Choose without the session, which has the visitor's choice and cannot be read now."""
    chosen: Any = request.args.get("lang") or request.cookies.get("language")
    if chosen not in LANGUAGES:
        chosen = request.accept_languages.best_match(LANGUAGES, default="ja")
    g.language = chosen
