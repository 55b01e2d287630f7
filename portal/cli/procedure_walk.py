"""`madoguchi procedure walk`: made-up residents go through a definition, without a database."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli.diagnostic_lines import FILE, diagnostic_line

if TYPE_CHECKING:
    from forms.walking import Coverage


@click.command("walk", short_help="What made-up residents run into.")
@click.argument("file", type=FILE)
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the applications (default: those of the examples, or today).",
)
@click.option("--residents", type=click.IntRange(1, 10_000), default=150, show_default=True, help="How many at most.")
@click.option("--seed", type=int, default=0, help="Another seed sends other residents.")
@click.option("--json", "as_json", is_flag=True, help="The same as one JSON object.")
def walk_file(file: Path, day: datetime | None, residents: int, seed: int, as_json: bool) -> None:
    """Send made-up residents through the definition FILE: who got through, what was asked, and who got stuck.

    It ends early when everything was seen: every question, both ways of every condition, every line of the fee. Exit status 1
    when somebody cannot go on with answers that are sound.
    """
    from forms import DefinitionError
    from forms.checks.reach import diagnostics_of
    from forms.definition.source import read_source
    from forms.loading import load_source, located
    from forms.walking import walk
    from portal.core.clock import today

    try:
        source = read_source(file.read_bytes())
        definition = load_source(source)
    except DefinitionError as error:
        for diagnostic in error.diagnostics:
            click.echo(diagnostic_line(file, diagnostic), err=True)
        sys.exit(1)
    days = [day.date()] if day else list(dict.fromkeys(example.on for example in definition.examples)) or [today()]
    coverage = walk(definition, today=days[0], residents=residents, seed=seed)
    for other in days[1:]:
        if not coverage.covered:
            coverage.add(walk(definition, today=other, residents=residents, seed=seed))
    diagnostics = located(diagnostics_of(definition, coverage), source)
    if as_json:
        click.echo(json.dumps(coverage.as_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(_coverage(coverage))
        for diagnostic in diagnostics:
            click.echo(diagnostic_line(file, diagnostic))
    sys.exit(1 if any(diagnostic.severity == "error" for diagnostic in diagnostics) else 0)


def _coverage(coverage: "Coverage") -> str:
    lines = [f"residents  {coverage.residents}, of whom {coverage.complete} could apply", "questions  (asked)"]
    lines += [f"  {count:>5}  {name}" for name, count in coverage.shown.items()]
    lines.append("conditions  (held / did not)")
    lines += [
        f"  {outcome.held:>5} /{outcome.failed:>5}  {'.'.join(map(str, path))}"
        for path, outcome in coverage.conditions.items()
    ]
    lines.append("fee  (decided)")
    lines += [f"  {count:>5}  {'.'.join(map(str, path))}" for path, count in coverage.fees.items()]
    return "\n".join(lines)
