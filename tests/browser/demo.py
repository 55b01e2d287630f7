"""Fills the database of a browser installation: two demo cities, the first with sample cases."""

from portal.cli.init import bring_up_to_date
from portal.demo import load
from tests.kit.passwords import cheap_passwords


def main() -> None:
    """Load them."""
    bring_up_to_date()
    with cheap_passwords():
        load(print, cities=["tachikawa"])
        load(print, cities=["mitaka"], samples=False)
