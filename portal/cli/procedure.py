"""`madoguchi procedure`: check and try definitions at a terminal or in another project's CI, without a database; publish them in a city."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.cli.diagnostic_lines import FILE, diagnostic_line, item_lines
from portal.cli.plain import plain_errors
from portal.cli.procedure_walk import walk_file

if TYPE_CHECKING:
    from forms import DryRun


@click.group()
def procedure() -> None:
    """Check and try procedure definitions (YAML), without a database; publish them in a city."""


procedure.add_command(walk_file)


@procedure.command("check")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--strict", is_flag=True, help="Advice counts as an error too.")
@click.option("--translations", is_flag=True, help="List every text that lacks a translation, not only how many do.")
def check_files(files: tuple[Path, ...], strict: bool, translations: bool) -> None:
    """Check each FILE: grammar, every expression, the workflow, its own examples.

    All faults at once, one line per diagnostic, as compilers write them (file:line: path: what — remedy); exit status 1 when there is one.
    """
    from forms import check

    failed = False
    for file in files:
        diagnostics = check(file.read_bytes())
        for diagnostic in diagnostics:
            click.echo(diagnostic_line(file, diagnostic))
            for line in item_lines(file, diagnostic) if translations else ():
                click.echo(f"  {line}")
        failed |= any(strict or diagnostic.severity == "error" for diagnostic in diagnostics)
    sys.exit(1 if failed else 0)


@procedure.command("try", short_help="What follows from a set of answers.")
@click.argument("file", type=FILE)
@click.argument("answers", type=FILE)
@click.option("--facts", type=FILE, help="JSON of what the map says, by question: area, length, look-ups.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the application (default: today).")
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
def try_file(file: Path, answers: Path, facts: Path | None, day: datetime | None, as_json: bool) -> None:
    """Try the definition FILE with ANSWERS (JSON): questions shown, errors by question, fee lines and total, first state."""
    from forms import DefinitionError, dry_run, load
    from portal.core.clock import today

    typed_answers, known_facts = _object(answers), _object(facts) if facts else {}
    try:
        definition = load(file.read_bytes())
    except DefinitionError as error:
        for diagnostic in error.diagnostics:
            click.echo(diagnostic_line(file, diagnostic), err=True)
        sys.exit(1)
    result = dry_run(definition, typed_answers, known_facts, on=day.date() if day else today())
    if as_json:
        click.echo(json.dumps(result.as_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(_readable(result))


@procedure.command()
@click.argument("city")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--note", default="", help="Why, for the list of versions.")
def publish(city: str, files: tuple[Path, ...], note: str) -> None:
    """Publish each FILE in CITY as the next version of its procedure; what is published already stays as it is.

    The pictures that it shows are in the folder `pictures` beside it. All or none: with one error nothing is published. A draft being
    written in the browser is not touched.
    """
    from portal.cli.inside import inside
    from portal.cli.installing import InvalidDefinition, install

    with plain_errors(), inside(city) as session:
        try:
            for file in files:
                source = file.read_text(encoding="utf-8")
                click.echo(f"{file}: {install(session, source, note or None, pictures_beside(file))}")
        except (InvalidDefinition, UnicodeDecodeError) as error:
            diagnostics = error.diagnostics if isinstance(error, InvalidDefinition) else []
            for diagnostic in diagnostics:
                click.echo(diagnostic_line(file, diagnostic), err=True)
            raise click.ClickException(f"{file} cannot be published; nothing was changed.") from error


def pictures_beside(file: Path) -> dict[str, bytes]:
    """The pictures in the folder beside a definition, by their names."""
    from forms.fields.picture import PICTURE_FILE

    folder = file.parent / "pictures"
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path.read_bytes() for path in paths if path.is_file() and PICTURE_FILE.fullmatch(path.name)}


@procedure.command()
def schema() -> None:
    """Print the JSON Schema of definitions, for editors that complete and check as one types."""
    from forms import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@procedure.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def reference(folder: Path) -> None:
    """Write the reference of the language into FOLDER (Markdown, Japanese): every type, setting and function, a cookbook."""
    from forms import reference_pages

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in reference_pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _object(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(file.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"{file} is not JSON: {error}") from error
    if not isinstance(read, dict):
        raise click.ClickException(f"{file} must hold one object: question → answer")
    return read


def _readable(result: "DryRun") -> str:
    lines = ["questions", *(f"  {path}" for path in result.visible)]
    if result.errors:
        lines += [
            "errors",
            *(f"  {path}: {message}" for path, messages in result.errors.items() for message in messages),
        ]
    lines.append("fee")
    for line in result.fee_lines:
        amount = "?" if line.amount is None else f"{line.amount:,}円"
        why = line.reason or line.explanation
        lines.append(f"  {line.label.ja}  {amount}  ({line.when})" + (f"  {why.ja}" if why else ""))
    lines.append("  total  " + ("undecided" if result.total is None else f"{result.total:,}円"))
    lines.append(f"first state  {result.first_state or 'none: it cannot be submitted yet'}")
    return "\n".join(lines)
