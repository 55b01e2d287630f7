"""Rights: everybody at every door, over real HTTP."""

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from tests.judge.browser import HttpBrowser
from tests.judge.report import Report

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.access.town import Town


@dataclass(frozen=True)
class Plan:
    """How many doors are tried at most; the seed says which."""

    seed: int
    most: int


def judge_rights(app: "Flask", town: "Town", port: int, plan: Plan) -> Report:
    """Doors × everybody; also visits carried to another city, and things of one city looked for in another."""
    from tests.integration.access.routes import doors
    from tests.integration.access.town import HERE
    from tests.integration.access.walk import (
        EVERYBODY,
        FROM_ELSEWHERE,
        Wrong,
        walk,
        walk_elsewhere,
        walk_with_foreign_visit,
    )

    report = Report("rights")
    every = list(doors(app, town))
    tried = [every[place] for place in sorted(Random(plan.seed).sample(range(len(every)), min(plan.most, len(every))))]
    strangers: list[HttpBrowser] = []

    def stranger() -> HttpBrowser:
        strangers.append(HttpBrowser(port, HERE, "192.0.2.60"))
        return strangers[-1]

    def hear(wrong: Wrong, who: str) -> None:
        report.faults += [f"{who}: {door} was {outcome} ({status})" for door, (outcome, status) in wrong.items()]

    before = sum(person.requests for person in town.people.values())
    for who in EVERYBODY:
        hear(walk(tried, town, who), who)
    for who in FROM_ELSEWHERE:
        hear(walk_with_foreign_visit(tried, town, who, stranger), f"{who}, carried here")
        hear(walk_elsewhere(tried, town, who), f"{who}, at home")
    people = [*town.people.values(), *strangers]
    report.requests = sum(person.requests for person in people) - before
    report.figures = {"doors": len(tried), "people": len(EVERYBODY) + 2 * len(FROM_ELSEWHERE)}
    return report
