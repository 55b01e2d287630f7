"""`madoguchi keys`: the keys under which personal data is stored in the database."""

import click

from portal.cli.plain import plain_errors


@click.group()
def keys() -> None:
    """Renew the keys of personal data."""


@keys.command()
def rotate() -> None:
    """Add a key, under which everything is sealed from now on; older ones still open what they sealed.

    Copy the folder of keys to its backup before anything is sealed, then run `madoguchi keys reseal`.
    """
    from portal.core.crypto import add_key

    with plain_errors():
        key_id = add_key()
    click.echo(f"Key {key_id} seals from now on. Back up the folder of keys, then run madoguchi keys reseal.")


@keys.command()
@click.option("--city", "chosen", multiple=True, metavar="KEY", help="This city alone; may be given more than once.")
def reseal(chosen: tuple[str, ...]) -> None:
    """Seal what is still in clear or under an older key. May be stopped and run again; the portal may run meanwhile."""
    from portal.core.database import city_session
    from portal.core.tenancy import cities, city
    from portal.sealing.actions import reseal as reseal_city
    from portal.sealing.counting import count_and_store

    with plain_errors():
        for place in [city(key) for key in chosen] or cities():
            changed = reseal_city(place.key, lambda name, count: click.echo(f"  {name}: {count}"))
            with city_session(place.key) as session:
                count_and_store(session)
            click.echo(f"{place.key}: {changed} values sealed")
