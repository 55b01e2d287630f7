"""Work that goes from city to city: trouble with one of them, or with one thing in it, keeps no other waiting."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.core.database import city_session
from portal.core.errors import DomainError
from portal.core.tenancy import cities

log = logging.getLogger("portal.jobs")
Item = TypeVar("Item")


def for_each_city(work: Callable[[str], object]) -> None:
    """Do it for the key of every city."""
    for city in cities():
        log_and_continue(city.key, partial(work, city.key))


def for_each_city_session(work: Callable[[Session], object]) -> None:
    """Do it in a session of every city, a transaction for each."""

    def within(key: str) -> None:
        with city_session(key) as session:
            work(session)

    for_each_city(within)


def for_each_item(items: Callable[[Session], Iterable[Item]], work: Callable[[Session, Item], object]) -> None:
    """Do it for everything that there is to do in a city, in every city, each in a transaction of its own.

    `items` says what there is: ids, read first and in one transaction.
    """

    def do(city_key: str, item: Item) -> None:
        with city_session(city_key) as session:
            work(session, item)

    def within(city_key: str) -> None:
        with city_session(city_key) as session:
            waiting = list(items(session))
        for item in waiting:
            log_and_continue(city_key, partial(do, city_key, item))

    for_each_city(within)


def log_and_continue(city_key: str, work: Callable[[], object]) -> None:
    """Do it; what goes wrong is a line of the log, and the next round tries again."""
    try:
        work()
    except DomainError as error:
        log.warning("in %s: %s", city_key, type(error).__name__)
    except Exception:
        log.exception("in %s", city_key)
