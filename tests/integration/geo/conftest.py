"""A schema of maps alone: the tables of geo and a table of market stalls to hand over as a source, gone when the test ends."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from geo.tables import metadata
from tests.integration.geo.stalls import metadata as stalls
from tests.integration.schema import empty_schema


@pytest.fixture
def maps() -> Iterator[Connection]:
    """A connection to a schema with empty layers and stalls; rolled back."""
    with empty_schema("geo_alone") as connection:
        stalls.create_all(connection)
        metadata.create_all(connection)
        yield connection
