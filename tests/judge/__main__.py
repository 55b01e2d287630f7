"""`scripts/judge [PART …] [--seconds N] [--seed S]`: set the ground, judge the parts, print a summary; status 1 when something is wrong."""

import argparse
import random
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from tests.judge.ground import ground
from tests.judge.report import Report, as_json, summary, upheld

PARTS = ("rights", "races", "fuzz", "kills", "chaos")


def main() -> None:
    """Judge."""
    options = _options()
    begun = time.monotonic()
    with ground() as installation:
        reports = _judge(installation, options)
        broken = not upheld(reports)
        if broken and options.log:
            options.log.write_text(installation.log, encoding="utf-8")
    print(summary(reports, seed=options.seed, seconds=time.monotonic() - begun), flush=True)
    if options.json:
        options.json.write_text(as_json(reports), encoding="utf-8")
    sys.exit(1 if broken else 0)


def _judge(installation: Any, options: argparse.Namespace) -> list[Report]:
    from portal.app import create_app
    from tests.integration.access.town import settle
    from tests.judge import books, fuzz, kills, races, rights
    from tests.judge.browser import HttpBrowser
    from tests.judge.chaos import run as chaos

    app = create_app()
    browser = partial(HttpBrowser, installation.port)
    town = settle(browser)
    reports = []
    for part in [name for name in PARTS if name in options.parts]:
        print(f"{part} …", file=sys.stderr, flush=True)
        if part == "rights":
            reports.append(rights.judge_rights(app, town, installation.port, rights.Plan(options.seed, options.doors)))
        elif part == "races":
            reports.append(races.judge_races(installation, options.rounds))
        elif part == "fuzz":
            plan = fuzz.Plan(options.seed, options.seconds, options.requests, options.request)
            reports.append(fuzz.judge_fuzz(app, town, installation, plan))
        elif part == "chaos":
            victims = tuple(options.kill or chaos.VICTIMS)
            plan = chaos.Plan(options.seed, options.seconds, options.payments, options.clients, victims)
            reports.append(chaos.judge_chaos(installation, plan))
        else:
            plan = kills.Plan(options.seed, options.seconds, options.clients, tuple(options.kill or kills.VICTIMS))
            reports.append(kills.judge_kills(installation, plan))
    reports.append(books.judge_books(installation))
    return reports


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/judge", description="Fuzz, walk, race and kill an installation.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all of them without one")
    parser.add_argument("--seconds", type=float, default=60, help="how long to fuzz and to kill, each (60)")
    parser.add_argument("--seed", type=int, help="repeats what a run with this seed did")
    parser.add_argument("--doors", type=int, default=100_000, help="rights: how many at most, chosen by the seed (all)")
    parser.add_argument("--requests", type=int, default=100_000, help="fuzz: how many at most (100,000)")
    parser.add_argument("--request", type=int, metavar="N", help="fuzz: the request of this number alone")
    parser.add_argument("--rounds", type=int, default=3, help="races: how often each is run (3)")
    parser.add_argument(
        "--clients", type=int, default=4, help="kills and chaos (in each city): residents at the same time (4)"
    )
    parser.add_argument("--payments", type=int, default=400, help="chaos: how many at most (400)")
    parser.add_argument(
        "--kill", action="append", metavar="VICTIM", help="kills: this kind of process alone; repeatable"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the reports here")
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="when something is wrong, write here what the programs said"
    )
    options = parser.parse_args()
    options.parts = options.parts or list(PARTS)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    if options.seed is None:
        options.seed = random.randrange(1_000_000)
    return options


if __name__ == "__main__":
    main()
