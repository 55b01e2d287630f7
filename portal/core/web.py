"""One transaction a request, begun at first use and committed after the view; and the one table that turns domain errors into pages."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from forms.text.ruby import without_readings
from portal.core import access, errors, late, outage, security
from portal.core.models import MAX_ID
from portal.core.page_tokens import sent_by_other_origin
from portal.core.posted_fields import posted_fields
from portal.core.sessions import RowSessions, request_database
from portal.core.tenancy import current_city
from portal.core.text import _

STATUS: dict[type[errors.DomainError], int] = {
    errors.KeyRefused: 401,
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}

_HTTP_WORDS = {
    400: "送られた内容を読み取れませんでした。前のページにもどって、もう一度お試しください。",
    404: "お探しのページは見つかりません。",
    405: "この操作はできません。前のページにもどって、もう一度お試しください。",
    413: "送られたファイルが大きすぎます。ファイルを選ぶところに書いてある大きさまでにしてください。",
    429: "回数が多すぎます。しばらく待ってから、もう一度お試しください。",
}
_BROKEN = "申し訳ありません。うまく動きませんでした。入力は保存されています。しばらくしてから、もう一度お試しください。"


def db() -> Session:
    """The session of this request's transaction, in this request's city."""
    return request_database(current_city())


def commit_before_call() -> None:
    """Commit what the view did before it calls another service: no connection and no lock may wait while that answers.

    The transaction of the request cannot do this: it ends after the response was made, which needs the answer.
    """
    db().commit()


class Portal(Flask):
    """Flask that ends the transaction after the session was saved and before the response is sent, and answers every error itself."""

    session_interface = RowSessions()

    def process_response(self, response: Response) -> Response:
        processed = super().process_response(response)
        if "database" in g and not outage.noted():
            g.database.commit()
        return processed

    def wsgi_app(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer a request; when even the error page fails, with a fixed text and never with the server's own."""
        try:
            return super().wsgi_app(environ, start_response)
        except Exception as error:
            outage.log(error)
            response = security.set_headers(outage.bare_page(503 if outage.is_outage(error) else 500))
            return response(environ, start_response)

    def log_exception(self, exc_info: Any) -> None:
        """Log the kind and the place of the error; Flask would quote the address, which may hold a key."""
        outage.log(exc_info[1])


def roll_back() -> None:
    """Undo what the request did so far, before its error is answered."""
    if "database" not in g:
        return
    try:
        g.database.rollback()
    except SQLAlchemyError:  # its connection is gone, and with it the transaction
        g.database.invalidate()


def _close(_error: BaseException | None) -> None:
    session = g.pop("database", None)
    if session is None:
        return
    try:
        session.close()
    except SQLAlchemyError:
        session.invalidate()


def error_page(status: int, message: str, **more: Any) -> Response:
    """A page (for htmx a note, for our scripts JSON) that says what happened and what to do."""
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(message=without_readings(message)), status)
    fragment = request.headers.get("HX-Request") == "true"
    template = "components/error_note.html" if fragment else "error.html"
    response = make_response(render_template(template, status=status, message=message, **more), status)
    if fragment:
        response.headers["HX-Retarget"] = "#flash"
    return response


def domain_error(error: errors.DomainError) -> Any:
    """The page for a refusal of the domain, or the way to sign in."""
    roll_back()
    if isinstance(error, errors.SignInNeeded) and (given_back := late.sign_in_ended(error.where)):
        return given_back
    if isinstance(error, errors.SignInNeeded):
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return _to(url_for(access.sign_in_page(error.where), next=target))
    if isinstance(error, errors.StepUpNeeded):
        return _to(error.page)
    if isinstance(error, errors.UnknownVisitor):
        return late.unknown_visitor(_(error.message), error.where)
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    typed, _files = posted_fields()
    response = error_page(status, _(error.message), fields=getattr(error, "fields", {}), typed=typed)
    if isinstance(error, errors.TooMany | errors.Unavailable) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _to(address: str) -> Response:
    """Redirect to another page, for htmx too."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": address})
    return make_response(redirect(address, 303))


def http_error(error: HTTPException) -> Any:
    """The page for what the framework refused."""
    roll_back()
    if error.code is None or error.code < 400:
        return error
    if outage.is_outage(error):
        return outage.answer()
    if isinstance(error, CSRFError):
        return late.token_ended()
    if error.code == 405 and (page := _page_above()):
        return redirect(page, 303)
    return error_page(error.code, _(_HTTP_WORDS.get(error.code, _BROKEN)))


def _page_above() -> str | None:
    """Where an address leads that takes forms alone and is opened as a page: reloaded after a refusal, or passed on. It is the nearest
    page above it, with the same query; None where it was not opened as a page, or where there is no such page.
    """
    routes = current_app.create_url_adapter(request)
    path = request.path
    if request.method != "GET" or routes is None or path.startswith("//"):
        return None
    while path := path.rpartition("/")[0]:
        if routes.test(path, "GET"):
            return f"{path}?{query}" if (query := request.query_string.decode("ascii", "replace")) else path
    return None


def _unexpected(error: Exception) -> Any:
    roll_back()
    outage.log(error)
    if outage.is_outage(error):
        return outage.answer()
    return error_page(500, _(_BROKEN))


def _refuse_unprintable_address() -> None:
    """Refuse an address with a NUL or another control character: it names nothing, and the database rejects it as text."""
    if not request.path.isprintable():
        raise errors.NotFound


def _refuse_other_origins() -> None:
    """A form comes from a page of this very host (beside the token; OWASP CSRF)."""
    if request.method not in {"GET", "HEAD", "OPTIONS"} and sent_by_other_origin():
        raise CSRFError("The request comes from another origin.")


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a number that a row can have. A greater one does not match: the database would reject it."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=MAX_ID)


def install(app: Flask) -> None:
    """Wire transactions and error pages into the application."""
    app.url_map.converters["int"] = RowNumber
    app.before_request_funcs.setdefault(None, []).insert(0, outage.stop)  # ahead of the guard, which asks who this is
    app.before_request(_refuse_unprintable_address)
    app.before_request(_refuse_other_origins)
    app.teardown_request(_close)
    app.register_error_handler(errors.DomainError, domain_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, _unexpected)
