"""Ends of chains kept outside the database, one line of JSON each, in a file that is only ever added to."""

import json
import os
from pathlib import Path

from portal.audit.chain import Anchor
from portal.core.config import settings


def anchor_file() -> Path | None:
    """The file of the settings, or None."""
    return Path(settings().audit_anchor_file) if settings().audit_anchor_file else None


def read(path: Path, city_key: str) -> list[Anchor]:
    """The anchors of one city; none while there is no file. Raises ValueError for a line that is no anchor."""
    if not path.exists():
        return []
    anchors = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                stored = json.loads(line)
                if stored["city"] == city_key:
                    anchors.append(Anchor(str(stored["at"]), int(stored["events"]), bytes.fromhex(stored["head"])))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path}, line {number}: not an anchor of the audit chain") from error
    return anchors


def add(path: Path, city_key: str, anchor: Anchor) -> None:
    """Write one line and wait until it is on the disk."""
    line = json.dumps({"at": anchor.at, "city": city_key, "events": anchor.events, "head": anchor.head.hex()})
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
