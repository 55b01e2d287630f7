"""How much people enter: in one form for all that a household needs, and in the separate forms.

An entry is an input that a person fills in: a text, a choice, a tick, a file, a place. What stands in it before they come to its page
is no entry: an answer given earlier, a default, somebody named before (`rows_from`), and in the bundle what was said for the plan.
A row that was filled in and does not apply is one entry, to take it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from forms import Definition, evaluate, inputs_of
from forms.bundling import compose
from forms.catalogue.vocabulary import shipped
from forms.definition.example import ExampleCity
from forms.fields import ReadContext
from forms.fields.marks import listed
from forms.fields.path import FieldPath, joined
from forms.known_rows import Saved, with_known_rows
from forms.routing import Facts
from forms.routing.known_answers import answers_from_facts, begun_from_facts
from tests.kit.households import HOUSEHOLDS, answers_of, ask, forms_of

#: The day on which the examples of the catalogue are set.
DAY = date(2026, 11, 23)
CITY = ExampleCity(key="tachikawa", name="立川市", code="132021")


@cache
def bundles() -> dict[str, "Bundle"]:
    """The bundles of the households that need several forms, by the household."""
    return {name: Bundle.of(name) for name in HOUSEHOLDS if len(forms_of(name)) > 1}


@dataclass(frozen=True)
class Bundle:
    """The one form for all that a household needs, with the answers, what the map says of them, and what it enters."""

    members: Mapping[str, Definition]
    form: Definition
    answers: Mapping[str, Any]
    facts: Mapping[str, Any]
    entries: int
    separate_entries: int

    @property
    def spared(self) -> Fraction:
        """Which part of the entries of the separate forms is not entered."""
        return 1 - Fraction(self.entries, self.separate_entries)

    @classmethod
    def of(cls, name: str) -> "Bundle":
        """The bundle of a household."""
        members = {made.procedure: made for made in forms_of(name)}
        shares = {key: answers_of(name, made) for key, made in members.items()}
        places = {key: next(e for e in made.examples if not e.expect.errors).facts for key, made in members.items()}
        form = compose(list(members.values()))
        answers = form.join(shares)
        known = form.join({key: _from_facts(made, ask(name).facts) for key, made in members.items()})
        begun = form.join_by_path(
            {
                key: {
                    joined(question, part): text
                    for question, parts in begun_from_facts(made, ask(name).facts, shipped(), CITY).items()
                    for part, text in parts.items()
                }
                for key, made in members.items()
            }
        )
        return cls(
            members,
            form,
            answers,
            form.join_by_path(places),
            entries(form, answers, {question: answers[question] for question in known if question in answers}, begun),
            sum(entries(made, shares[key]) for key, made in members.items()),
        )


def _from_facts(definition: Definition, facts: Facts) -> dict[str, Any]:
    """The questions that the plan has answered. Days are those of the example, which is set on another day."""
    example = next(example for example in definition.examples if not example.expect.errors)
    return {
        question: example.answers[question]
        for question in answers_from_facts(definition, facts, ReadContext(date(2027, 12, 31)))
        if question in example.answers
    }


def entries(
    definition: Definition,
    answers: Mapping[str, Any],
    known: Mapping[str, Any] | None = None,
    begun: Mapping[str, str] | None = None,
) -> int:
    """How many inputs are filled in on the way through the pages. `known` is answered before the first of them, `begun` in part."""
    saved, count = Saved(dict(known or {}), dict(begun or {})), 0
    for step in definition.steps:
        outcome = evaluate(definition, saved.answers, {}, today=DAY, city=CITY)
        filled = {name: outcome.answers[name] for name in outcome.defaults if name in outcome.answers}
        there = _inputs(definition, step.id, Saved({**filled, **saved.answers}, saved.typed))
        wished = _inputs(definition, step.id, Saved(answers, {}))
        count += sum(len(texts) for name, texts in wished.items() if there.get(name) != texts)
        count += len(_rows(there) - _rows(wished))
        here = {field.id for field in step.fields}
        typed = {name: text for name, text in saved.typed.items() if FieldPath.parse(name).head not in here}
        after = {**saved.answers, **{name: answers[name] for name in here if name in answers}}
        saved = with_known_rows(definition, step.id, saved, Saved(after, typed), today=DAY)
    return count


def _inputs(definition: Definition, step_id: str, saved: Saved) -> dict[str, list[str]]:
    """What stands in the inputs of a page, empty ones aside; that a place was drawn (`source`) nobody enters."""
    inputs = inputs_of(definition, step_id, saved.answers, saved.typed)
    drawn = {f"{name}.source" for name in definition.places_in(saved.answers)}
    return {name: listed(text) for name, text in inputs.items() if listed(text) and name not in drawn}


def _rows(inputs: Mapping[str, object]) -> set[tuple[str, int]]:
    paths = [FieldPath.parse(name) for name in inputs]
    return {(path.head, path.row) for path in paths if path.row is not None}
