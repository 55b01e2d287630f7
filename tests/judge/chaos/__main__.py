"""`scripts/chaos [--payments N] [--minutes M] [--seed S] [--report FILE]`: status 1 when a promise was broken."""

import argparse
import json
import random
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.judge.ground import ground
from tests.judge.report import Report


def main() -> None:
    """Run leg by leg; after each, the report is kept, so that what ends early has said what it saw."""
    options = _options()
    earlier = _earlier(options)
    begun = time.monotonic()

    def say(line: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - begun), 60)
        print(f"{minutes:3d}:{seconds:02d}  {line}", flush=True)

    with ground() as installation:
        from tests.judge import books
        from tests.judge.chaos.run import Chaos, Plan
        from tests.judge.chaos.troubles import VICTIMS

        payments = options.payments - sum(each["figures"].get("payments", 0) for each in earlier)
        victims = tuple(options.kill or VICTIMS)
        plan = Plan(
            options.seed + len(earlier), options.minutes * 60, payments, options.payers, victims, leg=options.leg
        )
        chaos = Chaos(installation, plan, say)
        chaos.open()
        while not chaos.is_over:
            chaos.leg()
            _keep(options, [*earlier, asdict(chaos.report)])
        chaos.end()
        ended = books.judge_books(installation)
        chaos.report.faults += ended.faults
        chaos.report.figures |= ended.figures
        if chaos.report.faults and options.log:
            options.log.write_text(installation.log, encoding="utf-8")
    runs = [*earlier, asdict(chaos.report)]
    _keep(options, runs)
    _print(chaos.report, chaos.faults_by_check, runs)
    sys.exit(1 if any(run["faults"] for run in runs) else 0)


def _print(report: Report, faults_by_check: dict[str, int], runs: list[dict[str, Any]]) -> None:
    print("\nWhat was done")
    for name, figure in report.figures.items():
        print(f"  {name:<12} {figure}")
    print("\nWhat was looked at, and found")
    for check, faults in faults_by_check.items():
        print(f"  {faults:>6}  {check}")
    for fault in report.faults[:SHOWN]:
        print(f"  ! {fault}")
    payments = sum(run["figures"].get("payments", 0) for run in runs)
    broken = sum(len(run["faults"]) for run in runs)
    print(
        f"\n{payments:,} payments in {len(runs)} runs: {'every promise was kept' if not broken else f'{broken} FAULTS'}"
    )


SHOWN = 100


def _earlier(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The runs that a report holds already; this one goes on from there."""
    if options.report and options.report.exists():
        runs: list[dict[str, Any]] = json.loads(options.report.read_text(encoding="utf-8"))
        return runs
    return []


def _keep(options: argparse.Namespace, runs: list[dict[str, Any]]) -> None:
    if options.report:
        options.report.write_text(json.dumps(runs, ensure_ascii=False, indent=1), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/chaos", description="Pay while everything fails.")
    parser.add_argument("--payments", type=int, default=10_000, help="how many at most (10,000)")
    parser.add_argument("--minutes", type=float, default=60, help="how long at most (60); a leg that began is finished")
    parser.add_argument("--seed", type=int, help="repeats the choices of a run")
    parser.add_argument("--payers", type=int, default=4, help="in each city, at the same time (4)")
    parser.add_argument("--leg", type=int, default=1_000, help="payments after which everything is judged (1,000)")
    parser.add_argument("--kill", action="append", metavar="VICTIM", help="this kind of process alone; repeatable")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="keep what was seen here; one that is there is gone on with"
    )
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="when something is wrong, write here what the programs said"
    )
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.randrange(1_000_000)
    print(f"seed {options.seed}", flush=True)
    return options


if __name__ == "__main__":
    main()
