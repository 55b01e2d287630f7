"""日野市 where a department makes and publishes its procedures: a publisher, her colleague, and a publisher of another office."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from portal.core.database import city_session
from portal.procedures import actions, queries
from portal.procedures.models import ProcedureVersion
from tests.kit.browser import Browser
from tests.kit.catalogue import catalogue
from tests.kit.city import hire, inhabited
from tests.kit.jobs import forget_jobs

CITY = "hino"
PROCEDURES = ("dog-registration", "road-occupancy")
AT = "/desk/procedures/dog-registration"


@dataclass
class Makers:
    """Browsers of those who make procedures."""

    publisher: Browser
    colleague: Browser
    editor: Browser
    stranger: Browser
    resident: Browser


@pytest.fixture(scope="package")
def town(app: Flask) -> Iterator[Makers]:
    """See `Makers`."""
    with inhabited([CITY], PROCEDURES):
        people = {
            "publisher": {"environment": ("publisher",)},
            "colleague": {"environment": ("publisher", "clerk", "decider", "cashier")},
            "editor": {"environment": ("admin",)},
            "stranger": {"citizens": ("publisher",)},
        }
        browsers = {}
        for place, (name, roles) in enumerate(people.items(), 30):
            hire(CITY, f"{name}@example.jp", roles)
            browsers[name] = Browser(app, CITY, f"192.0.2.{place}").sign_in_at_desk(f"{name}@example.jp")
        yield Makers(**browsers, resident=Browser(app, CITY, "192.0.2.40"))


@pytest.fixture
def makers(town: Makers) -> Makers:
    """The makers before a procedure without a draft, open to residents, with the catalogue's text published."""
    forget_jobs(CITY)
    with city_session(CITY) as session:
        procedure = queries.procedure(session, "dog-registration")
        actions.discard_draft(session, procedure)
        procedure.closed_at = None
        live = session.get_one(ProcedureVersion, procedure.current_version_id)
        if live.source != catalogue()["dog-registration"]:
            actions.save_draft(session, procedure, catalogue()["dog-registration"], None)
            actions.publish(session, procedure, None)
    return town
