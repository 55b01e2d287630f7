"""`madoguchi doctor`: says what is missing and how to mend it."""

import json
import sys
from dataclasses import asdict

import click

_MARKS = {"ok": ("ok     ", "green"), "advice": ("advice ", "yellow"), "problem": ("PROBLEM", "red")}


@click.command(short_help="Say what is missing and how to mend it.")
@click.option("--json", "as_json", is_flag=True, help="For monitoring: a list of name, level, detail, mend.")
def doctor(as_json: bool) -> None:
    """Look at machine, database and services; exit status 1 when something must be mended."""
    from portal.cli.checks import ALL_CHECKS, look

    findings = look(ALL_CHECKS)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=2))
    else:
        for one in findings:
            mark, colour = _MARKS[one.level]
            click.echo(f"{click.style(mark, fg=colour)}  {one.name:<16}  {one.detail}")
            if one.mend:
                click.echo(f"{'':9}mend: {one.mend}")
    sys.exit(1 if any(one.level == "problem" for one in findings) else 0)
