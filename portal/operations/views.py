"""The installation's own host: choose a city; `/healthz` for monitoring."""

from flask import Blueprint, Flask, Response, jsonify, render_template, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.core.access import PUBLIC_ANYWHERE, allow
from portal.core.cluster import ClusterError
from portal.core.database import shared_session
from portal.core.tenancy import cities, city_at

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
@allow(PUBLIC_ANYWHERE)
def healthz() -> tuple[Response, int]:
    """200 when requests can be served, 503 when the database does not answer."""
    try:
        with shared_session() as session:
            session.execute(text("SELECT 1"))
    except (SQLAlchemyError, ClusterError):
        return jsonify(status="unavailable", database="unavailable"), 503
    return jsonify(status="ok"), 200


def choose_city() -> str | None:
    """On the installation's own host `/` is the choice of city; on a city's host it is that city's first page."""
    if request.path != "/" or request.method != "GET" or city_at(request.host.partition(":")[0]) is not None:
        return None
    return render_template("operations/cities.html", cities=cities())


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
    # ahead of the guard, which lets nobody on to a city's page where no city is chosen
    app.before_request_funcs.setdefault(None, []).insert(0, choose_city)
