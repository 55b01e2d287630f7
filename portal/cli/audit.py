"""`madoguchi audit`: whether anybody altered what was recorded."""

import sys

import click

from portal.cli.plain import plain_errors


@click.group()
def audit() -> None:
    """The chain of what happened in each city."""


@audit.command()
@click.option("--city", "keys", multiple=True, metavar="KEY", help="This city alone; may be given more than once.")
def verify(keys: tuple[str, ...]) -> None:
    """Follow the chain of events from its beginning and compute every hash again; exit status 1 when one is broken.

    With MADOGUCHI_AUDIT_ANCHOR_FILE set, ends written down on earlier days must still be in it, and today's is added.
    """
    from portal.audit.actions import check_and_store
    from portal.core.database import city_session
    from portal.core.tenancy import cities, city

    broken = False
    with plain_errors():
        for chosen in [city(key) for key in keys] or cities():
            with city_session(chosen.key) as session:
                outcome = check_and_store(session)
            broken = broken or outcome.fault is not None
            result = outcome.fault or f"whole, ends with {outcome.head.hex()}"
            click.echo(f"{chosen.key}\t{outcome.events} events\t{result}")
    sys.exit(1 if broken else 0)
