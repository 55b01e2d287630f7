"""Translates pydantic errors into diagnostics for the clerk who wrote the definition: path, actual value, remedy."""

import re
from collections.abc import Collection, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from forms.definition.diagnostics import UnlocatedDiagnostic, nearest, shown
from forms.definition.nearness import near_name
from forms.definition.procedure import Definition
from forms.definition.source import Path, Tree
from forms.fields import FIELD_TYPES

#: Every type of question by what it asks for.
TYPE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "文字": ("text", "long_text"),
    "数": ("integer", "number", "money"),
    "日時": ("date", "date_range", "time", "birthday", "appointment"),
    "選択": ("choice", "choices", "ranking", "quantities", "matrix", "yes_no", "consent"),
    "人": ("person_name", "person_kana", "applicant", "proxy", "address", "phone", "email", "bank_account"),
    "添付": ("file", "photo", "signature"),
    "地図": ("point", "line", "polygon"),
    "くり返し": ("group",),
    "説明だけ": ("statement",),
}
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_KINDS: dict[type, str] = {
    dict: "組(名前: 値)",
    list: "並び(- で始まる行)",
    str: "文字",
    bool: "true/false",
    int: "数",
    float: "数",
}
_EXPECTED = {
    "string_type": ("文字", '引用符 " で囲んでください。'),
    "int_type": ("整数", ""),
    "int_parsing": ("整数", ""),
    "int_from_float": ("整数", "小数点から後ろを消してください。"),
    "float_type": ("数", ""),
    "float_parsing": ("数", ""),
    "bool_type": ("true か false", ""),
    "bool_parsing": ("true か false", ""),
    "list_type": ("並び", "「- 値」の行か [値, 値] で書いてください。"),
    "tuple_type": ("並び", "「- 値」の行か [値, 値] で書いてください。"),
    "dict_type": ("組", "「名前: 値」の形で書いてください。文なら {ja: 文} です。"),
    "model_type": ("組", "「名前: 値」の形で書いてください。"),
    "model_attributes_type": ("組", "「名前: 値」の形で書いてください。"),
    "date_type": ("日付", "2026-04-01 の形で書いてください。"),
    "date_parsing": ("日付", "2026-04-01 の形で書いてください。"),
    "date_from_datetime_parsing": ("日付", "2026-04-01 の形で書いてください。"),
}
#: What is counted in lists that have a limit.
_COUNTED = {
    "options": "選択肢1つを1個と数えます",
    "fields": "質問1つを1個と数えます",
    "steps": "ページ1つを1個と数えます",
    "checks": "確認1つを1個と数えます",
    "fee": "料金の行1つを1個と数えます",
    "stages": "段階1つを1個と数えます",
    "examples": "試し1つを1個と数えます",
    "rules": "条件1つを1個と数えます",
    "look_up": "調べる値1つを1個と数えます",
}
_LIMITS = {
    "greater_than_equal": ("ge", "{}以上"),
    "greater_than": ("gt", "{}より大きく"),
    "less_than_equal": ("le", "{}以下"),
    "less_than": ("lt", "{}より小さく"),
    "string_too_short": ("min_length", "{}文字以上"),
    "string_too_long": ("max_length", "{}文字以下"),
    "too_short": ("min_length", "{}個以上"),
    "too_long": ("max_length", "{}個以下"),
}


def explain(error: ErrorDetails, tree: Tree) -> UnlocatedDiagnostic:
    """One pydantic error as a diagnostic."""
    path = path_in(error["loc"], tree)
    name = shown(path[-1]) if path else ""
    value = at(tree, path)
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        keys = sorted(keys_at(path[:-1], tree))
        remedy = nearest(name, keys, f"使えるのは {'、'.join(keys)} です。")
        return UnlocatedDiagnostic(path, f"「{name}」という項目はありません。", remedy)
    if kind in ("missing", "union_tag_not_found"):
        inside, absent = (path, "type") if kind == "union_tag_not_found" else (path[:-1], name)
        return _missing(inside, absent, tree) or UnlocatedDiagnostic(
            path, f"「{absent}」がありません。", f"「{absent}: …」の行を加えてください。"
        )
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        return _not_allowed(error, path, tree)
    if kind in _EXPECTED:
        expected, remedy = _EXPECTED[kind]
        return UnlocatedDiagnostic(path, f"ここには{expected}が要りますが、{_described(value)}があります。", remedy)
    if kind in _LIMITS:
        return _beyond_limit(kind, path, value, context)
    if kind == "string_pattern_mismatch":
        remedy = "英小文字で始め、英小文字・数字とつなぎの記号だけで書いてください(例：road-occupancy、first_day)。"
        return UnlocatedDiagnostic(path, f"「{shown(value)}」はIDとして使えません。", remedy)
    if kind == "value_error":
        return UnlocatedDiagnostic(path, str(context.get("error", error["msg"])))
    return UnlocatedDiagnostic(path, f"{_described(value)}は使えません。", shown(error["msg"], 200))


