"""What is read before the first request is taken, so that no visitor waits for it: the definitions that cities publish."""

from sqlalchemy.exc import SQLAlchemyError

from portal.core import outage
from portal.core.cluster import ClusterError
from portal.core.database import close_connections
from portal.core.rounds import for_each_city_session
from portal.procedures import published_procedures


def warm() -> None:
    """Read them in a process that is about to fork: those that come of it share the memory, and no connection stays open.

    A database that is away is the affair of the first request, which says so on its page.
    """
    try:
        for_each_city_session(published_procedures)
    except (SQLAlchemyError, ClusterError) as error:
        outage.log(error)
    finally:
        close_connections()
