"""`madoguchi doctor`: says what is missing and how to fix it."""

import json
import sys
from dataclasses import asdict

import click

_MARKS = {"ok": ("ok     ", "green"), "advice": ("advice ", "yellow"), "problem": ("PROBLEM", "red")}


@click.command(short_help="Say what is missing and how to fix it.")
@click.option("--json", "as_json", is_flag=True, help="For monitoring: a list of name, level, detail, fix.")
def doctor(as_json: bool) -> None:
    """Look at machine, database and services; exit status 1 when something must be fixed."""
    from portal.cli.checks import ALL_CHECKS, look

    findings = look(ALL_CHECKS)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            mark, colour = _MARKS[finding.level]
            click.echo(f"{click.style(mark, fg=colour)}  {finding.name:<16}  {finding.detail}")
            if finding.fix:
                click.echo(f"{'':9}fix: {finding.fix}")
    sys.exit(1 if any(finding.level == "problem" for finding in findings) else 0)
