"""What is done before the first request is taken, so that no visitor waits for it: definitions that cities publish are read, and first pages shown."""

from contextlib import suppress

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from portal.core import outage
from portal.core.cluster import ClusterError
from portal.core.database import city_session, close_connections
from portal.core.errors import DomainError
from portal.core.rounds import for_each_city_session
from portal.core.tenancy import City, cities
from portal.procedures import published_procedures

_PAGES = ("/", "/procedures")


def warm(app: Flask) -> None:
    """Do it in a process that is about to fork: those that come of it share the memory, and no connection stays open.

    A database that is away is the affair of the first request, which says so on its page.
    """
    try:
        for_each_city_session(published_procedures)
        for city in cities():
            if _show_pages(app, city):
                break
    except (SQLAlchemyError, ClusterError) as error:
        outage.log(error)
    finally:
        close_connections()


def _show_pages(app: Flask, city: City) -> bool:
    """Make first pages of a city for nobody: templates are loaded by it, and statements put together, of which each process would make its first
    visitors pay 0.2 s. Nothing is written or logged, as no answer comes of it. Gives whether there was anything to show.
    """
    with city_session(city.key) as session:
        published = published_procedures(session)
    for path in (*_PAGES, f"/procedures/{published[0].key}") if published else ():
        # on the staff's side there are no such pages
        with suppress(HTTPException, DomainError), app.test_request_context(path, base_url=city.origin):
            if app.preprocess_request() is None:
                app.dispatch_request()
    return bool(published)
