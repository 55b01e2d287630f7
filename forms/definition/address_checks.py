"""`in_city` of an address as the check that it stands for, so that it waits, is marked and is proved as other checks are."""

from collections.abc import Iterator, Mapping
from typing import Any

#: What is said where the definition has no words of its own; phrases that all share.
_IN_THE_CITY = "この市に住所がある方の手続きです。お住まいの市区町村に届け出てください。"
_ELSEWHERE = "この市の中の住所です。市の外の住所を入力してください。"


def with_address_checks(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """A page as it is written, or as it was stored, with a check for each address that must be in the city or outside."""
    written = page.get("checks", [])
    added = list(_checks(page.get("fields")))
    if not added or not isinstance(written, list | tuple):
        return page
    known = [check.get("assert") for check in written if isinstance(check, Mapping)]
    return {**page, "checks": [*written, *(check for check in added if check["assert"] not in known)]}


def _checks(fields: Any) -> Iterator[dict[str, Any]]:
    for field in fields if isinstance(fields, list | tuple) else ():
        for condition, address in _conditions(field, ""):
            usual = _IN_THE_CITY if address["in_city"] else _ELSEWHERE
            message = address.get("in_city_message") or usual
            yield {"assert": condition, "field": field["id"], "message": message}


def _conditions(field: Any, around: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What each address of a question must meet, in its rows and the rows within them too. `around` is the row that it stands in."""
    if not isinstance(field, Mapping) or not isinstance(field.get("id"), str):
        return
    name = f"{around}.{field['id']}" if around else field["id"]
    if field.get("type") == "address" and isinstance(field.get("in_city"), bool):
        yield _rule(name, inside=field["in_city"]), field
    elif field.get("type") == "group" and isinstance(field.get("fields"), list | tuple):
        row = "inner_row" if around else "row"
        for inner in field["fields"]:
            for condition, address in _conditions(inner, row):
                yield f"{name}.all({row}, {condition})", address


def _rule(name: str, *, inside: bool) -> str:
    same = f"same_city({name}.prefecture, {name}.city, city.prefecture, city.name)"
    return f"!answered({name}) || {same if inside else '!' + same}"
