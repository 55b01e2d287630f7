"""Loads the demo, city by city; what is there already stays as it is, and a city that needs nothing is passed over."""

from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

import forms
from geo.gazetteer import facilities_named
from portal import procedures, wiring
from portal.cases.queries import has_cases
from portal.core.database import city_session
from portal.core.events import SYSTEM
from portal.core.tenancy import City, create_city
from portal.demo import mark
from portal.demo.cases import load_cases
from portal.demo.cities import DEPARTMENTS, OTHER_NAMES, demo_cities
from portal.demo.map_layers import load_demo_layers, use_demo_layers
from portal.demo.news import load_news
from portal.demo.payments import connect_sandbox
from portal.demo.people import PASSWORD, PEOPLE, email_of, totp_secret_of
from portal.demo.standard_texts import load_standard_texts
from portal.identity import ALL_DEPARTMENTS, create_staff, department_administration, list_departments, list_staff

CATALOGUE = Path(forms.__file__).parent / "catalogue"
PROCEDURES = (
    "moving-in",
    "resident-certificate",
    "child-allowance",
    "dog-registration",
    "bulky-waste",
    "road-occupancy",
    "road-damage",
    "disaster-certificate",
)
"""Procedures that stand first in the list of every demo city, in this order; those of the folders of life events follow."""


def load(say: Callable[[str], None], *, cities: Collection[str] = (), samples: bool = True) -> None:
    """The cities (all three, or those of the given keys) with everything in them. `say` takes a line for each step.

    samples: False leaves out the sample cases.
    """
    wiring.connect()
    for city in demo_cities():
        if cities and city.key not in cities:
            continue
        if not mark.stands(city):
            _fill(city, say, samples=samples)
            mark.put(city)
        if not connect_sandbox(city):
            say(f"{city.name}: no sandbox answers, so nothing can be paid until the demo is loaded again beside one")


def _fill(city: City, say: Callable[[str], None], *, samples: bool) -> None:
    create_city(city)
    with city_session(city.key) as session:
        load_demo_layers(session, city.key)  # its place names say where the city hall is
        use_demo_layers(session)
        _departments(session, city)
        _staff(session, city)
        _procedures(session)
        load_news(session)
        load_standard_texts(session)
    say(f"{city.name}: {len(DEPARTMENTS)} departments, {len(PEOPLE)} staff, procedures, map layers, news")
    if samples:
        with city_session(city.key) as session:
            if not has_cases(session):
                say(f"{city.name}: {load_cases(session, city)} sample cases")


def _departments(session: Session, city: City) -> None:
    existing = {department.key for department in list_departments(session)}
    name_of_hall = f"{city.name}役所"
    hall = facilities_named(session, [name_of_hall]).get(name_of_hall)
    for key, by_city in DEPARTMENTS.items():
        if key not in existing:
            name, english, place = by_city[city.key]
            names = {"ja": name, "en": english} | OTHER_NAMES.get(name, {})
            at_hall = hall is not None and place[:1].isdigit()  # a floor; the others are in buildings of their own
            position = (hall.lon, hall.lat) if hall is not None and at_hall else None
            particulars = department_administration.Particulars(names, phone=city.phone, place=place, position=position)
            department_administration.save_department(session, SYSTEM, key, particulars)


def _staff(session: Session, city: City) -> None:
    existing = {member.email for member in list_staff(session)}
    ids = {department.key: department.id for department in list_departments(session)}
    for person in PEOPLE:
        if email_of(person, city.key) not in existing:
            roles = {None if key == ALL_DEPARTMENTS else ids[key]: set(names) for key, names in person.roles.items()}
            create_staff(
                session,
                email_of(person, city.key),
                person.name,
                PASSWORD,
                roles,
                totp_secret=totp_secret_of(person, city.key),
            )


@cache
def _shipped(path: Path) -> tuple[str, str, str]:
    """The text of a procedure that each city publishes, its key and its department."""
    source = path.read_text(encoding="utf-8")
    definition = forms.load(source)
    return source, definition.procedure, definition.department


def _procedures(session: Session) -> None:
    """Publish what is not there yet."""
    existing = procedures.procedure_keys(session)
    of_life_events = sorted(CATALOGUE.glob("*/*.yaml"))
    for sort, path in enumerate([*(CATALOGUE / f"{key}.yaml" for key in PROCEDURES), *of_life_events]):
        if path.stem in existing:
            continue
        source, key, department = _shipped(path)
        procedure = procedures.create_procedure(session, key, department, sort)
        procedures.save_draft(session, procedure, source, None)
        procedures.publish(session, procedure, None, "demo")
