"""The base of every part of a definition: frozen, and an unknown key is an error."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints


class StrictModel(BaseModel):
    """One part of a definition."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _as_written(value: object) -> object:
    """`amount: 3000` and `show_when: true` are expressions too, though YAML reads a number and a truth."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


#: A CEL expression; what it may say is checked when it is compiled.
Expression = Annotated[
    str,
    BeforeValidator(_as_written, json_schema_input_type=str | int | float | bool),
    StringConstraints(strip_whitespace=True, min_length=1),
]

#: Keys of procedures, departments, layers, documents: `road-occupancy`.
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]

#: Ids inside a definition: steps, stages, states, moves, rows: `site_check`.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
