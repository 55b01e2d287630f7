"""`madoguchi init`: from nothing, or from an older version, to a database that this version can serve."""

import click

from portal.cli.plain import plain_errors


@click.command(short_help="Bring the database to this version.")
def init() -> None:
    """Bring the database to this version: cluster, shared schema, each city's schema, keys. Safe to repeat."""
    with plain_errors():
        keys = bring_up_to_date()
    click.echo(
        f"The database is ready. Cities: {', '.join(keys) or 'none yet (madoguchi city create, or madoguchi demo)'}"
    )


def bring_up_to_date() -> list[str]:
    """What `init` does; the keys of the cities."""
    from portal.cli.fitting_keys import refuse_unfitting_keys
    from portal.core.crypto import application_secret
    from portal.core.migrate import upgrade_all

    refuse_unfitting_keys()
    keys = upgrade_all()
    application_secret()  # makes the key ring of the instance when there is none
    return keys
