"""Headers on every response, errors included: a strict content security policy with a nonce, and what OWASP ASVS 3.4 requires."""

import secrets

from flask import Flask, Response, g, has_app_context

from portal.core.config import settings


def csp_nonce() -> str:
    """The nonce of this response, for the few script and style elements that must be inline."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def policy(nonce: str | None) -> str:
    """The content security policy; only the tiles of configured base maps come from other hosts."""
    own = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    tiles = "".join(f" {origin}" for origin in settings().tile_origins)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {own}",
            f"style-src {own}",
            f"img-src 'self' data: blob:{tiles}",
            "font-src 'self'",
            "connect-src 'self'",
            # the browser holds redirects after a form to this as well, so the hosted checkout must be listed
            f"form-action 'self' {settings().checkout_origin}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "manifest-src 'self'",
        )
    )


def set_headers(response: Response) -> Response:
    """Runs last on every response."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy(g.get("csp_nonce") if has_app_context() else None))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=()")
    if settings().public_scheme == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    headers.setdefault("Cache-Control", "no-store")  # static files and tiles set their own
    return response


def install(app: Flask) -> None:
    """Put the headers on every response of the application."""
    app.after_request(set_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
