"""`madoguchi address`: the addresses that the search of a city knows, out of the lists of the state or of the city itself."""

from pathlib import Path

import click

from portal.cli.plain import plain_errors

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WHY = {
    "coordinates": "緯度と経度が読めません",
    "number": "番地がありません",
    "repeated": "同じ住所が前の行にあります",
}


@click.group()
def address() -> None:
    """Import addresses with their coordinates, and try how they are found."""


@address.command("import")
@click.argument("city")
@click.argument("file", type=_FILE)
@click.option("--positions", type=_FILE, help="The 位置参照 file that belongs to FILE, a 町字マスター.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_file(city: str, file: Path, *, positions: Path | None, dry_run: bool) -> None:
    """Make the addresses in FILE those of CITY.

    FILE is a 位置参照情報 (大字・町丁目 or 街区), a 町字マスター of the アドレス・ベース・レジストリ, or a CSV with 住所, 緯度 and 経度. Rows of other cities
    are passed over; rows that are no address with a point are left out and named.
    """
    from portal.cli.inside import inside
    from portal.core.events import SYSTEM
    from portal.maps.address_import import import_addresses

    with plain_errors(), inside(city) as session:
        imported = import_addresses(session, file, SYSTEM, positions=positions, take=not dry_run)
        if dry_run:
            session.rollback()
    for row in imported.refused:
        click.echo(f"{row.n}行目 {row.text}: {_WHY[row.reason]}", err=True)
    for key, change in imported.changes.items():
        counts = f"+{change.added} ~{change.changed} -{change.removed}"
        click.echo(f"{key}: {'would change ' if dry_run else ''}{'nothing changes' if change.is_none else counts}")
    click.echo(f"{len(imported.refused)} rows left out, {imported.elsewhere} of other cities or abolished")


@address.command()
@click.argument("city")
@click.argument("text", nargs=-1, required=True)
def find(city: str, text: tuple[str, ...]) -> None:
    """Say where CITY finds each TEXT, one line a place: what was asked, name, kind, longitude, latitude, nearby or corrected."""
    from geo.gazetteer import search_places
    from portal.cli.inside import inside
    from portal.core import tenancy

    with plain_errors(), inside(city) as session:
        name = tenancy.city(city).name
        for query in text:
            places = search_places(session, query, city=name)
            for place in places:
                marks = [mark for mark in ("nearby", "corrected") if getattr(place, mark)]
                told = (query, place.name, place.kind, f"{place.lon:.6f}", f"{place.lat:.6f}", *marks)
                click.echo("\t".join(told))
            if not places:
                click.echo(f"{query}\t-")
