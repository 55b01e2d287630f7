"""`madoguchi layer`: the map layers of a city: boundaries, roads, collection zones, which procedures look things up in."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.cli.plain import plain_errors

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.maps.imports import Imported

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def layer() -> None:
    """List, import and export the map layers of a city, and restore their versions."""


@layer.command("list")
@click.argument("city")
def list_layers(city: str) -> None:
    """One line a layer of CITY: key, kind, who sees it, number of features, version, title."""
    from geo.catalogue import entries
    from portal.cli.inside import inside

    with plain_errors(), inside(city) as session:
        for row in entries(session):
            told = (row.key, row.kind, row.visible_to, row.features, row.version, row.title["ja"])
            click.echo("\t".join(map(str, told)) + ("" if row.in_use else "\t(not in use)"))


@layer.command("import")
@click.argument("city")
@click.argument("key")
@click.argument("file", type=_FILE)
@click.option("--title", help="For example 市道. A new layer needs one.")
@click.option("--kind", type=click.Choice(["polygon", "line", "point"]), help="A new layer needs one.")
@click.option("--for-staff", is_flag=True, help="Residents do not see it; rules and look-ups use it all the same.")
@click.option("--colour", metavar="#RRGGBB", help="On maps; without it a layer keeps the former, a new one gets one.")
@click.option("--source", help="Where the data are from, as maps must say it.")
@click.option("--known-by", metavar="PROPERTY", help="What a feature is known by when a later file brings it again.")
@click.option("--epsg", type=int, help="The coordinate system, for a file that does not say it or is wrong about it.")
@click.option("--address", metavar="COLUMN", help="Of a table: whose addresses place the rows without coordinates.")
@click.option("--layer", "part", help="Which layer, of a file that holds several.")
@click.option("--date", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="The day as of which the data are right.")
@click.option("--note", default="", help="Why, for the history.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_layer(city: str, key: str, file: Path, **options: Any) -> None:
    """Make FILE the next version of the layer KEY of CITY.

    GeoJSON, GeoPackage, Shapefile (ZIP), KML, KMZ, GPX, FlatGeobuf, or CSV with coordinates or addresses. Rows that cannot be read are left out and
    named, with what was fixed in others.
    """
    from portal.cli.inside import inside
    from portal.core.events import SYSTEM
    from portal.maps.imports import ImportSettings, import_file

    colour = options["colour"]
    if colour is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise click.ClickException(f"{colour} is not a colour like #2f6fb0")
    settings = ImportSettings(
        epsg=options["epsg"],
        layer=options["part"],
        key_property=options["known_by"],
        address=options["address"],
        note=options["note"],
        data_date=_day(options["as_of"]),
    )
    with plain_errors(), inside(city) as session:
        _describe(session, key, options)
        take = not options["dry_run"]
        imported = import_file(session, key, file, settings, SYSTEM, take=take, progress=_progress)
        _tell(key, imported)
        if not take:
            session.rollback()


@layer.command("export")
@click.argument("city")
@click.argument("key")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--version", "number", type=int, help="An earlier version; the newest without it.")
def export_layer(city: str, key: str, file: Path, *, number: int | None) -> None:
    """Write the layer KEY of CITY to FILE: .gpkg, .geojson, .csv, .kml, or .zip for a Shapefile in CP932."""
    from geo.exporting import FORMATS
    from portal.cli.inside import inside
    from portal.core.events import SYSTEM
    from portal.maps import catalogue

    file_format = file.suffix.lower().removeprefix(".")
    if file_format not in FORMATS:
        raise click.ClickException(f"the name of the file must end in one of: {', '.join(FORMATS)}")
    with plain_errors(), inside(city) as session:
        newest = catalogue.get_layer(session, key).version
        try:
            count = catalogue.export_version(session, key, number or newest, file, file_format, SYSTEM)
        except LookupError as error:
            raise click.ClickException(f"{key} has no such version") from error
    click.echo(f"{file}: {count} features")


@layer.command()
@click.argument("city")
@click.argument("key")
def history(city: str, key: str) -> None:
    """One line a version of the layer KEY of CITY: number, day, origin, features, added, changed, removed, file."""
    from geo.versions import versions_of
    from portal.cli.inside import inside
    from portal.maps.catalogue import get_layer

    with plain_errors(), inside(city) as session:
        for row in versions_of(session, get_layer(session, key).key):
            origin = row.origin if row.restored is None else f"restore of {row.restored}"
            counts = (row.features, f"+{row.added}", f"~{row.changed}", f"-{row.removed}")
            click.echo(
                "\t".join(map(str, (row.number, f"{row.made_at:%Y-%m-%d %H:%M}", origin, *counts, row.file_name)))
            )


@layer.command()
@click.argument("city")
@click.argument("key")
@click.argument("number", type=int)
@click.option("--note", default="", help="Why, for the history.")
def restore(city: str, key: str, number: int, *, note: str) -> None:
    """Make version NUMBER of the layer KEY of CITY the newest one again."""
    from portal.cli.inside import inside
    from portal.core.events import SYSTEM
    from portal.maps.catalogue import get_layer, restore_version

    with plain_errors(), inside(city) as session:
        seen = get_layer(session, key).version
        version = restore_version(session, key, number, SYSTEM, expected_version=seen, note=note)
    click.echo(f"{key}: version {version.number}, {version.features} features")


def _describe(session: "Session", key: str, options: dict[str, Any]) -> None:
    """Make the layer where it is new, and change what the options say of it."""
    from dataclasses import replace

    from geo.catalogue import change_entry, entry_of
    from portal.core.events import SYSTEM
    from portal.maps import catalogue, layer_style

    if entry_of(session, key) is None:
        if not options["title"] or not options["kind"]:
            raise click.ClickException(f"{key} is new: it needs --title and --kind")
        catalogue.add_layer(session, key, options["kind"], {"ja": options["title"]}, None, SYSTEM)
        entry = catalogue.get_layer(session, key)
        described = replace(catalogue.description_of(entry), visible_to="public")
    else:
        entry = catalogue.get_layer(session, key)
        described = catalogue.description_of(entry)
        if options["title"]:
            described = replace(described, title={**entry.title, "ja": options["title"]})
        if options["kind"] not in {None, entry.kind}:
            raise click.ClickException(f"{key} is a layer of kind {entry.kind}")
    if options["for_staff"]:
        described = replace(described, visible_to="staff")
    if options["source"]:
        described = replace(described, source=options["source"])
    catalogue.describe_layer(session, key, described, SYSTEM)
    if options["colour"]:
        change_entry(session, key, style=layer_style(entry.kind, options["colour"]))


def _tell(key: str, imported: "Imported") -> None:
    from portal.maps import FIXES, REFUSED

    change, result = imported.change, imported.result
    for n, fixes, refused, label in result.remarks:
        why = [REFUSED[refused]] if refused else [FIXES[code] for code in fixes]
        click.echo(f"{n}行目 {label}: {'、'.join(why)}", err=True)
    counts = f"+{change.added} ~{change.changed} -{change.removed}"
    click.echo(f"{result.format}, {result.datum['name']}, {result.accepted} of {result.rows} rows")
    if imported.version is not None:
        click.echo(f"{key}: version {imported.version.number}, {imported.version.features} features ({counts})")
    else:
        click.echo(f"{key}: nothing changes" if change.is_none else f"{key}: would change {counts}")


def _progress(rows: int) -> None:
    click.echo(f"{rows:,} rows", err=True)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
