"""`madoguchi db`: the private database cluster by hand."""

import os
import subprocess
import sys

import click

from portal.cli.plain import plain_errors


@click.group()
def db() -> None:
    """Start, stop and look into the private database cluster."""


@db.command()
def up() -> None:
    """Start the cluster (made first when there is none) and print its addresses."""
    from portal.core.database import private_cluster

    with plain_errors():
        urls = private_cluster().up()
    click.echo(f"DATABASE_URL={urls.app_url}\nDATABASE_OWNER_URL={urls.owner_url}")


@db.command()
def down() -> None:
    """Stop the cluster; open transactions are rolled back."""
    from portal.core.cluster import Cluster
    from portal.core.config import settings

    with plain_errors():
        Cluster(settings().instance_path).down()
    click.echo("The database is stopped.")


@db.command()
def status() -> None:
    """Say where the cluster is and whether it runs; exit status 1 when it does not."""
    from portal.core.cluster import Cluster
    from portal.core.config import settings

    with plain_errors():
        status = Cluster(settings().instance_path).status()
    click.echo(f"data    {status.data}\nsocket  {status.socket}")
    if not status.made:
        click.echo("There is no cluster yet.")
    elif status.running:
        click.echo(f"PostgreSQL {status.version} runs (process {status.pid}).")
    else:
        click.echo(f"PostgreSQL {status.version} does not run.")
    sys.exit(0 if status.running else 1)


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def psql(options: tuple[str, ...]) -> None:
    """Open psql as the owner of the tables. OPTIONS go to psql, for example -c 'select 1'."""
    from sqlalchemy.engine import make_url

    from portal.core.cluster import Cluster
    from portal.core.config import settings
    from portal.core.database import urls

    with plain_errors():
        owner = urls()[1]
        if settings().database_url:
            address = make_url(owner).set(drivername="postgresql").render_as_string(hide_password=False)
            command = ["psql", address, *options]
        else:
            command = Cluster(settings().instance_path).psql(*options)
    environment = os.environ | {"PGTZ": "Asia/Tokyo"}
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)  # noqa: S603 - the operator's own words
