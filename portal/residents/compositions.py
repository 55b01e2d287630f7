"""What is asked for procedures that are applied for together, put together once and kept in the process."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from forms import Definition
from forms.bundling import compose

MAX_COMPOSITIONS = 64
"""Compositions that are kept: those that were used last."""

#: By the identities of the definitions, which are kept along so that no other object gets one of them.
_kept: OrderedDict[tuple[int, ...], tuple[Sequence[Definition], Definition]] = OrderedDict()
_lock = Lock()


def composition_of(definitions: Sequence[Definition]) -> Definition:
    """What is asked for all of them, see `forms.bundling.compose`."""
    if len(definitions) == 1:
        return definitions[0]
    key = tuple(id(definition) for definition in definitions)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key][1]
    composed = compose(definitions)
    with _lock:
        _kept[key] = tuple(definitions), composed
        while len(_kept) > MAX_COMPOSITIONS:
            _kept.popitem(last=False)
    return composed
