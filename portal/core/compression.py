"""Answers are sent compressed to browsers that say they read it (RFC 9110 §12.5.3), where their length cannot tell a secret.

An answer that repeats its address beside a secret tells that secret by and by to whoever makes a browser ask for many addresses and sees how
long the answers are (BREACH). So nothing is compressed that a visitor with a session asks for with a query, except tiles, which repeat nothing.
Built files lie there compressed already (`portal.core.assets`).
"""

import gzip

from flask import Flask, Response, request

from portal.core.sessions import cookie_name

TILE = "application/vnd.mapbox-vector-tile"
_TEXTS = frozenset({"text/html", "application/json", "application/geo+json", "application/atom+xml", "text/calendar"})
_WORTH_IT = 1_000
"""Bytes from which on an answer gets shorter by a packet of the network."""
_LEVEL = 4
"""A page of 50 kB takes half a millisecond at it, and twice that at gzip's own for a tenth less."""


def install(app: Flask) -> None:
    """Compress the answers of an application."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype != TILE and response.mimetype not in _TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or response.is_streamed or response.content_encoding:
        return response
    if not is_compressible(repeats_address=response.mimetype != TILE):
        return response
    content = response.get_data()
    if len(content) >= _WORTH_IT:
        response.set_data(gzip.compress(content, _LEVEL, mtime=0))
        response.content_encoding = "gzip"
        _weaken_tag(response)
    return response


def is_compressible(*, repeats_address: bool = True) -> bool:
    """Whether the answer to this request is sent compressed if it is one of those that are (200, a text, long enough)."""
    tells_by_its_length = repeats_address and bool(request.query_string) and cookie_name() in request.cookies
    return request.method == "GET" and bool(request.accept_encodings["gzip"]) and not tells_by_its_length


def _weaken_tag(response: Response) -> None:
    """The tag names the content now and no longer the bytes (RFC 9110 §8.8.3.3)."""
    tag, _is_weak = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)
