"""`madoguchi procedure`: check and try definitions without a database."""

import click


@click.group()
def procedure() -> None:
    """Check and try procedure definitions (YAML), without a database."""
