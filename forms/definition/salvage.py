"""What can still be checked of a definition whose grammar has faults: its sound parts, with stand-ins for the faulty ones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from forms.definition.diagnostics import UnlocatedDiagnostic
from forms.definition.explaining import at, explain, is_echo, keys_at, misspelt, path_in
from forms.definition.nearness import near_name
from forms.definition.procedure import Definition
from forms.definition.source import Path, Tree
from forms.definition.unread import Unread
from forms.fields import FIELD_TYPES

_ROUNDS = 40
_TEXT: dict[str, Tree] = {"ja": "…"}
#: Stands for a name that leads nowhere.
_NAME = "unreadable"
#: A setting that must be there, or whose absence would be a fault of its own, and what stands in for it.
STAND_INS: dict[str, Tree] = {
    "account": _NAME,
    "after": _NAME,
    "alt": _TEXT,
    "amount": "0",
    "answers": [_NAME],
    "as": _NAME,
    "assert": "true",
    "by": "''",
    "code": "132021",
    "days_before": 0,
    "department": _NAME,
    "email": _NAME,
    "estimate": "1",
    "expect": {},
    "file": f"{_NAME}.png",
    "from": "date('2026-04-01')",
    "items": [_NAME],
    "key": _NAME,
    "kind": "notification",
    "label": _TEXT,
    "hours": [{"from": "00:00", "until": "24:00"}],
    "layer": _NAME,
    "limit": "0",
    "message": _TEXT,
    "name": _NAME,
    "of": "0",
    "on": "2026-04-01",
    "otherwise": _NAME,
    "place": _NAME,
    "preset": "notification",
    "procedure": _NAME,
    "property": _NAME,
    "representative": _NAME,
    "resource": _NAME,
    "role": _NAME,
    "rows": [{"key": 0, "value": 0}],
    "scale": [{"id": "a", "label": _TEXT}, {"id": "b", "label": _TEXT}],
    "states": [_NAME],
    "summary": _TEXT,
    "template": _NAME,
    "text": _TEXT,
    "title": _TEXT,
    "total": 1,
    "type": "text",
    "unit": _TEXT,
    "until": "24:00",
    "value": "0",
    "what": _TEXT,
    "when": _NAME,
    "when_fee_due": _NAME,
    "who": _NAME,
    "workflow": {"preset": "notification"},
}
_QUESTION: dict[str, Tree] = {"type": "text", "label": _TEXT}
#: One entry of a list. Those with an `id` get one of their own.
_ENTRIES: dict[str, tuple[Tree, bool]] = {
    "steps": ({"title": _TEXT, "fields": [{"id": "unreadable_page", **_QUESTION}]}, True),
    "fields": (_QUESTION, True),
    "compute": ({"value": "0"}, True),
    "tables": ({"key": ["key"], "rows": [{"key": 0, "value": 0}]}, True),
    "checks": ({"assert": "true", "message": _TEXT}, False),
    "fee": ({"label": _TEXT, "amount": "0"}, True),
    "capacity": ({"label": _TEXT, "limit": "0"}, True),
    "hours": ({"from": "00:00", "until": "24:00"}, False),
    "acceptance": ({"from": "2026-04-01"}, False),
    "opens": ({"procedure": _NAME}, False),
    "hands_over": ({"procedure": _NAME, "place": _NAME, "items": [_NAME]}, False),
    "stages": ({"title": _TEXT, "after": _NAME, "role": _NAME}, True),
    "documents": ({"when": _NAME, "template": _NAME}, True),
    "examples": ({"on": "2026-04-01", "expect": {}}, False),
    "options": ({"label": _TEXT}, True),
    "rules": ({"inside": _NAME}, False),
    "look_up": ({"layer": _NAME, "property": _NAME, "as": _NAME}, False),
    "bring": (_TEXT, False),
}
#: The entries of lists in the workflow, whose names stand for other lists elsewhere.
_WORKFLOW_ENTRIES: dict[str, tuple[Tree, bool]] = {
    "states": ({"title": _TEXT, "kind": "open"}, True),
    "moves": ({}, True),
}
#: Settings that decide under which names and types expressions see the answer.
_SHAPING = frozenset({"type", "options", "look_up", "fields", "abroad"})
#: What a question keeps when it contradicts itself, so that everything over it can still be checked.
_KEPT = _SHAPING | {"id", "item", "label", "help", "required", "show_when", "required_when", "text"}
#: What a question of an unknown type keeps.
_COMMON = frozenset({"id", "item", "label", "help", "required", "show_when", "required_when", "sensitive"})


@dataclass(frozen=True)
class Salvaged:
    """The sound parts; None where nothing could be saved.

    `faulty` are the places where something else stands now, `renamed` the keys that were read as they are meant.
    """

    definition: Definition | None
    diagnostics: list[UnlocatedDiagnostic]
    faulty: frozenset[Path] = frozenset()
    renamed: Mapping[Path, Path] = field(default_factory=dict)

    def is_follow_on(self, path: Path) -> bool:
        """Whether a diagnostic at this place speaks of a stand-in."""
        return any(path[:end] in self.faulty for end in range(len(path) + 1))

    def as_written(self, path: Path) -> Path:
        """The path as it stands in the text."""
        return _as_written(path, self.renamed)


def salvage(tree: dict[str, Tree], unread: Iterable[Path] = ()) -> Salvaged:
    """Read a tree. Each fault is reported once; where the grammar is sound there are no diagnostics.

    Of the parts that are `unread` it is reported elsewhere why they say nothing.
    """
    with suppress(ValidationError):
        return Salvaged(Definition.model_validate(tree), [])
    repair = _Repair(deepcopy(tree), faulty=set(unread))
    for _ in range(_ROUNDS):
        try:
            definition = Definition.model_validate(repair.tree)
        except ValidationError as error:
            repair.take(error.errors(include_url=False, include_input=False))
            continue
        definition.set_unread(repair.unread)
        break
    else:
        definition = None
    return Salvaged(definition, list(repair.diagnostics.values()), frozenset(repair.faulty), repair.renamed)


@dataclass
class _Repair:
    """A tree on its way to one that is sound."""

    tree: Any
    diagnostics: dict[Path, UnlocatedDiagnostic] = field(default_factory=dict)
    faulty: set[Path] = field(default_factory=set)
    renamed: dict[Path, Path] = field(default_factory=dict)
    _attempts: Counter[Path] = field(default_factory=Counter)
    _ids: set[str] = field(default_factory=set)
    _untyped: set[str] = field(default_factory=set)
    _stand_ins: set[str] = field(default_factory=set)
    _some_question: bool = False
    _tables: set[str] = field(default_factory=set)

    @property
    def unread(self) -> Unread:
        """What the definition speaks of and could not be read."""
        return Unread(
            frozenset(self._ids),
            frozenset(self._untyped),
            frozenset(self._stand_ins),
            self._some_question,
            frozenset(self._tables),
            any(path[:1] == ("workflow",) and path[-1] != "help" for path in self.faulty),
        )

    def take(self, errors: list[ErrorDetails]) -> None:
        """Report what is a fault of its own, and put something sound in the place of each."""
        own = [error for error in errors if not is_echo(error, self.tree)]
        before = set(self.faulty)
        for error in own:
            path = path_in(error["loc"], self.tree)
            if not _is_consequence(path, before):
                diagnostic = explain(error, self.tree)
                place = _as_written(diagnostic.path, self.renamed)
                self.diagnostics.setdefault(place, UnlocatedDiagnostic(place, diagnostic.message, diagnostic.remedy))
                if not _is_question(diagnostic.path):
                    self.faulty.add(diagnostic.path)
        for error in sorted(own, key=lambda error: error["type"] != "missing"):
            self._replace(error)

    def _replace(self, error: ErrorDetails) -> None:
        path, kind = path_in(error["loc"], self.tree), error["type"]
        value = at(self.tree, path)
        if kind == "union_tag_not_found":
            path = (*path, "type")
        if kind in ("missing", "union_tag_not_found") and (written := misspelt(path[:-1], str(path[-1]), self.tree)):
            self._rename(path, written)
            return
        if kind == "union_tag_not_found":
            path = path[:-1]
        elif (
            kind == "union_tag_invalid" and isinstance(value, dict) and (near := near_name(value["type"], FIELD_TYPES))
        ):
            value["type"] = near
            return
        if kind == "too_long" and isinstance(value, list):
            self._some_question |= path[-1] in ("steps", "fields")
            self._note_question(path)
            del value[error["ctx"]["max_length"] :]
            self.faulty.add(path)
            return
        self._stand_in(path, is_extra=kind == "extra_forbidden")

    def _rename(self, path: Path, written: str) -> None:
        """Go on as if a misspelt key were spelt well; what is inside is still reported where it stands."""
        parent = at(self.tree, path[:-1])
        assert isinstance(parent, dict)  # noqa: S101 - it has a misspelt key
        parent[str(path[-1])] = parent.pop(written)
        self.renamed[path] = (*path[:-1], written)
        self.faulty.discard((*path[:-1], written))

    def _stand_in(self, path: Path, *, is_extra: bool = False) -> None:
        """Put something sound at a place: first what keeps most, then less, then at what holds it."""
        if not path:
            return
        attempt = self._attempts[path]
        self._attempts[path] += 1
        parent, last = at(self.tree, path[:-1]), path[-1]
        self._note_question(path)
        if not _is_question(path):
            self.faulty.add(path)
        if isinstance(parent, list) and isinstance(last, int) and last < len(parent):
            if attempt < 3:
                parent[last] = self._entry(path, parent[last], attempt)
                return
        elif isinstance(parent, dict) and isinstance(last, str) and attempt < 2:
            if not is_extra and not attempt and last in keys_at(path[:-1], self.tree):
                stand_in = self._setting(last, parent.get(last), path)
                if stand_in is not None:
                    parent[last] = stand_in
                    return
            parent.pop(last, None)
            return
        self._stand_in(path[:-1])

    def _setting(self, name: str, value: Tree, path: Path) -> Tree:
        if name == "id":
            return self._new_id(value, path)
        if name in ("steps", "fields", "options"):
            self._some_question |= name != "options"
            return [self._new_entry((*path, 0))]
        return deepcopy(STAND_INS.get(name))

    def _entry(self, path: Path, value: Tree, attempt: int) -> Tree:
        """An entry of a list with as much as can be kept of it."""
        if path[-2] == "fields" and isinstance(value, dict) and attempt < 2:
            whole = not attempt and value.get("type") in list(FIELD_TYPES)
            kept = {key: part for key, part in value.items() if key in (_KEPT if whole else _COMMON)}
            self.faulty.update((*path, key) for key in value.keys() - kept.keys())
            if not whole:
                self._forget_type(value)
            return kept if whole else {**kept, "type": "text"}
        self.faulty.add(path)
        if path[-2] in ("steps", "fields"):
            self._some_question = True
        return self._new_entry(path)

    def _new_entry(self, path: Path) -> Tree:
        entries = _WORKFLOW_ENTRIES if path[:1] == ("workflow",) and len(path) == 3 else {}
        stand_in, has_id = entries.get(str(path[-2])) or _ENTRIES.get(str(path[-2]), (_NAME, False))
        stand_in = deepcopy(stand_in)
        if has_id and isinstance(stand_in, dict):
            stand_in["id"] = self._new_id(None, (*path, "id"))
        for question in stand_in.get("fields", ()) if isinstance(stand_in, dict) else ():  # type: ignore[union-attr] # of a page
            question["id"] = self._new_id(None, (*path, "fields", 0, "id"))  # type: ignore[index,call-overload] # a mapping
        return stand_in

    def _new_id(self, written: Tree, path: Path) -> str:
        """An id for something whose own cannot be used; that of a question is remembered as it is written."""
        if len(path) > 2 and path[-3] == "fields":
            if isinstance(written, str) and written:
                self._ids.add(written)
            else:
                self._some_question = True
        stand_in = f"unreadable_{len(self._stand_ins)}"
        self._stand_ins.add(stand_in)
        return stand_in

    def _note_question(self, path: Path) -> None:
        """Forget the type of a question, a named value or a table when something is changed that shapes it."""
        if path[0] in ("compute", "tables"):
            entry = at(self.tree, path[:2])
            name = entry.get("id") if isinstance(entry, dict) and len(path) > 1 else None
            if isinstance(name, str):
                names = self._tables if path[0] == "tables" else self._untyped if path[2:3] != ("id",) else self._ids
                names.add(name)
            else:
                self._some_question = True
        for end in range(len(path) - 1, 1, -1):
            if path[end - 2] == "fields" and isinstance(path[end - 1], int):
                setting = path[end] if end < len(path) else ""
                inner = path[end + 1 :]
                is_own = setting in _SHAPING and not (setting == "fields" and inner)
                is_unknown = isinstance(setting, str) and setting not in keys_at(path[:end], self.tree)
                question = at(self.tree, path[:end])
                if (is_own or is_unknown) and isinstance(question, dict):
                    if is_unknown and not _may_shape(str(setting)):
                        continue
                    self._forget_type(question)

    def _forget_type(self, question: dict[str, Tree]) -> None:
        name = question.get("id")
        if isinstance(name, str):
            self._untyped.add(name)


def _as_written(path: Path, renamed: Mapping[Path, Path]) -> Path:
    for new, old in reversed(list(renamed.items())):
        if path[: len(new)] == new:
            path = (*old, *path[len(new) :])
    return path


def _is_question(path: Path) -> bool:
    return len(path) > 1 and path[-2] == "fields" and isinstance(path[-1], int)


def _may_shape(setting: str) -> bool:
    return any(name[:3] == setting[:3] for name in _SHAPING)


def _is_consequence(path: Path, faulty: set[Path]) -> bool:
    """Whether an error only follows from a stand-in: it lies in one, or around one and speaks of the whole."""
    return any(path[: len(place)] == place or place[: len(path)] == path for place in faulty)
