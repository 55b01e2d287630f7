"""Small definitions for tests: what a test does not speak of is already there."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import settings

from forms import Definition, Evaluation, evaluate, load

TODAY = date(2026, 4, 1)

#: Properties are tried on machines that do other things too: no example has a time limit.
unhurried = settings()  # as tests/conftest.py has them
ROAD = Path(__file__).with_name("road.yaml").read_text("utf-8")
#: With a document that its permit issues.
ROAD_WITH_PERMIT = ROAD.replace(
    "examples:\n",
    "documents:\n"
    "  - {id: permit, when: approved, template: permit, sign: true, valid_until: period.end}\n\nexamples:\n",
    1,
)


def field(id: str, type: str, **settings: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "label": {"ja": id}, **settings}


def choice(id: str, *options: str, **settings: Any) -> dict[str, Any]:
    return field(id, "choice", options=[{"id": option, "label": {"ja": option}} for option in options], **settings)


def choices(id: str, *options: str, **settings: Any) -> dict[str, Any]:
    return choice(id, *options, **settings) | {"type": "choices"}


def text(*fields: dict[str, Any], **parts: Any) -> str:
    """A definition's text with one step of these fields; `parts` replace or add parts of the whole."""
    whole = {
        "procedure": "trial",
        "kind": "notification",
        "title": {"ja": "試し"},
        "department": "citizens",
        "steps": [{"id": "first", "title": {"ja": "はじめ"}, "fields": list(fields) or [field("note", "text")]}],
        "workflow": {"preset": "notification"},
    }
    return json.dumps({**whole, **parts}, ensure_ascii=False, indent=1)


def definition(*fields: dict[str, Any], **parts: Any) -> Definition:
    return load(text(*fields, **parts))


def judged(made: Definition, answers: dict[str, Any], facts: dict[str, Any] | None = None) -> Evaluation:
    return evaluate(made, answers, facts or {}, today=TODAY)


def polygon() -> dict[str, Any]:
    ring = [[139.41, 35.70], [139.4102, 35.70], [139.4102, 35.7001], [139.41, 35.70]]
    return {"source": "drawn", "geometry": {"type": "Polygon", "coordinates": [ring]}}
