"""When and where a photo was taken: written into it by the camera, or known to the device that took it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Self, cast

from portal.files.models import StoredFile

Source = Literal["photo", "device"]
_SOURCES: Final[frozenset[str]] = frozenset({"photo", "device"})


@dataclass(frozen=True)
class Capture:
    """`at` is the time by the device's own clock; `lon` and `lat` are where it was, as the photo itself or the device says (`source`)."""

    at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    source: Source | None = None

    @property
    def as_json(self) -> str | None:
        """As it is kept beside the photo; None where nothing is known."""
        if self.at is None and self.source is None:
            return None
        at = self.at.isoformat() if self.at else None
        return json.dumps({"at": at, "lon": self.lon, "lat": self.lat, "source": self.source})

    @classmethod
    def stored(cls, text: str) -> Self:
        """What `as_json` kept."""
        kept = json.loads(text)
        at = datetime.fromisoformat(kept["at"]) if kept["at"] else None
        return cls(at, kept["lon"], kept["lat"], kept["source"])


def capture_of(file: StoredFile) -> Capture | None:
    """When and where a stored photo was taken, as far as it is known."""
    return Capture.stored(file.taken) if file.taken else None


def capture_read(sent: Mapping[str, str]) -> Capture:
    """What a device sent with a photo (`taken-at`, `lon`, `lat`, `position-from`); what cannot be true is left out."""
    lon, lat, source = _degrees(sent.get("lon"), 180), _degrees(sent.get("lat"), 90), sent.get("position-from")
    if lon is None or lat is None or source not in _SOURCES:
        return Capture(_moment(sent.get("taken-at")))
    return Capture(_moment(sent.get("taken-at")), lon, lat, cast(Source, source))


def _degrees(text: str | None, limit: int) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return round(value, 6) if math.isfinite(value) and abs(value) <= limit else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
