"""Puts the application together: core first, then each capability's pages."""

from importlib import import_module

from flask import Flask, Response, after_this_request, request, session
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import templating, wiring
from portal.core import access, assets, compression, logs, outage, security, style_sheets, tenancy, text, text_size, web
from portal.core.config import settings
from portal.core.crypto import application_secret
from portal.core.page_tokens import PageTokens

CAPABILITIES = (
    "portal.identity.views",
    "portal.identity.staff_views",
    "portal.payments.views",
    "portal.maps.views",
    "portal.ogc.views",
    "portal.residents.views",
    "portal.desk.views",
    "portal.publishing.views",
    "portal.operations.views",
)
"""Modules with pages; each has `register(app)`."""

tokens = PageTokens()


def create_app() -> Flask:
    """The portal as a WSGI application."""
    app = web.Portal(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=application_secret(),
        MAX_CONTENT_LENGTH=110 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        # the inputs of 500 rows, which is what a group may have
        MAX_FORM_PARTS=20_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_HEADERS=["X-CSRFToken"],
    )
    if settings().trusted_proxies:
        hops = settings().trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign] # Flask's documented way to add WSGI middleware
    compression.install(app)  # first, so that it comes last to what others change on a page
    templating.install(app)
    app.context_processor(_context)
    app.before_request(_keep_language)
    app.before_request(access.guard)
    tokens.init_app(app)
    logs.install(app)
    web.install(app)
    security.install(app)
    text_size.install(app)
    assets.install(app)
    style_sheets.install(app)
    for name in CAPABILITIES:
        import_module(name).register(app)
    wiring.connect()
    return app


def _context() -> dict[str, object]:
    hostname = request.host.partition(":")[0]
    if outage.noted():
        city, cities = tenancy.last_known(hostname)
        return {"city": city, "cities": cities, "account": None, "staff": None}
    city = tenancy.city_at(hostname)
    return {
        "city": city,
        "cities": tenancy.cities(),
        "account": access.current_account() if city else None,
        "staff": access.current_staff() if city else None,
    }


def _keep_language() -> None:
    chosen = request.args.get("lang")
    if chosen not in text.LANGUAGES or (session.get("language") or request.cookies.get("language", "ja")) == chosen:
        return
    session["language"] = chosen

    @after_this_request
    def keep(response: Response) -> Response:
        """In the browser too, for the page that says that sessions cannot be read."""
        secure = settings().public_scheme == "https"
        response.set_cookie("language", chosen, max_age=31_536_000, secure=secure, httponly=True, samesite="Lax")
        return response
