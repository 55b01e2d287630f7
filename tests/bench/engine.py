"""The procedure engine alone, without database and web: a definition of 300 questions, and 2,400 in one chain."""

import json
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from forms import Definition, check, document_of, evaluate, load, load_document
from forms.checks.samples import samples
from forms.definition.source import read_source
from forms.fields import ReadContext
from forms.fields.rendering import TEMPLATES, FieldPage
from tests.bench import routing

_TODAY = date(2026, 4, 1)
_KINDS = ("text", "integer", "yes_no", "date", "person_name", "address", "money", "phone", "date_range", "choice")
_QUESTIONS = 300
_CHAIN = 2400
_PAGE = 30


def lines() -> list[str]:
    """A line for each measure: milliseconds, those of the bare work in it, and the ratio."""
    text = _mixed(_QUESTIONS)
    definition = load(text)
    answers = _answers(definition)
    tree = document_of(definition)
    context = ReadContext(_TODAY)
    fresh = iter(range(10**6))
    chain = load(_chained(_CHAIN))
    everything: dict[str, Any] = {f"q{number}": True for number in range(_CHAIN)}
    page = FieldPage(environment=_environment())
    questions = list(definition.fields.values())[:_PAGE]

    def render(values: dict[str, Any]) -> None:
        for question in questions:
            page.render(question, question.id, question.inputs(values.get(question.id)), [])

    return [
        _line(
            f"load {_QUESTIONS} questions / parse the YAML",
            lambda: load(f"{text}\n# {next(fresh)}"),
            lambda: read_source(f"{text}\n# {next(fresh)}"),
        ),
        _line(
            "a published version of them from its tree / from its text",
            lambda: evaluate(load_document(tree), {}, {}, today=_TODAY),
            lambda: evaluate(load(f"{text}\n# {next(fresh)}"), {}, {}, today=_TODAY),
        ),
        _line("check them (first time) / load", lambda: check(f"{text}\n# {next(fresh)}"), lambda: load(text)),
        _line(
            f"evaluate {_QUESTIONS} answers / check each alone",
            lambda: evaluate(definition, answers, {}, today=_TODAY),
            lambda: [field.check(answers[name], context) for name, field in definition.fields.items()],
        ),
        _line(
            f"evaluate {_CHAIN:,} in one chain / evaluate a tenth",
            lambda: evaluate(chain, everything, {}, today=_TODAY),
            lambda: evaluate(chain, {**everything, f"q{_CHAIN // 10}": False}, {}, today=_TODAY),
        ),
        _line(f"a page of {_PAGE} answers / of empty questions", lambda: render(answers), lambda: render({})),
        *(_line(name, work, bare) for name, work, bare in routing.measures()),
    ]


def _line(name: str, work: Callable[[], object], bare: Callable[[], object]) -> str:
    took, bare_took = _milliseconds(work), _milliseconds(bare)
    return f"{name:<58}{took:>9.2f}{bare_took:>9.2f}{took / bare_took:>8.1f}"


def _milliseconds(work: Callable[[], object]) -> float:
    """The best of five, after one to warm up: what the work takes, not what else the machine does."""
    work()
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best * 1000


def _mixed(count: int) -> str:
    """Questions of many types; each third shows when the yes-or-no question before it is answered with yes."""
    fields: list[dict[str, Any]] = []
    for number in range(count):
        kind = _KINDS[number % len(_KINDS)]
        field: dict[str, Any] = {"id": f"q{number}", "type": kind, "label": {"ja": f"質問{number}"}}
        if kind == "choice":
            field["options"] = [{"id": f"o{option}", "label": {"ja": f"選択肢{option}"}} for option in range(5)]
        if number % 3 == 0 and number >= len(_KINDS):
            field["show_when"] = f"q{number // 10 * 10 - 8} || answered(q{number - 1})"
        fields.append(field)
    fee = [{"id": "fee", "label": {"ja": "料"}, "amount": "total * 100 / 3"}]
    compute = [{"id": "total", "value": " + ".join(f"q{number}" for number in range(1, count, 10))}]
    return _definition(fields, compute=compute, fee=fee)


def _chained(count: int) -> str:
    chain = [{"id": f"q{number}", "type": "yes_no", "label": {"ja": "質問"}} for number in range(count)]
    for number, field in enumerate(chain[1:]):
        field["show_when"] = f"q{number}"
    return _definition(chain)


def _definition(fields: list[dict[str, Any]], **parts: Any) -> str:
    steps = [
        {"id": f"s{first}", "title": {"ja": "ページ"}, "fields": fields[first : first + 60]}
        for first in range(0, len(fields), 60)
    ]
    head = {"procedure": "bench", "kind": "survey", "title": {"ja": "計る"}, "department": "citizens"}
    return json.dumps({**head, "steps": steps, "workflow": {"preset": "notification"}, **parts}, ensure_ascii=False)


def _answers(definition: Definition) -> dict[str, Any]:
    context = ReadContext(_TODAY)
    return {name: samples(field, context)[-1] for name, field in definition.fields.items()}


def _environment() -> Environment:
    return Environment(
        loader=PrefixLoader({"fields": FileSystemLoader(TEMPLATES)}), autoescape=True, undefined=StrictUndefined
    )


HEAD = f"{'engine, ms (best of five)':<58}{'work':>9}{'bare':>9}{'ratio':>8}"
