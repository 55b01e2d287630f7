"""Addresses of built static files: a name from the build's manifest becomes its hashed file, which browsers may cache permanently."""

import json
from functools import cache
from mimetypes import guess_type

from flask import Flask, Response, request, send_from_directory

from portal.core.access import PUBLIC_ANYWHERE, allow
from portal.core.config import CHECKOUT

STATIC = CHECKOUT / "static"
_COMPRESSED = {"br": ".br", "gzip": ".gz"}
"""Encodings of the build by their names in headers, the shortest first, and how names of files in them end."""


@cache
def manifest() -> dict[str, str]:
    """Plain name → hashed name, as the static build wrote it; empty before the first build."""
    path = STATIC / "dist" / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def static_url(name: str) -> str:
    """The address of a built file, for example `dist/app.css`."""
    plain = name.removeprefix("dist/")
    return f"/static/dist/{manifest().get(plain, plain)}"


@allow(PUBLIC_ANYWHERE)
def _serve(filename: str) -> Response:
    response = _compressed(filename) or send_from_directory(STATIC / "dist", filename)
    hashed = filename in manifest().values()
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "public, max-age=300"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _compressed(filename: str) -> Response | None:
    """The file as the build compressed it, if it did and the browser reads it."""
    for encoding, ending in _COMPRESSED.items():
        if request.accept_encodings[encoding] and (STATIC / "dist" / f"{filename}{ending}").is_file():
            response = send_from_directory(STATIC / "dist", f"{filename}{ending}", mimetype=guess_type(filename)[0])
            response.content_encoding = encoding
            return response
    return None


def install(app: Flask) -> None:
    """Serve `/static/dist/…` and give templates `static_url`."""
    app.add_url_rule("/static/dist/<path:filename>", "static_file", _serve)
    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.globals["is_htmx"] = lambda: request.headers.get("HX-Request") == "true"
