"""`madoguchi layer`: the map layers of a city: boundaries, roads, collection zones, which procedures look things up in."""

import json
import re
from pathlib import Path

import click

from portal.cli.plain import plain_errors


@click.group()
def layer() -> None:
    """List and load the map layers of a city."""


@layer.command("list")
@click.argument("city")
def list_layers(city: str) -> None:
    """One line a layer of CITY: key, kind, who sees it, number of features, title."""
    from sqlalchemy import func, select

    from geo.tables import layer as layers
    from geo.tables import layer_feature
    from portal.cli.inside import inside

    count = select(func.count()).where(layer_feature.c.layer_id == layers.c.id).scalar_subquery()
    query = select(layers.c.key, layers.c.kind, layers.c.visible_to, count, layers.c.title).order_by(layers.c.sort)
    with plain_errors(), inside(city) as session:
        for key, kind, visible_to, features, title in session.execute(query):
            click.echo(f"{key}\t{kind}\t{visible_to}\t{features}\t{title['ja']}")


@layer.command()
@click.argument("city")
@click.argument("key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", required=True, help="For example 市道.")
@click.option("--kind", type=click.Choice(["polygon", "line", "point"]), required=True)
@click.option("--for-staff", is_flag=True, help="Residents do not see it; rules and look-ups use it all the same.")
@click.option(
    "--colour", metavar="#RRGGBB", help="On maps; loading again without it keeps the former, a new layer gets one."
)
@click.option("--source", default="", help="Where the data are from, as maps must say it.")
def load(
    city: str, key: str, file: Path, *, title: str, kind: str, for_staff: bool, colour: str | None, source: str
) -> None:
    """Load the layer KEY of CITY from FILE (GeoJSON), in place of what it held. Nothing changes if one feature is at fault."""
    from geo.imports import ImportFault, LayerInfo, import_geojson
    from portal.cli.inside import inside
    from portal.maps.layers import painted

    try:
        collection = json.loads(file.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from error
    if not isinstance(collection, dict):
        raise click.ClickException(f"{file} is not a GeoJSON FeatureCollection")
    if colour is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise click.ClickException(f"{colour} is not a colour like #2f6fb0")
    visible_to = "staff" if for_staff else "public"
    style = painted(kind, colour) if colour else None
    info = LayerInfo(key, {"ja": title}, kind, style, visible_to=visible_to, source=source)  # type: ignore[arg-type]
    with plain_errors(), inside(city) as session:
        try:
            count = import_geojson(session, info, collection)
        except ImportFault as fault:
            raise click.ClickException("\n".join(fault.faults)) from fault
    click.echo(f"{key}: {count} features")
