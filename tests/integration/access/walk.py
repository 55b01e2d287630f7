"""Walks through doors, in a test client or over HTTP: what each says when somebody asks for what they may not have."""

from collections.abc import Callable, Sequence

from tests.integration.access.routes import FORMS, MISSING, NO_TOKEN, SIGN_IN, Door, outcome
from tests.integration.access.town import Town
from tests.kit.browser import Browser

EVERYBODY = ("anonymous", "stranger", "bystander", "neighbour", "officer", "owner")
"""Those who may change things come last."""
FROM_ELSEWHERE = ("officer there", "resident there")

Wrong = dict[str, tuple[str, int]]
"""The faults, by method and address: the outcome and the status of the answer."""


def walk(doors: Sequence[Door], town: Town, who: str) -> Wrong:
    """Somebody at each of the doors; those that opened or stayed shut against what they are declared for."""
    visitor, wrong = town.people[who], {}
    for door in doors:
        form = FORMS.get(door.endpoint)
        answer = visitor.get(door.path) if door.method == "GET" else visitor.post(door.path, form)
        actual = outcome(answer)
        if actual not in door.expected(who):
            wrong[f"{door.method} {door.path}"] = actual, answer.status_code
    return wrong


def walk_with_foreign_visit(doors: Sequence[Door], town: Town, who: str, browser: Callable[[], Browser]) -> Wrong:
    """A session to the other city, carried to this one by a new browser; where it is somebody."""
    visitor, cookie, wrong = browser(), town.people[who].cookie, {}
    for door in doors:
        visitor.cookie = cookie
        answer = visitor.send(door.method, door.path)
        actual = outcome(answer)
        if actual not in door.expected("anonymous") | ({NO_TOKEN} if door.method == "POST" else set()):
            wrong[f"{door.method} {door.path}"] = actual, answer.status_code
    return wrong


def walk_elsewhere(doors: Sequence[Door], town: Town, who: str) -> Wrong:
    """Addresses of things in this city, asked for in the other one; those that lead to something."""
    visitor, wrong = town.people[who], {}
    for door in doors:
        if (door.of_owner or door.of_office or door.endpoint.startswith("payments.")) and "key" not in door.arguments:
            answer = visitor.get(door.path) if door.method == "GET" else visitor.post(door.path)
            actual = outcome(answer)
            if actual not in {MISSING, *SIGN_IN.values()} and door.endpoint != "payments.receive_webhook":
                wrong[f"{door.method} {door.path}"] = actual, answer.status_code
    return wrong
