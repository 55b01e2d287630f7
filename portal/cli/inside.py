"""A city named at the terminal: one transaction inside it, or one plain line when there is no such city."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@contextmanager
def inside(city_key: str) -> "Iterator[Session]":
    """One transaction in that city: committed at the end of the block, rolled back on an error."""
    from portal.core.database import city_session
    from portal.core.tenancy import cities

    keys = [city.key for city in cities()]
    if city_key not in keys:
        raise click.ClickException(f"There is no city {city_key}. Cities: {', '.join(keys) or 'none yet'}")
    with city_session(city_key) as session:
        yield session
