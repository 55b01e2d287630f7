"""What may stand behind a setting, in words, from the JSON Schema of the models."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from forms.reference.descriptions import RESULTS, SettingDescription

_KINDS: Mapping[str, str] = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "true・false",
    "array": "一覧",
    "object": "組",
}
#: Beyond these a limit is none for its reader.
_MAX_NUMBER = 10**15


def shape(schema: Mapping[str, Any], setting: SettingDescription, link: Callable[[str], str]) -> str:
    """`整数(1〜10)`, `permit・report`, `式(数)`. `link` names a part of the definition."""
    if setting.result is not None:
        return f"式({RESULTS[setting.result]})"
    return "、".join(dict.fromkeys(_shapes(schema, link)))


def default(schema: Mapping[str, Any], *, required: bool) -> str:
    """What holds where the setting is left out: `必須`, a value as YAML, or `なし`."""
    if required:
        return "必須"
    value = schema.get("default")
    if value in (None, [], {}, "") or (isinstance(value, int) and abs(value) >= _MAX_NUMBER):
        return "なし"
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _shapes(schema: Mapping[str, Any], link: Callable[[str], str]) -> Iterator[str]:
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        for choice in choices:
            yield from _shapes(choice, link)
    elif "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        yield "文" if name == "Text" else link(name)
    elif "const" in schema:
        yield f"`{schema['const']}`"
    elif "enum" in schema:
        yield "・".join(f"`{value}`" for value in schema["enum"])
    elif schema.get("type") == "array":
        yield _list(schema, link)
    elif schema.get("format") == "date":
        yield "日"
    elif schema.get("type") in _KINDS:
        yield _KINDS[schema["type"]] + _limits(schema)


def _list(schema: Mapping[str, Any], link: Callable[[str], str]) -> str:
    items = schema.get("items", {})
    is_question = any("discriminator" in choice for choice in (items, *items.get("anyOf", ())))
    inner = "質問" if is_question else "、".join(dict.fromkeys(_shapes(items, link)))
    least, most = schema.get("minItems"), schema.get("maxItems")
    count = f"({least or 0}〜{most:,})" if most is not None else f"({least}以上)" if least else ""
    return f"{inner}の一覧{count}"


def _limits(schema: Mapping[str, Any]) -> str:
    if schema["type"] == "string" and schema.get("maxLength"):
        return f"({schema['maxLength']:,}文字まで)"
    if "exclusiveMinimum" in schema:
        return f"({schema['exclusiveMinimum']:,}より大きい)"
    limits = [schema.get("minimum"), schema.get("maximum")]
    shown = [f"{limit:,}" if limit is not None and abs(limit) < _MAX_NUMBER else "" for limit in limits]
    return f"({'〜'.join(shown)})" if any(shown) else ""
