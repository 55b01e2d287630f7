"""Features as COPY takes them in its binary form (PostgreSQL manual, COPY, File Formats)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from struct import Struct
from typing import Any

from shapely import to_wkb

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL = b"\xff\xff"
INTO = "COPY layer_intake_feature (n, key, properties, geom) FROM STDIN (FORMAT binary)"
"""What takes the tuples; `geo.intake` names the intake (see `geo.tables`)."""
_NUMBERED = Struct("!hiq")  # four columns, of which the first has eight bytes
_LENGTH = Struct("!i")
_NULL = _LENGTH.pack(-1)
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def tuples(
    numbers: Iterable[int], keys: Sequence[str | None], properties: Sequence[Mapping[str, Any]], geoms: Any
) -> bytes:
    """Features with their numbers, keys, properties and geometries (an array), without those whose geometry is None."""
    parts: list[bytes] = []
    for n, key, row, shape in zip(numbers, keys, properties, to_wkb(geoms, include_srid=True), strict=True):
        if shape is None:
            continue
        text = b"\x01" + _encode(row).encode("utf-8", "replace")
        parts += (_NUMBERED.pack(4, 8, n), _NULL if key is None else _sized(key.encode("utf-8", "replace")))
        parts += (_LENGTH.pack(len(text)), text, _LENGTH.pack(len(shape)), shape)
    return b"".join(parts)


def _sized(value: bytes) -> bytes:
    return _LENGTH.pack(len(value)) + value
