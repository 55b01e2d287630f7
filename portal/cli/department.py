"""`madoguchi department`: the departments of a city, which own procedures and cases."""

import click

from portal.cli.plain import plain_errors


@click.group()
def department() -> None:
    """List, add, change, order and close the departments of a city."""


@department.command("list")
@click.argument("city")
def list_(city: str) -> None:
    """One line a department of CITY: key, name, where its counter is; of a closed one, to which it went."""
    from portal.cli.inside import inside
    from portal.identity import list_departments

    with plain_errors(), inside(city) as session:
        departments = list_departments(session, with_closed=True)
        keys = {department.id: department.key for department in departments}
        for department in departments:
            closed = f"\tclosed, now {keys[department.successor_id]}" if department.successor_id else ""
            click.echo(f"{department.key}\t{department.title['ja']}\t{department.place or ''}{closed}")


@department.command()
@click.argument("city")
@click.argument("key")
@click.option("--title", help="For example 道路課; needed for a new one.")
@click.option("--title-en", help="For example Road Division.")
@click.option(
    "--title-in",
    nargs=2,
    multiple=True,
    type=(click.Choice(["ja-easy", "en", "zh", "ko"]), str),
    metavar="LANGUAGE TEXT",
    help="In one more language: zh 道路课, or ja-easy with readings in brackets, 道路課(どうろか).",
)
@click.option("--phone", help="Without one, the city hall's is shown.")
@click.option("--mail", help="For questions, as residents see it.")
@click.option("--hours", help="When the counter is open, where that is not when the city hall is: 平日 9:00〜16:00.")
@click.option("--place", help="Where the counter is, for example 1階 7番窓口.")
@click.option(
    "--at", "position", nargs=2, type=float, metavar="LONGITUDE LATITUDE", help="Where the building is on the map."
)
def add(
    city: str,
    key: str,
    *,
    title: str | None,
    title_en: str | None,
    title_in: tuple[tuple[str, str], ...],
    **given: str | tuple[float, float] | None,
) -> None:
    """Add the department KEY to CITY, or change what is given of one that is there. Definitions name it: `department: KEY`."""
    from dataclasses import replace
    from typing import Any

    from portal.cli.inside import inside
    from portal.core.events import SYSTEM
    from portal.identity import department_administration, list_departments

    names = ({"ja": title} if title else {}) | ({"en": title_en} if title_en else {}) | dict(title_in)
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    with plain_errors(), inside(city) as session:
        there = next((row for row in list_departments(session) if row.key == key), None)
        if there is None:
            particulars = department_administration.Particulars(names, **values)
        else:
            before = department_administration.particulars_of(there)
            particulars = replace(before, title={**before.title, **names}, **values)
        saved = department_administration.save_department(session, SYSTEM, key, particulars)
        click.echo(f"{key}: {saved.title['ja']}")


@department.command()
@click.argument("city")
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
def order(city: str, keys: tuple[str, ...]) -> None:
    """Put the departments of CITY in this order: every one that is open, by its key."""
    from portal.cli.inside import inside
    from portal.core.events import SYSTEM
    from portal.identity import department_administration

    with plain_errors(), inside(city) as session:
        department_administration.order_departments(session, SYSTEM, keys)
    click.echo(" ".join(keys))


@department.command()
@click.argument("city")
@click.argument("key")
@click.option("--into", "successor", required=True, metavar="KEY", help="The department to which everything goes.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def close(city: str, key: str, successor: str, *, yes: bool) -> None:
    """Close the department KEY of CITY: what belongs to it goes to another one in the same act, and its key leads there from then on.

    It cannot be opened again. Books and records keep its name.
    """
    import portal.models
    from portal.cli.inside import inside
    from portal.core.events import SYSTEM
    from portal.identity import department_administration

    assert portal.models  # noqa: S101 - every capability says what belongs to a department
    with plain_errors(), inside(city) as session:
        counts = department_administration.belongings_of(session, key)
        click.echo(f"{key} -> {successor}: " + (", ".join(f"{n} {kind}" for kind, n in counts.items()) or "nothing"))
        if not yes:
            click.confirm("Close it?", abort=True)
        department_administration.close_department(session, SYSTEM, key, successor)
    click.echo(f"{key}: closed")
