"""Which part of a list is which in another version of it."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

from pydantic import BaseModel

from forms.definition.example import WrittenExample
from forms.definition.fee import FeeRule, fee_rule_pairs, fee_rules_by_id
from forms.definition.place_rules import LookUp, PlaceRule
from forms.definition.step import Check
from forms.diff.names import title
from forms.diff.wording import canonical
from forms.text.localized import Text

#: Positions in the old and in the new list; None where there is no counterpart.
Pair = tuple[int | None, int | None]
_Key = Callable[[Any], Hashable]

#: By what the parts without an `id` are known, the surest first, once equal ones are paired.
_KEYS: Final[dict[type, tuple[_Key, ...]]] = {
    Check: (lambda check: check.assert_, lambda check: check.message.ja),
    LookUp: (lambda look_up: look_up.as_, lambda look_up: (look_up.layer, look_up.property)),
    PlaceRule: (lambda rule: (rule.kind, title(rule)), lambda rule: rule.message and rule.message.ja),
    WrittenExample: (lambda example: example.name or None, lambda example: canonical(example.answers)),
    Text: (lambda text: text.ja,),
}


def pairs(old: Sequence[BaseModel], new: Sequence[BaseModel]) -> list[Pair]:
    """The parts of two lists in the order of the new one; those that are gone come last."""
    if all(isinstance(part, FeeRule) for part in (*old, *new)):
        return _fee_pairs(old, new)  # type: ignore[arg-type] # all of them are fee rules
    counterparts: dict[int, int] = {}
    for key in _keys(old, new):
        waiting: dict[Hashable, list[int]] = {}
        paired = set(counterparts.values())
        for position, part in enumerate(old):
            value = key(part)
            if position not in paired and value is not None:
                waiting.setdefault(value, []).append(position)
        for position, part in enumerate(new):
            if position not in counterparts and waiting.get(key(part)):
                counterparts[position] = waiting[key(part)].pop(0)
    return _in_order(counterparts, len(old), len(new))


def _keys(old: Sequence[BaseModel], new: Sequence[BaseModel]) -> tuple[_Key, ...]:
    if all(hasattr(part, "id") for part in (*old, *new)):
        return (lambda part: part.id,)
    return (canonical, *_KEYS.get(type((*old, *new)[0]), ()))


def _fee_pairs(old: Sequence[FeeRule], new: Sequence[FeeRule]) -> list[Pair]:
    """Lines of the fee are the same as stored fees and payments know them."""
    before, after = fee_rules_by_id(old), fee_rules_by_id(new)
    places = {rule_id: position for position, rule_id in enumerate(before)}
    new_places = {rule_id: position for position, rule_id in enumerate(after)}
    counterparts = {
        new_places[new_id]: places[old_id]
        for old_id, new_id in fee_rule_pairs(before, after)
        if old_id is not None and new_id is not None
    }
    return _in_order(counterparts, len(before), len(after))


def _in_order(counterparts: dict[int, int], old_count: int, new_count: int) -> list[Pair]:
    kept = set(counterparts.values())
    gone = [(position, None) for position in range(old_count) if position not in kept]
    return [*((counterparts.get(position), position) for position in range(new_count)), *gone]


def reordered(paired: Sequence[Pair]) -> tuple[list[int], list[int]] | None:
    """The old positions of the parts that changed their order, as they were and as they are now; None for the same order.

    Parts before the first and after the last that moved are left out.
    """
    now = [old for old, new in sorted(paired, key=_new_position) if old is not None and new is not None]
    was = sorted(now)
    if was == now:
        return None
    moved = [place for place, (before, after) in enumerate(zip(was, now, strict=True)) if before != after]
    span = slice(moved[0], moved[-1] + 1)
    return was[span], now[span]


def _new_position(pair: Pair) -> int:
    return -1 if pair[1] is None else pair[1]
