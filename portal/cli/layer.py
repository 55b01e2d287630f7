"""`madoguchi layer`: the map layers of a city: boundaries, roads, collection zones, which procedures look things up in."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli.plain import plain_errors

if TYPE_CHECKING:
    from geo.layer_import import Kind


@click.group()
def layer() -> None:
    """List and load the map layers of a city."""


@layer.command("list")
@click.argument("city")
def list_layers(city: str) -> None:
    """One line a layer of CITY: key, kind, who sees it, number of features, title."""
    from geo.layers import feature_counts, list_layers
    from portal.cli.inside import inside

    with plain_errors(), inside(city) as session:
        counts = feature_counts(session)
        for row in list_layers(session):
            click.echo(f"{row.key}\t{row.kind}\t{row.visible_to}\t{counts[row.key]}\t{row.title['ja']}")


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
    city: str, key: str, file: Path, *, title: str, kind: "Kind", for_staff: bool, colour: str | None, source: str
) -> None:
    """Load the layer KEY of CITY from FILE (GeoJSON), in place of what it held. Nothing changes if one feature cannot be read."""
    from geo.layer_import import LayerImportError, LayerMetadata, import_layer
    from portal.cli.inside import inside
    from portal.maps import layer_style

    try:
        collection = json.loads(file.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from error
    if not isinstance(collection, dict):
        raise click.ClickException(f"{file} is not a GeoJSON FeatureCollection")
    if colour is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise click.ClickException(f"{colour} is not a colour like #2f6fb0")
    style = layer_style(kind, colour) if colour else None
    metadata = LayerMetadata(
        key, {"ja": title}, kind, style, visible_to="staff" if for_staff else "public", source=source
    )
    with plain_errors(), inside(city) as session:
        try:
            count = import_layer(session, metadata, collection)
        except LayerImportError as error:
            raise click.ClickException("\n".join(error.messages)) from error
    click.echo(f"{key}: {count} features")
