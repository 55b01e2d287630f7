"""`madoguchi department`: the departments of a city, which own procedures and cases."""

import click

from portal.cli.plain import plain_errors


@click.group()
def department() -> None:
    """List and add the departments of a city."""


@department.command("list")
@click.argument("city")
def list_(city: str) -> None:
    """One line a department of CITY: key, name, where its counter is."""
    from portal.cli.inside import inside
    from portal.identity import list_departments

    with plain_errors(), inside(city) as session:
        for department in list_departments(session):
            click.echo(f"{department.key}\t{department.title['ja']}\t{department.place or ''}")


@department.command()
@click.argument("city")
@click.argument("key")
@click.option("--title", required=True, help="For example 道路課.")
@click.option("--title-en", help="For example Road Division.")
@click.option(
    "--title-in",
    nargs=2,
    multiple=True,
    type=(click.Choice(["ja-easy", "en", "zh", "ko"]), str),
    metavar="LANGUAGE TEXT",
    help="In one more language: zh 道路课, or ja-easy with readings in brackets, 道路課(どうろか).",
)
@click.option("--phone", help="The city hall's when not given.")
@click.option("--place", help="Where the counter is, for example 1階 7番窓口.")
@click.option(
    "--at", "position", nargs=2, type=float, metavar="LONGITUDE LATITUDE", help="Where the building is on the map."
)
def add(
    city: str,
    key: str,
    *,
    title: str,
    title_en: str | None,
    title_in: tuple[tuple[str, str], ...],
    phone: str | None,
    place: str | None,
    position: tuple[float, float] | None,
) -> None:
    """Add the department KEY to CITY, or change its particulars. Definitions name it: `department: KEY`."""
    from portal.cli.inside import inside
    from portal.core.tenancy import city as city_by_key
    from portal.identity import save_department

    names = {"ja": title} | ({"en": title_en} if title_en else {}) | dict(title_in)
    with plain_errors(), inside(city) as session:
        phone = phone or city_by_key(city).phone
        save_department(session, key, names, phone=phone, place=place, position=position)
    click.echo(f"{key}: {title}")
