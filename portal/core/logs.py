"""What the processes write to standard error: one line an event, `key=value`, without anything that residents typed.

A request is logged by the name of its endpoint, never by its address: paths and query strings can hold search words and keys.
Addresses in messages of libraries are cut to their first part, in the formatter, so that no logger can bypass it.
Answers, names, addresses, IP addresses and cookies are not logged at all.
"""

import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from flask import Flask, Response, g, has_request_context, request
from flask.signals import request_finished, request_started

from portal.core.config import settings

_requests = logging.getLogger("portal.request")
_PLAIN = re.compile(r"[^\s=\"]+\Z")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}\Z")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(?:[^\s/\"'<>@]*@)?([^\s/?#\"'<>,;)\]}]*)[^\s\"'<>,;)\]}]*")
_PATH = re.compile(r"(?<![\w.~…-])/+[^\s\"'<>,;)\]}]*")
_QUERY = re.compile(r"\?[^\s\"'<>=]+=[^\s\"'<>]*")
_QUIET = ("static_file", "operations.healthz")


class Lines(logging.Formatter):
    """Records as lines. With `reveal` off, tracebacks keep files, lines and kinds, but not what the exceptions said:
    a database quotes the row that it refuses, a conversion the text that it could not read.
    """

    def __init__(self, part: str, *, reveal: bool) -> None:
        super().__init__()
        self._part, self._reveal = part, reveal

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = {"level": record.levelname.lower(), "part": self._part}
        fields |= getattr(record, "fields", None) or {"logger": record.name, "msg": record.getMessage()}
        fields = {key: without_addresses(str(value)) for key, value in fields.items()}
        if has_request_context() and "request_id" in g:
            fields.setdefault("request", g.request_id)
        line = f"{moment} " + " ".join(f"{key}={_word(value)}" for key, value in fields.items())
        if record.exc_info and record.exc_info[1] is not None:
            line += "\n" + without_addresses("\n".join(_indented(record.exc_info[1], reveal=self._reveal)))
        return line


def without_addresses(text: str) -> str:
    """The text with every address cut short: `/resume/…` for `/resume/KEY`, `https://host/…`, and no query string.

    Paths of files stay: their first folder exists on this machine, as that of a page does not.
    """
    text = _URL.sub(lambda url: f"{url[1]}:\0{url[2]}/…", text)
    return _QUERY.sub("?…", _PATH.sub(_first_part, text)).replace("\0", "//")


def _first_part(path: re.Match[str]) -> str:
    first, slash, rest = path[0].lstrip("/").partition("/")
    first, question, _query = first.partition("?")
    if slash and not question and _is_folder(first):
        return path[0]
    return f"/{first}/…" if rest or question else path[0]


@lru_cache(maxsize=1000)
def _is_folder(name: str) -> bool:
    return Path("/", name).is_dir()


def configure(part: str, stream: TextIO | None = None) -> logging.Handler:
    """Send every logger of this process there, as `part` (web, worker); return the handler, so that it can be removed again."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(part, reveal=settings().environment != "production"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("portal").setLevel(settings().log_level.upper())
    return handler


def install(app: Flask) -> None:
    """Log each request of the application when its answer is ready and its transaction committed."""
    request_started.connect(_begin, app)
    request_finished.connect(_end, app)


def _begin(_app: Flask, **_: object) -> None:
    request_id = request.headers.get("X-Request-ID", "") if settings().trusted_proxies else ""
    g.request_id = request_id if _REQUEST_ID.match(request_id) else secrets.token_hex(8)
    g.request_began = time.perf_counter()


def _end(app: Flask, response: Response, **_: object) -> None:
    if "request_id" not in g:  # it failed before it began, without a database
        _begin(app)
    response.headers["X-Request-ID"] = g.request_id
    if request.endpoint in _QUIET and response.status_code < 400:
        return
    city = g.get("city")
    fields = {
        "request": g.request_id,
        "city": city.key if city else "-",
        "method": request.method if request.method.isalpha() else "-",
        "endpoint": request.endpoint or "-",
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.request_began) * 1000),
    }
    _requests.info("request", extra={"fields": fields})


def _word(value: object) -> str:
    """A value that stays on its line and in its place."""
    text = str(value)
    return text if _PLAIN.match(text) else '"' + text.encode("unicode_escape").decode().replace('"', "'") + '"'


def _indented(error: BaseException, *, reveal: bool) -> Iterator[str]:
    """The traceback, causes included, each line indented so that it reads as part of the line above."""
    if reveal:
        lines = "".join(traceback.format_exception(error)).splitlines()
        yield from (f"    {line}" for line in lines)
        return
    causes: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in causes:
        causes.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    for cause in reversed(causes):
        for frame in traceback.extract_tb(cause.__traceback__):
            yield f"    {frame.filename}:{frame.lineno} in {frame.name}"
        yield f"    {type(cause).__module__}.{type(cause).__qualname__}"
