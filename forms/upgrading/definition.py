"""A text of the first version of the language as the second writes it; comments, order and everything else stay."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from forms.definition.diagnostics import DefinitionError
from forms.definition.explaining import at
from forms.definition.inserting import composed
from forms.definition.procedure import Definition, group_fields
from forms.definition.salvage import salvage
from forms.definition.source import Path, Source, dotted, read_source
from forms.evaluation.scope import fact_types, names_of
from forms.expressions.language import Language, Names
from forms.upgrading.expression import upgraded_expression

_SETTINGS = frozenset({"show_when", "applies_when", "waived_when", "amount", "assert", "by", "valid_until"})
_WHOLE = re.compile(r".+", re.DOTALL)
_BRACES = re.compile(r"(?<=\{)[^{}]*(?=\})")


@dataclass(frozen=True)
class Rewriting:
    """What stood at a path, and what stands there now. `line` counts from 1 in the text as it was."""

    path: str
    line: int
    before: str
    after: str


@dataclass(frozen=True)
class Upgraded:
    """The text in the present version of the language, and what was rewritten for it."""

    text: str
    rewritings: tuple[Rewriting, ...] = ()


def upgrade(text: str) -> Upgraded:
    """Rewrite a definition of the first version, so that it means the same in the second.

    A text that cannot be read stays as it is: whoever loads it is told why.
    """
    try:
        source = read_source(text)
    except DefinitionError:
        return Upgraded(text)
    definition = salvage(source.tree, source.unread).definition
    if definition is None:
        return Upgraded(text)
    upgraded = Upgraded(text)
    for path, language in _expressions(source, definition):
        upgraded = _rewritten(upgraded, source, path, language)
    return upgraded


def _rewritten(upgraded: Upgraded, source: Source, path: Path, language: Language) -> Upgraded:
    before = at(source.tree, path)
    if not isinstance(before, str):
        return upgraded
    is_expression = path[-1] in _SETTINGS
    pattern = _WHOLE if is_expression else _BRACES
    after = pattern.sub(lambda match: upgraded_expression(match[0], language), before, count=is_expression)
    if after == before:
        return upgraded
    tree = deepcopy(read_source(upgraded.text).tree)
    parent: Any = at(tree, path[:-1])
    parent[path[-1]] = after
    node = _node(composed(upgraded.text), path)
    written = json.dumps(after, ensure_ascii=False) + ("\n" if node.style in ("|", ">") else "")
    text = upgraded.text[: node.start_mark.index] + written + upgraded.text[node.end_mark.index :]
    if read_source(text).tree != tree:
        return upgraded
    return Upgraded(text, (*upgraded.rewritings, Rewriting(dotted(path), source.line(path), before, after)))


def _expressions(source: Source, definition: Definition) -> Iterator[tuple[Path, Language]]:
    """Where expressions stand, and what each may speak of."""
    names = names_of(definition)
    outside = Language(names)
    in_rows: dict[str, Language] = {}

    def language_of_row(group: str) -> Language:
        if group not in in_rows:
            in_rows[group] = Language(names.with_row(group))
        return in_rows[group]

    groups: dict[Path, str] = {
        ("steps", number, "fields", position): question.id
        for number, step in enumerate(definition.steps)
        for position, question in enumerate(step.fields)
        if group_fields(question)
    }
    stages: dict[str, Path] = {
        stage.id: ("workflow", "stages", number, "form") for number, stage in enumerate(definition.workflow.stages)
    }
    forms = {stages[key]: Language(names_of(form)) for key, form in definition.stage_forms.items()}
    facts = Language(Names(fact_types(definition.vocabulary)), open_world=True)
    for path in _paths(source.tree):
        if path[:1] == ("routing",):
            yield path, facts
        elif form := forms.get(path[:4]):
            yield path, form
        elif path[:1] == ("fee",) and (group := at(source.tree, (*path[:2], "each"))) in groups.values():
            yield path, language_of_row(str(group))
        elif len(path) > 5 and (inside := groups.get(path[:4])):
            yield path, language_of_row(inside)
        else:
            yield path, outside


def _paths(part: Any, path: Path = ()) -> Iterator[Path]:
    """Every setting that is an expression, and every explanation, in the order of the text."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _paths(value, (*path, key))
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _paths(value, (*path, number))
    elif path[-1:] and (path[-1] in _SETTINGS or "explain" in path[-2:]):
        yield path


def _node(node: Node, path: Path) -> ScalarNode:
    for part in path:
        if isinstance(node, SequenceNode) and isinstance(part, int):
            node = node.value[part]
        elif isinstance(node, MappingNode):
            node = next(value for key, value in node.value if key.value == part)
    assert isinstance(node, ScalarNode)  # noqa: S101 - it holds a text
    return node
