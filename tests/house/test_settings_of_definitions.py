"""Every setting that a definition may hold names the file that implements it, and that file mentions it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from forms import Definition
from forms.checks.implementers import IMPLEMENTERS, MISSING
from forms.definition.explaining import models_in
from forms.fields import FIELD_TYPES
from forms.fields.base import FieldType
from forms.text.localized import Text

OPTIONS = {"Option", "OptionValues"}
"""Parts of questions, which are looked for with them."""
ROOT = Path(__file__).parents[2]


def parts() -> dict[str, type[BaseModel]]:
    """Every part of the grammar by its name, questions and texts left out."""
    models: dict[str, type[BaseModel]] = {}
    todo: list[Any] = [Definition]
    while todo:
        model = todo.pop()
        if model.__name__ in models or issubclass(model, Text):
            continue
        models[model.__name__] = model
        todo += [inner for info in model.model_fields.values() for inner in models_in(info.annotation)]
    return {name: model for name, model in models.items() if not issubclass(model, FieldType) and name not in OPTIONS}


def settings() -> Iterator[tuple[str, str]]:
    for name, model in parts().items():
        yield from ((name, setting) for setting in model.model_fields)


def test_the_grammar_is_walked() -> None:
    assert {"Definition", "Routing", "Deadline", "Stage", "StageForm", "FeeRule", "Expectation"} <= parts().keys()


def test_a_setting_is_carried_out_or_refused() -> None:
    for part, setting in settings():
        file = IMPLEMENTERS.get(part, {}).get(setting)
        missing = setting in MISSING.get(part, {})
        assert (file is not None) is not missing, f"{part}.{setting} names neither its implementer nor a fault"
        if file:
            spoken = re.compile(rf"""\.{setting}\b|["']{setting}["']""")
            assert spoken.search((ROOT / file).read_text("utf-8")), f"{file} does not speak of {part}.{setting}"


def test_nothing_is_listed_that_the_grammar_does_not_have() -> None:
    listed = {(part, setting) for table in (IMPLEMENTERS, MISSING) for part in table for setting in table[part]}
    assert listed - set(settings()) == set()


def test_a_setting_of_a_question_is_read_somewhere() -> None:
    code = "\n".join(
        path.read_text("utf-8")
        for folder in ("forms", "portal")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".html"}
    )
    names = {name for kind in FIELD_TYPES.values() for name in kind.model_fields}
    assert [name for name in names if not re.search(rf"""\.{name}\b|getattr\([^)]*["']{name}["']""", code)] == []
