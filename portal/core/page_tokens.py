"""The anti-forgery token of a page. It ends with the session, and a page may be open for longer than that.

A capability may vouch for such a page by a proof of its own; then the request is `late` and its view decides what to do with it.
"""

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup

from portal.core.posted_fields import TOKEN

NEW_TOKEN = "X-CSRF-Token"  # noqa: S105 - the name of a header
"""The header of an answer that gives an open page the token that counts from now on; scripts put it into the page's forms."""


class PageTokens(CSRFProtect):  # type: ignore[misc] # flask-wtf has no types
    """The check of tokens, with those who may vouch for a page whose token has ended."""

    def __init__(self) -> None:
        super().__init__()
        self._vouchers: list[Callable[[], bool]] = []

    def init_app(self, app: Flask) -> None:
        """Check every form of an application."""
        super().init_app(app)
        app.after_request(_renew)
        app.jinja_env.globals["csrf_field"] = csrf_field

    def vouch_with(self, voucher: Callable[[], bool]) -> None:
        """Let `voucher` decide whether this browser may do without a token. It is called only when the browser says itself that a page of
        this very host sent the request.
        """
        self._vouchers.append(voucher)

    def protect(self, *args: bool, **options: bool) -> None:
        """Raise CSRFError for a token that does not count, unless somebody vouches for the page."""
        try:
            super().protect(*args, **options)
        except CSRFError:
            g.token_ended = is_same_origin()
            if not (_says_own_page() and any(vouch() for vouch in self._vouchers)):
                raise
            g.csrf_valid = True  # Flask-WTF's forms call it
            g.late = True


def csrf_field() -> Markup:
    """The hidden input that carries the token in a form which a template writes."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN, generate_csrf())


def is_late() -> bool:
    """Whether the page was open longer than its session, and somebody vouched for it."""
    return bool(g.get("late", False))


def is_same_origin() -> bool:
    """Whether the browser does not say that another site sent this request."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and not sent_by_other_origin()


def _says_own_page() -> bool:
    """Whether the browser says that a page of this host sent the request, not only that it does not say otherwise."""
    has_origin = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
    return has_origin and is_same_origin()


def sent_by_other_origin() -> bool:
    """Whether the browser names another host as the one whose page sent this request; browsers do so over http as well."""
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    return not is_same_host(urlsplit(origin))


def is_same_host(address: SplitResult) -> bool:
    """Whether an address that the browser names is on the host of this request; a proxy may pass the host on without its port."""
    host = request.host.lower()
    return address.netloc.lower() == host or (":" not in host and address.hostname == host)


def give_token() -> None:
    """Let the answer of this request carry a token for the page that sent it."""
    g.token_ended = True


def _renew(response: Response) -> Response:
    if g.get("token_ended", False):
        response.headers[NEW_TOKEN] = generate_csrf()
    return response
