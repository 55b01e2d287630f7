"""The definitions that a process keeps: those used last, as many as there is room for, each made once."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from forms import Definition

Key = tuple[str, int, bytes]
"""City, version, and of a draft the digest of what it was made of: saved again it is another definition."""


class Shelf:
    """Definitions by their keys. `room` is for so many characters of the texts that they were made of."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[Key, tuple[Definition, int]] = OrderedDict()
        self._order = Lock()
        self._making = Lock()

    def get(self, key: Key) -> Definition | None:
        """A definition that is kept; it is the one used last then."""
        with self._order:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def get_or_make(self, key: Key, size: int, make: Callable[[], Definition]) -> Definition:
        """A definition that is kept, or else is made. One at a time: threads that make the same take turns on one processor anyway."""
        with self._making:
            definition = self.get(key)
            if definition is None:
                definition = make()
                self._add(key, definition, size)
            return definition

    def _add(self, key: Key, definition: Definition, size: int) -> None:
        with self._order:
            self._kept[key] = (definition, size)
            self._room -= size
            while self._room < 0 and len(self._kept) > 1:
                _key, (_unused, freed) = self._kept.popitem(last=False)
                self._room += freed
