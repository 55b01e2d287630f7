"""What every setting means, in Japanese, from `settings.yaml` and `question_types.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML

from forms.definition.source import read_source
from forms.expressions.functions import FUNCTIONS
from forms.expressions.language import ResultType

_FOLDER = Path(__file__).parent

#: What an expression must come out as, in words.
RESULTS: Mapping[ResultType, str] = MappingProxyType(
    {"bool": "はい・いいえ", "number": "数", "string": "文字", "date": "日", "any": "値"}
)


@dataclass(frozen=True)
class SettingDescription:
    """What one setting means: unit, limits, and what happens without it. `result`: it takes an expression of that type."""

    meaning: str
    result: ResultType | None = None

    @property
    def for_schema(self) -> str:
        """The meaning with, for an expression, what it gives and the functions that it may call."""
        if self.result is None:
            return self.meaning
        functions = "、".join(FUNCTIONS)
        return f"{self.meaning} 式(CEL)で書き、{RESULTS[self.result]}になります。使える関数：{functions}。"


@dataclass(frozen=True)
class PartDescription:
    """What one part of a definition is, and its settings by the name under which they are written."""

    meaning: str
    settings: Mapping[str, SettingDescription]


@dataclass(frozen=True)
class QuestionType:
    """One question type for its reader.

    `gives` has what the answer gives to expressions, by the name behind the question's id (`""`: the answer itself);
    `example` is a question as YAML, `answer` an answer to it as YAML, empty for what asks nothing.
    """

    name: str
    title: str
    part: PartDescription
    gives: Mapping[str, str]
    example: str
    answer: str


@cache
def parts() -> Mapping[str, PartDescription]:
    """The parts of a definition by the name of their model, question types aside."""
    described: Any = read_source((_FOLDER / "settings.yaml").read_bytes()).tree
    return MappingProxyType(
        {name: PartDescription(entry["meaning"], _settings(entry["settings"])) for name, entry in described.items()}
    )


@cache
def question_types() -> Mapping[str, QuestionType]:
    """Every question type by its name, in the order of the reference."""
    return MappingProxyType(
        {
            name: QuestionType(
                name,
                entry["title"],
                PartDescription(entry["meaning"], _settings(entry.get("settings", {}))),
                entry["gives"],
                entry["example"].strip(),
                entry.get("answer", ""),
            )
            for name, entry in YAML(typ="safe").load(_FOLDER / "question_types.yaml").items()
        }
    )


def part_of(name: str, kind: str | None = None) -> PartDescription:
    """The description of a model by its name, or of a question type by its `kind`, with the settings that all types share.

    KeyError for what is not described.
    """
    if kind is None:
        return parts()[name]
    own, shared = question_types()[kind].part, parts()["FieldType"]
    return PartDescription(own.meaning, {**shared.settings, **own.settings})


def written_names(model: type[BaseModel]) -> tuple[str, ...]:
    """The settings of a model as a definition writes them, in their order."""
    return tuple(info.alias or name for name, info in model.model_fields.items())


def _settings(entries: Mapping[str, str | Mapping[str, str]]) -> Mapping[str, SettingDescription]:
    return {
        name: SettingDescription(entry)
        if isinstance(entry, str)
        else SettingDescription(entry["meaning"], _result(entry["expression"]))
        for name, entry in entries.items()
    }


def _result(name: str) -> ResultType:
    return next(result for result in RESULTS if result == name)
