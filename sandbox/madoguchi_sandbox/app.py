"""The sandbox as a WSGI application."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from madoguchi_sandbox import api, mail_pages, operator, operator_pages, pages
from madoguchi_sandbox.deliveries import WebhookSender
from madoguchi_sandbox.konbini import CHAINS, JST
from madoguchi_sandbox.store import Store

WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True)
class Sandbox:
    """The state of a running sandbox, found in `app.extensions["sandbox"]`."""

    store: Store
    webhooks: WebhookSender
    public_url: str


def create_sandbox(data_dir: Path | None = None, *, public_url: str = "") -> Flask:
    """Build the application. `data_dir` None keeps everything in memory; webhooks are not delivered until it is started."""
    app = Flask(__name__)
    store = Store(data_dir / "sandbox.sqlite3" if data_dir is not None else None)
    app.extensions["sandbox"] = Sandbox(store, WebhookSender(store), public_url)
    for blueprint in (api.bp, pages.bp, operator.bp, operator_pages.bp, mail_pages.bp):
        app.register_blueprint(blueprint)
    app.add_template_filter(_format_yen, "yen")
    app.add_template_filter(_format_time, "moment")
    app.jinja_env.globals["CHAINS"] = CHAINS
    app.before_request(_reject_cross_origin_posts)
    app.after_request(_set_security_headers)
    return app


def _format_yen(amount: int) -> str:
    return f"{amount:,}円"


def _format_time(at: int) -> str:
    when = datetime.fromtimestamp(at, UTC).astimezone(JST)
    return f"{when.year}年{when.month}月{when.day}日({WEEKDAYS[when.weekday()]}) {when:%H:%M}"


def _reject_cross_origin_posts() -> None:
    """A page of another site must not press the operator's buttons; the API has no cookies to abuse, but its own keys."""
    origin = request.headers.get("Origin", "")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403)


def _set_security_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
