"""What people type: the entries of procedures applied for together, beside the sum of their separate forms."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms import Definition, inputs_of, load
from forms.bundling import compose
from forms.catalogue.vocabulary import procedure_files

HEAD = "| Applied for together | separate forms | one form | fewer |\n|---|---:|---:|---:|"

#: Procedures with a form that the plans of the catalogue's households hold together.
_TOGETHER: Mapping[str, Sequence[str]] = {
    "moves in with children, a dog and an old sofa": (
        "moving-in",
        "child-allowance",
        "dog-registration",
        "bulky-waste",
    ),
    "moves in with children": ("moving-in", "child-allowance"),
    "moves in with a dog": ("moving-in", "dog-registration"),
    "house flooded, waste to be fetched": ("disaster-certificate", "bulky-waste"),
}


def lines() -> Iterator[str]:
    """A line for each household: inputs that are filled in separate forms, in the one form, and how many fewer in per cent."""
    definitions = {made.procedure: made for path in procedure_files() if (made := load(path.read_text("utf-8")))}
    for name, keys in _TOGETHER.items():
        made = [definitions[key] for key in keys]
        answers = {each.procedure: _answers(each) for each in made}
        apart = sum(_entries(each, answers[each.procedure]) for each in made)
        composed = compose(made)
        together = _entries(composed, composed.join(answers))
        yield f"| {name} | {apart} | {together} | {100 * (apart - together) / apart:.0f} % |"


def _answers(definition: Definition) -> Mapping[str, Any]:
    """Those of the first example that has nothing to correct."""
    return next(example.answers for example in definition.examples if not example.expect.errors)


def _entries(definition: Definition, answers: Mapping[str, Any]) -> int:
    """The inputs that somebody fills in: a text, a choice, a file each."""
    return sum(
        len([text] if isinstance(text, str) else text)
        for step in definition.steps
        for text in inputs_of(definition, step.id, answers).values()
        if text
    )
