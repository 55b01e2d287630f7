"""Who gets what where each place has an order of its own among those who want it: a sibling is at this nursery already, that one is near."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from portal.bookings.rules import Pool, Want, lacking

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Wish:
    """One wish of an entry: the places that it means, and its `rank` among all who want them, the lowest first."""

    want: Want
    rank: int


def matched(entries: Mapping[Key, Sequence[Wish]], taken: Iterable[Want]) -> dict[Key, int]:
    """For each entry that gets something the number of its wish, from 0, given what is taken already.

    Where everybody has one rank for all of their wishes, they choose in that order. Else everybody asks for their first wish; each pool keeps
    the best of those who ask as far as it has room, and whoever is turned away asks for their next (Gale and Shapley 1962, deferred
    acceptance). So nobody misses a place that went to somebody behind them there, and nobody gains by hiding what they wish. Entries that
    take several places at once may leave room behind, which goes to those who have nothing, in their order.
    """
    before: dict[Pool, list[Want]] = {}
    for claim in taken:
        before.setdefault(claim.pool, []).append(claim)
    if all(len({wish.rank for wish in wishes}) <= 1 for wishes in entries.values()):
        return _in_order(entries, before)
    chosen = _deferred(entries, before)
    for key, number in chosen.items():
        want = entries[key][number].want
        before.setdefault(want.pool, []).append(want)
    return chosen | _in_order({key: wishes for key, wishes in entries.items() if key not in chosen}, before)


def _in_order(entries: Mapping[Key, Sequence[Wish]], taken: dict[Pool, list[Want]]) -> dict[Key, int]:
    """Each entry in turn takes the first of its wishes that has room. What is taken is added to."""
    chosen: dict[Key, int] = {}
    for key in sorted(
        (key for key, wishes in entries.items() if wishes), key=lambda key: min(wish.rank for wish in entries[key])
    ):
        for number, wish in enumerate(entries[key]):
            pool = taken.setdefault(wish.want.pool, [])
            if not lacking([wish.want], pool):
                pool.append(wish.want)
                chosen[key] = number
                break
    return chosen


def _deferred(entries: Mapping[Key, Sequence[Wish]], before: Mapping[Pool, Sequence[Want]]) -> dict[Key, int]:
    asking: dict[Key, int] = {key: 0 for key, wishes in entries.items() if wishes}
    keys_by_pool: dict[Pool, set[Key]] = {}
    for key, number in asking.items():
        keys_by_pool.setdefault(entries[key][number].want.pool, set()).add(key)
    changed = set(keys_by_pool)
    while changed:
        pool = min(changed, key=lambda pool: (pool.rule, pool.edition, pool.key))
        changed.remove(pool)
        for key in _turned_away(keys_by_pool[pool], asking, entries, before.get(pool, [])):
            keys_by_pool[pool].remove(key)
            asking[key] += 1
            if asking[key] < len(entries[key]):
                following = entries[key][asking[key]].want.pool
                keys_by_pool.setdefault(following, set()).add(key)
                changed.add(following)
    return {key: number for key, number in asking.items() if number < len(entries[key])}


def _turned_away(
    keys: Iterable[Key],
    asking: Mapping[Key, int],
    entries: Mapping[Key, Sequence[Wish]],
    taken: Sequence[Want],
) -> list[Key]:
    """Those who ask for one pool and for whom it has no room beside those before them."""
    kept = list(taken)
    without_room = []
    for key in sorted(keys, key=lambda key: entries[key][asking[key]].rank):
        want = entries[key][asking[key]].want
        if lacking([want], kept):
            without_room.append(key)
        else:
            kept.append(want)
    return without_room
