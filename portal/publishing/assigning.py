"""Whether `assign.by` leads to a department of this city: departments are named by their keys, in the definition and on the map."""

import re
from collections.abc import Iterator

from sqlalchemy.orm import Session

from forms import Definition
from geo.layers import property_values
from portal.identity import departments_by_key

_LITERALS = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
_ONLY_LITERALS = re.compile(
    r"(?:[^?:]+\?)?\s*(?:'[^']*'|\"[^\"]*\")(?:\s*:\s*(?:[^?:]+\?\s*)?(?:'[^']*'|\"[^\"]*\"))*\s*"
)
_MAX_VALUES = 200


def assign_errors(session: Session, definition: Definition) -> Iterator[tuple[str, str]]:
    """What does not lead to a department: the problem, and what to write instead."""
    use = definition.workflow.assign
    if use is None:
        return
    departments = departments_by_key(session)
    titles = {department.key: department.title["ja"] for department in departments.values()}
    for name, origin in [*_written(use.by), *_on_the_map(session, definition, use.by)]:
        if name in departments:
            continue
        keys = [key for key, title in titles.items() if title == name]
        remedy = (
            f"課の名前ではなく、キーの「{keys[0]}」にしてください。"
            if keys
            else f"使えるのは {'、'.join(sorted(titles))} です。"
        )
        yield f"{origin}「{name}」というキーの課はありません。", remedy


def _written(by: str) -> list[tuple[str, str]]:
    """The names that the expression itself can come out as: those of a literal, or of `condition ? literal : literal`."""
    if not _ONLY_LITERALS.fullmatch(by):
        return []
    results = re.sub(r"[^?:]+\?", " ", by)
    return [(single or double, "") for single, double in _LITERALS.findall(results)]


def _on_the_map(session: Session, definition: Definition, by: str) -> list[tuple[str, str]]:
    """The names that stand in the layer whose look-up the expression is."""
    for field_id, place in definition.place_fields.items():
        for look_up in place.look_up:
            if look_up.property is not None and by == f"{field_id}.{look_up.as_}":
                names = property_values(session, look_up.layer, look_up.property, _MAX_VALUES)
                origin = f"地図の層「{look_up.layer}」の{look_up.property}の"
                return [(name, origin) for name in names]
    return []