def _beyond_limit(kind: str, path: Path, value: Tree, context: Mapping[str, Any]) -> UnlocatedDiagnostic:
    """A number, a text or a list outside its limits; of a list it says how many there are, and of what."""
    name = shown(path[-1]) if path else ""
    key, limit = _LIMITS[kind]
    if isinstance(value, list | dict):
        count = f"{name} は、いま{len(value)}個あります({_COUNTED.get(name, '- で始まる行1つを1個と数えます')})。"
        return UnlocatedDiagnostic(path, count, f"{limit.format(context.get(key, ''))}にしてください。")
    return UnlocatedDiagnostic(
        path, f"{_described(value)}は使えません。", f"{limit.format(context.get(key, ''))}にしてください。"
    )


def _not_allowed(error: ErrorDetails, path: Path, tree: Tree) -> UnlocatedDiagnostic:
    """A value that is none of those to choose from, a key among them."""
    kind, context, value = error["type"], error.get("ctx", {}), at(tree, path)
    allowed = _QUOTED.findall(str(context.get("expected_tags" if kind == "union_tag_invalid" else "expected", "")))
    if error["loc"] and error["loc"][-1] == "[key]":
        name = shown(path[-1]) if path else ""
        if value is None:
            message = f"「,」の後の「{name}」が、別の見出しになっています。"
            return UnlocatedDiagnostic(path, message, '「,」を含む文は引用符 " で囲んでください。')
        value = name
    if kind == "union_tag_invalid":
        tag = context.get("tag", "")
        return UnlocatedDiagnostic(
            (*path, "type"), f"「{shown(tag)}」は使えません。", nearest(tag, allowed, _types(allowed))
        )
    return UnlocatedDiagnostic(path, f"「{shown(value)}」は使えません。", nearest(value, allowed))


def _types(allowed: Collection[str]) -> str:
    """The types of questions by what they ask for, as a remedy."""
    groups = {title: " ".join(name for name in names if name in allowed) for title, names in TYPE_GROUPS.items()}
    return f"使えるのは、{'、'.join(f'{title}({names})' for title, names in groups.items() if names)} です。"


def _missing(inside: Path, name: str, tree: Tree) -> UnlocatedDiagnostic | None:
    """Report a missing key that is present under a misspelt name; None if no unknown key is similar."""
    written = misspelt(inside, name, tree)
    if written is None:
        return None
    remedy = f"「{shown(written)}」は「{name}」のまちがいかもしれません。"
    return UnlocatedDiagnostic((*inside, written), f"「{name}」がありません。", remedy)


def misspelt(inside: Path, name: str, tree: Tree) -> str | None:
    """Return the unknown key that a missing one seems to be written as."""
    node = at(tree, inside)
    unknown = sorted(set(node) - keys_at(inside, tree)) if isinstance(node, dict) else []
    return near_name(name, unknown)


def is_echo(error: ErrorDetails, tree: Tree) -> bool:
    """Whether an error only follows from others: pydantic reports a sequence as too short if it rejected its items."""
    value = at(tree, path_in(error["loc"], tree))
    min_length = error.get("ctx", {}).get("min_length")
    return (
        error["type"] == "too_short" and isinstance(value, list) and min_length is not None and len(value) >= min_length
    )


def path_in(loc: tuple[int | str, ...], tree: Tree) -> Path:
    """A pydantic location as a path of the tree: without union tags, validators and other inner names."""
    path: list[int | str] = []
    node: Tree = tree
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(node, dict) and isinstance(part, str):
            is_tag = part not in node and (not last or part == node.get("type"))
            if is_tag or "[" in part:
                continue
            path.append(part)
            node = node.get(part)
        elif isinstance(node, list) and isinstance(part, int):
            path.append(part)
            node = node[part] if part < len(node) else None
    return tuple(path)


def at(tree: Tree, path: Path) -> Tree:
    """The part of the tree at a path; None if there is none."""
    for part in path:
        if isinstance(tree, dict) and isinstance(part, str):
            tree = tree.get(part)
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        else:
            return None
    return tree


def keys_at(path: Path, tree: Tree) -> set[str]:
    """The keys that the grammar knows at a path."""
    models: list[type[BaseModel]] = [Definition]
    for depth, part in enumerate(path):
        if isinstance(part, str):
            models = [
                inner
                for model in models
                for name, info in model.model_fields.items()
                if part in (name, info.alias)
                for inner in models_in(info.annotation)
            ]
        fields = [model for model in models if model in FIELD_TYPES.values()]
        if fields and isinstance(part, int):
            node = at(tree, path[: depth + 1])
            kind = node.get("type") if isinstance(node, dict) else None
            models = [FIELD_TYPES[kind]] if isinstance(kind, str) and kind in FIELD_TYPES else fields
    return {info.alias or name for model in models for name, info in model.model_fields.items()}


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models inside an annotation: `tuple[Step, ...] | None` has Step."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Annotated, Union, UnionType, tuple, list, dict):
        for argument in get_args(annotation):
            yield from models_in(argument)


def _described(value: Tree) -> str:
    """Return a value with its type for a message: 「abc」(文字)."""
    if value is None:
        return "空の値"
    kind = _KINDS.get(type(value), "値")
    return kind if isinstance(value, dict | list) else f"「{shown(value)}」({kind})"
