"""A mark on a demo city that says from which files it was loaded, so that a start does not load the same again.

It is a comment on the city's schema: it comes and goes with the data that it speaks of.
"""

import hashlib
from functools import cache

from sqlalchemy import text

from portal.core.config import CHECKOUT
from portal.core.database import owner_engine, schema_of
from portal.core.tenancy import City

_SOURCES = ("portal/demo", "portal/core/tenancy.py", "geo/basemap", "forms/catalogue")
_READ = """
SELECT obj_description(to_regnamespace(:schema), 'pg_namespace')
 WHERE EXISTS (SELECT FROM shared.city WHERE key = :key)
"""


def stands(city: City) -> bool:
    """Whether the city was loaded to the end, from the files as they are now and under the same particulars."""
    with owner_engine().connect() as connection:
        comment = connection.scalar(text(_READ), {"schema": schema_of(city.key), "key": city.key})
    return bool(comment == _words(city))


def put(city: City) -> None:
    """Note that the city was loaded."""
    with owner_engine().begin() as connection:
        connection.exec_driver_sql(f"COMMENT ON SCHEMA \"{schema_of(city.key)}\" IS '{_words(city)}'")


def _words(city: City) -> str:
    return "demo " + hashlib.sha256(_sources() + repr(city).encode()).hexdigest()[:32]


@cache
def _sources() -> bytes:
    """Digest of the files that the demo is made from."""
    digest = hashlib.sha256()
    for source in (CHECKOUT / name for name in _SOURCES):
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(CHECKOUT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.digest()
