"""`madoguchi search`: how well a city's search does with queries of which is known what they mean."""

import sys
from pathlib import Path

import click

from portal.cli.diagnostic_lines import FILE
from portal.cli.plain import plain_errors


@click.group()
def search() -> None:
    """Try the search of a city."""


@search.command()
@click.argument("city")
@click.argument("file", type=FILE)
@click.option("--missed", is_flag=True, help="List the queries whose procedure was not among the first three.")
def evaluate(city: str, file: Path, missed: bool) -> None:
    """Ask CITY every query of FILE: how often what was meant came first, and among the first three.

    FILE is a CSV with the columns query and expected: the key of a procedure, life:KEY of a window, office:KEY of a department, or person;
    alternatives are parted by |. Exit status 1 for a file that cannot be read.
    """
    from portal.cli.inside import inside
    from portal.core.tenancy import city as city_of_key
    from portal.search import Unreadable, find, read_expectations
    from portal.search import evaluate as evaluated

    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            expectations = read_expectations(lines)
    except (Unreadable, UnicodeDecodeError) as error:
        click.echo(f"{file}: {error}", err=True)
        sys.exit(1)
    with plain_errors(), inside(city) as session:
        town = city_of_key(city)
        result = evaluated(expectations, lambda query: find(session, town, query).hits)
    click.echo(f"{result.queries} queries")
    for words, count in (("first", result.first), ("among the first three", result.among_three)):
        click.echo(f"{count:4d}  {count / max(result.queries, 1):6.1%}  {words}")
    for expectation, names in result.missed if missed else ():
        click.echo(
            f"  {expectation.query}: {'|'.join(sorted(expectation.expected))}, not {', '.join(names) or 'nothing'}"
        )
