"""Demo cities in the database of an installation: those that the judge and the journeys of the browser tests work in.

What stands already is passed over, so that in a copy of a prepared installation they are only connected with the sandbox beside it.
"""

from portal.cli.init import bring_up_to_date
from portal.demo import load
from tests.kit.definitions import definitions_once
from tests.kit.passwords import cheap_passwords


def load_towns() -> None:
    """三鷹市 and 日野市, without cases."""
    bring_up_to_date()
    with cheap_passwords(), definitions_once():
        load(print, cities=["mitaka", "hino"], samples=False)


def load_journeys() -> None:
    """The same and 立川市 with sample cases."""
    load_towns()
    with cheap_passwords(), definitions_once():
        load(print, cities=["tachikawa"])
