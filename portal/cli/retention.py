"""`madoguchi retention`: cases whose time is over, and cases that must be kept longer."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import click

from portal.cli.plain import plain_errors

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.group()
def retention() -> None:
    """How long the cases of a city are kept (`retention_years`). The worker erases those whose time is over each night."""


@retention.command()
@click.argument("city")
def erase(city: str) -> None:
    """Erase the cases of CITY whose time is over, now; it may be broken off and started again."""
    from portal.cases import erase_city
    from portal.core.tenancy import city as city_of_key

    with plain_errors():
        click.echo(f"{city}: {erase_city(city_of_key(city).key)} cases erased")


@retention.command("list")
@click.argument("city")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Erased on this day or later.")
def list_erased(city: str, since: datetime | None) -> None:
    """What was erased in CITY, one line a case: number, procedure, closed on, years, kept until, erased on."""
    from portal.cases import deletion_records
    from portal.cli.inside import inside
    from portal.core.clock import TOKYO, local_date

    with plain_errors(), inside(city) as session:
        for row in deletion_records(session, since.replace(tzinfo=TOKYO) if since else None):
            day = local_date(row.erased_at)
            line = (row.number, row.procedure_key, row.closed_on, row.retention_years, row.kept_until, day)
            click.echo("\t".join(map(str, line)))


@retention.command()
@click.argument("city")
@click.argument("number")
@click.option("--reason", required=True, help="For example 訴訟のため.")
def hold(city: str, number: str, reason: str) -> None:
    """Keep the case NUMBER of CITY beyond its time, until `lift`."""
    from portal.cases.holds import place_hold
    from portal.core.events import SYSTEM

    with plain_errors():
        _change(city, number, lambda session, case_id: place_hold(session, case_id, reason, SYSTEM))
    click.echo(f"{number}: held")


@retention.command()
@click.argument("city")
@click.argument("number")
@click.option("--reason", required=True, help="For example 訴訟が終わったため.")
def lift(city: str, number: str, reason: str) -> None:
    """End the hold of the case NUMBER of CITY; it goes when its own time is over."""
    from portal.cases.holds import lift_hold
    from portal.core.events import SYSTEM

    with plain_errors():
        _change(city, number, lambda session, case_id: lift_hold(session, case_id, reason, SYSTEM))
    click.echo(f"{number}: no longer held")


def _change(city: str, number: str, act: "Callable[[Session, int], None]") -> None:
    from portal.cases.queries import case_id_by_number
    from portal.cli.inside import inside

    with inside(city) as session:
        case_id = case_id_by_number(session, number)
        if case_id is None:
            raise click.ClickException(f"{city} has no case {number}.")
        act(session, case_id)
