"""The order in which procedures are done: each behind those it waits for (`routing.after`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from heapq import heapify, heappop, heappush

from forms.routing.plan import Entry


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Entries behind those they wait for; among free ones the one that is due first, then as they came.

    Of procedures that wait for each other, which publishing refuses, the rest follows as it came.
    """
    place = {entry.key: number for number, entry in enumerate(entries)}
    waits = {entry.key: {key for key in _after(entry) if key in place and key != entry.key} for entry in entries}
    followers: dict[str, list[str]] = {}
    for key, needed in waits.items():
        for other in needed:
            followers.setdefault(other, []).append(key)

    def rank(key: str) -> tuple[date, int]:
        due = entries[place[key]].due
        return (due.day if due else date.max, place[key])

    ready = [(rank(key), key) for key, needed in waits.items() if not needed]
    heapify(ready)
    done: list[str] = []
    while ready:
        _, key = heappop(ready)
        done.append(key)
        for follower in followers.get(key, ()):
            waits[follower].discard(key)
            if not waits[follower]:
                heappush(ready, (rank(follower), follower))
    done += [key for key in place if key not in set(done)]
    return [entries[place[key]] for key in done]


def _after(entry: Entry) -> Iterable[str]:
    return entry.definition.routing.after if entry.definition.routing else ()


def order_cycle(after: Mapping[str, Sequence[str]], start: str) -> list[str]:
    """The way from a procedure over what it waits for back to itself (`[a, b, a]`); empty if there is none."""
    ways: list[list[str]] = [[start]]
    passed = {start}
    while ways:
        way = ways.pop(0)
        for key in after.get(way[-1], ()):
            if key == start:
                return [*way, start]
            if key not in passed:
                passed.add(key)
                ways.append([*way, key])
    return []
